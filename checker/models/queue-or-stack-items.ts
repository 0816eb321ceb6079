import { UsageError } from '../../core/errors.ts';
import type { Json } from '../../core/json.ts';
import { canonicalJson } from '../canonical-json.ts';
import { shortJson } from './words.ts';

/** JSON has no raw line break, so items can stand in one text, each ended by one. The text is its own fingerprint. */
export const ended = (item: string): string => `${item}\n`;

/** What is there at first, in the order in which it was put there. Throws UsageError on what is no list of items. */
export function givenItems(given: Json | undefined, model: string): readonly Json[] {
  if (given === undefined) return [];
  if (Array.isArray(given) && !given.includes(null)) return given.map((item: Json) => item);
  throw new UsageError(
    `a ${model} begins with a list of values other than null, not with ${shortJson(given)}`,
  );
}

/** Who put a value there, and who got it. Operations by their index. */
export interface ValueFacts {
  readonly adds: number[];
  readonly removes: number[];
  /** How many of the value were there at first. */
  given: number;
}

/** What is known of each value, by its canonical JSON. */
export function factsOfValues(
  operations: readonly {
    readonly f: string;
    readonly value: Json;
    readonly result: Json | undefined;
  }[],
  add: string,
  given: readonly Json[],
): ReadonlyMap<string, ValueFacts> {
  const facts = new Map<string, ValueFacts>();
  const factsOf = (value: Json): ValueFacts => {
    const text = canonicalJson(value);
    const known = facts.get(text) ?? { adds: [], removes: [], given: 0 };
    facts.set(text, known);
    return known;
  };
  for (const item of given) factsOf(item).given += 1;
  for (const [index, { f, value, result }] of operations.entries()) {
    if (f === add) factsOf(value).adds.push(index);
    else if (result !== undefined && result !== null) factsOf(result).removes.push(index);
  }
  return facts;
}

/** Put there once and got once at most: then everybody speaks of the same item. */
export const isUnique = ({ adds, removes, given }: ValueFacts): boolean =>
  adds.length + given === 1 && removes.length <= 1;
