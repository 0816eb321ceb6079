import { never, type OperationTable } from '../history/operation-table.ts';
import type { Chain } from './lock-chain.ts';
import type { Conflict, Holds } from './lock-holds.ts';
import { makeObservers, type Observers } from './lock-observers.ts';
import { readFree, refused, type LockRows } from './lock-rows.ts';

/**
 * Tokens rise, so holds have an order, and so have the moments x(0) <= x(1) <= ... at which the lock is taken and freed. Each has its bounds
 * from the operations that belong to the hold. Whoever found the lock held, free, or not held by a certain token needs a moment when it was
 * so: he must not lie wholly between two boundaries where it was not.
 *
 * If x(i) can be any moment from a to b, then x(i+1) can be any up to the first return of those who would lie wholly between b and it: later
 * ones are refused by the latest x(i), so by every one, and each earlier one y goes with x(i) = min(b, y). So the moments that are possible,
 * given all that came before, are one interval again, and one pass decides.
 */
export function momentsOf(
  table: OperationTable,
  { kind }: LockRows,
  holds: Holds,
  { count, from, fromRow, to, toRow }: Chain,
): Int32Array | Conflict {
  const whoFoundHeld = makeObservers(table, kind, refused);
  const whoFoundFree = makeObservers(table, kind, readFree);
  const latest = new Int32Array(count + 1);
  const cause = new Int32Array(count + 1); // the row that bounds `latest`
  const isFound = new Uint8Array(count + 1); // whether it found the lock otherwise, and the boundary before matters, too
  let first = -1;
  let firstRow = -1;
  let before = -1;
  for (let i = 0; i <= count; i++) {
    // The last boundary never comes: what holds then holds for ever.
    const low = i < count ? (from[i] ?? 0) : never;
    if (low > first) {
      first = low;
      firstRow = i < count ? (fromRow[i] ?? -1) : -1;
    }
    latest[i] = i < count ? (to[i] ?? 0) : never;
    cause[i] = i < count ? (toRow[i] ?? -1) : -1;
    const misfit = firstMisfit(i, before, table, holds, i % 2 === 0 ? whoFoundHeld : whoFoundFree);
    if (misfit >= 0 && (table.returned[misfit] ?? never) - 1 < (latest[i] ?? 0)) {
      latest[i] = (table.returned[misfit] ?? never) - 1;
      cause[i] = misfit;
      isFound[i] = 1;
    }
    before = latest[i] ?? 0;
    if (first > before) return conflictAt(i, { firstRow, cause, isFound, kind });
  }
  return asLateAsPossible(latest, count);
}

/** Of those who must not lie wholly between the moment before and boundary i, the one that returned first; -1: there are none. */
function firstMisfit(
  i: number,
  before: number,
  { called, returned }: OperationTable,
  { futile, nextFutile }: Holds,
  others: Observers,
): number {
  let first = others.firstAfter(before);
  if (i % 2 === 0) return first;
  for (let row = futile[i >> 1] ?? -1; row >= 0; row = nextFutile[row] ?? -1) {
    const isLess = first < 0 || (returned[row] ?? never) < (returned[first] ?? never);
    if (isLess && (called[row] ?? 0) > before) first = row;
  }
  return first;
}

function asLateAsPossible(latest: Int32Array, count: number): Int32Array {
  const moments = new Int32Array(count);
  let next = never;
  for (let i = count - 1; i >= 0; i--) {
    next = Math.min(next, latest[i] ?? 0);
    moments[i] = next;
  }
  return moments;
}

/** The boundary cannot come before `firstRow` was called, nor after its cause allows, which for some takes the one before into account. */
function conflictAt(
  at: number,
  found: {
    readonly firstRow: number;
    readonly cause: Int32Array;
    readonly isFound: Uint8Array;
    readonly kind: Uint8Array;
  },
): Conflict {
  const { firstRow, cause, isFound, kind } = found;
  const rows = new Set<number>();
  if (firstRow >= 0) rows.add(firstRow);
  for (let i = at; i >= 0; i--) {
    const row = cause[i] ?? -1;
    if (row >= 0) rows.add(row);
    if (isFound[i] !== 1) break;
  }
  const rule =
    isFound[at] === 1
      ? ruleOf(kind[cause[at] ?? 0] ?? 0)
      : 'holds overlap, or come against the order of their tokens';
  return { rows: [...rows], rule };
}

function ruleOf(kind: number): string {
  if (kind === refused) return 'an acquire found the lock held when it could only be free';
  return kind === readFree
    ? 'a read found the lock free when it could only be held'
    : 'a release was refused when its token could only be the holder';
}
