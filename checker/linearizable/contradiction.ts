import type { Timeline } from './timeline.ts';

/** An operation's order interval, see ForeseenOperation: a goes before b if a.end < b.start. */
interface Interval {
  readonly start: number;
  readonly end: number;
}

/**
 * Two operations each of which must go before the other: then there is no linearization, and no search is needed to see it. Linear but for
 * sorting [zones of Gibbons & Korach 1997; order violations of Henzinger, Sezgin & Vafeiadis 2013]. Finding none proves nothing.
 */
export function isContradictory(timeline: Timeline): boolean {
  return timeline.hasOrder && (contradictsItself(timeline) || contradictsTime(timeline));
}

/** Both by their order intervals. Those that end before they start must be disjoint, and contain none of the others. */
function contradictsItself({ orderStart, orderEnd }: Timeline): boolean {
  const intervals = Array.from(orderStart, (start, i): Interval => ({ start, end: orderEnd[i] ?? Infinity }));
  const forward = intervals.filter(({ start, end }) => end < start).sort((a, b) => a.end - b.end);
  for (const [i, { end }] of forward.entries()) {
    const before = forward[i - 1];
    if (before !== undefined && end < before.start) return true;
  }
  return intervals.some(({ start, end }) => {
    if (end < start) return false;
    const zone = lastEndingBefore(forward, start);
    return zone !== undefined && end < zone.start;
  });
}

function lastEndingBefore(sorted: readonly Interval[], position: number): Interval | undefined {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle]?.end ?? Infinity) < position) low = middle + 1;
    else high = middle;
  }
  return sorted[low - 1];
}

/** One way by their order intervals, the other way by real time: x returned before y was called, but y must go first. */
function contradictsTime(timeline: Timeline): boolean {
  const { operations, calls, returned, orderStart, orderEnd } = timeline;
  let next = 0;
  let latestStart = -Infinity;
  for (const y of calls) {
    const called = operations[y]?.called ?? 0;
    for (; (returned[next] ?? Infinity) < called; next++) {
      latestStart = Math.max(latestStart, orderStart[next] ?? -Infinity);
    }
    if ((orderEnd[y] ?? Infinity) < latestStart) return true;
  }
  return false;
}
