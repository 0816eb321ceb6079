import { isJsonList, type Json } from '../../core/json.ts';
import { noResult, type OperationTable } from '../history/operation-table.ts';
import { canonicalJson } from '../canonical-json.ts';
import { falseNumber, nullNumber, trueNumber } from '../history/value-numbers.ts';

/** What a row says of a set; those that say nothing are `skipped`. */
export const skipped = 0;
/** It found the element there, or missed it, and changed nothing. */
export const finds = 1;
export const misses = 2;
/** An add that was told that it did, one that was told nothing, and one without an answer; removes likewise, each three more. */
export const added = 3;
export const addedOrNot = 4;
export const unknownAdd = 5;
export const removed = 6;
export const removedOrNot = 7;
export const unknownRemove = 8;
/** A read of the whole set. */
export const wholeRead = 9;

export const isAdd = (kind: number): boolean => kind >= added && kind <= unknownAdd;
export const isRemove = (kind: number): boolean => kind >= removed && kind <= unknownRemove;

/** The rows of a set's table, by element. */
export interface SetRows {
  readonly kind: Uint8Array;
  /** The element that a row names, by a number of its own from 0 to `elements`; -1: a read of all. */
  readonly element: Int32Array;
  readonly elements: number;
  /** Rows of element e, in order of call: `rows` from `from[e]` to before `from[e + 1]`. */
  readonly from: Int32Array;
  readonly rows: Int32Array;
  /** The number of an element that an operation names or that is there at first; -1: it is neither. */
  readonly elementOf: (value: Json) => number;
  readonly hasReads: boolean;
  /** The first row with an answer that no set can give; -1: there is none. */
  readonly nonsense: number;
}

/** `given`: what the set holds at first. Null: the table holds operations that a set does not have. */
export function setRows(table: OperationTable, given: readonly Json[]): SetRows | null {
  const { count, values } = table;
  const readers = table.names.map((name) => kindReaders.get(name) ?? null);
  const kind = new Uint8Array(count);
  let nonsense = -1;
  let hasReads = false;
  for (let row = 0; row < count; row++) {
    const reader = readers[table.f[row] ?? 0] ?? null;
    if (reader === null) return null;
    const result = table.result[row] ?? noResult;
    const of = reader(result);
    kind[row] = of;
    if (of === wholeRead) hasReads = true;
    const isNonsense =
      of === wholeRead ? !isJsonList(values.valueOf(result)) : of === skipped && result !== noResult;
    if (isNonsense && nonsense < 0) nonsense = row;
  }
  return { kind, hasReads, nonsense, ...byElement(table, kind, given) };
}

const ofResult = (
  result: number,
  [yes, no, nothing, unknown]: readonly [number, number, number, number],
): number => {
  if (result === noResult) return unknown;
  if (result === nullNumber) return nothing;
  return result === trueNumber ? yes : result === falseNumber ? no : skipped;
};
const kindReaders: ReadonlyMap<string, (result: number) => number> = new Map([
  ['contains', (result) => ofResult(result, [finds, misses, skipped, skipped])],
  ['add', (result) => ofResult(result, [added, finds, addedOrNot, unknownAdd])],
  ['remove', (result) => ofResult(result, [removed, misses, removedOrNot, unknownRemove])],
  ['read', (result) => (result === noResult ? skipped : wholeRead)],
]);

type ByElement = Pick<SetRows, 'element' | 'elements' | 'from' | 'rows' | 'elementOf'>;

function byElement(
  { count, value, values }: OperationTable,
  kind: Uint8Array,
  given: readonly Json[],
): ByElement {
  const numbers = makeNumbers(count, values.count());
  const element = new Int32Array(count).fill(-1);
  for (let row = 0; row < count; row++) {
    const of = kind[row];
    if (of !== skipped && of !== wholeRead) element[row] = numbers.add(value[row] ?? 0);
  }
  // What is there at first and is never named may still be read, and need not be a value of the table.
  const others = new Map<string, number>();
  for (const each of given) {
    const text = canonicalJson(each);
    if (numbers.find(values.find(each)) < 0 && !others.has(text))
      others.set(text, numbers.count() + others.size);
  }
  const elements = numbers.count() + others.size;
  const from = new Int32Array(elements + 1);
  for (const each of element) if (each >= 0) from[each + 1] = (from[each + 1] ?? 0) + 1;
  for (let each = 0; each < elements; each++) from[each + 1] = (from[each + 1] ?? 0) + (from[each] ?? 0);
  const filled = from.slice();
  const rows = new Int32Array(from[elements] ?? 0);
  for (let row = 0; row < count; row++) {
    const each = element[row] ?? -1;
    if (each < 0) continue;
    const at = filled[each] ?? 0;
    rows[at] = row;
    filled[each] = at + 1;
  }
  const elementOf = (json: Json): number => {
    const number = numbers.find(values.find(json));
    return number < 0 && others.size > 0 ? (others.get(canonicalJson(json)) ?? -1) : number;
  };
  return { element, elements, from, rows, elementOf };
}

/** Numbers from 0 for some of the numbers of values. */
interface Numbers {
  add(value: number): number;
  /** -1: it has none. */
  find(value: number): number;
  count(): number;
}

/** An array where the values are not many more than the rows: a part has few rows of a history's many. */
function makeNumbers(rows: number, values: number): Numbers {
  if (values > 4 * rows + 64) return makeSparseNumbers();
  const known = new Int32Array(values).fill(-1);
  let count = 0;
  const find = (value: number): number => known[value] ?? -1;
  const add = (value: number): number => {
    const number = find(value);
    if (number >= 0) return number;
    known[value] = count;
    return count++;
  };
  return { add, find, count: () => count };
}

function makeSparseNumbers(): Numbers {
  const known = new Map<number, number>();
  const find = (value: number): number => known.get(value) ?? -1;
  const add = (value: number): number => {
    const number = find(value);
    if (number < 0) known.set(value, known.size);
    return number < 0 ? known.size - 1 : number;
  };
  return { add, find, count: () => known.size };
}
