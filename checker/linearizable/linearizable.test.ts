import type { CheckerLimits } from '../../core/checker.ts';
import type { Json } from '../../core/json.ts';
import type { Model } from '../../core/model.ts';
import { historyOf, noLimits, type Asked } from '../../test/judged-run.ts';
import { models } from '../models/models.ts';
import { judgeLinearizable } from './linearizable.ts';

const kv = models['kv']!;
/** Keeps all that was ever written, and does not look ahead: every order of writes is another state, which is as hard as it gets. */
const blindKv: Model<readonly Json[]> = {
  name: 'kv',
  initial: () => [null],
  step: (past, { f, value, result }) => {
    if (f === 'write') return [...past, value];
    return result === undefined || result === past.at(-1) ? past : null;
  },
  fingerprint: (past) => JSON.stringify(past),
  describeState: (past) => JSON.stringify(past.at(-1)),
  partition: 'key',
};

const write = (key: string, value: number, from: number, to: number): Asked => ({
  f: 'write',
  key,
  value,
  from,
  to,
});
const read = (key: string, result: number | null, from: number, to: number): Asked => ({
  f: 'read',
  key,
  result,
  from,
  to,
});
/** Many writes at once, and then a read of what nobody wrote. */
const hard = (key: string): Asked[] => [
  ...Array.from({ length: 24 }, (_, i) => write(key, i, 10 + i, 100 + i)),
  read(key, 99, 200, 210),
];
const easy = [write('a', 1, 10, 20), read('a', 1, 30, 40)];

/** A clock that advances by a millisecond whenever somebody looks. */
function impatient(deadline: number, memoryBytesMax = 1e9): CheckerLimits {
  let now = 0;
  return { now: () => now++, deadline, memoryBytesMax };
}

test('valid, and over how much', () => {
  const { verdict, reason } = judgeLinearizable(historyOf([...easy, write('b', 1, 5, 50)]), kv, noLimits);
  expect(verdict).toBe('valid');
  expect(reason).toBe('all 3 operations on 2 keys fit into one order (kv)');
});

test('out of time: what was proven is told', () => {
  const { verdict, reason, details } = judgeLinearizable(
    historyOf([...hard('h'), ...easy]),
    blindKv,
    impatient(2000),
  );
  expect(verdict).toBe('unknown');
  expect(reason).toContain('ran out of time');
  expect(details).toMatchObject({
    proven: ['"a"'],
    undecided: [{ key: '"h"', limit: 'time', operations: 25, provenOperations: 24, widestWindow: 24 }],
  });
});

test('out of memory: the hungry part is given up, the others go on', () => {
  const { verdict, details } = judgeLinearizable(historyOf([...hard('h'), ...easy]), blindKv, {
    ...noLimits,
    memoryBytesMax: 1 << 20,
  });
  expect(verdict).toBe('unknown');
  expect(details).toMatchObject({ limit: 'memory', proven: ['"a"'] });
});

test('one bad key is enough, though another is too hard', () => {
  const bad = [write('z', 1, 10, 20), write('z', 2, 30, 40), read('z', 1, 50, 60)];
  const { verdict, reason, details } = judgeLinearizable(historyOf([...hard('h'), ...bad]), blindKv, {
    ...noLimits,
    memoryBytesMax: 1 << 25,
  });
  expect(verdict).toBe('invalid');
  expect(reason).toContain('fits nowhere');
  expect(details).toMatchObject({ key: '"z"', states: ['2'] });
});

test('a counterexample in words, with the events that it speaks of', () => {
  const history = historyOf([
    write('x', 1, 10, 20),
    write('x', 2, 30, 40),
    read('x', 2, 41, 45),
    { f: 'write', key: 'x', value: 3, from: 47 },
    read('x', 1, 50, 60),
    read('x', 2, 70, 80),
  ]);
  const { verdict, reason, details } = judgeLinearizable(history, kv, noLimits);
  expect(verdict).toBe('invalid');
  expect(reason).toBe(
    'read x -> 1 (process 4, invoked at 0.0500 s, answered at 0.0600 s) fits nowhere. At first x was null. ' +
      'When write x 1 (process 0), invoked at 0.0100 s, was answered at 0.0200 s, x was 1. ' +
      'When write x 2 (process 1), invoked after that at 0.0300 s, was answered at 0.0400 s, x was 2. ' +
      'From 0.0500 s, after all that, to 0.0600 s, while read x -> 1 was open, x was 2 all the time, ' +
      'so the answer cannot be 1: write x 2 had overwritten 1. ' +
      'This takes 3 of 6 operations on x, and none of them can be left out. ' +
      'It is still sequentially consistent: only the order of real time is broken',
  );
  expect(details).toMatchObject({
    key: '"x"',
    isMinimal: true,
    states: ['2'],
    operation: { process: 4, f: 'read', result: 1, invoked: 50e6, answered: 60e6 },
    operations: [{ process: 0 }, { process: 1 }, { process: 4 }],
    operationCount: 3,
    partOperationCount: 6,
  });
});

test('a failed operation did not happen, an unknown one may have', () => {
  const failed: Asked = { f: 'write', key: 'x', value: 1, from: 10, to: 20, type: 'fail' };
  const unknown: Asked = { ...failed, type: 'info' };
  expect(judgeLinearizable(historyOf([failed, read('x', 1, 30, 40)]), kv, noLimits).verdict).toBe('invalid');
  expect(judgeLinearizable(historyOf([unknown, read('x', 1, 30, 40)]), kv, noLimits).verdict).toBe('valid');
});
