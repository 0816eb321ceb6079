import type { Json, JsonObject } from '../../core/json.ts';
import { canonicalJson } from '../canonical-json.ts';
import { Malformed } from './malformed.ts';

/** A map of these keys and values, in turn, as an object: keys that are no texts stand as their JSON. */
export function madeMap(items: readonly Json[], at: number): JsonObject {
  const map: Record<string, Json> = {};
  for (let i = 0; i < items.length; i += 2) {
    const key = items[i] ?? null;
    const name = typeof key === 'string' ? key : canonicalJson(key);
    if (Object.hasOwn(map, name)) throw new Malformed(at, `a map with two keys that read ${name}`);
    const value = items[i + 1] ?? null;
    if (name !== '__proto__') map[name] = value;
    else Object.defineProperty(map, name, { value, enumerable: true, configurable: true, writable: true });
  }
  return map;
}

/** Equal sets become equal lists: numbers first, by size, then all else by its JSON. */
export const sortedSet = (items: readonly Json[]): Json[] =>
  items
    .map((item) => ({ item, text: canonicalJson(item) }))
    .sort((a, b) => {
      const aNumber = typeof a.item === 'number' ? a.item : Infinity;
      const bNumber = typeof b.item === 'number' ? b.item : Infinity;
      if (aNumber !== bNumber) return aNumber - bNumber;
      return a.text === b.text ? 0 : a.text < b.text ? -1 : 1;
    })
    .map(({ item }) => item);
