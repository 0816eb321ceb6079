import type { SearchOperations } from './timeline-operations.ts';
import type { OrderColumns, Timeline } from './timeline.ts';

/**
 * Two operations each of which must go before the other: then there is no linearization, and no search is needed to see it. Linear but for
 * sorting [zones of Gibbons & Korach 1997; order violations of Henzinger, Sezgin & Vafeiadis 2013]. Finding none proves nothing.
 */
export function isContradictory(timeline: Timeline, { called }: SearchOperations): boolean {
  const { order } = timeline;
  return order !== null && (contradictsItself(order) || contradictsTime(timeline, order, called));
}

/**
 * Both by their order intervals: a goes before b if a ends before b starts. Intervals that end before they start must be disjoint, and
 * contain none of the others.
 */
function contradictsItself({ start, end }: OrderColumns): boolean {
  const all = Array.from(start, (_, i) => i);
  const endOf = (i: number): number => end[i] ?? Infinity;
  const startOf = (i: number): number => start[i] ?? -Infinity;
  const forward = all.filter((i) => endOf(i) < startOf(i)).sort((a, b) => endOf(a) - endOf(b));
  for (const [k, zone] of forward.entries()) {
    const before = forward[k - 1];
    if (before !== undefined && endOf(zone) < startOf(before)) return true;
  }
  const ends = forward.map(endOf);
  return all.some((i) => {
    if (endOf(i) < startOf(i)) return false;
    const zone = forward[countBelow(ends, startOf(i)) - 1];
    return zone !== undefined && endOf(i) < startOf(zone);
  });
}

/** How many of the sorted numbers are below the given one. */
function countBelow(sorted: readonly number[], limit: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? Infinity) < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** One way by their order intervals, the other way by real time: x returned before y was called, but y must go first. */
function contradictsTime(
  { calls, returned, sources }: Timeline,
  { start, end }: OrderColumns,
  calledAt: Float64Array,
): boolean {
  let next = 0;
  let latestStart = -Infinity;
  for (const y of calls) {
    const called = calledAt[sources[y] ?? 0] ?? 0;
    for (; (returned[next] ?? Infinity) < called; next++) {
      latestStart = Math.max(latestStart, start[next] ?? -Infinity);
    }
    if ((end[y] ?? Infinity) < latestStart) return true;
  }
  return false;
}
