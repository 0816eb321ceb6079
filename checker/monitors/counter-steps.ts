import { never, type OperationTable } from '../history/operation-table.ts';
import { increment, read, type CounterRows } from './counter-rows.ts';
import { makeReturnHeap } from './counter-heap.ts';
import { countedAtLeast } from './counter-blame.ts';
import type { MonitorVerdict } from './monitor.ts';
import { sortedByKey } from './register-sort.ts';

/**
 * All increments add the same amount, so the counter is a number of steps. Exact, for any mixture of increments that answer the value, that
 * answer nothing, and that are unknown.
 *
 * A read of k steps asks that k steps were taken before it returned, and no more when it was called; an increment that answered k is step k
 * itself; any other must be one of the steps that nobody claims. So an order is right if and only if the number of steps taken by each
 * moment has its bounds. Steps are taken as late as they can be, and by the increment that returns first of those called (an exchange of two
 * unclaimed increments, the classical argument for the earliest deadline, shows that no other does better): thus at every moment as few steps
 * were taken as in any order, and if even that is too many for somebody who is called, nothing helps.
 */
export function judgeSteps(table: OperationTable, rows: CounterRows, claims: Int32Array): MonitorVerdict {
  const { count, called, returned } = table;
  const { kind, increments } = rows;
  const claimedBy = new Int32Array(increments + 2).fill(-1);
  const waiting = new Int32Array(increments + 2).fill(-1);
  const nextWaiting = new Int32Array(count);
  const isPlaced = new Uint8Array(count);
  const order = new Int32Array(count);
  const open = makeReturnHeap(returned);
  const unknown: number[] = [];
  let unknownUsed = 0;
  let placed = 0;
  let steps = 0;

  for (let row = 0; row < count; row++) {
    const claim = claims[row] ?? 0;
    if (kind[row] !== increment || claim === 0) continue;
    const other = claimedBy[claim] ?? -1;
    if (other >= 0) return invalid([other, row], 'two increments answered the same value');
    claimedBy[claim] = row;
  }

  const place = (row: number): void => {
    isPlaced[row] = 1;
    order[placed++] = row;
  };
  /** Takes one step more, if somebody who was called by then can take it. */
  const step = (now: number): boolean => {
    const claimer = claimedBy[steps + 1] ?? -1;
    if (claimer >= 0) {
      if ((called[claimer] ?? 0) > now) return false;
      place(claimer);
    } else {
      const row = open.pop();
      if (row < 0 && unknownUsed === unknown.length) return false;
      place(row >= 0 ? row : (unknown[unknownUsed++] ?? 0));
    }
    steps += 1;
    for (let row = waiting[steps] ?? -1; row >= 0; row = nextWaiting[row] ?? -1) place(row);
    return true;
  };
  /** False: the operation was called too late. */
  const call = (row: number): boolean => {
    const claim = claims[row] ?? 0;
    if (kind[row] === increment) {
      if (claim > 0) return steps < claim;
      if (returned[row] === never) unknown.push(row);
      else open.push(row);
    } else if (kind[row] === read) {
      if (steps > claim) return false;
      if (steps === claim) place(row);
      else {
        nextWaiting[row] = waiting[claim] ?? -1;
        waiting[claim] = row;
      }
    } else if (returned[row] !== never) place(row);
    return true;
  };

  const byReturn = sortedByKey(returned);
  for (let next = 0, at = 0; at < count; at++) {
    const row = byReturn[at] ?? 0;
    const now = returned[row] ?? never;
    for (; next < count && (called[next] ?? 0) < now; next++) {
      if (call(next)) continue;
      const claim = (claims[next] ?? 0) + (kind[next] === increment ? 0 : 1);
      const cause = countedAtLeast(claim, { table, rows, claims }, called[next] ?? 0);
      return invalid([...cause, next], 'a value came after others had made the counter pass it');
    }
    if (now === never) break;
    while (isPlaced[row] === 0)
      if (!step(now)) return stuck(row, claimedBy[steps + 1] ?? -1, claims, { table, rows });
  }
  return { verdict: 'valid', linearization: () => order.slice(0, placed) };
}

/** The row has returned, and nobody can take the next step, which it needs: it is another's, who was not called yet, or there is nobody. */
function stuck(
  row: number,
  claimer: number,
  claims: Int32Array,
  counter: { readonly table: OperationTable; readonly rows: CounterRows },
): MonitorVerdict {
  if (claimer < 0) return invalid([row], 'a value was shown that fewer increments were called for');
  const rule = 'an increment answered a value that the counter had passed when it was called';
  if ((claims[row] ?? 0) > 0) return invalid([row, claimer], rule);
  const now = counter.table.called[claimer] ?? 0;
  return invalid([...countedAtLeast(claims[claimer] ?? 0, { ...counter, claims }, now), claimer], rule);
}

const invalid = (rows: readonly number[], rule: string): MonitorVerdict => ({
  verdict: 'invalid',
  rows,
  rule,
});
