import type { Json } from '../../core/json.ts';
import type { ModelOperation } from '../../core/model.ts';
import { unknownOperation } from './words.ts';

/** What a register holds, boxed: null is a value, too, while `step` says null for a refusal. */
export interface Held {
  readonly value: Json;
}

/** The two values of a cas: its argument is `[expected, new]`. */
export function casArguments(operation: ModelOperation): readonly [expected: Json, replacement: Json] {
  const { value } = operation;
  if (!Array.isArray(value) || value.length !== 2) throw unknownOf(operation);
  const pair: readonly Json[] = value;
  return [pair[0] ?? null, pair[1] ?? null];
}

/** The error for what a register cannot do. */
export const unknownOf = (operation: ModelOperation): Error =>
  unknownOperation('register', operation, 'read, write VALUE and cas [EXPECTED, NEW]');
