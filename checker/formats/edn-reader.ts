/**
 * EDN, the data notation of Clojure (github.com/edn-format/edn), as JSON values. Our own reader, since the package edn-data says of malformed
 * text neither where nor, mostly, that it is malformed, and keeps the whole of a vector of events.
 */
import type { Json } from '../../core/json.ts';
import { atomOf, characterOf } from './edn-atoms.ts';
import { madeMap, sortedSet } from './edn-collections.ts';
import { Malformed } from './malformed.ts';

/** A text that is read from a place on. */
export interface Cursor {
  text: string;
  at: number;
  /** Nothing will be appended to the text: what is not finished at its end is malformed. */
  isWhole: boolean;
}

/** Thrown where a text ends in the middle of a form, or may do so: more of it decides. */
export const unfinished = new Error('the text ends in the middle of a form');

const depthMax = 200;
const space = 0x20;

/**
 * The form that begins at the cursor, which goes behind it. Keywords, symbols and characters are texts; vectors and lists are lists, sets are
 * sorted lists; a tagged form `#tag form` is `{"#tag": form}`; numbers that a double does not hold are `{"#integer": "..."}` and the like.
 */
export function readForm(cursor: Cursor, depth = 0): Json {
  if (depth > depthMax) throw new Malformed(cursor.at, `more than ${depthMax} forms within each other`);
  skipSpace(cursor, depth);
  const { text, at } = cursor;
  if (at >= text.length) throw ended(cursor, at, 'a form is missing');
  switch (text.charCodeAt(at)) {
    case 0x7b: // {
      return readMap(cursor, depth);
    case 0x5b: // [
      return readItems(cursor, 1, 0x5d, depth);
    case 0x28: // (
      return readItems(cursor, 1, 0x29, depth);
    case 0x22: // "
      return readText(cursor);
    case 0x23: // #
      return readDispatched(cursor, depth);
    case 0x5c: // \\
      return readCharacter(cursor);
    case 0x5d:
    case 0x29:
    case 0x7d:
      throw new Malformed(at, `${text.charAt(at)} closes nothing`);
    default:
      return readAtom(cursor);
  }
}

/** Goes to the next form or closing bracket, or to the end: behind spaces, commas, comments and forms that are discarded. */
export function skipSpace(cursor: Cursor, depth = 0): void {
  const { text } = cursor;
  for (let at = cursor.at; ;) {
    let code = text.charCodeAt(at);
    while (isSpace(code)) code = text.charCodeAt(++at);
    cursor.at = at;
    if (code === 0x3b) {
      const end = text.indexOf('\n', at);
      if (end < 0 && !cursor.isWhole) throw unfinished;
      at = end < 0 ? text.length : end + 1;
    } else if (code === 0x23 && text.startsWith('#_', at)) {
      const discarded = { text, at: at + 2, isWhole: cursor.isWhole };
      readForm(discarded, depth + 1);
      at = discarded.at;
    } else return;
  }
}

const isSpace = (code: number): boolean => code <= space || code === 0x2c;

function ended({ isWhole }: Cursor, at: number, why: string): Error {
  return isWhole ? new Malformed(at, why) : unfinished;
}

function readItems(cursor: Cursor, openChars: number, close: number, depth: number): Json[] {
  const begin = cursor.at;
  const items: Json[] = [];
  cursor.at += openChars;
  for (;;) {
    skipSpace(cursor, depth);
    const code = cursor.text.charCodeAt(cursor.at);
    if (code === close) break;
    if (Number.isNaN(code)) throw ended(cursor, begin, `${String.fromCharCode(close)} is missing`);
    items.push(readForm(cursor, depth + 1));
  }
  cursor.at += 1;
  return items;
}

function readMap(cursor: Cursor, depth: number): Json {
  const begin = cursor.at;
  const items = readItems(cursor, 1, 0x7d, depth);
  if (items.length % 2 !== 0) throw new Malformed(begin, 'a map with a key that has no value');
  return madeMap(items, begin);
}

function readText(cursor: Cursor): string {
  const { text } = cursor;
  const begin = cursor.at;
  let isPlain = true;
  for (let at = begin + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x22) {
      cursor.at = at + 1;
      // V8 copies short parts of a text, but a long one would keep all of it in memory: JSON.parse copies every one.
      if (isPlain && at - begin < 12) return text.slice(begin + 1, at);
      const quoted = text.slice(begin, at + 1);
      return isPlain ? (JSON.parse(quoted) as string) : unescaped(quoted, begin);
    }
    if (code < space) isPlain = false;
    if (code !== 0x5c) continue;
    isPlain = false;
    at += 1;
  }
  throw ended(cursor, begin, 'a text that does not end');
}

/** The escapes of EDN are escapes of JSON, too; only line breaks and their like may stand in a text as they are. */
function unescaped(quoted: string, at: number): string {
  try {
    // eslint-disable-next-line no-control-regex -- control characters are what must go
    return JSON.parse(quoted.replaceAll(/\\[^]|[\u0000-\u001f]/g, escapedForJson)) as string;
  } catch {
    throw new Malformed(
      at,
      'a text with an escape that is none: there are \\t \\r \\n \\b \\f \\\\ \\" and \\uNNNN',
    );
  }
}

function escapedForJson(part: string): string {
  if (part.length === 1) return `\\u${part.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return part === '\\/' ? '\\?' : part; // JSON knows one more, which is made one that it does not know
}

function readDispatched(cursor: Cursor, depth: number): Json {
  const { text, at } = cursor;
  const second = text.charAt(at + 1);
  if (second === '') throw ended(cursor, at, '# stands alone');
  if (second === '{') return sortedSet(readItems(cursor, 2, 0x7d, depth));
  if (second === '#') {
    const word = tokenAt(cursor, at + 2);
    if (!['Inf', '-Inf', 'NaN'].includes(word))
      throw new Malformed(at, `##${word}: there are ##Inf, ##-Inf and ##NaN`);
    return { '#float': word };
  }
  const tag = tokenAt(cursor, at + 1);
  if (!/^:{0,2}[A-Za-z]/.test(tag)) throw new Malformed(at, `#${second} begins nothing in EDN`);
  return { [`#${tag}`]: readForm(cursor, depth + 1) };
}

function readCharacter(cursor: Cursor): string {
  const { text, at } = cursor;
  if (at + 1 >= text.length) throw ended(cursor, at, 'a character is missing');
  // The first letter may be a bracket or a space of its own.
  const rest = tokenAt(cursor, at + 2);
  return characterOf(text.charAt(at + 1) + rest, at);
}

function readAtom(cursor: Cursor): Json {
  const { at } = cursor;
  return atomOf(tokenAt(cursor, at), at);
}

/** What stands from here to the next space, bracket or quotation mark; the cursor goes behind it. */
function tokenAt(cursor: Cursor, from: number): string {
  const { text } = cursor;
  let at = from;
  while (at < text.length && !isDelimiter(text.charCodeAt(at))) at += 1;
  if (at >= text.length && !cursor.isWhole) throw unfinished;
  cursor.at = at;
  return text.slice(from, at);
}

function isDelimiter(code: number): boolean {
  switch (code) {
    case 0x22: // "
    case 0x28: // (
    case 0x29: // )
    case 0x3b: // ;
    case 0x5b: // [
    case 0x5d: // ]
    case 0x7b: // {
    case 0x7d: // }
      return true;
    default:
      return isSpace(code);
  }
}
