import { UsageError } from '../../core/errors.ts';
import type { Json } from '../../core/json.ts';
import type { ModelOperation } from '../../core/model.ts';
import { shortJson, unknownOperation } from './words.ts';

/** The operation that adds has two names. */
export const isIncrement = (f: string): boolean => f === 'increment' || f === 'add';

/** How much an increment adds: null is one. */
export function amountOf(operation: ModelOperation): number {
  const { value } = operation;
  if (value === null) return 1;
  if (!isWholeNumber(value)) throw unknownOf(operation);
  return value;
}

/** Where a counter begins. */
export function initialCount(given: Json): number {
  if (given === null) return 0;
  if (!isWholeNumber(given)) {
    throw new UsageError(`a counter begins as a whole number, not as ${shortJson(given)}`);
  }
  return given;
}

/** Whether a counter can hold it exactly. */
export const isWholeNumber = (value: Json | undefined): value is number => Number.isSafeInteger(value);

/** The error for what a counter cannot do. */
export const unknownOf = (operation: ModelOperation): Error =>
  unknownOperation('counter', operation, 'increment N or add N (a whole number, or null for 1) and read');
