import { noResult, type OperationTable } from '../history/operation-table.ts';
import { nullNumber, type ValueNumbers } from '../history/value-numbers.ts';
import { isIncrement, isWholeNumber } from '../models/counter-operations.ts';

/** What a row is to a counter; 0: it shows nothing and changes nothing. */
export const read = 1;
export const increment = 2;

/** The rows of a counter's table in columns of their own. */
export interface CounterRows {
  readonly kind: Uint8Array;
  /** What an increment adds, never 0: one that adds nothing is a read. */
  readonly amount: Float64Array;
  /** The value after the operation, where somebody was told it; else NaN. */
  readonly shown: Float64Array;
  /** The first row with an answer that no counter can give; -1: there is none. */
  readonly nonsense: number;
  readonly increments: number;
  /** The sum of all amounts, each without its sign. */
  readonly size: number;
}

/** Null: the table holds operations that a counter does not have. */
export function counterRows(table: OperationTable): CounterRows | null {
  const { count, values } = table;
  const adds = table.names.map((name) => (isIncrement(name) ? 1 : name === 'read' ? 0 : -1));
  const kind = new Uint8Array(count);
  const amount = new Float64Array(count);
  const shown = new Float64Array(count).fill(NaN);
  let nonsense = -1;
  let increments = 0;
  let size = 0;
  for (let row = 0; row < count; row++) {
    const isAdd = adds[table.f[row] ?? 0];
    const added = isAdd === 1 ? amountAt(values, table.value[row] ?? 0) : 0;
    if (isAdd === -1 || Number.isNaN(added)) return null;
    if (added !== 0) {
      kind[row] = increment;
      amount[row] = added;
      increments += 1;
      size += Math.abs(added);
    }
    const result = table.result[row] ?? noResult;
    if (result === noResult || (result === nullNumber && isAdd === 1)) continue;
    const value = values.valueOf(result);
    if (isWholeNumber(value)) {
      shown[row] = value;
      if (added === 0) kind[row] = read;
    } else if (nonsense < 0) nonsense = row;
  }
  return { kind, amount, shown, nonsense, increments, size };
}

/** NaN: no amount. */
function amountAt(values: ValueNumbers, number: number): number {
  if (number === nullNumber) return 1;
  const value = values.valueOf(number);
  return isWholeNumber(value) ? value : NaN;
}
