import { never, operationAt, type OperationTable } from '../history/operation-table.ts';
import type { MonitorContext } from './monitor.ts';
import type { FlipsVerdict } from './set-flips.ts';
import { finds, misses } from './set-rows.ts';
import { makeSubsets, subsetRowsMax, type Presence, type Subsets } from './set-subsets.ts';

/** Judges one element after the other, whatever was done with it. Null: a search gave up. */
export type ElementSearch = (rowsOfElement: Int32Array, isThere: boolean) => FlipsVerdict | null;

/**
 * A stretch between moments when nothing was open is gone through by itself, from all that the element can be at its beginning to all that it
 * can be at its end: short ones exhaustively, others by search. An operation without an answer is open for ever, so that the stretch in which
 * it was called is the last.
 */
export function makeElementSearch(
  table: OperationTable,
  kind: Uint8Array,
  context: MonitorContext,
): ElementSearch {
  const subsets = makeSubsets(table, kind);
  const isChange = (row: number): boolean => kind[row] !== finds && kind[row] !== misses;
  return (rowsOfElement, isThere) => {
    const ways = makeWays(rowsOfElement.length);
    let possible = isThere ? 2 : 1;
    let lastChange = -1;
    for (let from = 0; from < rowsOfElement.length;) {
      const to = endOfStretch(from, rowsOfElement, table);
      const rows = rowsOfElement.subarray(from, to);
      const isShort = rows.length <= subsetRowsMax && rows.every((row) => table.returned[row] !== never);
      ways.starts.push(from);
      const ends = isShort
        ? goThrough(subsets, rows, possible, from, ways)
        : search(rows, possible, from, ways, { table, context });
      if (ends === null) return null;
      if (ends === 0) return { rows: [...(lastChange < 0 ? [] : [lastChange]), ...rows] };
      lastChange = rows.findLast(isChange) ?? lastChange;
      possible = ends;
      from = to;
    }
    return { order: orderTo((possible & 1) === 1 ? 0 : 1, ways) };
  };
}

const both = [0, 1] as const;
const presences = [[], [0], [1], both] as const;
const presencesIn = (bits: number): readonly Presence[] => presences[bits & 3] ?? both;

/** Rows from here to there overlap, one with the next. */
function endOfStretch(from: number, rows: Int32Array, { called, returned }: OperationTable): number {
  let latestReturn = returned[rows[from] ?? 0] ?? never;
  let to = from + 1;
  for (; to < rows.length && (called[rows[to] ?? 0] ?? 0) < latestReturn; to++) {
    latestReturn = Math.max(latestReturn, returned[rows[to] ?? 0] ?? never);
  }
  return to;
}

/** The ways through stretches, by the end that they lead to. */
interface Ways {
  /** Where each stretch starts among the rows of the element. */
  readonly starts: number[];
  /** Rows in order, -1 for those that are not placed. */
  readonly orders: readonly [Int32Array, Int32Array];
  /** What the element is at the beginning of the stretch that starts here. */
  readonly beginnings: readonly [Uint8Array, Uint8Array];
}

const makeWays = (count: number): Ways => ({
  starts: [],
  orders: [new Int32Array(count).fill(-1), new Int32Array(count).fill(-1)],
  beginnings: [new Uint8Array(count), new Uint8Array(count)],
});

/** All rows in an order that leads to this end, stretch by stretch from the last to the first. */
function orderTo(end: Presence, { starts, orders, beginnings }: Ways): Int32Array {
  const order = new Int32Array(orders[0].length);
  let presence = end;
  let to = order.length;
  for (let i = starts.length - 1; i >= 0; i--) {
    const from = starts[i] ?? 0;
    for (let at = from; at < to; at++) order[at] = orders[presence][at] ?? -1;
    presence = beginnings[presence][from] === 1 ? 1 : 0;
    to = from;
  }
  return order.filter((row) => row >= 0);
}

/** From these beginnings, a bit each, to the ends that are possible, likewise. */
function goThrough(
  subsets: Subsets,
  rows: Int32Array,
  possible: number,
  from: number,
  { orders, beginnings }: Ways,
): number {
  const ends = subsets.reach(rows, possible);
  for (const end of presencesIn(ends)) {
    beginnings[end][from] = subsets.writeOrder(end, orders[end], from);
  }
  return ends;
}

/** The same by search. Null: it gave up. */
function search(
  rows: Int32Array,
  possible: number,
  from: number,
  { orders, beginnings }: Ways,
  question: SearchQuestion,
): number | null {
  let ends = 0;
  for (const beginning of presencesIn(possible)) {
    for (const end of both) {
      if (((ends >> end) & 1) === 1) continue;
      const order = searched(rows, beginning, end, question);
      if (order === null) return null;
      if (order === 'none') continue;
      ends |= 1 << end;
      orders[end].set(order, from);
      beginnings[end][from] = beginning;
    }
  }
  return ends;
}

interface SearchQuestion {
  readonly table: OperationTable;
  readonly context: MonitorContext;
}

/** The rows in an order that leads from one to the other. Null: the search gave up. */
function searched(
  rows: Int32Array,
  beginning: Presence,
  end: Presence,
  { table, context }: SearchQuestion,
): readonly number[] | 'none' | null {
  const operations = Array.from(rows, (row) => operationAt(table, row));
  const { key, value } = operations[0] ?? { key: null, value: null };
  const probe = { f: 'contains', key, value, result: end === 1, called: never, returned: never + 1 };
  const answer = context.search([...operations, probe], beginning === 1 ? [value] : []);
  if (answer.status === 'unknown') return null;
  if (answer.status === 'none') return 'none';
  return answer.order.filter((index) => index < rows.length).map((index) => rows[index] ?? 0);
}
