/** Small recorded runs for tests of checkers, written by hand: times in milliseconds. */
import type { CheckerLimits, RecordedRun } from '../core/checker.ts';
import type { FaultClass, PlannedFault } from '../core/fault.ts';
import type { HistoryEvent } from '../core/history.ts';
import type { Json, JsonObject } from '../core/json.ts';
import type { Plan } from '../core/plan.ts';
import type { TraceEvent } from '../core/trace.ts';
import { millis, nanos } from '../core/units.ts';

/** An operation from a time to a time; without an end it never completes. */
export interface Asked {
  readonly f: string;
  readonly key?: Json;
  readonly value?: Json;
  readonly from: number;
  readonly to?: number;
  readonly type?: 'ok' | 'fail' | 'info';
  readonly result?: Json;
  readonly request?: string;
  readonly node?: string;
  readonly final?: boolean;
}

/** Each operation under a process of its own; events in order of time, of two at one time first the one that is listed first. */
export function historyOf(operations: readonly Asked[]): HistoryEvent[] {
  const events = operations.flatMap((asked, process): Omit<HistoryEvent, 'index'>[] => {
    const { f, key = 'x', value = null, from, to, type = 'ok', result = null, ...more } = asked;
    const invocation = { time: nanos(from * 1e6), process, type: 'invoke' as const, f, key, value, ...more };
    if (to === undefined) return [invocation];
    return [
      invocation,
      { time: nanos(to * 1e6), process, type, f, key, value: type === 'ok' ? result : value },
    ];
  });
  return events.sort((a, b) => a.time - b.time).map((event, index) => ({ index, ...event }));
}

export const at = (ms: number, node: string, event: string, fields: JsonObject = {}): TraceEvent => ({
  time: nanos(ms * 1e6),
  node,
  event,
  ...fields,
});

/** A run of three nodes: 100 ms of warm-up, 800 of faults, 100 of settling, then final reads; view 1 is installed by all. */
export function calmTrace(nodes = 3): TraceEvent[] {
  const members = Array.from({ length: nodes }, (_, i) => `n${i + 1}.0`);
  return [
    ...members.map((member) => at(0, member, 'node-start', { pid: 1, mode: 'bootstrap' })),
    ...members.map((member) => at(1, member, 'view', { view: 1, members, fresh: [], primary: 'n1.0' })),
    at(1, 'n1.0', 'role', { role: 'primary', view: 1 }),
    at(2, 'harness', 'phase', { phase: 'warm-up' }),
    at(100, 'harness', 'phase', { phase: 'faults' }),
    at(900, 'harness', 'phase', { phase: 'settle' }),
    at(1000, 'harness', 'phase', { phase: 'final-reads' }),
    at(1100, 'harness', 'phase', { phase: 'stop' }),
    ...members.map((member) => at(1101, member, 'node-exit', { code: 0, signal: null, expected: true })),
    at(1110, 'harness', 'phase', { phase: 'end' }),
  ];
}

export const fault = (id: string, faultClass: FaultClass = 'crash', name = 'kill:primary'): PlannedFault => ({
  id,
  nemesis: name.split(':')[0] ?? name,
  name,
  class: faultClass,
  atMs: millis(100),
  forMs: millis(300),
  target: 'primary',
  options: {},
});

/** What the nemesis writes of a fault that hits these slots from a time to a time. */
export const faultTrace = (
  planned: PlannedFault,
  slots: readonly string[],
  from: number,
  to: number,
): TraceEvent[] => [
  at(from - 1, 'harness', 'fault-begin', {
    id: planned.id,
    fault: planned.name,
    class: planned.class,
    target: planned.target,
  }),
  at(from, 'harness', 'fault-effect', { id: planned.id, targets: slots, impaired: slots }),
  at(to, 'harness', 'fault-heal', { id: planned.id }),
  at(to, 'harness', 'fault-end', {
    id: planned.id,
    effect: true,
    evidence: [{ counter: `bytes-held:${slots[0] ?? ''}>n9`, before: 0, after: 7 }],
  }),
];

export const byTime = (events: readonly TraceEvent[]): TraceEvent[] =>
  [...events].sort((a, b) => a.time - b.time);

export function planOf(some: Partial<Plan> = {}): Plan {
  return {
    format: 'ftcheck-plan-1',
    version: '0.0.0',
    seed: 1,
    impl: {
      name: 'passive',
      options: {},
      claims: { tolerates: 'majority', outageMsMax: millis(500), text: '' },
    },
    workload: { name: 'kv', options: {}, model: 'kv', app: 'kv' },
    nemesis: 'none',
    nodes: 3,
    clients: 2,
    rate: null,
    pinned: false,
    opTimeoutMs: millis(1000),
    timing: 'default',
    serviceMs: millis(0),
    phases: {
      warmUpMs: millis(100),
      faultsMs: millis(800),
      settleMs: millis(100),
      finalReadsMs: millis(1000),
    },
    faults: [],
    checkers: ['well-formed', 'linearizable', 'at-most-once', 'group', 'failover', 'liveness', 'vacuity'],
    checkerLimits: { timeMs: millis(10_000), memoryMb: 512 },
    slos: [],
    ...some,
  };
}

export const runOf = (some: Partial<RecordedRun>): RecordedRun => ({
  plan: planOf(),
  history: [],
  trace: calmTrace(),
  damage: { history: [], trace: [] },
  ...some,
});

/** Limits that are never met. */
export const noLimits: CheckerLimits = { now: () => 0, deadline: 1, memoryBytesMax: 1e9 };
