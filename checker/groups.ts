import { memberId, slots } from '../core/ids.ts';
import type { Plan } from '../core/plan.ts';
import type { TraceEvent } from '../core/trace.ts';
import { eventsNamed } from './run-index.ts';
import { installedViews, numberOf, slotNameOf, type InstalledView, type TracedFault } from './trace-facts.ts';

/** What is said of a view, whoever installed it and when. */
export type View = Pick<InstalledView, 'id' | 'members' | 'fresh' | 'witnesses'>;

/** Slots that agree on views of their own, with what the trace tells of them: the whole cluster, or one recovery unit of several. */
export interface Group {
  readonly slots: ReadonlySet<string>;
  readonly views: readonly InstalledView[];
  /** When members began to leave a view. */
  readonly changes: readonly { readonly time: number; readonly view: number }[];
  /** The view that all begin with. */
  readonly firstView: View;
}

/** The groups of a run, as its plan declares them. */
export function groupsOf({ nodes, impl }: Plan, trace: readonly TraceEvent[]): readonly Group[] {
  const { units = [slots(nodes)], tolerates } = impl.claims;
  const views = installedViews(trace);
  const changes = eventsNamed(trace, 'change');
  return units.map((own) => {
    const members = own.map((slot) => memberId(slot, 0));
    const witnesses = tolerates === 'unit' ? members.slice(replicasOf(members.length)) : [];
    const assumed: View = { id: 1, members, fresh: witnesses, witnesses };
    const slotNames: ReadonlySet<string> = new Set(own);
    const isOwn = ({ node }: { readonly node: string }): boolean => slotNames.has(slotNameOf(node));
    const ownViews = views.filter(isOwn);
    return {
      slots: slotNames,
      views: ownViews,
      changes: changes.filter(isOwn).map((event) => ({ time: event.time, view: numberOf(event['view']) })),
      firstView: ownViews.find(({ id }) => id === assumed.id) ?? assumed,
    };
  });
}

/** Of 2k + 1 slots of a recovery unit the first k + 1 are replicas, the others witnesses [Somersault §3.5]. */
const replicasOf = (size: number): number => Math.floor(size / 2) + 1;

/** The highest view installed by anyone up to a time. */
export const latestView = ({ views, firstView }: Group, time: number): View =>
  views.reduce<View>((latest, view) => (view.time <= time && view.id > latest.id ? view : latest), firstView);

/** The groups that a fault touches: all, if it names nobody. */
export function groupsHit(groups: readonly Group[], fault: TracedFault): readonly Group[] {
  const hit = slotsHit(fault);
  const touched = groups.filter((group) => [...hit].some((slot) => group.slots.has(slot)));
  return touched.length === 0 ? groups : touched;
}

export const slotsHit = ({ impaired, targets }: TracedFault): ReadonlySet<string> =>
  new Set([...impaired, ...targets.map(slotNameOf)]);

/** Had the whole state when the view was formed, or got it since. */
export const hasState = (
  view: View,
  member: string,
  syncedAt: ReadonlyMap<string, number>,
  time: number,
): boolean =>
  !view.witnesses.includes(member) &&
  (!view.fresh.includes(member) || (syncedAt.get(member) ?? Infinity) <= time);
