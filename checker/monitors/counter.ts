import { initialCount } from '../models/counter-operations.ts';
import { judgeAmounts } from './counter-amounts.ts';
import { boundsFault } from './counter-bounds.ts';
import { counterRows, increment, read, type CounterRows } from './counter-rows.ts';
import { judgeSteps } from './counter-steps.ts';
import type { Monitor, MonitorVerdict } from './monitor.ts';

/**
 * Decides increments that all add the same, with or without answers, and increments of one sign that all answer the new value. Of others it
 * refutes what is beyond the sums of what came before and of what may have come.
 */
export const counterMonitor: Monitor = {
  name: 'counter',
  judge: (table, { initial = null }) => {
    const rows = counterRows(table);
    if (rows === null) return undecided('there are operations that a counter does not have');
    const first = initialCount(initial);
    if (!Number.isSafeInteger(Math.abs(first) + rows.size)) return undecided('the counter counts too far');
    const { nonsense } = rows;
    if (nonsense >= 0) return invalid([nonsense], 'an answer is no value that a counter has');
    const amount = commonAmount(rows);
    if (amount === null) return boundsFault(table, rows, first) ?? judgeAmounts(table, rows, first);
    const claims = claimsOf(rows, first, amount);
    return typeof claims === 'number'
      ? invalid([claims], 'a value was shown that no number of increments leads to')
      : judgeSteps(table, rows, claims);
  },
};

/** What every increment adds; null: they differ. */
function commonAmount({ kind, amount }: CounterRows): number | null {
  let common = 0;
  for (let row = 0; row < kind.length; row++) {
    if (kind[row] !== increment || amount[row] === common) continue;
    if (common !== 0) return null;
    common = amount[row] ?? 0;
  }
  return common === 0 ? 1 : common;
}

/** For each row after how many steps its value is, 0 for increments that answered none; a number: the row whose value there cannot be. */
function claimsOf(
  { kind, shown, increments }: CounterRows,
  first: number,
  amount: number,
): Int32Array | number {
  const claims = new Int32Array(kind.length);
  for (let row = 0; row < kind.length; row++) {
    const value = shown[row] ?? NaN;
    if (Number.isNaN(value)) continue;
    const steps = (value - first) / amount;
    if (!Number.isInteger(steps) || steps < (kind[row] === read ? 0 : 1) || steps > increments) return row;
    claims[row] = steps;
  }
  return claims;
}

const invalid = (rows: readonly number[], rule: string): MonitorVerdict => ({
  verdict: 'invalid',
  rows,
  rule,
});
const undecided = (why: string): MonitorVerdict => ({ verdict: 'undecided', why });
