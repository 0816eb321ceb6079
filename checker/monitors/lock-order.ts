import { never, type OperationTable } from '../history/operation-table.ts';
import type { Chain } from './lock-chain.ts';
import type { Holds } from './lock-holds.ts';
import { readFree, readHeld, refused, releasedNothing, type LockRows } from './lock-rows.ts';
import { sortedByKey } from './register-sort.ts';

/**
 * Rows in order, given the moments of the boundaries: each boundary, and then those who came between it and the next, each as soon as it was
 * called and the lock was as it found it.
 */
export function linearizationOf(
  table: OperationTable,
  { kind, token }: LockRows,
  { placeOf }: Holds,
  { row: boundaryRow }: Chain,
  moments: Int32Array,
): Int32Array {
  const { count, called } = table;
  const after = new Int32Array(count).fill(-1); // the boundary that a row comes after, counted from 1
  const at = new Int32Array(count); // its moment, -1 for the boundary itself
  const isPlaced = new Uint8Array(count);
  for (let row = 0; row < count; row++) {
    const of = kind[row];
    const isObserver = of === refused || of === readFree || of === releasedNothing;
    const isRead = of === readHeld;
    if (!isObserver && !isRead) continue;
    isPlaced[row] = 1;
    const now = called[row] ?? 0;
    const hold = isRead || of === releasedNothing ? placeOf.get(token[row] ?? NaN) : undefined;
    let boundary = boundariesBefore(moments, now);
    if (isRead) boundary = Math.max(boundary, takenBy(hold) + 1);
    else if (isMisfit(of ?? 0, boundary, takenBy(hold) + 1)) boundary += 1;
    after[row] = boundary;
    at[row] = boundary === 0 ? now : Math.max(now, moments[boundary - 1] ?? 0);
  }
  for (let i = 0; i < moments.length; i++) {
    const row = boundaryRow[i] ?? -1;
    if (row < 0 || moments[i] === never) continue;
    isPlaced[row] = 1;
    after[row] = i + 1;
    at[row] = -1;
  }
  // Sorting keeps the order of equals, so that sorting by moment and then by boundary sorts by both.
  const byMoment = sortedByKey(at);
  const byBoundary = sortedByKey(byMoment.map((row) => after[row] ?? -1));
  return byBoundary.map((place) => byMoment[place] ?? 0).filter((row) => isPlaced[row] === 1);
}

/** How many boundaries come before the moment. */
function boundariesBefore(moments: Int32Array, moment: number): number {
  let low = 0;
  let high = moments.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((moments[middle] ?? never) < moment) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The boundary that takes the lock for a hold. */
const takenBy = (hold: number | undefined): number => (hold === undefined ? -2 : 2 * hold);

/** Whether what it found cannot be after so many boundaries: the lock is held after an odd number of them. */
function isMisfit(kind: number, boundaries: number, heldFrom: number): boolean {
  if (kind === refused) return boundaries % 2 === 0;
  if (kind === readFree) return boundaries % 2 === 1;
  return boundaries === heldFrom;
}
