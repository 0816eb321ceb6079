import { never, type OperationTable } from '../history/operation-table.ts';
import type { RowsByText } from './append-rows.ts';

/** Which of the rows with one text may have happened at some time. */
export interface Overlaps {
  /** Those that were called before one position and had not returned at another. */
  between(text: number, calledBefore: number, returnedAfter: number): number[];
}

/** Rows with one text in order of call: the answered ones, each with the last return up to there, and the others. */
interface Stretch {
  readonly answered: Int32Array;
  readonly lastReturns: Int32Array;
  readonly unanswered: Int32Array;
}

export function makeOverlaps(table: OperationTable, rowsByText: RowsByText): Overlaps {
  const { called, returned } = table;
  const stretches = new Map<number, Stretch>();
  const stretchOf = (text: number): Stretch => {
    const known = stretches.get(text);
    if (known !== undefined) return known;
    const made = makeStretch(table, rowsByText, text);
    stretches.set(text, made);
    return made;
  };
  const countBefore = (rows: Int32Array, position: number): number => {
    let low = 0;
    let high = rows.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((called[rows[middle] ?? 0] ?? 0) < position) low = middle + 1;
      else high = middle;
    }
    return low;
  };

  return {
    between: (text, calledBefore, returnedAfter) => {
      const { answered, lastReturns, unanswered } = stretchOf(text);
      const found = Array.from(unanswered.subarray(0, countBefore(unanswered, calledBefore)));
      for (let i = countBefore(answered, calledBefore) - 1; (lastReturns[i] ?? -1) > returnedAfter; i--) {
        const row = answered[i] ?? 0;
        if ((returned[row] ?? -1) > returnedAfter) found.push(row);
      }
      return found;
    },
  };
}

function makeStretch({ returned }: OperationTable, { last, previous }: RowsByText, text: number): Stretch {
  const answered: number[] = [];
  const unanswered: number[] = [];
  for (let row = last[text] ?? -1; row >= 0; row = previous[row] ?? -1) {
    (returned[row] === never ? unanswered : answered).push(row);
  }
  answered.reverse();
  const lastReturns = new Int32Array(answered.length);
  let latest = -1;
  for (const [i, row] of answered.entries()) {
    latest = Math.max(latest, returned[row] ?? -1);
    lastReturns[i] = latest;
  }
  return {
    answered: Int32Array.from(answered),
    lastReturns,
    unanswered: Int32Array.from(unanswered.reverse()),
  };
}

/** Tells the last call of those rows that had returned before a position; -1: there are none. */
export function makeLastCalls(
  { called, returned }: OperationTable,
  { last, previous }: RowsByText,
): (position: number) => number {
  const rows: number[] = [];
  for (const end of last) {
    for (let row = end; row >= 0; row = previous[row] ?? -1) if (returned[row] !== never) rows.push(row);
  }
  rows.sort((a, b) => (returned[a] ?? 0) - (returned[b] ?? 0));
  const lastCalls = new Int32Array(rows.length);
  let latest = -1;
  for (const [i, row] of rows.entries()) {
    latest = Math.max(latest, called[row] ?? 0);
    lastCalls[i] = latest;
  }
  return (position) => {
    let low = 0;
    let high = rows.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((returned[rows[middle] ?? 0] ?? 0) < position) low = middle + 1;
      else high = middle;
    }
    return lastCalls[low - 1] ?? -1;
  };
}
