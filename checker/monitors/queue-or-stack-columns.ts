import type { Json } from '../../core/json.ts';
import type { Model } from '../../core/model.ts';
import { never, noResult, operationAt, type OperationTable } from '../history/operation-table.ts';
import { nullNumber } from '../history/value-numbers.ts';

/** What queue and stack are called by those who write histories and by those who read verdicts. */
export interface ListKind {
  readonly model: Model<unknown>;
  readonly add: string;
  readonly remove: string;
  readonly added: string;
  readonly removed: string;
  /** First in, first out. */
  readonly isFifo: boolean;
}

/** What a row does. */
export const kinds = {
  add: 0,
  /** With a value. */
  remove: 1,
  /** Answered null: nothing was there. */
  empty: 2,
  /** Without an answer. */
  unknownRemove: 3,
} as const;

/** The operations on one queue or stack, in order of call. */
export interface Columns {
  readonly count: number;
  /** One of `kinds`. */
  readonly kind: Uint8Array;
  /** The value that was put there or that was got, by a number of its own from 0; -1: none. */
  readonly slot: Int32Array;
  readonly slotCount: number;
  /** The slots of what was there at first; each item that no operation speaks of has a slot to itself. */
  readonly given: Int32Array;
  /** Moments of call and return, from 0; what was there at first came before, two moments for each item. `end`: it never came. */
  readonly called: Int32Array;
  readonly returned: Int32Array;
  readonly end: number;
}

/** Throws UsageError on what is no operation of the object, and where `initial` is not a list of items. */
export function columnsOf(table: OperationTable, initial: Json | undefined, kind: ListKind): Columns {
  const state = kind.model.initial(initial);
  const given = Array.isArray(initial) ? initial.map((item: Json) => table.values.find(item)) : [];
  const kindOf = kindsOf(table, kind, state);
  return {
    count: table.count,
    kind: kindOf,
    ...slotsOf(table, kindOf, given),
    ...momentsOf(table, 2 * given.length),
  };
}

function kindsOf(table: OperationTable, { add, remove, model }: ListKind, state: unknown): Uint8Array {
  const { count, f, value, result } = table;
  const kindOf = new Uint8Array(count);
  const adds = table.names.indexOf(add);
  const removes = table.names.indexOf(remove);
  for (let row = 0; row < count; row++) {
    if (f[row] === adds && value[row] !== nullNumber) continue;
    if (f[row] !== removes) model.step(state, operationAt(table, row)); // it throws
    kindOf[row] =
      result[row] === noResult
        ? kinds.unknownRemove
        : result[row] === nullNumber
          ? kinds.empty
          : kinds.remove;
  }
  return kindOf;
}

/** A table of all values is better than a map, unless they are mostly those of other objects. */
const valuesForEachRow = 16;

function slotsOf(
  table: OperationTable,
  kindOf: Uint8Array,
  given: readonly number[],
): Pick<Columns, 'slot' | 'slotCount' | 'given'> {
  const { count, value, result } = table;
  const slot = new Int32Array(count).fill(-1);
  let slotCount = table.values.count();
  let numberOf = (number: number): number => number;
  if (slotCount > valuesForEachRow * (count + given.length) + 1024) {
    const numbers = new Map<number, number>();
    numberOf = (number) => {
      const known = numbers.get(number) ?? numbers.size;
      if (known === numbers.size) numbers.set(number, known);
      return known;
    };
    slotCount = count + given.length;
  }
  for (let row = 0; row < count; row++) {
    if (kindOf[row] === kinds.add) slot[row] = numberOf(value[row] ?? 0);
    else if (kindOf[row] === kinds.remove) slot[row] = numberOf(result[row] ?? 0);
  }
  const givenSlots = Int32Array.from(given, (number) => (number < 0 ? slotCount++ : numberOf(number)));
  return { slot, slotCount, given: givenSlots };
}

/** A little room between positions is better than sorting them. */
const positionsForEachRow = 16;

function momentsOf(table: OperationTable, lead: number): Pick<Columns, 'called' | 'returned' | 'end'> {
  const { count } = table;
  let last = -1;
  for (let row = 0; row < count; row++) {
    const returned = table.returned[row] ?? never;
    last = Math.max(last, table.called[row] ?? 0, returned === never ? -1 : returned);
  }
  if (last > positionsForEachRow * count + 1024) return rankedMoments(table, lead);
  const end = last + 1 + lead;
  const called = new Int32Array(count);
  const returned = new Int32Array(count);
  for (let row = 0; row < count; row++) {
    called[row] = (table.called[row] ?? 0) + lead;
    const position = table.returned[row] ?? never;
    returned[row] = position === never ? end : position + lead;
  }
  return { called, returned, end };
}

/** Calls are in order, so only the returns are sorted, as one number with their row: many times faster than by a comparison function. */
function rankedMoments(table: OperationTable, lead: number): Pick<Columns, 'called' | 'returned' | 'end'> {
  const { count } = table;
  const keys = new Float64Array(count);
  for (let row = 0; row < count; row++) keys[row] = (table.returned[row] ?? never) * count + row;
  keys.sort();
  const called = new Int32Array(count);
  const returned = new Int32Array(count);
  let moment = lead;
  let call = 0;
  let at = 0;
  while (call < count || at < count) {
    const key = keys[at] ?? Infinity;
    const position = Math.floor(key / count);
    if (call < count && (table.called[call] ?? 0) < position) called[call++] = moment++;
    else if (position >= never) break;
    else {
      returned[key - position * count] = moment++;
      at += 1;
    }
  }
  for (; at < count; at++) returned[(keys[at] ?? 0) % count] = moment;
  return { called, returned, end: moment };
}
