import type { Json } from '../../core/json.ts';
import { never, noResult, operationAt, type OperationTable } from '../history/operation-table.ts';
import { falseNumber, trueNumber } from '../history/value-numbers.ts';
import { unknownOf } from '../models/register-operations.ts';
import type { MonitorVerdict } from './monitor.ts';

/** What a row does to a register, as far as its answer tells. */
export const kinds = {
  /** A read without an answer, a cas without one from a value to itself: they tell nothing and change nothing. */
  ignored: 0,
  /** It met a value and left it: a read, a true cas from a value to itself. */
  read: 1,
  /** It wrote: a write, a true cas. */
  writer: 2,
  /** A cas that met another value than it expected. */
  failedCas: 3,
  /** It may have written: a write or a cas without an answer. */
  unknownWriter: 4,
} as const;

const noValue = -1;

/** The operations of one register, by row. Values have numbers of their own here, from 0, which is the initial one. */
export interface RegisterColumns {
  readonly table: OperationTable;
  /** One of `kinds`. */
  readonly kind: Uint8Array;
  /** The value that was read or that a cas expected; -1 for a write. */
  readonly met: Int32Array;
  /** The value that was written or may have been; -1 where none was. */
  readonly written: Int32Array;
  readonly valueCount: number;
  readonly failedCount: number;
  readonly unknownCount: number;
}

/** A verdict where an answer is none that a register gives. Throws UsageError on what is no operation of a register. */
export function columnsOf(table: OperationTable, initialNumber: number): RegisterColumns | MonitorVerdict {
  const { count, values } = table;
  const kind = new Uint8Array(count);
  const met = new Int32Array(count).fill(noValue);
  const written = new Int32Array(count).fill(noValue);
  const isRead = table.names.map((name) => name === 'read');
  const isWrite = table.names.map((name) => name === 'write');
  let failedCount = 0;
  let unknownCount = 0;
  for (let row = 0; row < count; row++) {
    const answer = table.result[row] ?? noResult;
    const isUnknown = answer === noResult;
    if (isUnknown !== (table.returned[row] === never)) return answerless;
    const f = table.f[row] ?? 0;
    let what: number;
    if (isRead[f] === true) {
      what = isUnknown ? kinds.ignored : kinds.read;
      if (!isUnknown) met[row] = answer;
    } else if (isWrite[f] === true) {
      what = isUnknown ? kinds.unknownWriter : kinds.writer;
      written[row] = table.value[row] ?? 0;
    } else {
      const pair = pairAt(table, row);
      const expected = values.numberOf(pair[0]);
      const replacement = values.numberOf(pair[1]);
      what = kindOfCas(answer, expected === replacement);
      if (what === noKind) return noBoolean(row);
      if (what !== kinds.ignored) met[row] = expected;
      if (what === kinds.writer || what === kinds.unknownWriter) written[row] = replacement;
    }
    kind[row] = what;
    if (what === kinds.failedCas) failedCount += 1;
    else if (what === kinds.unknownWriter) unknownCount += 1;
  }
  const valueCount = numberAnew(met, written, initialNumber, values.count());
  return { table, kind, met, written, valueCount, failedCount, unknownCount };
}

const answerless: MonitorVerdict = { verdict: 'undecided', why: 'an operation returned without an answer' };
const noBoolean = (row: number): MonitorVerdict => ({
  verdict: 'invalid',
  rows: [row],
  rule: 'a cas answered neither true nor false',
});
const noKind = -1;

function kindOfCas(answer: number, changesNothing: boolean): number {
  if (answer === falseNumber) return kinds.failedCas;
  if (answer === noResult) return changesNothing ? kinds.ignored : kinds.unknownWriter;
  if (answer !== trueNumber) return noKind;
  return changesNothing ? kinds.read : kinds.writer;
}

function pairAt(table: OperationTable, row: number): readonly [Json, Json] {
  const pair: Json = table.values.valueOf(table.value[row] ?? 0);
  if (table.names[table.f[row] ?? 0] === 'cas' && isPair(pair)) return pair;
  throw unknownOf(operationAt(table, row));
}

const isPair = (value: Json): value is readonly [Json, Json] => Array.isArray(value) && value.length === 2;

/** What the row wrote, or may have. */
export function valueWrittenBy(table: OperationTable, row: number): Json {
  if (table.names[table.f[row] ?? 0] === 'cas') return pairAt(table, row)[1];
  return table.values.valueOf(table.value[row] ?? 0);
}

/** Up to this many values for each row a table of all of them is better than hashing. */
const valuesForEachRow = 8;

/**
 * Puts small numbers in the place of those of a whole history's values, which are too many where there are thousands of registers. Returns how
 * many there are.
 */
function numberAnew(met: Int32Array, written: Int32Array, first: number, valueCount: number): number {
  const isDense = valueCount <= valuesForEachRow * met.length + 64;
  const numberOf = isDense ? denseNumbers(valueCount) : hashedNumbers(2 * met.length + 1);
  let most = numberOf(first);
  for (let row = 0; row < met.length; row++) {
    const writes = written[row] ?? noValue;
    if (writes !== noValue) {
      const number = numberOf(writes);
      written[row] = number;
      if (number > most) most = number;
    }
    const meets = met[row] ?? noValue;
    if (meets !== noValue) {
      const number = numberOf(meets);
      met[row] = number;
      if (number > most) most = number;
    }
  }
  return most + 1;
}

function denseNumbers(valueCount: number): (value: number) => number {
  const numbers = new Int32Array(valueCount).fill(-1);
  let count = 0;
  return (value) => {
    const known = numbers[value] ?? -1;
    if (known >= 0) return known;
    numbers[value] = count;
    return count++;
  };
}

/** Open addressing with linear probing, at most half full. */
function hashedNumbers(valuesMax: number): (value: number) => number {
  let size = 64;
  while (size < 2 * valuesMax) size *= 2;
  const shift = Math.clz32(size) + 1;
  const names = new Int32Array(size).fill(-1);
  const numbers = new Int32Array(size);
  let count = 0;
  return (value) => {
    let at = Math.imul(value, 0x9e3779b1) >>> shift;
    while (names[at] !== value && names[at] !== -1) at = (at + 1) & (size - 1);
    if (names[at] === value) return numbers[at] ?? 0;
    names[at] = value;
    numbers[at] = count;
    return count++;
  };
}
