import { never, type OperationTable } from '../history/operation-table.ts';
import { increment, type CounterRows } from './counter-rows.ts';
import type { MonitorVerdict } from './monitor.ts';
import { sortedByKey } from './register-sort.ts';

/**
 * Amounts differ, but have one sign, and every increment that returned answered the new value: so the values put all that returned into one
 * order, each value's reads after the increment to it. Where each increment begins at the value where the one before ended, unknown ones have
 * no place, and the order is right if and only if nobody in it returned before somebody before him was called: pairs are enough, since the
 * values are a weak order and real time an interval order.
 */
export function judgeAmounts(table: OperationTable, rows: CounterRows, first: number): MonitorVerdict {
  const sign = commonSign(table, rows);
  if (sign === 0) return undecided('amounts differ, and not every increment tells the value');
  const { called, returned } = table;
  const { kind, shown, amount } = rows;
  const inOrder = inOrderOfValues(rows, sign);
  let value = first;
  let maker = -1;
  let latest = -1; // the row with the last call so far
  for (const row of inOrder) {
    const before = (shown[row] ?? 0) - (amount[row] ?? 0);
    if (before !== value) {
      const pair = maker < 0 ? [row] : [maker, row];
      if (sign * before < sign * value)
        return invalid(pair, 'a value was shown that the counter passed over');
      if (hasUnknown(table, rows)) return undecided('unknown increments of different amounts may fill a gap');
      return invalid(pair, 'a value was shown that no sum of increments leads to');
    }
    if (latest >= 0 && (returned[row] ?? never) < (called[latest] ?? 0)) {
      return invalid([row, latest], 'a later value was seen before an earlier one');
    }
    if (latest < 0 || (called[row] ?? 0) > (called[latest] ?? 0)) latest = row;
    if (kind[row] !== increment) continue;
    value = shown[row] ?? 0;
    maker = row;
  }
  return { verdict: 'valid', linearization: () => withIdle(inOrder, table, rows) };
}

/** 1 or -1 if all amounts have that sign and whoever returned told the value; else 0. */
function commonSign({ returned }: OperationTable, { kind, amount, shown }: CounterRows): number {
  let common = 0;
  for (let row = 0; row < kind.length; row++) {
    if (kind[row] !== increment) continue;
    const sign = Math.sign(amount[row] ?? 0);
    if (sign === -common || (returned[row] !== never && Number.isNaN(shown[row]))) return 0;
    common = sign;
  }
  return common;
}

/** Rows that showed a value, by value, those that made it before those that read it; equal ones by call. */
function inOrderOfValues({ kind, shown }: CounterRows, sign: number): Int32Array {
  const visible = rowsThat(kind.length, (row) => !Number.isNaN(shown[row]));
  const places = new Float64Array(visible.length);
  let least = Infinity;
  let most = -Infinity;
  for (let at = 0; at < visible.length; at++) {
    const row = visible[at] ?? 0;
    const place = 2 * sign * (shown[row] ?? 0) - (kind[row] === increment ? 1 : 0);
    places[at] = place;
    least = Math.min(least, place);
    most = Math.max(most, place);
  }
  const keys = new Int32Array(visible.length);
  const isNarrow = most - least < never;
  for (let at = 0; at < keys.length; at++) keys[at] = isNarrow ? (places[at] ?? 0) - least : at;
  const sorted = isNarrow
    ? sortedByKey(keys)
    : keys.sort((a, b) => (places[a] ?? 0) - (places[b] ?? 0) || a - b);
  for (let at = 0; at < sorted.length; at++) sorted[at] = visible[sorted[at] ?? 0] ?? 0;
  return sorted;
}

function rowsThat(count: number, isWanted: (row: number) => boolean): Int32Array {
  const rows = new Int32Array(count);
  let size = 0;
  for (let row = 0; row < count; row++) if (isWanted(row)) rows[size++] = row;
  return rows.subarray(0, size);
}

const hasUnknown = ({ returned }: OperationTable, { kind }: CounterRows): boolean =>
  kind.some((each, row) => each === increment && returned[row] === never);

/** Increments of nothing that answered nothing fit wherever they stood: each comes just before what was called after it returned. */
function withIdle(
  inOrder: Int32Array,
  { called, returned }: OperationTable,
  { shown }: CounterRows,
): Int32Array {
  const idle = sortedByKey(returned).filter((row) => returned[row] !== never && Number.isNaN(shown[row]));
  const order = new Int32Array(inOrder.length + idle.length);
  let placed = 0;
  let next = 0;
  for (const row of inOrder) {
    for (; next < idle.length && (returned[idle[next] ?? 0] ?? never) < (called[row] ?? 0); next++) {
      order[placed++] = idle[next] ?? 0;
    }
    order[placed++] = row;
  }
  order.set(idle.subarray(next), placed);
  return order;
}

const invalid = (rows: readonly number[], rule: string): MonitorVerdict => ({
  verdict: 'invalid',
  rows,
  rule,
});
const undecided = (why: string): MonitorVerdict => ({ verdict: 'undecided', why });
