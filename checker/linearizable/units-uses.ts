import type { TimedOperation } from '../../core/model.ts';

/** When operations were called and answered, by their number; Infinity: never. */
export interface Times {
  readonly called: Float64Array;
  readonly returned: Float64Array;
}

export const timesOf = (operations: readonly TimedOperation[]): Times => ({
  called: Float64Array.from(operations, ({ called }) => called),
  returned: Float64Array.from(operations, ({ returned }) => returned),
});

/** Operations that use the same thing, thing by thing, and quick to ask who was open at some time. */
export interface Uses {
  /** Calls back for those that return after `from` and are called before `until`, latest first; how many were looked at. */
  eachBetween(
    thing: number,
    from: number,
    until: number,
    found: (operation: number, use: number) => void,
  ): number;
  /** The uses of a thing in order of call: their numbers go from `start` up to `end`. */
  start(thing: number): number;
  end(thing: number): number;
  /** The first use that is called after the position; `end`: there is none. */
  firstAfter(thing: number, position: number): number;
  /** The first return of those that are called after the position. */
  endAfter(thing: number, position: number): number;
  operationOf(use: number): number;
}

/** `operations` rise; each uses the thing that stands in the same place. */
export function makeUses(
  operations: readonly number[],
  things: readonly number[],
  thingCount: number,
  { called, returned }: Times,
): Uses {
  const { starts, members } = sorted(operations, things, thingCount);
  const latest = new Float64Array(members.length);
  const earliest = new Float64Array(members.length);
  for (let thing = 0; thing < thingCount; thing++) {
    const start = starts[thing] ?? 0;
    const end = starts[thing + 1] ?? 0;
    let last = -1;
    for (let use = start; use < end; use++) {
      last = Math.max(last, returned[members[use] ?? 0] ?? Infinity);
      latest[use] = last;
    }
    let first = Infinity;
    for (let use = end - 1; use >= start; use--) {
      first = Math.min(first, returned[members[use] ?? 0] ?? Infinity);
      earliest[use] = first;
    }
  }
  const firstAfter = (thing: number, position: number): number => {
    let low = starts[thing] ?? 0;
    let high = starts[thing + 1] ?? 0;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((called[members[middle] ?? 0] ?? Infinity) <= position) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return {
    eachBetween: (thing, from, until, found) => {
      const start = starts[thing] ?? 0;
      const last = firstAfter(thing, until) - 1;
      let use = last;
      for (; use >= start && (latest[use] ?? 0) > from; use--) {
        const operation = members[use] ?? 0;
        if ((returned[operation] ?? Infinity) > from) found(operation, use);
      }
      return last - use;
    },
    start: (thing) => starts[thing] ?? 0,
    end: (thing) => starts[thing + 1] ?? 0,
    firstAfter,
    endAfter: (thing, position) => {
      const use = firstAfter(thing, position);
      return use < (starts[thing + 1] ?? 0) ? (earliest[use] ?? Infinity) : Infinity;
    },
    operationOf: (use) => members[use] ?? -1,
  };
}

/** By thing, each in the order given. */
function sorted(
  operations: readonly number[],
  things: readonly number[],
  thingCount: number,
): { readonly starts: Int32Array; readonly members: Int32Array } {
  const starts = new Int32Array(thingCount + 2);
  for (const thing of things) starts[thing + 2] = (starts[thing + 2] ?? 0) + 1;
  for (let i = 2; i < starts.length; i++) starts[i] = (starts[i] ?? 0) + (starts[i - 1] ?? 0);
  const members = new Int32Array(operations.length);
  for (let i = 0; i < operations.length; i++) {
    const thing = things[i] ?? 0;
    const at = starts[thing + 1] ?? 0;
    members[at] = operations[i] ?? 0;
    starts[thing + 1] = at + 1;
  }
  return { starts, members };
}
