import type { Json } from '../../core/json.ts';
import type { ForeseenOperation, LookAhead, Outlook, TimedOperation } from '../../core/model.ts';
import { factsOfKvAppend, type CertainText, type Facts } from './kv-append-facts.ts';
import { makeHorizon, type Foreseen, type Range } from './kv-append-horizon.ts';
import type { TextNode } from './kv-append-text.ts';

/**
 * A text that was read tells which appends made it, in which order, unless pieces of other lengths can have made it, too. What no read shows
 * matters by its place in real time only. Where a piece of the text was appended once, the text lasts until every read of it was called, and
 * only the next piece can follow it.
 */
export function lookAheadOfKvAppend(
  operations: readonly TimedOperation[],
  initial: Json = '',
): LookAhead<TextNode> {
  const facts = typeof initial === 'string' ? factsOfKvAppend(operations, initial) : null;
  if (facts === null) return { operations };
  const horizon = makeHorizon(facts.reads, facts.hasPuts);
  const shown = whenShown(facts, operations.length);
  const foreseen = operations.map((operation, index): (ForeseenOperation & Foreseen) | null => {
    const { f, value, result, called } = operation;
    if (f === 'get' || (f === 'append' && value === '')) return operation;
    const isUnread = !facts.isUsable(operation);
    if (isUnread && result === undefined) return null;
    const returned = Math.min(operation.returned, shown[index] ?? Infinity);
    // Shown before it was called: the search will say so.
    if (returned === Infinity || returned < called) return { ...operation, horizon, isUnread };
    return { ...operation, horizon, isUnread, result: result ?? null, returned };
  });
  return {
    operations: foreseen,
    outlook: (text) => outlookOf(text, facts, horizon.readsFrom(text)),
  };
}

/** For each operation when the first read returned that shows what it wrote. */
function whenShown(facts: Facts, count: number): Float64Array {
  const firstOf = new Map<CertainText, number[]>();
  for (const [i, text] of facts.reads.entries()) {
    const certain = facts.certain[i] ?? null;
    if (certain === null) continue;
    const first = firstOf.get(certain) ?? new Array<number>(certain.writers.length + 1).fill(Infinity);
    firstOf.set(certain, first);
    const place = certain.ends.get(text.length) ?? 0;
    first[place] = Math.min(first[place] ?? Infinity, facts.firstReturns[i] ?? Infinity);
  }
  const shown = new Float64Array(count).fill(Infinity);
  for (const [{ began, writers }, first] of firstOf) {
    let least = Infinity;
    for (let place = writers.length; place >= 0; place--) {
      least = Math.min(least, first[place] ?? Infinity);
      const writer = place > 0 ? (writers[place - 1] ?? -1) : began;
      if (writer >= 0) shown[writer] = Math.min(shown[writer] ?? Infinity, least);
    }
  }
  return shown;
}

const anyFuture: Outlook = { heldUntil: -1, successor: -1 };

function outlookOf(text: TextNode, facts: Facts, range: Range | null): Outlook {
  if (range === null) return anyFuture;
  const certain = facts.certain[range.low] ?? null;
  const place = certain?.ends.get(text.length) ?? -1;
  const isOnce = !facts.hasPuts || (certain !== null && place >= certain.onceFrom);
  if (!isOnce) return anyFuture;
  const isRead = facts.reads[range.low]?.length === text.length;
  return {
    heldUntil: isRead ? (facts.lastCalls[range.low] ?? -1) : -1,
    successor: certain?.writers[place] ?? -1,
  };
}
