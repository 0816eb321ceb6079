import type { Json } from '../../core/json.ts';
import { never, noResult, type OperationTable } from '../history/operation-table.ts';
import { makeSmallNumbers, type SmallNumbers } from './append-numbers.ts';
import type { MonitorVerdict } from './monitor.ts';

/** Rows that have the same text: the argument of puts, of appends, or the answer of gets. */
export interface RowsByText {
  /** From the number of a value to a number of the text, if it is one. */
  readonly numbers: SmallNumbers;
  /** For each text the last row, and for each row the one before it with the same text; -1: none. */
  readonly last: Int32Array;
  readonly previous: Int32Array;
}

/** The operations on one key. Gets without an answer do not count. */
export interface AppendRows {
  readonly puts: RowsByText;
  /** Of some text that is not empty. */
  readonly appends: RowsByText;
  readonly gets: RowsByText;
  /** By row: 1 for what is in `puts` or `appends`. */
  readonly isWrite: Uint8Array;
  /** By row: the number of the text that a get answered; -1 for others. */
  readonly textRead: Int32Array;
  /** Answered appends of the empty text: they fit at any time. */
  readonly idle: readonly number[];
  readonly initial: string;
}

const get = 0;
const put = 1;
const codes: Readonly<Record<string, number>> = { get, put, append: 2 };

export function appendRows(table: OperationTable, initial: Json): AppendRows | MonitorVerdict {
  const { count, values, value, result, returned } = table;
  if (typeof initial !== 'string') return undecided('the key begins with something that is no text');
  const kinds = table.names.map((name) => codes[name] ?? -1);
  const sizes = [0, 0, 0];
  for (let row = 0; row < count; row++) {
    const kind = kinds[table.f[row] ?? 0] ?? -1;
    if (kind < 0) return undecided('there are operations that kv-append does not have');
    sizes[kind] = (sizes[kind] ?? 0) + 1;
  }
  const previous = new Int32Array(count).fill(-1);
  const rowsFor = (size = 0): RowsByText => ({
    numbers: makeSmallNumbers(size, values.count()),
    last: new Int32Array(size).fill(-1),
    previous,
  });
  const [gets, puts, appends] = [rowsFor(sizes[0]), rowsFor(sizes[1]), rowsFor(sizes[2])];
  const isWrite = new Uint8Array(count);
  const textRead = new Int32Array(count).fill(-1);
  const idle: number[] = [];
  const empty = values.find('');
  for (let row = 0; row < count; row++) {
    const kind = kinds[table.f[row] ?? 0] ?? -1;
    const answer = result[row] ?? noResult;
    const isUnknown = answer === noResult;
    if (isUnknown !== (returned[row] === never)) return undecided('an answer has no return');
    if (kind === get) {
      if (!isUnknown) textRead[row] = addRow(gets, answer, row);
      continue;
    }
    const number = value[row] ?? 0;
    if (kind !== put && number === empty) {
      if (!isUnknown) idle.push(row);
      continue;
    }
    isWrite[row] = 1;
    addRow(kind === put ? puts : appends, number, row);
  }
  return { puts, appends, gets, isWrite, textRead, idle, initial };
}

function addRow({ numbers, last, previous }: RowsByText, value: number, row: number): number {
  const text = numbers.add(value);
  previous[row] = last[text] ?? -1;
  last[text] = row;
  return text;
}

/** The only row with this text; -1: there are several. */
export function onlyRow({ last, previous }: RowsByText, text: number): number {
  const row = last[text] ?? -1;
  return row < 0 || (previous[row] ?? -1) >= 0 ? -1 : row;
}

export const invalid = (rows: readonly number[], rule: string): MonitorVerdict => ({
  verdict: 'invalid',
  rows: [...new Set(rows)].filter((row) => row >= 0),
  rule,
});
export const undecided = (why: string): MonitorVerdict => ({ verdict: 'undecided', why });
