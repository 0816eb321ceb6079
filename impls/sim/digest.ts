import { AssertionError } from '../../core/assert.ts';
import type { Json } from '../../core/json.ts';

/** A running 64-bit hash over everything that a simulation does, which also makes the copies that travel. */
export interface Digest {
  number(value: number): void;
  text(value: string): void;
  /** The value as it would come out of JSON text, sharing nothing with its origin, and taken into the hash. */
  copy(value: unknown): Json;
  /** How long the values copied so far would be as JSON text, about. */
  readonly bytesCopied: number;
  /** Sixteen hexadecimal digits. */
  hex(): string;
}

/** At hand: a look-up of a global is dear where tests run, in a context of their own. */
const { imul } = Math;
const { isFinite } = Number;
const { isArray } = Array;
const { keys } = Object;
const float = new Float64Array(1);
const words = new Uint32Array(float.buffer);

/** Two lanes of 32-bit FNV-1a over words, with different primes; made for equality of two runs, not against an adversary. */
export function makeDigest(): Digest {
  let a = 0x811c9dc5 | 0;
  let b = 0x27d4eb2f | 0;
  let bytes = 0;

  const word = (value: number): void => {
    a = imul(a ^ value, 0x01000193);
    a ^= a >>> 15;
    b = imul(b ^ value, 0x85ebca6b);
    b ^= b >>> 13;
  };
  const number = (value: number): void => {
    const small = value | 0;
    if (small === value) return word(small);
    float[0] = value;
    word(words[0] as number);
    word(words[1] as number);
  };
  const text = (value: string): void => {
    let h = value.length ^ 0x5bd1e995;
    for (let i = 0; i < value.length; i++) h = imul(h ^ value.charCodeAt(i), 0x01000193);
    word(h ^ (h >>> 16));
  };
  const copyObject = (value: object): Json => {
    if (isArray(value)) {
      word(1 + value.length);
      bytes += 1 + value.length;
      const items: Json[] = [];
      for (const item of value) items.push(copy(item === undefined ? null : item));
      return items;
    }
    const copied: Record<string, Json> = {};
    word(-1);
    bytes += 1;
    const named = value as Readonly<Record<string, unknown>>;
    for (const name of keys(value)) {
      const item = named[name];
      if (item === undefined) continue;
      text(name);
      bytes += name.length + 4;
      copied[name] = copy(item);
    }
    word(-2);
    return copied;
  };
  const copy = (value: unknown): Json => {
    switch (typeof value) {
      case 'string':
        text(value);
        bytes += value.length + 2;
        return value;
      case 'number': {
        bytes += 6;
        // As JSON has it: no NaN, no infinities, no negative zero.
        if (!isFinite(value)) return copy(null);
        const plain = value === 0 ? 0 : value;
        number(plain);
        return plain;
      }
      case 'boolean':
        word(value ? -3 : -4);
        bytes += 5;
        return value;
      case 'object':
        if (value !== null) return copyObject(value);
        word(-5);
        bytes += 4;
        return null;
      case 'bigint':
      case 'function':
      case 'symbol':
      case 'undefined':
        throw new AssertionError(`does not hold: what travels is JSON (found a ${typeof value})`);
    }
  };

  return {
    number,
    text,
    copy,
    get bytesCopied() {
      return bytes;
    },
    hex: () => [a, b].map((lane) => (lane >>> 0).toString(16).padStart(8, '0')).join(''),
  };
}
