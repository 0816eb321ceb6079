import { UsageError } from '../../core/errors.ts';
import type { Json } from '../../core/json.ts';
import type { ModelOperation } from '../../core/model.ts';

/** A value as a person reads it: JSON, cut where it gets long. */
export function shortJson(value: Json | undefined): string {
  const text = JSON.stringify(value ?? null);
  return text.length <= 60 ? text : `${text.slice(0, 57)}...`;
}

/** ` x` for an operation on key x, nothing where there is one object only. */
export const keyWords = (key: Json): string =>
  key === null ? '' : ` ${typeof key === 'string' ? key : shortJson(key)}`;

/** The result as a person reads it; `?` where it is not known. */
export const resultWords = (operation: ModelOperation): string =>
  operation.result === undefined ? '?' : shortJson(operation.result);

/** The history asks the object for what it does not have: nobody's fault but the history's. */
export const unknownOperation = (model: string, operation: ModelOperation, known: string): UsageError =>
  new UsageError(
    `the history has ${operation.f} with the argument ${shortJson(operation.value)}, but the model ${model} knows ${known}`,
  );
