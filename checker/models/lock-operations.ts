import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import type { ModelOperation } from '../../core/model.ts';
import { unknownOperation } from './words.ts';

/** What an acquire answers, and a read as long as the lock is held. */
export type Grant = JsonObject & { readonly token: number };

/** Whether an answer is a grant, and not null. */
export const isGrant = (value: Json | undefined): value is Grant =>
  isJsonObject(value) && typeof value['token'] === 'number';

/** In the place of the answer that an acquire never gave: the tokens that it can have given, if any. */
export const unseenGrant = (tokens: readonly number[]): Json => ({ oneOf: tokens });

/** The tokens of an `unseenGrant`; null: it is none. */
export function unseenTokens(result: Json): readonly number[] | null {
  if (!isJsonObject(result) || !Array.isArray(result['oneOf'])) return null;
  return result['oneOf'] as readonly number[];
}

/** The token that a release names. */
export function tokenOf(operation: ModelOperation): number {
  if (typeof operation.value !== 'number') throw unknownOf(operation);
  return operation.value;
}

/** The error for what a lock cannot do. */
export const unknownOf = (operation: ModelOperation): Error =>
  unknownOperation('lock', operation, 'acquire, release TOKEN (a number) and read');
