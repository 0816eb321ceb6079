import type { RecordedRun } from '../core/checker.ts';
import { memberId, slots } from '../core/ids.ts';
import type { TraceEvent } from '../core/trace.ts';
import {
  installedViews,
  numberOf,
  phaseStart,
  tracedFaults,
  type InstalledView,
  type TracedFault,
} from './trace-facts.ts';

/** Whether what was done to the group is what its impl says it stands. */
export interface ClaimJudgement {
  /** Every fault of the run was within the claim. */
  readonly withinClaim: boolean;
  /** By fault id; a fault that never took effect is not in it. */
  readonly faults: ReadonlyMap<string, boolean>;
  /** Whether operations must succeed again after the last fault has healed, and why not. */
  readonly liveness: { readonly isOwed: boolean; readonly why: string };
}

/**
 * A majority of the last installed view, as incarnations, must be alive and out of reach of every fault in force [PROTOCOLS I.9]. All of it is
 * read from the trace. Where an agreement is in flight when the fault strikes, the view that comes of it must have its majority as well:
 * it may be decided already, though nobody has installed it.
 */
export function judgeClaim({ plan, trace }: RecordedRun): ClaimJudgement {
  const faults = tracedFaults(trace);
  const group = makeGroup(plan.nodes, trace);
  const within = new Map<string, boolean>();
  for (const fault of faults) {
    if (fault.effect === null) continue;
    const stands = plan.impl.claims.tolerates === 'majority' && majoritiesStand(group, faults, fault.effect);
    within.set(fault.id, stands);
  }
  return {
    withinClaim: [...within.values()].every((stands) => stands),
    faults: within,
    liveness: livenessOwed(plan.impl.claims.tolerates, group, faults),
  };
}

/** What the trace tells of the group over time. */
interface Group {
  readonly views: readonly InstalledView[];
  readonly firstMembers: readonly string[];
  /** When each member started and ended. */
  readonly lives: ReadonlyMap<string, { readonly from: number; readonly to: number }>;
  readonly changes: readonly { readonly time: number; readonly view: number }[];
  readonly stopped: number;
}

function makeGroup(nodes: number, trace: readonly TraceEvent[]): Group {
  const lives = new Map<string, { from: number; to: number }>();
  for (const { event, node, time } of trace) {
    if (event === 'node-start') lives.set(node, { from: time, to: Infinity });
    const life = lives.get(node);
    if (event === 'node-exit' && life !== undefined) life.to = Math.min(life.to, time);
  }
  return {
    views: installedViews(trace),
    firstMembers: slots(nodes).map((slot) => memberId(slot, 0)),
    lives,
    changes: trace
      .filter(({ event }) => event === 'change')
      .map((event) => ({ time: event.time, view: numberOf(event['view']) })),
    stopped: phaseStart(trace, 'stop') ?? trace.at(-1)?.time ?? 0,
  };
}

/**
 * The latest view, and those before it back to the last that somebody alive has installed: if only the dead knew a view, the living have to
 * agree on it again, and need a majority of the view that they are in.
 */
function unsettledViews(group: Group, time: number): readonly { readonly members: readonly string[] }[] {
  const isAlive = ({ node }: InstalledView): boolean => (group.lives.get(node)?.to ?? 0) > time;
  const known = Math.max(1, ...group.views.filter(isAlive).map(({ id }) => id));
  const later = group.views.filter(({ id }) => id >= known);
  return [latestView(group, Infinity), ...later];
}

/** The highest view installed by anyone up to a time. */
function latestView(
  group: Group,
  time: number,
): { readonly id: number; readonly members: readonly string[] } {
  return group.views.reduce<{ id: number; members: readonly string[] }>(
    (latest, view) => (view.time <= time && view.id > latest.id ? view : latest),
    { id: 1, members: group.firstMembers },
  );
}

function majoritiesStand(group: Group, faults: readonly TracedFault[], time: number): boolean {
  const view = latestView(group, time);
  const isChanging = group.changes.some((change) => change.time <= time && change.view === view.id);
  const next = isChanging ? group.views.find(({ id }) => id === view.id + 1) : undefined;
  return [view, ...(next === undefined ? [] : [next])].every(({ members }) =>
    hasMajority(members, group, impairedAt(faults, time), time),
  );
}

const impairedAt = (faults: readonly TracedFault[], time: number): ReadonlySet<string> =>
  new Set(
    faults
      .filter(({ effect, end }) => effect !== null && effect <= time && (end === null || end > time))
      .flatMap(({ impaired }) => impaired),
  );

function hasMajority(
  members: readonly string[],
  group: Group,
  impaired: ReadonlySet<string>,
  time: number,
): boolean {
  const alive = members.filter((member) => {
    const life = group.lives.get(member);
    const slot = member.slice(0, member.indexOf('.'));
    return life !== undefined && life.from <= time && life.to > time && !impaired.has(slot);
  });
  return alive.length > members.length / 2;
}

function livenessOwed(
  tolerates: 'majority' | 'none',
  group: Group,
  faults: readonly TracedFault[],
): ClaimJudgement['liveness'] {
  const struck = faults.filter(({ effect }) => effect !== null);
  if (struck.length === 0) return { isOwed: true, why: 'no fault was in force' };
  if (tolerates === 'none')
    return { isOwed: false, why: 'this impl promises nothing once a fault has struck' };
  const unhealed = struck.filter(({ end }) => end === null);
  const time = group.stopped;
  const { id, members } = latestView(group, Infinity);
  const impaired = new Set(unhealed.flatMap((fault) => fault.impaired));
  const standing = unsettledViews(group, time - 1);
  if (standing.every((view) => hasMajority(view.members, group, impaired, time - 1))) {
    return { isOwed: true, why: `a majority of view ${id} (${members.join(', ')}) was alive at the end` };
  }
  return {
    isOwed: false,
    why: `no majority of the last view, ${id} (${members.join(', ')}), was alive and in reach at the end`,
  };
}
