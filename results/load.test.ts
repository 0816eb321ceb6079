import type { EventType, HistoryEvent } from '../core/history.ts';
import type { TraceEvent } from '../core/trace.ts';
import { nanos } from '../core/units.ts';
import { loadOf } from './load.ts';

let index = 0;
const event = (
  ms: number,
  process: number,
  type: EventType,
  more: Partial<HistoryEvent> = {},
): HistoryEvent => ({
  index: index++,
  time: nanos(ms * 1e6),
  process,
  type,
  f: 'read',
  key: 'k1',
  value: null,
  ...more,
});
const phase = (ms: number, name: string): TraceEvent => ({
  time: nanos(ms * 1e6),
  node: 'harness',
  event: 'phase',
  phase: name,
});

test('counts, latency and throughput of a small run', () => {
  const history = [
    event(0, 0, 'invoke'),
    event(10, 0, 'ok'),
    event(20, 0, 'invoke', { due: nanos(15e6) }),
    event(40, 0, 'ok'),
    event(50, 1, 'invoke', { f: 'write' }),
    event(60, 1, 'info', { f: 'write' }),
    event(70, 2, 'invoke', { node: 'n1' }),
    event(80, 2, 'fail'),
    event(90, 3, 'invoke', { f: 'write' }),
    event(120, 4, 'invoke', { final: true }),
    event(900, 4, 'ok'),
  ];
  const load = loadOf(history, [phase(0, 'warm-up'), phase(100, 'final-reads')]);
  expect(load.operations).toEqual({ invoked: 6, ok: 3, fail: 1, info: 2 });
  expect(load.operationsByKind['write']).toEqual({ invoked: 2, ok: 0, fail: 0, info: 2 });
  // The second is charged from when it was due; the final read is no measurement.
  expect(load.latency).toMatchObject({ count: 2, p50Ms: 10, maxMs: 25 });
  expect(load.throughput).toEqual({ opsPerSecond: 20, measuredMs: 100 });
});

test('an empty history measures nothing', () => {
  const load = loadOf([], []);
  expect(load.latency).toMatchObject({ count: 0, p99Ms: null });
  expect(load.throughput.opsPerSecond).toBeNull();
});
