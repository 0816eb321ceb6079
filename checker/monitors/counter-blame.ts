import { never, type OperationTable } from '../history/operation-table.ts';
import { increment, type CounterRows } from './counter-rows.ts';
import { sortedByKey } from './register-sort.ts';

/**
 * Rows that show that so many steps were taken before a position: somebody who saw a number of steps and returned, and increments called
 * after that and returned by then, which make up the rest. Empty where it takes more to show it.
 */
export function countedAtLeast(
  steps: number,
  counter: { readonly table: OperationTable; readonly rows: CounterRows; readonly claims: Int32Array },
  position: number,
): readonly number[] {
  const { called, returned, count } = counter.table;
  const { kind, shown } = counter.rows;
  const later = new Int32Array(count); // increments that return in time, latest call first
  let laterCount = 0;
  for (let row = count - 1; row >= 0; row--) {
    if (kind[row] === increment && (returned[row] ?? never) < position) later[laterCount++] = row;
  }
  let best: { readonly row: number; readonly needed: number } | null = null;
  let since = 0;
  const consider = (row: number, seen: number): void => {
    const returnedAt = row < 0 ? -1 : (returned[row] ?? never);
    while (since < laterCount && (called[later[since] ?? 0] ?? 0) > returnedAt) since += 1;
    const needed = Math.max(0, steps - seen);
    if (since >= needed && (best === null || needed < best.needed)) best = { row, needed };
  };
  const byReturn = sortedByKey(returned);
  for (let at = count - 1; at >= 0; at--) {
    const row = byReturn[at] ?? 0;
    if ((returned[row] ?? never) >= position || Number.isNaN(shown[row])) continue;
    consider(row, counter.claims[row] ?? 0);
  }
  consider(-1, 0);
  return rowsOf(best, later);
}

function rowsOf(
  best: { readonly row: number; readonly needed: number } | null,
  later: Int32Array,
): readonly number[] {
  if (best === null) return [];
  const increments = later.subarray(0, best.needed);
  return [...(best.row < 0 ? [] : [best.row]), ...increments].sort((a, b) => a - b);
}
