import type { OperationTable } from '../history/operation-table.ts';
import {
  granted,
  readHeld,
  released,
  releasedNothing,
  unknownAcquire,
  unknownRelease,
  type LockRows,
} from './lock-rows.ts';

/** Holds of a lock in the order of their tokens, in columns; rows are -1 where there is none. */
export interface Holds {
  readonly count: number;
  /** The hold of each token. */
  readonly placeOf: ReadonlyMap<number, number>;
  /** The acquire that was given the token; -1: it had no answer. */
  readonly acquire: Int32Array;
  /** The release that was told so. */
  readonly release: Int32Array;
  /** The first release of the token that had no answer. */
  readonly unknownRelease: Int32Array;
  /** Of the reads that show the token, the one that returned first and the one called last. */
  readonly firstRead: Int32Array;
  readonly lastRead: Int32Array;
  /** The releases that found the token not holding: a list that begins here and goes on in `nextFutile` of the row. */
  readonly futile: Int32Array;
  readonly nextFutile: Int32Array;
  /** Acquires without an answer, in order of call. */
  readonly unknownAcquires: Int32Array;
}

/** Two rows that cannot both be right, and why. */
export interface Conflict {
  readonly rows: readonly number[];
  readonly rule: string;
}

/** Holds of all tokens that somebody certainly met, and of these others. */
export function holdsOf(table: OperationTable, rows: LockRows, others: readonly number[]): Holds | Conflict {
  const { count: rowCount, called, returned, result } = table;
  const { kind, token } = rows;
  const placeOf = placesOf(tokensMet(rows, others));
  const count = placeOf.size;
  const column = (): Int32Array => new Int32Array(count).fill(-1);
  const acquire = column();
  const release = column();
  const unknown = column();
  const firstRead = column();
  const lastRead = column();
  const futile = column();
  const nextFutile = new Int32Array(rowCount);
  const grant = column();
  const grantRow = column();
  for (let row = 0; row < rowCount; row++) {
    const own = token[row] ?? NaN;
    const hold = Number.isNaN(own) ? undefined : placeOf.get(own);
    if (hold === undefined) continue;
    const of = kind[row];
    if (of === granted || of === readHeld) {
      if (grant[hold] === -1) {
        grant[hold] = result[row] ?? 0;
        grantRow[hold] = row;
      } else if (grant[hold] !== result[row]) {
        return { rows: [grantRow[hold] ?? 0, row], rule: 'one token was shown with two grants' };
      }
    }
    if (of === granted) {
      if (acquire[hold] !== -1) return { rows: [acquire[hold] ?? 0, row], rule: 'a token was given twice' };
      acquire[hold] = row;
    } else if (of === readHeld) {
      const first = firstRead[hold] ?? -1;
      if (first < 0 || (returned[row] ?? 0) < (returned[first] ?? 0)) firstRead[hold] = row;
      lastRead[hold] = row;
    } else if (of === released) {
      if (release[hold] !== -1) return { rows: [release[hold] ?? 0, row], rule: 'a hold was ended twice' };
      release[hold] = row;
    } else if (of === releasedNothing) {
      nextFutile[row] = futile[hold] ?? -1;
      futile[hold] = row;
    } else if (of === unknownRelease && unknown[hold] === -1) unknown[hold] = row;
  }
  return {
    count,
    placeOf,
    acquire,
    release,
    unknownRelease: unknown,
    firstRead,
    lastRead,
    futile,
    nextFutile,
    unknownAcquires: Int32Array.from(called.keys()).filter((row) => kind[row] === unknownAcquire),
  };
}

/** Tokens that were given for certain, rising, each once. */
function tokensMet({ kind, token }: LockRows, others: readonly number[]): Float64Array {
  const met = new Float64Array(kind.length + others.length);
  let count = 0;
  for (let row = 0; row < kind.length; row++) {
    const of = kind[row];
    if (of === granted || of === readHeld || of === released) met[count++] = token[row] ?? 0;
  }
  met.set(others, count);
  return met.subarray(0, count + others.length).sort();
}

function placesOf(sorted: Float64Array): Map<number, number> {
  const places = new Map<number, number>();
  for (let i = 0; i < sorted.length; i++) {
    const token = sorted[i] ?? 0;
    if (i === 0 || token !== sorted[i - 1]) places.set(token, places.size);
  }
  return places;
}

/** Tokens that nobody met, but that a release without an answer names: an acquire without an answer may have been given them. */
export function tokensPossible({ kind, token }: LockRows): number[] {
  const named = new Set<number>();
  for (let row = 0; row < kind.length; row++) if (kind[row] === unknownRelease) named.add(token[row] ?? 0);
  if (named.size === 0) return [];
  for (let row = 0; row < kind.length; row++) {
    const of = kind[row];
    if (of === granted || of === readHeld || of === released) named.delete(token[row] ?? 0);
  }
  return [...named];
}

/** A row that speaks of the hold: its acquire, or else a read or its release. */
export function witnessOf(holds: Holds, hold: number): number {
  const { acquire, firstRead, release } = holds;
  for (const rows of [acquire, firstRead, release]) if ((rows[hold] ?? -1) >= 0) return rows[hold] ?? -1;
  return -1;
}
