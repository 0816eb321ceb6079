import { equalJson } from '../../core/json.ts';
import type { OperationTable } from '../history/operation-table.ts';
import { makeSmallNumbers } from './append-numbers.ts';
import { append, invalid, read, type LogRows } from './log-rows.ts';
import type { MonitorVerdict } from './monitor.ts';

/** Which append made the list so long; index 0 stands for the first length after the one at first. */
export interface LogPlaces {
  /** A row for each place; -1: several can have been there, or nobody tells. */
  readonly rows: Int32Array;
  /** By row: 1 for an append that has its place. */
  readonly isPlaced: Uint8Array;
  /** For each place that several appends of the same value can have, the last of them; the one before each in `previous`. */
  readonly candidates: ReadonlyMap<number, number>;
  readonly previous: Int32Array;
}

/**
 * An append that answered a length has its place. The others have theirs by the longest list that was read, where their value was appended
 * only once by one of them.
 */
export function placesOf(table: OperationTable, log: LogRows): LogPlaces | MonitorVerdict {
  const { count, value, values } = table;
  const { kind, length, lengthAtFirst, longest, longestRow } = log;
  let lengthMax = longest.length;
  for (let row = 0; row < count; row++) {
    if (kind[row] === append && (length[row] ?? 0) > lengthMax) lengthMax = length[row] ?? 0;
  }
  const rows = new Int32Array(lengthMax - lengthAtFirst).fill(-1);
  const isPlaced = new Uint8Array(count);
  let others = 0;
  for (let row = 0; row < count; row++) {
    if (kind[row] !== append) continue;
    const at = (length[row] ?? 0) - lengthAtFirst - 1;
    if (length[row] === 0) {
      others += 1;
      continue;
    }
    const taken = rows[at] ?? -1;
    if (taken >= 0) return invalid([taken, row], 'two appends answered the same length');
    rows[at] = row;
    isPlaced[row] = 1;
  }
  const { last, previous, find } = byValue(table, log, others);
  const candidates = new Map<number, number>();
  for (let at = 0; at < longest.length - lengthAtFirst; at++) {
    const item = longest[lengthAtFirst + at] ?? null;
    const taken = rows[at] ?? -1;
    if (taken >= 0) {
      const own = values.valueOf(value[taken] ?? 0);
      if (own === item || equalJson(own, item)) continue;
      return invalid([taken, longestRow], 'a read shows another value at the place that an append answered');
    }
    const number = find(values.find(item));
    if (number < 0)
      return invalid([longestRow], 'a read shows a value that was not appended, or once too often');
    const row = last[number] ?? 0;
    if ((previous[row] ?? -1) >= 0) {
      candidates.set(at, row);
      continue;
    }
    if (isPlaced[row] === 1)
      return invalid([row, longestRow], 'a read shows a value twice that was appended once');
    rows[at] = row;
    isPlaced[row] = 1;
  }
  return { rows, isPlaced, candidates, previous };
}

/** Appends without a length by their value: the last row with it, and the one before each. */
function byValue(
  table: OperationTable,
  { kind, length }: LogRows,
  count: number,
): { readonly last: Int32Array; readonly previous: Int32Array; readonly find: (value: number) => number } {
  const numbers = makeSmallNumbers(count, table.values.count());
  const last = new Int32Array(count).fill(-1);
  const previous = new Int32Array(count === 0 ? 0 : table.count).fill(-1);
  for (let row = 0; row < table.count && count > 0; row++) {
    if (kind[row] !== append || length[row] !== 0) continue;
    const number = numbers.add(table.value[row] ?? 0);
    previous[row] = last[number] ?? -1;
    last[number] = row;
  }
  return { last, previous, find: (value) => (value < 0 ? -1 : numbers.find(value)) };
}

/** The rows whose place is known, with the reads at theirs. */
export function orderByPlace(table: OperationTable, log: LogRows, places: Int32Array): Int32Array {
  const { kind, length, lengthAtFirst, longest } = log;
  const lists = longest.length - lengthAtFirst + 1;
  const ends = new Int32Array(lists + 1);
  let reads = 0;
  for (let row = 0; row < table.count; row++) {
    if (kind[row] !== read) continue;
    const list = (length[row] ?? 0) - lengthAtFirst;
    ends[list + 1] = (ends[list + 1] ?? 0) + 1;
    reads += 1;
  }
  for (let list = 0; list < lists; list++) ends[list + 1] = (ends[list + 1] ?? 0) + (ends[list] ?? 0);
  const sorted = new Int32Array(reads);
  for (let row = 0; row < table.count; row++) {
    if (kind[row] !== read) continue;
    const list = (length[row] ?? 0) - lengthAtFirst;
    sorted[ends[list] ?? 0] = row;
    ends[list] = (ends[list] ?? 0) + 1; // from now on where the reads of this list end
  }
  const order = new Int32Array(reads + places.length);
  let count = 0;
  let next = 0;
  for (let at = -1; at < places.length; at++) {
    if (at >= 0 && (places[at] ?? -1) >= 0) order[count++] = places[at] ?? 0;
    if (at + 1 >= lists) continue;
    for (; next < (ends[at + 1] ?? 0); next++) order[count++] = sorted[next] ?? 0;
  }
  return order.subarray(0, count);
}
