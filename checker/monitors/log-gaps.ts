import { never, type OperationTable } from '../history/operation-table.ts';
import { makeReturnHeap } from './counter-heap.ts';
import type { LogPlaces } from './log-places.ts';
import { append, invalid, read, undecided, type LogRows } from './log-rows.ts';
import type { MonitorVerdict } from './monitor.ts';

/**
 * Appends whose place nobody tells go where a longer list shows that somebody was: at each such place, of those that were called before all
 * that comes later had returned, the one that returns first (the earliest deadline, which is optimal for jobs of equal length: any other
 * choice can be exchanged for it). Those without an answer have no deadline, and need not be used at all.
 *
 * Where one value was appended several times the choice is a guess: it may prove that all fits, and never that it does not.
 */
export function fillGaps(
  table: OperationTable,
  log: LogRows,
  places: LogPlaces,
): Int32Array | MonitorVerdict {
  const { called, returned, count } = table;
  const { kind } = log;
  const isGuess = places.candidates.size > 0;
  const shownCount = log.longest.length - log.lengthAtFirst;
  const rows = places.rows.slice();
  const isPlaced = places.isPlaced.slice();
  const firstReturns = firstReturnsAfter(table, log, rows);
  if (!guessPlaces(table, places, firstReturns, rows, isPlaced)) return guessFailed;
  const latest = makeLatest(called);
  for (let row = 0; row < count; row++) if (kind[row] === read) latest.pass(row);
  for (let at = 0; at < shownCount; at++) latest.pass(places.rows[at] ?? -1);
  const free = makeReturnHeap(returned);
  let next = 0;
  for (let at = shownCount; at < rows.length; at++) {
    if ((rows[at] ?? -1) >= 0) {
      latest.pass(rows[at] ?? -1);
      continue;
    }
    for (; next < count && (called[next] ?? 0) < (firstReturns[at] ?? 0); next++) {
      if (kind[next] === append && isPlaced[next] === 0) free.push(next);
    }
    const row = free.pop();
    if (row >= 0 && (returned[row] ?? 0) >= latest.call()) {
      rows[at] = row;
      isPlaced[row] = 1;
      continue;
    }
    if (isGuess) return guessFailed;
    if (row >= 0) return missingFrom(row, latest.row(), log);
    const shows = rows.subarray(at).find((each) => each >= 0) ?? -1;
    return invalid([shows], 'an append answered a length that the appends before it do not add up to');
  }
  return rows;
}

export const guessFailed = undecided(
  'one value was appended several times, and it is not clear by whom first',
);

/** An append had returned, and what was called then has its place before it. */
export const missingFrom = (row: number, later: number, { longestRow }: LogRows): MonitorVerdict =>
  invalid(
    [row, later, longestRow],
    'an append had returned, but a list that was answered later does not have it',
  );

/** Of the rows passed, the one that was called last. */
function makeLatest(called: Int32Array): { pass(row: number): void; call(): number; row(): number } {
  let latest = -1;
  let latestCall = -1;
  return {
    pass: (row) => {
      if (row < 0 || (called[row] ?? 0) <= latestCall) return;
      latest = row;
      latestCall = called[row] ?? 0;
    },
    call: () => latestCall,
    row: () => latest,
  };
}

/** For each place the first return of what certainly comes later. */
function firstReturnsAfter({ returned, count }: OperationTable, log: LogRows, rows: Int32Array): Int32Array {
  const { kind, length, lengthAtFirst } = log;
  const first = new Int32Array(rows.length + 1).fill(never);
  for (let row = 0; row < count; row++) {
    if (kind[row] !== read) continue;
    const at = (length[row] ?? 0) - lengthAtFirst - 1; // the place that it shows last
    if (at >= 0) first[at] = Math.min(first[at] ?? never, returned[row] ?? never);
  }
  let least = never;
  for (let at = rows.length - 1; at >= 0; at--) {
    least = Math.min(least, first[at] ?? never);
    first[at] = least;
    least = Math.min(least, returned[rows[at] ?? -1] ?? never);
  }
  return first;
}

/** Steps through candidates for each row of the table. */
const stepsPerRow = 64;

/** Places that several appends of the same value can have; false: none of them can, or there are too many to look at. */
function guessPlaces(
  { called, returned, count }: OperationTable,
  { candidates, previous }: LogPlaces,
  firstReturns: Int32Array,
  rows: Int32Array,
  isPlaced: Uint8Array,
): boolean {
  let stepsLeft = 1000 + stepsPerRow * count;
  for (const [at, last] of candidates) {
    let best = -1;
    for (let row = last; row >= 0; row = previous[row] ?? -1) {
      if (--stepsLeft < 0) return false;
      if (isPlaced[row] === 1 || (called[row] ?? 0) >= (firstReturns[at] ?? never)) continue;
      if (best < 0 || (returned[row] ?? never) <= (returned[best] ?? never)) best = row;
    }
    if (best < 0) return false;
    rows[at] = best;
    isPlaced[best] = 1;
  }
  return true;
}
