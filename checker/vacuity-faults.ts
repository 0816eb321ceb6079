import type { RecordedRun } from '../core/checker.ts';
import type { PlannedFault } from '../core/fault.ts';
import type { Operation } from '../core/history.ts';
import { judgeClaim } from './claim.ts';
import { eventsNamed } from './run-index.ts';
import { textOf, tracedFaults, type TracedFault } from './trace-facts.ts';
import type { Goal } from './goals.ts';
import { groupsHit, groupsOf } from './groups.ts';

/** What each planned fault must have shown: that it struck, that something counted its effect, and that clients were there to feel it. */
export function faultGoals(run: RecordedRun, operations: readonly Operation[]): Goal[] {
  const traced = new Map(tracedFaults(run.trace).map((fault) => [fault.id, fault]));
  const within = judgeClaim(run).faults;
  return run.plan.faults.flatMap((planned) => {
    const fault = traced.get(planned.id);
    if (fault === undefined || fault.effect === null) return [notInjected(run, planned)];
    const overlapping = operations.filter((operation) => overlaps(operation, fault));
    return [
      { ...effectGoal(fault, planned.forMs), name: `effect of ${label(planned)}` },
      { name: `asked during ${label(planned)}`, required: true, count: overlapping.length, minimum: 1 },
      ...bothSides(run, planned, fault, overlapping),
      ...viewChange(run, planned, fault, within.get(fault.id) === true),
    ];
  });
}

const label = ({ id, name }: PlannedFault): string => `${name} (${id})`;

function notInjected({ trace }: RecordedRun, planned: PlannedFault): Goal {
  const end = eventsNamed(trace, 'fault-end').find((event) => event['id'] === planned.id);
  const given = textOf(end?.['reason']);
  const why = `${label(planned)} was never in force${given === '' ? '' : `: ${given}`}`;
  return { name: `effect of ${label(planned)}`, required: true, count: 0, minimum: 1, why };
}

/** A fault that waited for its victims may end early with its window, but not at once. */
const lastedShareMin = 0.4;

/** Counters that grew; of `stopped:`, which is a state, that it is 1. */
function effectGoal(fault: TracedFault, plannedMs: number): Omit<Goal, 'name'> {
  const grown = fault.evidence.filter(({ before, after }) => after > before).length;
  const goal = { required: true, minimum: 1 };
  if (fault.end === null)
    return { ...goal, count: 0, why: `the record ends before ${fault.name} (${fault.id}) does` };
  if (fault.effect !== null && (fault.heal ?? fault.end) - fault.effect < lastedShareMin * plannedMs * 1e6) {
    return { ...goal, count: 0, why: `fault ${fault.name} (${fault.id}) was healed long before its time` };
  }
  if (grown > 0 && fault.hadEffect !== false) return { ...goal, count: grown };
  return { ...goal, count: 0, why: `fault ${fault.name} (${fault.id}) had no effect that anything counted` };
}

/** Under way at some time while the fault was in force. */
function overlaps({ invocation, completion }: Operation, { effect, heal, end }: TracedFault): boolean {
  const until = heal ?? end ?? Infinity;
  return invocation.time <= until && (completion?.time ?? Infinity) >= (effect ?? Infinity);
}

/** A cut shows nothing unless the smaller side was really asked, which the pinned workers do. */
function bothSides(
  { plan }: RecordedRun,
  planned: PlannedFault,
  fault: TracedFault,
  overlapping: readonly Operation[],
): Goal[] {
  if (!plan.pinned || fault.class !== 'omission' || fault.impaired.length === 0) return [];
  const isInside = ({ invocation }: Operation): boolean =>
    invocation.node !== undefined && fault.impaired.includes(invocation.node);
  const inside = overlapping.filter(isInside).length;
  return [
    { name: `asked the cut-off side of ${label(planned)}`, required: true, count: inside, minimum: 1 },
    {
      name: `asked the other side of ${label(planned)}`,
      required: true,
      count: overlapping.length - inside,
      minimum: 1,
    },
  ];
}

/** After a crash that the group must survive, it must have gone on in another view. Other faults may be over before anybody notices. */
function viewChange(
  { plan, trace }: RecordedRun,
  planned: PlannedFault,
  fault: TracedFault,
  isWithinClaim: boolean,
): Goal[] {
  if (plan.impl.claims.tolerates === 'none' || fault.impaired.length === 0) return [];
  const from = fault.effect ?? fault.begin;
  const count = groupsHit(groupsOf(plan, trace), fault).reduce((sum, { views }) => {
    const later = views.filter(({ time }) => time >= from);
    return sum + new Set(later.map(({ id }) => id)).size;
  }, 0);
  const required = fault.class === 'crash' && isWithinClaim;
  return [{ name: `view changed after ${label(planned)}`, required, count, minimum: 1 }];
}
