import { noResult, type OperationTable } from '../history/operation-table.ts';
import { falseNumber, nullNumber, trueNumber } from '../history/value-numbers.ts';
import { isGrant, unseenTokens } from '../models/lock-operations.ts';

/** What a row says of a lock; those that say nothing are `skipped`. */
export const skipped = 0;
/** An acquire that was given a token, one that found the lock held, and one without an answer. */
export const granted = 1;
export const refused = 2;
export const unknownAcquire = 3;
/** A read of a holder's token, and one that found the lock free. */
export const readHeld = 4;
export const readFree = 5;
/** A release that ended the hold of its token, one that found its token not holding, and one without an answer. */
export const released = 6;
export const releasedNothing = 7;
export const unknownRelease = 8;

/** The rows of a lock's table in columns of their own. */
export interface LockRows {
  readonly kind: Uint8Array;
  /** The token that a row speaks of; NaN: of none. */
  readonly token: Float64Array;
  /** The first row with an answer that no lock can give; -1: there is none. */
  readonly nonsense: number;
}

/** Null: the table holds what a lock does not have. */
export function lockRows(table: OperationTable): LockRows | null {
  const { count, values } = table;
  const asked = table.names.map((name) => kindsOf.get(name) ?? null);
  const kind = new Uint8Array(count);
  const token = new Float64Array(count).fill(NaN);
  let nonsense = -1;
  for (let row = 0; row < count; row++) {
    const kinds = asked[table.f[row] ?? 0] ?? null;
    const result = table.result[row] ?? noResult;
    if (kinds === null) return null;
    if (kinds === kindsOfRelease) {
      const named = values.valueOf(table.value[row] ?? 0);
      const of = kindOfRelease(result);
      if (of === skipped || typeof named !== 'number') return null;
      kind[row] = of;
      token[row] = named;
    } else if (result === noResult) kind[row] = kinds.unknown;
    else if (result === nullNumber) kind[row] = kinds.without;
    else {
      const answer = values.valueOf(result);
      if (isGrant(answer)) {
        kind[row] = kinds.given;
        token[row] = answer.token;
      } else if (unseenTokens(answer) !== null) return null;
      else if (nonsense < 0) nonsense = row;
    }
  }
  return { kind, token, nonsense };
}

/** What an operation is by its answer: a grant, null, or none. */
interface Kinds {
  readonly given: number;
  readonly without: number;
  readonly unknown: number;
}

/** A release is another matter. */
const kindsOfRelease: Kinds = { given: skipped, without: skipped, unknown: unknownRelease };
const kindsOf: ReadonlyMap<string, Kinds> = new Map([
  ['acquire', { given: granted, without: refused, unknown: unknownAcquire }],
  ['read', { given: readHeld, without: readFree, unknown: skipped }],
  ['release', kindsOfRelease],
]);

function kindOfRelease(result: number): number {
  if (result === trueNumber) return released;
  if (result === falseNumber) return releasedNothing;
  return result === noResult ? unknownRelease : skipped;
}
