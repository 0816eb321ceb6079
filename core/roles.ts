/** What nodes say of the role that they play. In a system of several units a role has its unit's name before it: `front-primary`. */
import type { Slot } from './ids.ts';

/** A running node, and what it said last: its role, empty if it has said none, and the view in which it plays it. */
export interface Player {
  readonly slot: Slot;
  readonly role: string;
  readonly view: number;
}

/** Roles that one member of a view plays: of several who claim it, those in the latest view are right. */
const isSingle = (role: string): boolean => /(^|-)(primary|coordinator|token-holder)$/.test(role);

/** A joiner is running, but what it shall take over has not arrived yet. */
export const isInService = (role: string): boolean => role !== '' && !/(^|-)joining$/.test(role);

/** The slots that play this role now; everybody that runs plays `any` and `all`. */
export function slotsPlaying(role: string, running: readonly Player[]): readonly Slot[] {
  const players = role === 'any' || role === 'all' ? running : running.filter((one) => one.role === role);
  const latest = Math.max(...players.map(({ view }) => view));
  const rightful = isSingle(role) ? players.filter(({ view }) => view === latest) : players;
  return rightful.map(({ slot }) => slot);
}
