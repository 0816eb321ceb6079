import { expect, test } from '@jest/globals';
import type { RecordedRun } from '../core/checker.ts';
import type { TraceEvent } from '../core/trace.ts';
import { nanos } from '../core/units.ts';
import { judgeProcesses } from './processes.ts';

const at = (ms: number, node: string, event: string, fields: object = {}): TraceEvent => ({
  time: nanos(ms * 1e6),
  node,
  event,
  ...fields,
});
const judged = (...trace: TraceEvent[]) =>
  judgeProcesses({ trace, history: [], damage: { history: [], trace: [] } } as unknown as RecordedRun)
    .verdict;
const exit = (code: number | null, signal: string | null, expected: boolean): TraceEvent =>
  at(500, 'n1.0', 'node-exit', { code, signal, expected });
const stop = at(900, 'harness', 'phase', { phase: 'stop' });

test.each([
  ['a crash', exit(70, null, false), 'invalid'],
  ['a segmentation fault', exit(null, 'SIGSEGV', false), 'invalid'],
  ['our own kill', exit(null, 'SIGKILL', true), 'valid'],
  ['a kill from outside', exit(null, 'SIGKILL', false), 'valid'],
  ['an exclusion', exit(17, null, true), 'valid'],
  ['a full disk under the trace', exit(74, null, false), 'valid'],
] as const)('%s', (_what, event, verdict) => {
  expect(judged(event, stop)).toBe(verdict);
});

test('how a process ends once it is told to stop is nobody’s concern', () => {
  expect(judged(stop, { ...exit(70, null, false), time: nanos(950e6) })).toBe('valid');
});
