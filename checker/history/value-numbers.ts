import type { Json } from '../../core/json.ts';
import { canonicalJson } from '../canonical-json.ts';

/** JSON values by number: equal values have one number, so that columns of numbers can stand for them. */
export interface ValueNumbers {
  /** Numbers count from 0; a new value gets the next one. */
  numberOf(value: Json): number;
  /** The number of a value that is known, or -1. */
  find(value: Json): number;
  valueOf(number: number): Json;
  count(): number;
}

/** The numbers of the three values that every history may have. */
export const nullNumber = 0;
export const falseNumber = 1;
export const trueNumber = 2;

/** Whole numbers below this, as counters give them, are looked up by index, */
const smallMost = 1 << 23;
/** where there are enough of them: the table is at most so many times as long as there are values. */
const sparseMost = 4;

export function makeValueNumbers(): ValueNumbers {
  const values: Json[] = [null, false, true];
  // The number of each small whole number, 0 for one that is not known: 0 is the number of null.
  let small = new Int32Array(1024);
  const numbers = new Map<number, number>();
  const texts = new Map<string, number>();
  const others = new Map<string, number>();

  const findNumber = (value: number): number => {
    const number = small[value] ?? 0; // undefined for what is no index
    if (number !== 0) return number;
    return numbers.size === 0 ? -1 : (numbers.get(value) ?? -1);
  };
  const add = (value: Json): number => values.push(value) - 1;
  const numberOfNumber = (value: number): number => {
    const known = findNumber(value);
    if (known >= 0) return known;
    const number = add(value);
    const most = Math.min(smallMost, Math.max(small.length, sparseMost * values.length));
    if (value >= 0 && value < most && Number.isInteger(value)) {
      if (value >= small.length) small = enlarged(small, value);
      small[value] = number;
    } else numbers.set(value, number);
    return number;
  };
  const numberOfText = (known: Map<string, number>, text: string, value: Json): number => {
    const number = known.get(text);
    if (number !== undefined) return number;
    known.set(text, values.length);
    return add(value);
  };
  return {
    numberOf: (value) => {
      if (typeof value === 'number') return numberOfNumber(value);
      if (typeof value === 'string') return numberOfText(texts, value, value);
      if (typeof value === 'boolean') return value ? trueNumber : falseNumber;
      return value === null ? nullNumber : numberOfText(others, canonicalJson(value), value);
    },
    find: (value) => {
      if (typeof value === 'number') return findNumber(value);
      if (typeof value === 'string') return texts.get(value) ?? -1;
      if (typeof value === 'boolean') return value ? trueNumber : falseNumber;
      return value === null ? nullNumber : (others.get(canonicalJson(value)) ?? -1);
    },
    valueOf: (number) => values[number] ?? null,
    count: () => values.length,
  };
}

/** Long enough for this index, and at least twice as long. */
function enlarged(column: Int32Array, index: number): Int32Array<ArrayBuffer> {
  const more = new Int32Array(Math.min(smallMost, Math.max(index + 1, column.length * 2)));
  more.set(column);
  return more;
}
