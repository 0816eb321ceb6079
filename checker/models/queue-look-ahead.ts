import type { Json } from '../../core/json.ts';
import type { ForeseenOperation, LookAhead, TimedOperation } from '../../core/model.ts';
import { canonicalJson } from '../canonical-json.ts';
import { factsOfValues, givenItems, isUnique, type ValueFacts } from './queue-or-stack-items.ts';

/** After every operation that is ever called, before what never comes. */
const beforeNever = Number.MAX_SAFE_INTEGER;

/**
 * Henzinger, Sezgin & Vafeiadis 2013, for values that were enqueued once and dequeued at most once: the order of dequeues is the order of
 * enqueues, an enqueue took effect before its dequeue returned, and a dequeue can be placed as soon as its value is at the head, since nobody
 * else can remove it. A value that nobody got stays for ever, unless a dequeue without an answer took it.
 */
export function lookAheadOfQueue(operations: readonly TimedOperation[], initial?: Json): LookAhead<string> {
  const facts = factsOfValues(operations, 'enqueue', givenItems(initial, 'queue'));
  const isUnknownDequeue = ({ f, result }: TimedOperation): boolean =>
    f === 'dequeue' && result === undefined;
  const unknownDequeue = operations.reduce(
    (first, operation) => (isUnknownDequeue(operation) ? Math.min(first, operation.called) : first),
    Infinity,
  );
  let firstForgotten: Json | undefined;

  const foreseen = operations.map((operation): ForeseenOperation | null => {
    if (operation.f === 'dequeue') return foreseenDequeue(operation, facts);
    const known = facts.get(canonicalJson(operation.value));
    if (known === undefined || known.removes.length === 0) {
      // Nobody got it: unless it certainly happened it need not, and then its value does not matter.
      if (operation.result === undefined) return null;
      firstForgotten ??= operation.value;
      const start = unknownDequeue === Infinity ? Infinity : Math.max(operation.called, unknownDequeue);
      return { ...operation, value: firstForgotten, order: { start, end: Infinity } };
    }
    const [dequeue] = known.removes.map((index) => operations[index]);
    if (!isUnique(known) || dequeue === undefined) return operation;
    if (dequeue.returned < operation.called) return operation; // got before it was there: the search will say so
    return {
      ...operation,
      result: operation.result ?? null,
      returned: Math.min(operation.returned, dequeue.returned),
      order: { start: Math.max(dequeue.called, operation.called), end: dequeue.returned },
    };
  });
  return { operations: foreseen };
}

function foreseenDequeue(
  operation: TimedOperation,
  facts: ReadonlyMap<string, ValueFacts>,
): ForeseenOperation {
  const { result } = operation;
  if (result === undefined) return operation;
  // An empty queue cannot come after a value that stays for ever.
  if (result === null) return { ...operation, order: { start: -1, end: beforeNever } };
  const known = facts.get(canonicalJson(result));
  return { ...operation, eager: known !== undefined && isUnique(known) };
}
