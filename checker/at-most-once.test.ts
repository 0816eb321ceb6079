import { at, byTime, calmTrace, historyOf, planOf, runOf, type Asked } from '../test/judged-run.ts';
import type { TraceEvent } from '../core/trace.ts';
import { judgeAtMostOnce } from './at-most-once.ts';

const plan = planOf({ workload: { name: 'rpc', options: {}, model: 'log', app: 'log' } });
const append = (value: number, from: number, place: number | null, more: Partial<Asked> = {}): Asked => ({
  f: 'append',
  value,
  from,
  ...(place === null ? {} : { to: from + 5, result: place }),
  request: `c1/1/${value}`,
  ...more,
});
const read = (from: number, items: readonly number[], final = true): Asked => ({
  f: 'read',
  from,
  to: from + 5,
  result: items,
  ...(final ? { final } : {}),
});
const judged = (operations: readonly Asked[], events: readonly TraceEvent[] = []) =>
  judgeAtMostOnce(
    runOf({ plan, history: historyOf(operations), trace: byTime([...calmTrace(), ...events]) }),
  );

const calls = [
  append(1, 10, 1),
  append(2, 20, 2),
  append(3, 30, null),
  append(4, 40, null),
  read(50, [1, 2], false),
];

test('answered calls once, unknown ones once or never', () => {
  const { verdict, details } = judged([...calls, read(100, [1, 2, 3])]);
  expect(verdict).toBe('valid');
  expect(details).toMatchObject({ appended: 3, unknownWithEffect: 1, unknownWithout: 1 });
});

test.each([
  ['a call executed twice', [...calls, read(100, [1, 2, 3, 3])], 'more than once'],
  ['a lost effect', [...calls, read(100, [1])], 'is missing from the final list'],
  [
    'a call that failed and took effect',
    [...calls, append(9, 60, 0, { type: 'fail' }), read(100, [1, 2, 9])],
    'though it failed',
  ],
  ['an orphan of nobody', [...calls, read(100, [1, 2, 77])], 'nobody appended'],
  [
    'a reply with the wrong place',
    [append(1, 10, 1), append(2, 20, 3), read(100, [1, 2, 4]), append(4, 11, null)],
    'answered with place 3',
  ],
  ['two histories of one list', [...calls, read(60, [2], false), read(100, [1, 2])], 'place 1'],
] as const)('catches %s', (_, operations, why) => {
  const { verdict, reason } = judged(operations);
  expect(verdict).toBe('invalid');
  expect(reason).toContain(why);
});

test('without a final read nothing is said of what is missing', () => {
  expect(judged(calls).verdict).toBe('unknown');
});

const done = [append(1, 10, 1), append(2, 20, 2), read(100, [1, 2])];
const executed = (ms: number, node: string, seq: number, n: number): TraceEvent =>
  at(ms, node, 'executed', { request: `c1/1/${seq}`, view: 1, n });

test('a replica executes a request once in a life', () => {
  const once = [executed(11, 'n1.0', 1, 1), executed(21, 'n1.0', 2, 2), executed(21, 'n2.0', 2, 2)];
  expect(judged(done, once).verdict).toBe('valid');
  const { verdict, reason } = judged(done, [...once, executed(30, 'n1.0', 1, 3)]);
  expect(verdict).toBe('invalid');
  expect(reason).toContain('n1.0 executed request c1/1/1 twice');
  const adopted = at(25, 'n1.0', 'state-transfer', { phase: 'received', peer: 'n2.0' });
  expect(judged(done, [...once, adopted, executed(30, 'n1.0', 1, 3)]).verdict).toBe('valid');
});

test('an answered request was executed somewhere, unless somebody died with the proof', () => {
  const some = [executed(11, 'n1.0', 1, 1)];
  expect(judged(done, some)).toMatchObject({ verdict: 'invalid' });
  const died = at(50, 'n2.0', 'node-exit', { code: null, signal: 'SIGKILL', expected: false });
  expect(judged(done, [...some, died]).verdict).toBe('unknown');
});
