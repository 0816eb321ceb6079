/** Recorded runs of recovery units for tests of checkers, written by hand: times in milliseconds. */
import type { Claims } from '../core/impl.ts';
import { slotNamed } from '../core/ids.ts';
import type { JsonObject } from '../core/json.ts';
import type { Plan } from '../core/plan.ts';
import type { TraceEvent } from '../core/trace.ts';
import { millis } from '../core/units.ts';
import { at, planOf } from './judged-run.ts';

export const unitPlan = (claims: Partial<Claims> = {}, some: Partial<Plan> = {}): Plan =>
  planOf({
    impl: {
      name: 'somersault',
      options: {},
      claims: { tolerates: 'unit', outageMsMax: millis(500), text: '', ...claims },
    },
    ...some,
  });

/** Two units of three slots each. */
export const frontAndBack = {
  units: [
    ['n1', 'n2', 'n3'],
    ['n4', 'n5', 'n6'],
  ].map((unit) => unit.map(slotNamed)),
};

/** What these members write of a view: replicas in order, then witnesses; `joining` replicas have no state. */
export function installed(
  ms: number,
  by: readonly string[],
  view: {
    readonly id: number;
    readonly replicas: readonly string[];
    readonly witnesses?: readonly string[];
    readonly joining?: readonly string[];
    readonly unit?: string;
  },
): TraceEvent[] {
  const { id, replicas, witnesses = [], joining = [], unit = 'unit' } = view;
  const members = [...replicas, ...witnesses];
  const fields: JsonObject = {
    unit,
    view: id,
    members,
    fresh: [...joining, ...witnesses],
    witnesses,
    primary: members[0] ?? null,
  };
  return by.map((node) => at(ms, node, 'view', fields));
}

export const started = (ms: number, ...members: readonly string[]): TraceEvent[] =>
  members.map((member) => at(ms, member, 'node-start', { pid: 1, mode: ms === 0 ? 'bootstrap' : 'join' }));

export const killed = (ms: number, ...members: readonly string[]): TraceEvent[] =>
  members.map((member) => at(ms, member, 'node-exit', { code: null, signal: 'SIGKILL', expected: false }));

/** Phases as in a calm run. */
export const phases: readonly TraceEvent[] = [
  at(2, 'harness', 'phase', { phase: 'warm-up' }),
  at(100, 'harness', 'phase', { phase: 'faults' }),
  at(900, 'harness', 'phase', { phase: 'settle' }),
  at(1000, 'harness', 'phase', { phase: 'final-reads' }),
  at(1100, 'harness', 'phase', { phase: 'stop' }),
  at(1110, 'harness', 'phase', { phase: 'end' }),
];
