import { assignSlots, roles, type Timeline, type UnknownClass } from './timeline.ts';

/**
 * A stretch of a history by itself, from return `from` to return `to`, with less asked of it than in the whole: it may begin in any state,
 * what was open when it begins may have been placed before, and what is open when it ends may be placed or not. So if the stretch is not
 * linearizable, the whole is not.
 */
export function windowOf(timeline: Timeline, from: number, to: number): Timeline {
  const { calls, callsBefore, kinds, roles: roleOf, returned, sources } = timeline;
  const firstCall = from === 0 ? 0 : (callsBefore[from - 1] ?? 0);
  const endCall = callsBefore[to] ?? 0;
  const isOpenBefore = new Uint8Array(timeline.last);
  for (let i = 0; i < firstCall; i++) isOpenBefore[calls[i] ?? 0] = 1;

  // Numbers in the window; -1: not in it. A pure operation that was open before may have been placed, and so it asks nothing.
  const numbers = new Int32Array(timeline.last).fill(-1);
  const kept: number[] = [];
  for (let event = from; event <= to; event++) {
    if (isOpenBefore[event] === 1 && roleOf[event] === roles.pure) continue;
    numbers[event] = kept.push(event) - 1;
  }
  const ownRoles = Uint8Array.from(kept, (event) =>
    isOpenBefore[event] === 1 ? roles.optional : (roleOf[event] ?? 0),
  );
  const ownCalls: number[] = [];
  const ownCallsBefore = new Int32Array(kept.length + 1);
  let at = 0;
  for (const [own, event] of kept.entries()) {
    for (; at < (callsBefore[event] ?? 0); at++) {
      const number = numbers[calls[at] ?? 0] ?? -1;
      if (number >= 0) ownCalls.push(number);
    }
    ownCallsBefore[own] = ownCalls.length;
  }
  ownCallsBefore[kept.length] = ownCalls.length;

  const eventOf = (event: number): number => countBelow(kept, event);
  const unknown = timeline.unknown.flatMap((known): UnknownClass[] => {
    const usable = known.from.filter((event) => event <= to).map(eventOf);
    return usable.length === 0 ? [] : [{ kind: known.kind, from: usable, sources: known.sources }];
  });
  const openAtEnd: UnknownClass[] = [];
  for (let i = 0; i < endCall; i++) {
    const call = calls[i] ?? 0;
    if (call <= to || roleOf[call] === roles.pure) continue;
    const event = firstAbove(callsBefore, i);
    openAtEnd.push({
      kind: kinds[call] ?? 0,
      from: Int32Array.of(eventOf(event)),
      sources: Int32Array.of(sources[call] ?? 0),
    });
  }
  const columns = { calls: Int32Array.from(ownCalls), callsBefore: ownCallsBefore, roles: ownRoles };
  return {
    last: kept.length,
    kinds: Int32Array.from(kept, (event) => kinds[event] ?? 0),
    returned: Float64Array.from(kept, (event) => returned[event] ?? Infinity),
    ...columns,
    ...assignSlots(columns.calls, columns.callsBefore, columns.roles),
    sources: Int32Array.from(kept, (event) => sources[event] ?? 0),
    order: null,
    unknown: mergedByKind([...unknown, ...openAtEnd]),
  };
}

function mergedByKind(classes: readonly UnknownClass[]): UnknownClass[] {
  const merged = new Map<number, UnknownClass>();
  for (const each of classes) {
    const known = merged.get(each.kind);
    const from = Int32Array.from([...(known?.from ?? []), ...each.from]).sort();
    merged.set(each.kind, { ...each, from, sources: new Int32Array(from.length) });
  }
  return [...merged.values()];
}

/** How many of the rising numbers are below the given one. */
function countBelow(rising: readonly number[], limit: number): number {
  let low = 0;
  let high = rising.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((rising[middle] ?? Infinity) < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The first event before whose return that call came. */
function firstAbove(callsBefore: Int32Array, call: number): number {
  let low = 0;
  let high = callsBefore.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((callsBefore[middle] ?? Infinity) <= call) low = middle + 1;
    else high = middle;
  }
  return low;
}
