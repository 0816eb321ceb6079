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

export function makeValueNumbers(): ValueNumbers {
  const values: Json[] = [null, false, true];
  const numbers = new Map<number, number>();
  const texts = new Map<string, number>();
  const others = new Map<string, number>();

  /** What the value is looked up by, and where: numbers and texts need no JSON text of their own. */
  const find = (value: Json): number => {
    if (typeof value === 'number') return numbers.get(value) ?? -1;
    if (typeof value === 'string') return texts.get(value) ?? -1;
    if (typeof value === 'boolean') return value ? trueNumber : falseNumber;
    return value === null ? nullNumber : (others.get(canonicalJson(value)) ?? -1);
  };
  return {
    numberOf: (value) => {
      if (typeof value === 'number') return numbered(numbers, value, value, values);
      if (typeof value === 'string') return numbered(texts, value, value, values);
      if (typeof value === 'boolean') return value ? trueNumber : falseNumber;
      return value === null ? nullNumber : numbered(others, canonicalJson(value), value, values);
    },
    find,
    valueOf: (number) => values[number] ?? null,
    count: () => values.length,
  };
}

function numbered<Name>(known: Map<Name, number>, name: Name, value: Json, values: Json[]): number {
  const number = known.get(name);
  if (number !== undefined) return number;
  known.set(name, values.length);
  return values.push(value) - 1;
}
