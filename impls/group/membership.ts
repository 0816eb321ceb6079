/** Which view comes next: pure functions of the flushes that a member has gathered (Guerraoui and Schiper, "view synchronous multicast"). */
import type { MemberId } from '../../core/ids.ts';
import { compareMembers, incarnationOf, slotOf } from '../../core/ids.ts';
import type { MessageOf, View } from '../messages.ts';
import { majority } from './consensus.ts';

export type Flush = MessageOf<'flush'>;

/** Removed at some time, or older than one that was: never admitted again. */
export const isGone = (view: View, id: MemberId): boolean =>
  incarnationOf(id) <= (view.gone[slotOf(id)] ?? -1);

/** How a group chooses its views. */
export interface MembershipPolicy {
  first(members: readonly MemberId[]): View;
  /** The successor of a view: who answered, and who joins. Null: not with these. */
  next(view: View, responders: Responders, joins: readonly MemberId[]): View | null;
  /** Votes and watches, and never has state. */
  isWitness(id: MemberId): boolean;
}

/** Who answered the flush of a view, whether it has state, and whether it may come first. */
export type Responders = ReadonlyMap<MemberId, { readonly synced: boolean; readonly heir?: boolean }>;

export const firstView = (members: readonly MemberId[]): View => ({ id: 1, members, fresh: [], gone: {} });

/**
 * The successor of a view: who answered, in the old order and those with state first, then who joins. Null while nobody with state
 * answered: a group without state must wait rather than decide.
 *
 * At most as many fresh members as leave a member with state in every majority (the fresh rule): otherwise a majority of the next view
 * could go on without any state after tolerable crashes.
 */
export function nextView(view: View, responders: Responders, joins: readonly MemberId[]): View | null {
  const { stay, newest } = candidates(view, responders, joins);
  const withState = stay.filter((id) => responders.get(id)?.synced === true);
  if (withState.length === 0) return null;
  const fresh = [...stay.filter((id) => !withState.includes(id)), ...newest];
  while (fresh.length > majority(withState.length + fresh.length) - 1) fresh.pop();
  return successor(view, [...withState, ...fresh], fresh);
}

/** All members have the same part: the policy of passive and active replication. */
export const peers: MembershipPolicy = { first: firstView, next: nextView, isWitness: () => false };

/** The members of a view that may go on, and the newest incarnation that knocks for each slot. */
export function candidates(
  view: View,
  responders: Responders,
  joins: readonly MemberId[],
): { readonly stay: readonly MemberId[]; readonly newest: readonly MemberId[] } {
  const newest = new Map<string, MemberId>();
  for (const id of joins) {
    const known = newest.get(slotOf(id));
    const member = view.members.find((other) => slotOf(other) === slotOf(id));
    if (isGone(view, id) || (member !== undefined && incarnationOf(member) >= incarnationOf(id))) continue;
    if (known === undefined || incarnationOf(known) < incarnationOf(id)) newest.set(slotOf(id), id);
  }
  // A newer incarnation that knocks proves the older one of its slot dead.
  const stay = view.members.filter((id) => responders.has(id) && !newest.has(slotOf(id)));
  return { stay, newest: [...newest.values()].sort(compareMembers) };
}

/** The view after this one with these members. */
export function successor(view: View, members: readonly MemberId[], fresh: readonly MemberId[]): View {
  const gone: Record<string, number> = { ...view.gone };
  for (const id of view.members) {
    if (!members.includes(id)) gone[slotOf(id)] = Math.max(gone[slotOf(id)] ?? -1, incarnationOf(id));
  }
  return { id: view.id + 1, members, fresh, gone };
}

/**
 * How far the view's stream is delivered before it ends: everything that anyone may have delivered is in the union of a majority's
 * flushes or was received by all, so the union is followed upwards from there, up to its first hole.
 */
export function cutOf(flushes: readonly Flush[]): { cut: number; messages: Flush['messages'] } {
  const stable = Math.max(0, ...flushes.map((flush) => flush.stable));
  const union = new Map(flushes.flatMap((flush) => flush.messages));
  let cut = stable;
  while (union.has(cut + 1)) cut++;
  return { cut, messages: [...union].filter(([seq]) => seq <= cut).sort(([a], [b]) => a - b) };
}
