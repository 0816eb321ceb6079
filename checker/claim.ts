import type { RecordedRun } from '../core/checker.ts';
import type { Claims } from '../core/impl.ts';
import type { TraceEvent } from '../core/trace.ts';
import { groupsOf, hasState, latestView, type Group, type View } from './groups.ts';
import { eventsNamed } from './run-index.ts';
import {
  isAliveAt,
  livesOf,
  numberOf,
  phaseStart,
  slotNameOf,
  syncTimes,
  tracedFaults,
  type InstalledView,
  type Life,
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
 * A majority of the last installed view, as incarnations, must be alive and out of reach of every fault in force, and of a recovery
 * unit a replica with state besides: a majority without state can agree on views and has nothing to go on from. All of it is
 * read from the trace. Where an agreement is in flight when the fault strikes, the view that comes of it must stand as well:
 * it may be decided already, though nobody has installed it. Where there are several groups, service needs all of them.
 */
export function judgeClaim({ plan, trace }: RecordedRun): ClaimJudgement {
  const faults = tracedFaults(trace);
  const { claims } = plan.impl;
  const groups = groupsOf(plan, trace);
  const facts: Facts = {
    claims,
    lives: livesOf(trace),
    syncedAt: syncTimes(trace),
    heirSince: heirTimes(trace),
  };
  const within = new Map<string, boolean>();
  for (const { id, effect } of faults) {
    if (effect === null) continue;
    const impaired = impairedAt(faults, effect);
    const stands =
      claims.tolerates !== 'none' && groups.every((group) => viewsStand(group, facts, impaired, effect));
    within.set(id, stands);
  }
  return {
    withinClaim: [...within.values()].every((stands) => stands),
    faults: within,
    liveness: livenessOwed(groups, facts, faults, stopOf(trace)),
  };
}

interface Facts {
  readonly claims: Claims;
  readonly lives: ReadonlyMap<string, Life>;
  readonly syncedAt: ReadonlyMap<string, number>;
  /** By member and view: since when a follower in a fan-out has whatever a sender before it may have shown. */
  readonly heirSince: ReadonlyMap<string, number>;
}

function heirTimes(trace: readonly TraceEvent[]): ReadonlyMap<string, number> {
  const times = new Map<string, number>();
  for (const { node, time, view } of eventsNamed(trace, 'heir')) {
    times.set(`${node} ${numberOf(view)}`, time);
  }
  return times;
}

const stopOf = (trace: readonly TraceEvent[]): number => phaseStart(trace, 'stop') ?? trace.at(-1)?.time ?? 0;

/**
 * The latest view, and those before it back to the last that somebody alive has installed: if only the dead knew a view, the living have to
 * agree on it again, and need what it takes in the view that they are in.
 */
function unsettledViews(group: Group, { lives }: Facts, time: number): readonly View[] {
  const isAlive = ({ node }: InstalledView): boolean => (lives.get(node)?.to ?? 0) > time;
  const known = Math.max(1, ...group.views.filter(isAlive).map(({ id }) => id));
  const later = group.views.filter(({ id }) => id >= known);
  return [latestView(group, Infinity), ...later];
}

function viewsStand(group: Group, facts: Facts, impaired: ReadonlySet<string>, time: number): boolean {
  const view = latestView(group, time);
  const isChanging = group.changes.some((change) => change.time <= time && change.view === view.id);
  const next = isChanging ? group.views.find(({ id }) => id === view.id + 1) : undefined;
  return [view, ...(next === undefined ? [] : [next])].every(
    (one) => lackOf(one, facts, impaired, time) === null,
  );
}

const impairedAt = (faults: readonly TracedFault[], time: number): ReadonlySet<string> =>
  new Set(
    faults
      .filter(({ effect, end }) => effect !== null && effect <= time && (end === null || end > time))
      .flatMap(({ impaired }) => impaired),
  );

/** What a view lacks to go on, as words; null: nothing. */
function lackOf(
  view: View,
  { claims, lives, syncedAt, heirSince }: Facts,
  impaired: ReadonlySet<string>,
  time: number,
): string | null {
  const isPresent = (member: string): boolean =>
    isAliveAt(lives.get(member), time) && !impaired.has(slotNameOf(member));
  if (view.members.filter(isPresent).length <= view.members.length / 2) return 'no majority';
  if (claims.tolerates !== 'unit') return null;
  const isHeir = (member: string): boolean => isPresent(member) && hasState(view, member, syncedAt, time);
  if (claims.heirs === 'first-two') {
    const [head, second] = view.members;
    // In the first view all have the same: nothing.
    const isReady = view.id === 1 || (heirSince.get(`${second} ${view.id}`) ?? Infinity) <= time;
    const stands =
      (head !== undefined && isHeir(head)) || (second !== undefined && isReady && isHeir(second));
    return stands ? null : 'no replica with all that was sent';
  }
  return view.members.some(isHeir) ? null : 'no replica with state';
}

function livenessOwed(
  groups: readonly Group[],
  facts: Facts,
  faults: readonly TracedFault[],
  stopped: number,
): ClaimJudgement['liveness'] {
  const { tolerates } = facts.claims;
  const struck = faults.filter(({ effect }) => effect !== null);
  if (struck.length === 0) return { isOwed: true, why: 'no fault was in force' };
  if (tolerates === 'none')
    return { isOwed: false, why: 'this impl promises nothing once a fault has struck' };
  const time = stopped - 1;
  const unhealed = struck.filter(({ end }) => end === null);
  const impaired = new Set(unhealed.flatMap((fault) => fault.impaired));
  const named = (group: Group): string =>
    groups.length === 1 ? '' : ` of ${group.views[0]?.unit ?? [...group.slots].join(', ')}`;
  for (const group of groups) {
    const last = latestView(group, Infinity);
    for (const view of unsettledViews(group, facts, time)) {
      const lack = lackOf(view, facts, impaired, time);
      if (lack === null) continue;
      const which = view.id === last.id ? 'the last view,' : 'view';
      const what = `${which} ${view.id}${named(group)} (${view.members.join(', ')})`;
      const since = view.id === last.id ? '' : `, which nobody alive at the end knew to be over`;
      return { isOwed: false, why: `${lack} of ${what}${since}, was alive and in reach at the end` };
    }
  }
  const standing = groups.map((group) => {
    const { id, members } = latestView(group, Infinity);
    return `view ${id}${named(group)} (${members.join(', ')})`;
  });
  const what = tolerates === 'unit' ? 'a majority, and a replica with state,' : 'a majority';
  return { isOwed: true, why: `${what} of ${standing.join(' and of ')} was alive at the end` };
}
