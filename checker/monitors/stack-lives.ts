import type { Items } from './queue-or-stack-items.ts';

/**
 * The items of a stack that are certainly in it at some time: from the return of the push to the call of the pop. Those moments (and others, if
 * asked for) are boundaries between places; what happens between two of them overlaps. The last place comes after everything, and all that
 * nobody popped is popped there. Items that are certainly in it at no time are no lives: they can be pushed and popped at once.
 */
export interface Lives {
  readonly count: number;
  readonly item: Int32Array;
  /** First and last places that push and pop overlap; the item is certainly there at the places between `pushTo` and `popFrom`. */
  readonly pushFrom: Int32Array;
  readonly pushTo: Int32Array;
  readonly popFrom: Int32Array;
  readonly popTo: Int32Array;
  readonly places: number;
  /** How many boundaries come before a moment: the place just before it. */
  readonly placeBefore: Int32Array;
}

export const isLife = ({ addReturned, removeCalled }: Items, item: number): boolean =>
  (addReturned[item] ?? 0) < (removeCalled[item] ?? 0);

export function livesOf(items: Items, moreBoundaries: readonly number[]): Lives {
  const { end, addCalled, addReturned, removeCalled, removeReturned } = items;
  const isBoundary = new Uint8Array(end + 1);
  let count = 0;
  for (let item = 0; item < items.count; item++) {
    if (!isLife(items, item)) continue;
    count += 1;
    isBoundary[addReturned[item] ?? 0] = 1;
    isBoundary[removeCalled[item] ?? 0] = 1;
  }
  for (const moment of moreBoundaries) isBoundary[moment] = 1;
  isBoundary[end] = 1;
  const placeBefore = new Int32Array(end + 2);
  for (let moment = 0; moment <= end; moment++) {
    placeBefore[moment + 1] = (placeBefore[moment] ?? 0) + (isBoundary[moment] ?? 0);
  }
  const last = placeBefore[end + 1] ?? 0;

  const item = new Int32Array(count);
  const pushFrom = new Int32Array(count);
  const pushTo = new Int32Array(count);
  const popFrom = new Int32Array(count);
  const popTo = new Int32Array(count);
  let life = 0;
  for (let each = 0; each < items.count; each++) {
    if (!isLife(items, each)) continue;
    const popReturned = removeReturned[each] ?? 0;
    item[life] = each;
    pushFrom[life] = placeBefore[(addCalled[each] ?? 0) + 1] ?? 0;
    pushTo[life] = placeBefore[addReturned[each] ?? 0] ?? 0;
    popFrom[life] = placeBefore[(removeCalled[each] ?? 0) + 1] ?? 0;
    popTo[life] = popReturned === end ? last : (placeBefore[popReturned] ?? 0);
    life += 1;
  }
  return { count, item, pushFrom, pushTo, popFrom, popTo, places: last + 1, placeBefore };
}
