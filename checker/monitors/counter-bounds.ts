import { never, type OperationTable } from '../history/operation-table.ts';
import { increment, type CounterRows } from './counter-rows.ts';
import type { MonitorVerdict } from './monitor.ts';
import { sortedByKey } from './register-sort.ts';

/**
 * Whoever shows a value saw all increments that had returned when it was called, and none that was called after it returned; those between
 * it may have seen or not (the bounds of Jepsen's counter checker, here for negative amounts as well). Null: all values are within.
 */
export function boundsFault(table: OperationTable, rows: CounterRows, first: number): MonitorVerdict | null {
  const { count, called, returned } = table;
  const { kind, amount, shown } = rows;
  const byReturn = sortedByKey(returned);
  const sure = makeSums(amount);
  const sureUp = new Float64Array(count); // what had returned for certain when the row was called
  const sureDown = new Float64Array(count);
  for (let row = 0, at = 0; row < count; row++) {
    for (; (returned[byReturn[at] ?? 0] ?? never) < (called[row] ?? 0); at++) sure.add(byReturn[at] ?? 0);
    sureUp[row] = sure.up();
    sureDown[row] = sure.down();
  }
  const possible = makeSums(amount);
  for (let at = 0, next = 0; at < count; at++) {
    const row = byReturn[at] ?? 0;
    if (returned[row] === never) break;
    for (; next < count && (called[next] ?? 0) < (returned[row] ?? 0); next++) possible.add(next);
    const value = shown[row] ?? NaN;
    if (Number.isNaN(value)) continue;
    const own = kind[row] === increment ? (amount[row] ?? 0) : 0;
    const up = sureUp[row] ?? 0;
    const down = sureDown[row] ?? 0;
    const rest = value - own - first - up - down;
    const isMore = rest > possible.up() - Math.max(own, 0) - up;
    if (!isMore && rest >= possible.down() - Math.min(own, 0) - down) continue;
    const rule = isMore
      ? 'a value is more than increments called by then can have made of it'
      : 'a value is less than increments before it had made of it';
    const opposed = opposedTo({ row, rest: value - own - first, sign: isMore ? -1 : 1 }, table, rows);
    return { verdict: 'invalid', rows: [...opposed, row], rule };
  }
  return null;
}

interface Sums {
  add(row: number): void;
  /** Of what adds, and of what takes away. */
  up(): number;
  down(): number;
}

function makeSums(amount: Float64Array): Sums {
  let up = 0;
  let down = 0;
  return {
    add: (row) => {
      const added = amount[row] ?? 0;
      if (added > 0) up += added;
      else down += added;
    },
    up: () => up,
    down: () => down,
  };
}

/** Increments with this sign that had returned before the row was called, and that by themselves lead beyond what it showed. */
function opposedTo(
  { row, rest, sign }: { readonly row: number; readonly rest: number; readonly sign: 1 | -1 },
  { called, returned, count }: OperationTable,
  { amount }: CounterRows,
): readonly number[] {
  const opposed: number[] = [];
  for (let each = 0, sum = 0; each < count && sign * sum <= sign * rest; each++) {
    const added = amount[each] ?? 0;
    if (sign * added <= 0 || (returned[each] ?? never) >= (called[row] ?? 0)) continue;
    opposed.push(each);
    sum += added;
  }
  return opposed;
}
