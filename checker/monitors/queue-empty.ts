import { emptyFault } from './queue-or-stack-empty.ts';
import type { Invalid } from './queue-or-stack-fault.ts';
import type { Items } from './queue-or-stack-items.ts';
import { affordableInstants, deadlinesOf, lostBy } from './queue-unknown.ts';

/**
 * For each instant (just before a moment) the last one up to it at which the queue can be empty; -1: none. Null: nobody found it empty. An item is
 * certainly in the queue from the return of its enqueue to the call of its dequeue.
 */
export function emptyInstants(items: Items): Int32Array | null {
  const { count, removes, addReturned, removeCalled, end, empties } = items;
  if (empties.length === 0) return null;
  const deadlines = deadlinesOf(items);
  const covers = new Int32Array(end + 2);
  for (let item = 0; item < count; item++) {
    const from = (addReturned[item] ?? 0) + 1;
    const to = removeCalled[item] ?? 0;
    if (from > to || (deadlines !== null && removes[item] === -1)) continue;
    covers[from] = (covers[from] ?? 0) + 1;
    covers[to + 1] = (covers[to + 1] ?? 0) - 1;
  }
  const affordable = deadlines === null ? null : affordableInstants(items, deadlines);
  const instants = covers.subarray(0, end + 1);
  let covered = 0;
  let last = -1;
  for (let moment = 0; moment <= end; moment++) {
    covered += instants[moment] ?? 0;
    if (covered === 0 && (affordable === null || affordable[moment] === 1)) last = moment;
    instants[moment] = last;
  }
  return instants;
}

/** The instant at which a dequeue found it empty, -1: none. */
export const instantOf = ({ columns }: Items, instants: Int32Array, row: number): number => {
  const instant = instants[columns.returned[row] ?? 0] ?? -1;
  return instant > (columns.called[row] ?? 0) ? instant : -1;
};

/** A dequeue found the queue empty that cannot have been empty while it was open. */
export function uncovered(items: Items, instants: Int32Array | null): Invalid | null {
  if (instants === null) return null;
  const row = items.empties.find((empty) => instantOf(items, instants, empty) < 0);
  if (row === undefined) return null;
  const deadlines = deadlinesOf(items);
  const due = deadlines === null ? [] : [...lostBy(items, deadlines, items.end - 1), ...items.unknown];
  return emptyFault(items, row, 'dequeue', due);
}
