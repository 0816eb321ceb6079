import type { Json } from '../../core/json.ts';
import type { ForeseenOperation, LookAhead, TimedOperation } from '../../core/model.ts';
import { canonicalJson } from '../canonical-json.ts';

/**
 * Where all appended values differ, the longest list that anybody read is the order of its appends: an append without an answer that is in
 * it did happen, at that place, before the first read returned that shows it. One that is not in it can only have come later, and then
 * matters only if an answered append shows that somebody came before it.
 */
export function lookAheadOfLog(operations: readonly TimedOperation[]): LookAhead<unknown> {
  const reads = operations.filter(({ f, result }) => f === 'read' && Array.isArray(result));
  const longest = reads.map(({ result }) => listOf(result)).reduce(longer, []);
  const places = new Map(longest.map((value, i) => [canonicalJson(value), i + 1]));
  const times = timesAppended(operations);
  const seenBy = firstReturns(reads, longest.length);
  const lengthShown = operations.reduce(
    (most, { f, result }) => (f === 'append' && typeof result === 'number' ? Math.max(most, result) : most),
    0,
  );
  let firstUnseen: Json | undefined;

  const foreseen = operations.map((operation): ForeseenOperation | null => {
    if (operation.f !== 'append' || operation.result !== undefined) return operation;
    const text = canonicalJson(operation.value);
    if (times.get(text) !== 1 || places.size !== longest.length) return operation;
    const place = places.get(text);
    if (place === undefined) {
      if (lengthShown <= longest.length) return null;
      firstUnseen ??= operation.value;
      return { ...operation, value: firstUnseen };
    }
    const returned = seenBy[place] ?? Infinity;
    return returned < operation.called ? operation : { ...operation, result: place, returned };
  });
  return { operations: foreseen };
}

const listOf = (value: Json | undefined): readonly Json[] => (isList(value) ? value : []);
const isList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);
const longer = (a: readonly Json[], b: readonly Json[]): readonly Json[] => (b.length > a.length ? b : a);

function timesAppended(operations: readonly TimedOperation[]): ReadonlyMap<string, number> {
  const times = new Map<string, number>();
  for (const { f, value } of operations) {
    if (f !== 'append') continue;
    const text = canonicalJson(value);
    times.set(text, (times.get(text) ?? 0) + 1);
  }
  return times;
}

/** For each place of the list, counted from 1, the first return of a read that reaches so far. */
function firstReturns(reads: readonly TimedOperation[], length: number): number[] {
  const first = new Array<number>(length + 2).fill(Infinity);
  for (const { result, returned } of reads) {
    const reached = listOf(result).length;
    first[reached] = Math.min(first[reached] ?? Infinity, returned);
  }
  for (let place = length - 1; place >= 1; place--) {
    first[place] = Math.min(first[place] ?? Infinity, first[place + 1] ?? Infinity);
  }
  return first;
}
