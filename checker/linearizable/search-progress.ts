import type { Explorer } from './search-explorer.ts';
import { roles, type Timeline } from './timeline.ts';

/**
 * What is known when a search is given up. How long it would go on nobody can tell, but it can be said how far it came at which pace, and how
 * much there may be to go through where it stands.
 */
export interface SearchProgress {
  /** Everything that returned before this position is linearizable; -Infinity: nothing is known yet. */
  readonly provenTo: number;
  /** Most operations open at once; unknown ones are open for ever, and not counted. */
  readonly widest: number;
  readonly unknown: number;
  /** How many returns were passed, of how many. */
  readonly passed: number;
  readonly returns: number;
  /** Choices tried in all, and since one more return was passed for the last time: `tried - sinceAdvance` took the search through `passed`. */
  readonly tried: number;
  readonly sinceAdvance: number;
  /** The return that was not passed yet, where the search stands. */
  readonly hardest: {
    /** Operations open there that change the state, and unknown ones that can be used there. */
    readonly open: number;
    readonly unknown: number;
    /**
     * A bound, as a power of two: there are no more configurations at this return, by the states met so far. Most often there are far fewer;
     * a search that goes through all of them has so much to do for this return alone.
     */
    readonly configurationsLog2: number;
  };
}

export function progressOf(
  work: { readonly timeline: Timeline; readonly explorer: Explorer } | null,
  stateCount: number,
  tried: number,
): SearchProgress {
  const hardest = { open: 0, unknown: 0, configurationsLog2: 0 };
  const nothing = { provenTo: -Infinity, widest: 0, unknown: 0, passed: 0, returns: 0, sinceAdvance: 0 };
  if (work === null) return { ...nothing, tried, hardest };
  const { explorer, timeline } = work;
  const { last, returned, unknown } = timeline;
  const furthest = explorer.furthest();
  return {
    provenTo: furthest >= last ? Infinity : (returned[furthest] ?? -Infinity),
    widest: explorer.widest(),
    unknown: unknown.reduce((sum, { sources }) => sum + sources.length, 0),
    passed: Math.max(0, furthest),
    returns: last,
    tried,
    sinceAdvance: explorer.sinceAdvance(),
    hardest: furthest < 0 || furthest >= last ? hardest : choicesAt(timeline, furthest, stateCount),
  };
}

function choicesAt(
  { calls, callsBefore, roles: roleOf, unknown }: Timeline,
  event: number,
  stateCount: number,
): SearchProgress['hardest'] {
  let open = 0;
  for (let i = 0; i < (callsBefore[event] ?? 0); i++) {
    const call = calls[i] ?? 0;
    if (call >= event && roleOf[call] !== roles.pure) open += 1;
  }
  let usable = 0;
  let log2 = open + Math.log2(stateCount);
  for (const { from } of unknown) {
    const count = from.filter((first) => first <= event).length;
    usable += count;
    log2 += Math.log2(count + 1);
  }
  return { open, unknown: usable, configurationsLog2: Math.ceil(log2) };
}
