import type { SearchOperations } from './timeline-operations.ts';

/** What the place of an operation in the search is. */
export const roles = {
  /** Changes the state; whether it is placed is a choice. */
  mutator: 0,
  /** Changes the state, but loses nothing by being placed as soon as it fits. */
  eager: 1,
  /** Changes no state, so that it is placed as soon as it fits. */
  pure: 2,
  /** A mutator that may have been placed before the search begins: it need not be placed. */
  optional: 3,
} as const;

/** Unknown operations that are all of one kind: any of those called by then may be used, in any number. */
export interface UnknownClass {
  readonly kind: number;
  /** The event from which on each of them can be used, rising. */
  readonly from: Int32Array;
  /** Their indexes in the part. */
  readonly sources: Int32Array;
}

/**
 * A part's history as a search walks through it. Operations with an answer are numbered by their returns, so that operation e is the one
 * that returns at event e, and of two open ones the lower must be placed first. `calls` has them in order of call.
 */
export interface Timeline {
  /** How many operations have an answer. */
  readonly last: number;
  readonly kinds: Int32Array;
  readonly roles: Uint8Array;
  /** Positions. */
  readonly returned: Float64Array;
  readonly calls: Int32Array;
  /** How many calls came before return e. */
  readonly callsBefore: Int32Array;
  /** The bit that stands for an operation while it is open, in a set of mutators or in one of the others (`isLoose`). */
  readonly slots: Int32Array;
  readonly tightSlots: number;
  readonly looseSlots: number;
  /** The index in the part. */
  readonly sources: Int32Array;
  readonly order: OrderColumns | null;
  readonly unknown: readonly UnknownClass[];
}

/** See ForeseenOperation. */
export interface OrderColumns {
  readonly start: Float64Array;
  readonly end: Float64Array;
  /** The least `end` of calls i and later. */
  readonly endLater: Float64Array;
}

/** Of a loose operation less is better: one that waits for its state, or an optional one that is used. */
export const isLoose = (role: number): boolean => role >= roles.pure;

export function makeTimeline(given: SearchOperations, isPure: (kind: number) => boolean): Timeline {
  const pure = Uint8Array.from({ length: given.kindCount }, (_, kind) => (isPure(kind) ? 1 : 0));
  const sources = inOrderOfReturn(given);
  const last = sources.length;
  const numbers = new Int32Array(given.count).fill(-1);
  for (let e = 0; e < last; e++) numbers[sources[e] ?? 0] = e;
  const kinds = sources.map((source) => given.kinds[source] ?? 0);
  const roleOf = new Uint8Array(last);
  for (let e = 0; e < last; e++) {
    if (pure[kinds[e] ?? 0] === 1) roleOf[e] = roles.pure;
    else if (given.eager[sources[e] ?? 0] === 1) roleOf[e] = roles.eager;
  }
  const returned = new Float64Array(last);
  for (let e = 0; e < last; e++) returned[e] = given.returned[sources[e] ?? 0] ?? Infinity;
  const calls = numbers.filter((number) => number >= 0);
  const callsBefore = countCallsBefore(given.called, sources, calls, returned);
  return {
    last,
    kinds,
    roles: roleOf,
    returned,
    calls,
    callsBefore,
    ...assignSlots(calls, callsBefore, roleOf),
    sources,
    order: orderColumns(given, sources, calls),
    unknown: classesOf(given, pure, returned),
  };
}

export function bytesOf({ order, unknown, ...columns }: Timeline): number {
  let bytes = 0;
  const { kinds, roles: roleOf, returned, calls, callsBefore, slots, sources } = columns;
  for (const column of [kinds, roleOf, returned, calls, callsBefore, slots, sources])
    bytes += column.byteLength;
  for (const column of order === null ? [] : [order.start, order.end, order.endLater])
    bytes += column.byteLength;
  for (const { from, sources: own } of unknown) bytes += 200 + from.byteLength + own.byteLength;
  return bytes;
}

/** Indexes of the operations with an answer, by return; of two that return at once, first the one called first. */
function inOrderOfReturn({ count, kinds, returned }: SearchOperations): Int32Array {
  const keys = new Float64Array(count);
  let answered = 0;
  // One number to sort by is many times faster than a comparison function.
  for (let source = 0; source < count; source++) {
    const position = returned[source] ?? Infinity;
    if (kinds[source] !== -1 && position !== Infinity) keys[answered++] = position * count + source;
  }
  const sorted = keys.subarray(0, answered).sort();
  return Int32Array.from(sorted, (key) => key % count);
}

function countCallsBefore(
  called: Float64Array,
  sources: Int32Array,
  calls: Int32Array,
  returned: Float64Array,
): Int32Array {
  const counts = new Int32Array(returned.length + 1).fill(calls.length);
  let at = 0;
  for (let e = 0; e < returned.length; e++) {
    while (at < calls.length && (called[sources[calls[at] ?? 0] ?? 0] ?? 0) <= (returned[e] ?? 0)) at += 1;
    counts[e] = at;
  }
  return counts;
}

/** The lowest free slot for as long as an operation is open; tight and loose ones are counted apart. */
export function assignSlots(
  calls: Int32Array,
  callsBefore: Int32Array,
  roleOf: Uint8Array,
): { readonly slots: Int32Array; readonly tightSlots: number; readonly looseSlots: number } {
  const last = roleOf.length;
  const slots = new Int32Array(last);
  const taken: readonly boolean[][] = [[], []];
  let at = 0;
  for (let e = 0; e < last; e++) {
    for (; at < (callsBefore[e] ?? 0); at++) {
      const call = calls[at] ?? 0;
      const own = taken[isLoose(roleOf[call] ?? 0) ? 1 : 0] ?? [];
      let slot = 0;
      while (own[slot] === true) slot += 1;
      own[slot] = true;
      slots[call] = slot;
    }
    const own = taken[isLoose(roleOf[e] ?? 0) ? 1 : 0] ?? [];
    own[slots[e] ?? 0] = false;
  }
  const [tight = [], loose = []] = taken;
  return { slots, tightSlots: tight.length, looseSlots: loose.length };
}

function orderColumns(
  { order }: SearchOperations,
  sources: Int32Array,
  calls: Int32Array,
): OrderColumns | null {
  if (order === null) return null;
  const start = Float64Array.from(sources, (source) => order.start[source] ?? -Infinity);
  const end = Float64Array.from(sources, (source) => order.end[source] ?? Infinity);
  const endLater = new Float64Array(calls.length + 1).fill(Infinity);
  for (let i = calls.length - 1; i >= 0; i--) {
    endLater[i] = Math.min(endLater[i + 1] ?? Infinity, end[calls[i] ?? 0] ?? Infinity);
  }
  return { start, end, endLater };
}

function classesOf(
  { count, kinds, called, returned }: SearchOperations,
  pure: Uint8Array,
  returns: Float64Array,
): readonly UnknownClass[] {
  const classes = new Map<number, { from: number[]; sources: number[] }>();
  let event = 0;
  for (let source = 0; source < count; source++) {
    const kind = kinds[source] ?? -1;
    if (kind === -1 || returned[source] !== Infinity || pure[kind] === 1) continue;
    while (event < returns.length && (returns[event] ?? 0) < (called[source] ?? 0)) event += 1;
    let known = classes.get(kind);
    if (known === undefined) {
      known = { from: [], sources: [] };
      classes.set(kind, known);
    }
    known.from.push(event);
    known.sources.push(source);
  }
  return [...classes].map(([kind, { from, sources }]) => ({
    kind,
    from: Int32Array.from(from),
    sources: Int32Array.from(sources),
  }));
}
