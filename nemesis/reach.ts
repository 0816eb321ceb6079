import type { Slot } from '../core/ids.ts';

/** One direction between two nodes. */
export interface NodeDirection {
  readonly from: Slot;
  readonly to: Slot;
}

/**
 * The slots outside the largest set in which each reaches each other one directly and both ways when these directions are blocked; of sets of
 * one size, the one with the lowest slots stays. Directly, since no node passes on what it hears: a group can go on only where every two
 * of a majority hear each other, and a node that reaches both sides of a cut does not make one group of them.
 */
export function outOfReach(slots: readonly Slot[], blocked: readonly NodeDirection[]): Slot[] {
  const isBlocked = new Set(blocked.map(({ from, to }) => `${from}>${to}`));
  const isMutual = (a: Slot, b: Slot): boolean => !isBlocked.has(`${a}>${b}`) && !isBlocked.has(`${b}>${a}`);
  // Tries all sets, which nine slots at most allow.
  const largestWith = (chosen: readonly Slot[], others: readonly Slot[]): readonly Slot[] => {
    const [first, ...rest] = others;
    if (first === undefined) return chosen;
    const inside = largestWith(
      [...chosen, first],
      rest.filter((other) => isMutual(first, other)),
    );
    const outside = largestWith(chosen, rest);
    return outside.length > inside.length ? outside : inside;
  };
  const largest = largestWith([], slots);
  return slots.filter((slot) => !largest.includes(slot));
}
