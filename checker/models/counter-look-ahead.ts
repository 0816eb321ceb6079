import type { ForeseenOperation, LookAhead, TimedOperation } from '../../core/model.ts';
import { amountOf, isIncrement } from './counter-operations.ts';

/**
 * A counter that only rises shows its values in order: whoever saw a lower one comes first, and an increment before those that read what it
 * answered.
 */
export function lookAheadOfCounter(operations: readonly TimedOperation[]): LookAhead<unknown> {
  const rises = operations.every((each) => !isIncrement(each.f) || amountOf(each) >= 0);
  if (!rises) return { operations };
  return {
    operations: operations.map((operation): ForeseenOperation => {
      const { f, result } = operation;
      if (typeof result !== 'number') return operation;
      const changes = isIncrement(f) && amountOf(operation) > 0;
      // Values are whole, so that the increment to a value is half a step before those who see it.
      const place = 2 * result - (changes ? 1 : 0);
      return { ...operation, order: { start: place, end: place } };
    }),
  };
}
