import { equalJson, isJsonList, type Json } from '../../core/json.ts';
import { never, noResult, type OperationTable } from '../history/operation-table.ts';
import { nullNumber } from '../history/value-numbers.ts';
import type { MonitorVerdict } from './monitor.ts';

/** What a row is to a log; 0: nothing, as a read without an answer. */
export const read = 1;
export const append = 2;

/** The operations on one list, in columns of their own. */
export interface LogRows {
  readonly kind: Uint8Array;
  /** Of a read the length of the list, of an append the length that it answered; 0: it answered none. */
  readonly length: Int32Array;
  readonly appendCount: number;
  readonly lengthAtFirst: number;
  /** The longest list that anybody read, and the row of its read; the list at first and -1 where there is no read. */
  readonly longest: readonly Json[];
  readonly longestRow: number;
}

/** A verdict where an answer is none that a log gives, or where lists contradict each other. */
export function logRows(table: OperationTable, initial: Json): LogRows | MonitorVerdict {
  const { count, values, result, returned } = table;
  if (!isJsonList(initial)) return undecided('the log begins with something that is no list');
  const kinds = table.names.map((name) => (name === 'append' ? append : name === 'read' ? read : -1));
  const kind = new Uint8Array(count);
  const length = new Int32Array(count);
  const lists = new Map<number, number>();
  let appendCount = 0;
  let longest = initial;
  let longestRow = -1;
  for (let row = 0; row < count; row++) {
    const code = kinds[table.f[row] ?? 0] ?? -1;
    const answer = result[row] ?? noResult;
    if (code < 0) return undecided('there are operations that a log does not have');
    if ((answer === noResult) !== (returned[row] === never)) return undecided('an answer has no return');
    if (code === append) {
      kind[row] = append;
      appendCount += 1;
      continue;
    }
    if (answer === noResult) continue;
    kind[row] = read;
    const list = values.valueOf(answer);
    if (!isJsonList(list)) return invalid([row], 'a read answered something that is no list');
    length[row] = list.length;
    if (!lists.has(answer)) lists.set(answer, row);
    if (longestRow >= 0 && list.length <= longest.length) continue;
    longest = list;
    longestRow = row;
  }
  if (!beginsWith(longest, initial)) {
    return invalid([longestRow], 'a read does not begin with what was there at first');
  }
  for (const [number, row] of lists) {
    const list = values.valueOf(number);
    if (!isJsonList(list) || list.length < initial.length) {
      return invalid([row], 'a read does not show all that was there at first');
    }
    if (!beginsWith(longest, list)) return invalid([row, longestRow], 'two reads show different orders');
  }
  const most = initial.length + appendCount;
  for (let row = 0; row < count; row++) {
    const answer = kind[row] === append ? (result[row] ?? noResult) : noResult;
    if (answer === noResult || answer === nullNumber) continue;
    const told = values.valueOf(answer);
    if (typeof told !== 'number' || !Number.isInteger(told) || told <= initial.length || told > most) {
      return invalid([row], 'an append answered a length that the list cannot have');
    }
    length[row] = told;
  }
  return { kind, length, appendCount, lengthAtFirst: initial.length, longest, longestRow };
}

function beginsWith(list: readonly Json[], beginning: readonly Json[]): boolean {
  if (beginning.length > list.length) return false;
  if (list === beginning) return true;
  for (let i = 0; i < beginning.length; i++) {
    if (list[i] !== beginning[i] && !equalJson(list[i], beginning[i])) return false;
  }
  return true;
}

export const invalid = (rows: readonly number[], rule: string): MonitorVerdict => ({
  verdict: 'invalid',
  rows: [...new Set(rows)].filter((row) => row >= 0),
  rule,
});
export const undecided = (why: string): MonitorVerdict => ({ verdict: 'undecided', why });
