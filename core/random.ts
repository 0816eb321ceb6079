import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** A seeded stream of choices. Every consumer forks its own by name, so that a new consumer does not move the others. */
export interface Random {
  readonly seed: number;
  fork(name: string): Random;
  /** A whole number, `min` and `max` included. */
  int(min: number, max: number): number;
  /** A number in [0, 1). */
  unit(): number;
  chance(probability: number): boolean;
  pick<T>(items: readonly [T, ...T[]] | readonly T[]): T;
  /** A new array with the items in random order. */
  shuffle<T>(items: readonly T[]): T[];
}

/** 32-bit FNV-1a of a text, mixed with a seed. */
function hash(seed: number, name: string): number {
  let h = (2166136261 ^ seed) >>> 0;
  for (let i = 0; i < name.length; i++) h = Math.imul(h ^ name.charCodeAt(i), 16777619) >>> 0;
  h = Math.imul(h ^ (h >>> 16), 0x45d9f3b) >>> 0;
  return (h ^ (h >>> 16)) >>> 0;
}

export function makeRandom(seed: number): Random {
  const generator = xoroshiro128plus(hash(seed, 'ftcheck'));
  const unit = (): number => (generator.next() >>> 0) / 0x1_0000_0000;
  const int = (min: number, max: number): number => min + Math.floor(unit() * (max - min + 1));
  return {
    seed,
    fork: (name) => makeRandom(hash(seed, name)),
    int,
    unit,
    chance: (probability) => unit() < probability,
    pick: <T>(items: readonly T[]): T => {
      if (items.length === 0) throw new RangeError('cannot pick from nothing');
      return items[int(0, items.length - 1)] as T;
    },
    shuffle: <T>(items: readonly T[]): T[] => {
      const result = [...items];
      for (let i = result.length - 1; i > 0; i--) {
        const j = int(0, i);
        [result[i], result[j]] = [result[j] as T, result[i] as T];
      }
      return result;
    },
  };
}
