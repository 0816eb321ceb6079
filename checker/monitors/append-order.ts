import type { OperationTable } from '../history/operation-table.ts';

/** Two rows of an order that real time has the other way round. */
export interface Reversal {
  /** It stands first in the order, but was called after the later one had returned. */
  readonly earlier: number;
  readonly later: number;
}

/** An order respects real time if none of it returned before one that stands earlier was called. Null: it does. */
export function reversalIn(order: Int32Array, { called, returned }: OperationTable): Reversal | null {
  let latestCall = -1;
  let latest = -1;
  for (const row of order) {
    if ((returned[row] ?? 0) < latestCall) return { earlier: latest, later: row };
    const call = called[row] ?? 0;
    if (call <= latestCall) continue;
    latestCall = call;
    latest = row;
  }
  return null;
}

/** The row that was called last; -1: there is none. */
export function lastCalled(order: Int32Array, { called }: OperationTable): number {
  let last = -1;
  for (const row of order) if (last < 0 || (called[row] ?? 0) > (called[last] ?? 0)) last = row;
  return last;
}
