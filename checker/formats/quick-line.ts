import { unreachable } from '../../core/assert.ts';
import type { EventType } from '../../core/history.ts';
import type { Json } from '../../core/json.ts';
import { withError, type FileEvent } from './format.ts';
import { hashed, hashStart, makeTextCache } from './text-cache.ts';

/** So many zeros must stand behind the bytes that are read: they end every scan. */
export const sentinelBytes = 16;

/** Reads lines of a history file that are as our recorder writes them. */
export interface QuickReader {
  /** The event of the line that begins here. Null: it is not like that, or not whole, which says nothing of whether it is right. */
  read(bytes: Uint8Array, from: number): FileEvent | null;
  /** Just behind the line break of the line that was read. */
  end(): number;
}

const quote = 0x22;
const comma = 0x2c;
const minus = 0x2d;
const zero = 0x30;
const openBracket = 0x5b;
const backslash = 0x5c;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const lineBreak = 0x0a;
const space = 0x20;
const del = 0x7f;

/** Whole numbers of so many digits are exact. */
const digitsMax = 15;
const textCharsMax = 64;
const depthMax = 8;

const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const literals = [
  { bytes: bytesOf('null'), value: null },
  { bytes: bytesOf('true'), value: true },
  { bytes: bytesOf('false'), value: false },
] as const;
const types = (['invoke', 'ok', 'fail', 'info'] satisfies EventType[]).map((type) => ({
  type,
  bytes: bytesOf(`"${type}"`),
}));
const names = [
  'index',
  'time',
  'process',
  'type',
  'f',
  'key',
  'value',
  'error',
  'request',
  'node',
  'due',
  'final',
] as const;
const nameBytes = names.map((name) => bytesOf(`"${name}":`));
/** Numbers of the names that begin with a letter, by the letter's code. */
const namesByLetter = Array.from({ length: 128 }, (_, code) =>
  nameBytes.flatMap((bytes, number) => (bytes[1] === code ? [number] : [])),
);
/** A bit for each name that a line must have: the first five. */
const needed = 0b11111;

/** The place behind these bytes, if they stand here; -1 otherwise. */
function behind(word: Uint8Array, bytes: Uint8Array, at: number): number {
  for (let i = 0; i < word.length; i++) if (bytes[at + i] !== word[i]) return -1;
  return at + word.length;
}

/**
 * Several times as fast as decoding and JSON.parse, since nearly every line has the same few names, no spaces, and small values. What is
 * unusual, right or wrong (escapes, fractions, objects, other names), is left to whoever is thorough: all that is accepted here reads the
 * same there.
 */
export function makeQuickReader(): QuickReader {
  const cache = makeTextCache();
  let bytes: Uint8Array = new Uint8Array(sentinelBytes);
  let end = 0;
  /** What the function that was called last has read. Each takes a place and gives the place behind what it read, or -1. */
  let found: Json = null;

  const wholeNumber = (from: number): number => {
    let at = bytes[from] === minus ? from + 1 : from;
    const first = at;
    let sum = 0;
    for (let digit = (bytes[at] ?? 0) - zero; digit >= 0 && digit <= 9; digit = (bytes[at] ?? 0) - zero) {
      sum = sum * 10 + digit;
      at += 1;
    }
    const digits = at - first;
    if (digits === 0 || digits > digitsMax || (digits > 1 && bytes[first] === zero)) return -1;
    if (first === from) found = sum;
    else if (sum === 0)
      return -1; // -0 is another number
    else found = -sum;
    return at;
  };
  const plainText = (from: number): number => {
    if (bytes[from] !== quote) return -1;
    let hash = hashStart;
    let at = from + 1;
    for (let byte = bytes[at] ?? 0; byte !== quote; byte = bytes[at] ?? 0) {
      if (byte < space || byte >= del || byte === backslash || at - from > textCharsMax) return -1;
      hash = hashed(hash, byte);
      at += 1;
    }
    found = cache.textOf(bytes, from + 1, at, hash);
    return at + 1;
  };
  const skippedText = (from: number): number => {
    if (bytes[from] !== quote) return -1;
    let at = from + 1;
    for (let byte = bytes[at] ?? 0; byte !== quote; byte = bytes[++at] ?? 0) {
      if (byte < space || byte >= del || byte === backslash) return -1;
    }
    return at + 1;
  };
  const literal = (from: number): number => {
    for (const each of literals) {
      const at = behind(each.bytes, bytes, from);
      if (at < 0) continue;
      found = each.value;
      return at;
    }
    return -1;
  };
  const list = (from: number, depth: number): number => {
    const items: Json[] = [];
    let at = from + 1;
    if (bytes[at] !== closeBracket) {
      at = value(at, depth + 1);
      if (at < 0) return -1;
      items.push(found);
      while (bytes[at] === comma) {
        at = value(at + 1, depth + 1);
        if (at < 0) return -1;
        items.push(found);
      }
      if (bytes[at] !== closeBracket) return -1;
    }
    found = items;
    return at + 1;
  };
  const value = (from: number, depth: number): number => {
    const byte = bytes[from] ?? 0;
    if (byte < 0x3a && byte !== quote) return wholeNumber(from);
    if (byte === quote) return plainText(from);
    if (byte === openBracket) return depth < depthMax ? list(from, depth) : -1;
    return literal(from);
  };

  let index = 0;
  let time = 0;
  let process = 0;
  let type: EventType = 'invoke';
  let f = '';
  let key: Json = null;
  let given: Json = null;
  let error: string | undefined;

  /** The number of the name that begins here, or -1. */
  const nameAt = (from: number): number => {
    for (const number of namesByLetter[bytes[from + 1] ?? 0] ?? []) {
      if (behind(nameBytes[number] ?? bytes, bytes, from) >= 0) return number;
    }
    return -1;
  };
  const count = (from: number): number => (bytes[from] === minus ? -1 : wholeNumber(from));
  const eventType = (from: number): number => {
    for (const each of types) {
      const at = behind(each.bytes, bytes, from);
      if (at < 0) continue;
      type = each.type;
      return at;
    }
    return -1;
  };
  const member = (name: (typeof names)[number], from: number): number => {
    let at: number;
    switch (name) {
      case 'index':
        at = count(from);
        if (typeof found === 'number') index = found;
        return at;
      case 'time':
        at = count(from);
        if (typeof found === 'number') time = found;
        return at;
      case 'process':
        at = count(from);
        if (typeof found === 'number') process = found;
        return at;
      case 'type':
        return eventType(from);
      case 'f':
        at = plainText(from);
        if (typeof found === 'string') f = found;
        return at;
      case 'key':
        at = value(from, 0);
        key = found;
        return at;
      case 'value':
        at = value(from, 0);
        given = found;
        return at;
      case 'error':
        at = plainText(from);
        if (typeof found === 'string') error = found;
        return at;
      case 'request':
      case 'node':
        return skippedText(from);
      case 'due':
        return count(from);
      case 'final':
        return bytes[from] === 0x6e ? -1 : literal(from);
      default:
        return unreachable(name);
    }
  };
  return {
    end: () => end,
    read: (from, at) => {
      bytes = from;
      key = given = null;
      error = undefined;
      let seen = 0;
      if (bytes[at] !== openBrace) return null;
      do {
        const name = nameAt(at + 1);
        if (name < 0) return null;
        at = member(names[name] ?? 'index', at + 1 + (nameBytes[name]?.length ?? 0));
        if (at < 0) return null;
        seen |= 1 << name;
      } while (bytes[at] === comma);
      if (bytes[at] !== closeBrace || bytes[at + 1] !== lineBreak || (seen & needed) !== needed) return null;
      end = at + 2;
      return withError({ index, time, process, type, f, key, value: given }, error);
    },
  };
}
