import type { Json } from '../../core/json.ts';
import type { ForeseenOperation, LookAhead, TimedOperation } from '../../core/model.ts';
import { canonicalJson } from '../canonical-json.ts';
import { factsOfValues, givenItems, isUnique } from './queue-or-stack-items.ts';

/**
 * For values that were pushed once and popped at most once: a push took effect before its pop returned. A pop can be placed as soon as its
 * value is on top: whatever comes between the two moments leaves the stack as it found it, so it may as well come after the pop.
 */
export function lookAheadOfStack(operations: readonly TimedOperation[], initial?: Json): LookAhead<string> {
  const facts = factsOfValues(operations, 'push', givenItems(initial, 'stack'));
  const foreseen = operations.map((operation): ForeseenOperation | null => {
    const { f, value, result } = operation;
    const item = f === 'push' ? value : result;
    if (item === undefined || item === null) return operation;
    const known = facts.get(canonicalJson(item));
    // Nobody got it, so it need not have happened.
    if (f === 'push' && result === undefined && known?.removes.length === 0) return null;
    if (known === undefined || !isUnique(known)) return operation;
    if (f !== 'push') return { ...operation, eager: true };
    const [pop] = known.removes.map((index) => operations[index]);
    if (pop === undefined || pop.returned < operation.called) return operation;
    return { ...operation, result: result ?? null, returned: Math.min(operation.returned, pop.returned) };
  });
  return { operations: foreseen };
}
