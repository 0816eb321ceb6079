import type { TraceEvent } from '../core/trace.ts';
import {
  at,
  byTime,
  calmTrace,
  fault,
  faultTrace,
  historyOf,
  planOf,
  runOf,
  type Asked,
} from '../test/judged-run.ts';
import { millis } from '../core/units.ts';
import { judgeLiveness } from './liveness.ts';

const crash = fault('f1', 'omission', 'partition');
const read = (from: number, to: number | undefined, more: Partial<Asked> = {}): Asked => ({
  f: 'read',
  from,
  ...(to === undefined ? {} : { to }),
  ...more,
});
const final = (key: string, to: number | undefined): Asked => read(1010, to, { key, final: true });
const cut = faultTrace(crash, ['n1'], 200, 400);
const judged = (operations: readonly Asked[], events: readonly TraceEvent[] = cut, opTimeoutMs = 50) =>
  judgeLiveness(
    runOf({
      plan: planOf({ faults: [crash], opTimeoutMs: millis(opTimeoutMs) }),
      history: historyOf(operations),
      trace: byTime([...calmTrace(), ...events]),
    }),
  );
const good = [read(150, 160), read(500, 510), final('x', 1020), final('y', 1020)];

test('operations go on after healing', () => {
  expect(judged(good).verdict).toBe('valid');
});

test('catches a final read that is never answered, though another try may be', () => {
  const { verdict, reason } = judged([...good.slice(0, 3), final('y', undefined)]);
  expect(verdict).toBe('invalid');
  expect(reason).toContain('read "y"');
  expect(judged([...good.slice(0, 3), final('y', undefined), final('y', 1030)]).verdict).toBe('valid');
});

test('a final read that was asked too late to be answered proves nothing', () => {
  expect(judged([...good.slice(0, 3), final('y', undefined)], cut, 1000).verdict).toBe('unknown');
});

test('catches a group that never answers again', () => {
  const { verdict, reason } = judged([read(150, 160), read(500, undefined), read(700, undefined)]);
  expect(verdict).toBe('invalid');
  expect(reason).toContain('none of 2 operations');
});

test('too little time to come back is no proof', () => {
  const late = faultTrace(crash, ['n1'], 200, 800);
  expect(judged([read(150, 160), read(850, undefined)], late).verdict).toBe('unknown');
});

test('a starved harness blames nobody', () => {
  const silent = [...good.slice(0, 3), final('y', undefined)];
  expect(judged(silent, [...cut, at(1050, 'n2.0', 'lag', { maxMs: 900 })]).verdict).toBe('unknown');
});

test('slow under more load than it can take is not dead; dead under it is', () => {
  const silent = [...good.slice(0, 3), final('y', undefined)];
  const behind = [...cut, at(999, 'harness', 'unstarted', { count: 7 })];
  expect(judged(silent, behind).verdict).toBe('invalid');
  const atWork = at(1050, 'n2.0', 'executed', { request: 'c1/0/1', view: 1, n: 9 });
  expect(judged(silent, [...behind, atWork]).verdict).toBe('unknown');
});

test('not owed without a majority of the last view', () => {
  const gone = ['n1.0', 'n2.0'].map((node) =>
    at(300, node, 'node-exit', { code: null, signal: 'SIGKILL', expected: false }),
  );
  expect(judged([read(150, 160), read(500, undefined)], [...cut, ...gone]).verdict).toBe('not-owed');
});

test('an interrupted run says nothing', () => {
  expect(judged(good, [...cut, at(700, 'harness', 'interrupted', { signal: 'SIGINT' })]).verdict).toBe(
    'unknown',
  );
});
