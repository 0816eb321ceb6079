import type { UsedCounts } from './search-used.ts';
import type { TrailChain } from './search-trail.ts';
import type { Timeline } from './timeline.ts';

/** A configuration in which nothing is open: the return that comes next, and how it was reached. */
export interface Beginning {
  readonly event: number;
  readonly state: number;
  readonly used: number;
  readonly before: TrailChain | null;
}

/** Long enough for the effort of starting anew. */
const stretchReturnsMin = 128;

/** The next return before which nothing is open, some way on; or the end. What unknown operations do later does not depend on when. */
export function nextQuietReturn({ callsBefore, last }: Timeline, from: number): number {
  let event = from + stretchReturnsMin;
  while (event < last && callsBefore[event - 1] !== event) event += 1;
  return Math.min(event, last);
}

/** Adds an end of a stretch, unless one like it or a better one is there. */
export function addEnd(ends: Beginning[], end: Beginning, { isWithin }: UsedCounts): void {
  for (const known of ends) if (known.state === end.state && isWithin(known.used, end.used)) return;
  ends.push(end);
}
