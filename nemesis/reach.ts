import type { Slot } from '../core/ids.ts';

/** One direction between two nodes. */
export interface NodeDirection {
  readonly from: Slot;
  readonly to: Slot;
}

/**
 * The slots outside the largest set that stays connected both ways when these directions are blocked; of sets of one size, the one
 * with the lowest slot stays.
 */
export function outOfReach(slots: readonly Slot[], blocked: readonly NodeDirection[]): Slot[] {
  const isBlocked = new Set(blocked.map(({ from, to }) => `${from}>${to}`));
  const isMutual = (a: Slot, b: Slot): boolean => !isBlocked.has(`${a}>${b}`) && !isBlocked.has(`${b}>${a}`);
  let largest: readonly Slot[] = [];
  const seen = new Set<Slot>();
  for (const start of slots) {
    if (seen.has(start)) continue;
    seen.add(start);
    const component = [start];
    for (const member of component) {
      for (const other of slots) {
        if (seen.has(other) || !isMutual(member, other)) continue;
        seen.add(other);
        component.push(other);
      }
    }
    if (component.length > largest.length) largest = component;
  }
  return slots.filter((slot) => !largest.includes(slot));
}
