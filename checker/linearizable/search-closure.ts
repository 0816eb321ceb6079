import type { Brake } from './search-brake.ts';
import type { States } from './states.ts';
import type { SearchOperations } from './timeline-operations.ts';

/** What can be said of kinds of operation where all states are known that an object can come to: then there are few. */
export interface Closure {
  readonly stateCount: number;
  /** Changes no state whatever. */
  readonly isPure: (kind: number) => boolean;
  /** The object would never answer so. */
  readonly neverFits: (kind: number) => boolean;
  /** For each kind, the state that it leads to from everywhere, or -1. */
  readonly constants: Int32Array;
  /** Wherever an operation of kind `b` fits, one of kind `a` would do the same. */
  covers(a: number, b: number): boolean;
}

/** Asks for every kind in every state, a little at a time. */
export interface ClosureSearch {
  /** Null: there are too many states, or kinds. */
  run(steps: number): Closure | null | 'running';
  /** Whether it speaks of states by number, so that they must keep their numbers. */
  holdsStates(): boolean;
}

/** So many steps are taken at most: for each operation, and at all. */
const stepsPerOperation = 8;
const stepsLeast = 500;
const stepsMost = 20_000;

export function searchClosure(
  states: States,
  { count, kindCount }: Pick<SearchOperations, 'count' | 'kindCount'>,
  brake: Brake,
): ClosureSearch {
  const stepsMax = Math.min(stepsMost, stepsLeast + stepsPerOperation * count);
  let state = 0;
  let kind = 0;
  let found: Closure | null | 'running' = 'running';
  let isBegun = false;
  const search = (steps: number): Closure | null | 'running' => {
    for (let i = 0; i < steps; i++) {
      if (kind === kindCount) {
        kind = 0;
        state += 1;
      }
      if (state === states.count() || kindCount === 0) return closureOf(states, kindCount);
      if (states.count() * kindCount > stepsMax) return null;
      try {
        states.next(state, kind);
      } catch {
        return null; // a model need not expect this operation in this state, which a search may never come to
      }
      kind += 1;
      if (brake.isPulled()) return 'running';
    }
    return 'running';
  };
  return {
    run: (steps) => {
      isBegun = true;
      if (found === 'running') found = states.isWhole() ? search(steps) : null;
      return found;
    },
    holdsStates: () => isBegun && found !== null,
  };
}

function closureOf(states: States, kindCount: number): Closure {
  const stateCount = states.count();
  const every = (holds: (state: number) => boolean): boolean => {
    for (let state = 0; state < stateCount; state++) if (!holds(state)) return false;
    return true;
  };
  const staysOrRefuses = (kind: number): boolean =>
    every((state) => states.next(state, kind) < 0 || states.next(state, kind) === state);
  const constantOf = (kind: number): number => {
    const after = states.next(0, kind);
    return every((state) => states.next(state, kind) === after) ? after : -1;
  };
  const doesCover = (a: number, b: number): boolean =>
    every((state) => states.next(state, b) < 0 || states.next(state, a) === states.next(state, b));
  const known = new Int8Array(kindCount * kindCount); // 0: not asked yet
  return {
    stateCount,
    isPure: staysOrRefuses,
    neverFits: (kind) => every((state) => states.next(state, kind) < 0),
    constants: Int32Array.from({ length: kindCount }, (_, kind) => constantOf(kind)),
    covers: (a, b) => {
      const at = a * kindCount + b;
      if (known[at] === 0) known[at] = doesCover(a, b) ? 1 : -1;
      return known[at] === 1;
    },
  };
}
