import type { Brake } from './search-brake.ts';
import type { Closure, ClosureSearch } from './search-closure.ts';
import type { Explorer } from './search-explorer.ts';
import { makeRefuter, type Refuter } from './search-refuter.ts';
import type { States } from './states.ts';
import type { Timeline } from './timeline.ts';

/** Helps a search that gets no further, but not those that are done soon: most are. */
export interface Helper {
  /** To be told of the choices that a search tried; the choices that helping cost. */
  help(tried: number): number;
  /** Whether it turned out that there is no linearization. */
  isRefuted(): boolean;
  bytes(): number;
}

interface Helped {
  readonly timeline: Timeline;
  readonly states: States;
  readonly explorer: Explorer;
  readonly closing: ClosureSearch;
  readonly windowBytes: number;
  readonly brake: Brake;
  /** So many choices are tried before anything is done; and without getting further before a stretch is refuted, doubled each time. */
  readonly patience: number;
}

export function makeHelper({ timeline, states, explorer, closing, patience, ...options }: Helped): Helper {
  let closure: Closure | null | 'running' = 'running';
  let refuter: Refuter | null = null;
  let isRefuted = false;
  let triedInAll = 0;
  let triedHere = 0;
  let refuteAt = patience;
  let furthest = -1;

  const close = (steps: number): void => {
    closure = closing.run(steps);
    if (closure === null || closure === 'running') return;
    const { neverFits } = closure;
    isRefuted = timeline.kinds.some((kind) => neverFits(kind));
    explorer.learn(closure);
    refuter = makeRefuter(timeline, states, closure, options);
  };

  return {
    help: (tried) => {
      triedInAll += tried;
      if (explorer.furthest() > furthest) {
        furthest = explorer.furthest();
        triedHere = 0;
        refuteAt = patience;
      }
      triedHere += tried;
      if (closure === 'running') {
        if (triedInAll < patience) return 0;
        close(tried);
        return tried;
      }
      if (refuter === null || triedHere < refuteAt) return 0;
      const spent = refuteAt;
      refuteAt *= 2;
      isRefuted = refuter.refutes(Math.min(explorer.lookedUpTo(), timeline.last - 1), spent);
      return spent;
    },
    isRefuted: () => isRefuted,
    bytes: () => refuter?.bytes() ?? 0,
  };
}
