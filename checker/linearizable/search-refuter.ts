import type { Closure } from './search-closure.ts';
import { makeExplorer, type Explorer, type ExplorerOptions } from './search-explorer.ts';
import { windowOf } from './search-window.ts';
import type { States } from './states.ts';
import type { Timeline } from './timeline.ts';

/**
 * Refutes a history by a stretch of it that is not linearizable by itself, from whatever state. A search that is stuck has to give up all that
 * it did since the beginning before it knows that there is no way out; where a violation is local, this finds it locally.
 */
export interface Refuter {
  /** Whether some stretch that ends with this return is refuted by so many choices; longer ones are tried as long as it takes. */
  refutes(to: number, choices: number): boolean;
  bytes(): number;
}

const growth = 1.5;
const sliceChoices = 200;

export function makeRefuter(
  timeline: Timeline,
  states: States,
  closure: Closure,
  { windowBytes, brake }: Pick<ExplorerOptions, 'windowBytes' | 'brake'>,
): Refuter {
  const { calls, callsBefore, last } = timeline;
  const initial = Array.from({ length: closure.stateCount }, (_, state) => state);
  let callAt: Int32Array | null = null;
  let end = -1;
  let length = 0;
  let explorer: Explorer | null = null;

  /** At first a stretch begins just before the call of what returns at its end. */
  const firstLength = (to: number): number => {
    callAt ??= placesOf(calls, last);
    let from = to;
    while (from > 0 && (callsBefore[from - 1] ?? 0) > (callAt[to] ?? 0)) from -= 1;
    return Math.max(1, to - from);
  };
  const nextExplorer = (to: number): Explorer | null => {
    length = length === 0 ? firstLength(to) : Math.ceil(length * growth);
    if (length >= to) return null; // that is the search itself
    const window = windowOf(timeline, to - length, to);
    const made = makeExplorer(window, states, {
      initial,
      windowBytes,
      brake,
      mayForget: () => false,
      isStretch: true,
    });
    made.learn(closure);
    return made;
  };

  return {
    refutes: (to, choices) => {
      if (to !== end) {
        end = to;
        length = 0;
        explorer = null;
      }
      for (let left = choices; left > 0 && !brake.isPulled(); left -= sliceChoices) {
        explorer ??= nextExplorer(to);
        const status = explorer?.run(sliceChoices);
        if (status === undefined) return false;
        if (status === 'exhausted') return true;
        if (status === 'found') explorer = null;
      }
      return false;
    },
    bytes: () => explorer?.bytes() ?? 0,
  };
}

function placesOf(calls: Int32Array, count: number): Int32Array {
  const places = new Int32Array(count);
  for (const [place, operation] of calls.entries()) places[operation] = place;
  return places;
}
