import type { LookAhead, ModelOperation } from '../../core/model.ts';
import { never, noResult, operationAt, type OperationTable } from '../history/operation-table.ts';
import { makeValueNumbers } from '../history/value-numbers.ts';

/**
 * The operations of a part as columns, in order of call. Operations that ask the same and are told the same are of one kind: a model cannot
 * tell them apart, and what it makes of a kind is asked once.
 */
export interface SearchOperations {
  readonly count: number;
  /** The kind of each; -1: left out, since nothing needs it. */
  readonly kinds: Int32Array;
  readonly kindCount: number;
  kindAt(kind: number): ModelOperation;
  readonly called: Float64Array;
  /** Infinity where no answer is known. */
  readonly returned: Float64Array;
  /** Can be placed without loss as soon as they fit, see ForeseenOperation. */
  readonly eager: Uint8Array;
  /** See ForeseenOperation; null: nothing is known of any. */
  readonly order: { readonly start: Float64Array; readonly end: Float64Array } | null;
}

export function foreseenOperations({ operations }: LookAhead<unknown>): SearchOperations {
  const count = operations.length;
  const texts = makeValueNumbers();
  const numbers = new Int32Array(4 * count);
  const called = new Float64Array(count);
  const returned = new Float64Array(count);
  const eager = new Uint8Array(count);
  const hasOrder = operations.some((operation) => operation?.order !== undefined);
  const start = new Float64Array(hasOrder ? count : 0).fill(-Infinity);
  const end = new Float64Array(hasOrder ? count : 0).fill(Infinity);
  for (const [row, operation] of operations.entries()) {
    if (operation === null) {
      numbers[4 * row] = -1;
      continue;
    }
    const { f, key, value, result, order } = operation;
    numbers[4 * row] = texts.numberOf(f);
    numbers[4 * row + 1] = texts.numberOf(key);
    numbers[4 * row + 2] = texts.numberOf(value);
    numbers[4 * row + 3] = result === undefined ? noResult : texts.numberOf(result);
    called[row] = operation.called;
    returned[row] = operation.returned;
    eager[row] = operation.eager === true ? 1 : 0;
    if (order === undefined) continue;
    start[row] = order.start;
    end[row] = order.end;
  }
  const { kinds, firstRows } = kindsOf(numbers);
  // One operation of each kind is kept, not all.
  const examples = Array.from(firstRows, (row) => operations[row]);
  return {
    count,
    kinds,
    kindCount: firstRows.length,
    kindAt: (kind) => examples[kind] ?? noSuchKind(kind),
    called,
    returned,
    eager,
    order: hasOrder ? { start, end } : null,
  };
}

export function tableOperations(table: OperationTable): SearchOperations {
  const { count } = table;
  const numbers = new Int32Array(4 * count);
  const returned = new Float64Array(count);
  for (let row = 0; row < count; row++) {
    numbers[4 * row] = table.f[row] ?? 0;
    numbers[4 * row + 1] = table.key[row] ?? 0;
    numbers[4 * row + 2] = table.value[row] ?? 0;
    numbers[4 * row + 3] = table.result[row] ?? noResult;
    const position = table.returned[row] ?? never;
    returned[row] = position === never ? Infinity : position;
  }
  const { kinds, firstRows } = kindsOf(numbers);
  return {
    count,
    kinds,
    kindCount: firstRows.length,
    kindAt: (kind) => operationAt(table, firstRows[kind] ?? 0),
    called: Float64Array.from(table.called.subarray(0, count)),
    returned,
    eager: new Uint8Array(count),
    order: null,
  };
}

const noSuchKind = (kind: number): never => {
  throw new RangeError(`there is no kind ${kind}`);
};

/** Rows of four numbers that are equal are of one kind; a row that begins with -1 is of none. */
function kindsOf(numbers: Int32Array): { readonly kinds: Int32Array; readonly firstRows: Int32Array } {
  const count = numbers.length / 4;
  const kinds = new Int32Array(count).fill(-1);
  const firstRows = new Int32Array(count);
  let size = 16;
  while (size < 2 * count) size *= 2;
  const table = new Int32Array(size); // kind plus one; 0: free
  let found = 0;
  for (let row = 0; row < count; row++) {
    const from = 4 * row;
    if (numbers[from] === -1) continue;
    let at = hashOfFour(numbers, from) & (size - 1);
    let entry = table[at] ?? 0;
    while (entry !== 0 && !sameFour(numbers, 4 * (firstRows[entry - 1] ?? 0), from)) {
      at = (at + 1) & (size - 1);
      entry = table[at] ?? 0;
    }
    if (entry === 0) {
      firstRows[found] = row;
      found += 1;
      table[at] = found;
      entry = found;
    }
    kinds[row] = entry - 1;
  }
  return { kinds, firstRows: firstRows.slice(0, found) };
}

function hashOfFour(numbers: Int32Array, from: number): number {
  let hash = 0;
  for (let i = from; i < from + 4; i++) {
    hash = Math.imul(hash ^ (numbers[i] ?? 0), 0x9e3779b1);
    hash ^= hash >>> 15;
  }
  return hash >>> 0;
}

function sameFour(numbers: Int32Array, a: number, b: number): boolean {
  for (let i = 0; i < 4; i++) if (numbers[a + i] !== numbers[b + i]) return false;
  return true;
}
