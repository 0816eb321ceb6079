import type { Blocks } from './register-blocks.ts';
import { noRow, type Clusters } from './register-clusters.ts';
import type { Guess } from './register-repeated.ts';
import { sortedByKey } from './register-sort.ts';

/**
 * When the register held what. An operation placed at a position, which counts events, happens just after that event; what shares a position
 * happens in the order of the schedule.
 */
export interface Schedule {
  readonly clusters: Clusters;
  readonly guess: Guess | null;
  /** How many clusters have a place. */
  count: number;
  /** Clusters by place, one after the other; the first is the initial value's. */
  readonly order: Int32Array;
  /** By place: the position at which the value was written; never falling. */
  readonly start: Int32Array;
  /** The place of each cluster, -1 without one. */
  readonly placeOf: Int32Array;
}

/** Blocks each of which must come before the other, so that no order is left. `first` has a forward zone. */
export interface Overlap {
  readonly first: number;
  readonly second: number;
}

/**
 * The blocks in an order that respects real time: that in which a sweep over the events meets their zones [Gibbons & Korach 1997]. Between
 * `end` and `start` a block certainly holds the register, where `end` comes first: such forward zones must be disjoint, and no other block may
 * lie within one. A block that has none comes as early as it can.
 */
export function sweep({ count, end, start }: Blocks): Int32Array | Overlap {
  const key = new Int32Array(count);
  for (let block = 0; block < count; block++) key[block] = Math.min(end[block] ?? 0, start[block] ?? 0);
  const sorted = sortedByKey(key);
  let current = -1;
  let heldUntil = -1;
  for (const block of sorted) {
    const ends = end[block] ?? 0;
    if (ends < heldUntil) return { first: current, second: block };
    const starts = start[block] ?? 0;
    if (starts <= ends) continue;
    current = block;
    heldUntil = starts;
  }
  return sorted;
}

/** Each operation as early as it can be with the blocks in this order. */
export function earliestSchedule(
  clusters: Clusters,
  blocks: Blocks,
  sorted: Int32Array,
  guess: Guess | null,
): Schedule {
  const { columns, writer, lastCall, successor } = clusters;
  const { written } = columns;
  const { called } = columns.table;
  const order = new Int32Array(clusters.count);
  const start = new Int32Array(clusters.count);
  const placeOf = new Int32Array(clusters.count).fill(-1);
  let count = 0;
  let now = -1;
  for (const block of sorted) {
    let at = blocks.head[block] ?? 0;
    while (true) {
      const row = writer[at] ?? noRow;
      if (row !== noRow) now = Math.max(now, called[row] ?? 0);
      order[count] = at;
      start[count] = now;
      placeOf[at] = count;
      count += 1;
      now = Math.max(now, lastCall[at] ?? -1);
      const by = successor[at] ?? noRow;
      if (by === noRow) break;
      at = written[by] ?? 0;
    }
  }
  return { clusters, guess, count, order, start, placeOf };
}

/** The value that the register held at this place. */
export const valueAt = ({ order, guess }: Schedule, place: number): number => {
  const cluster = order[place] ?? -1;
  return guess === null ? cluster : (guess.names[cluster] ?? -1);
};

/** The last place that begins before this position. */
export function placeBefore(schedule: Schedule, position: number): number {
  let low = 0;
  let high = schedule.count - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if ((schedule.start[middle] ?? 0) < position) low = middle;
    else high = middle - 1;
  }
  return low;
}
