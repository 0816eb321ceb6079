import type { PieceFinder, PiecesWithin } from './kv-append-finder.ts';

/** What a key may have held before anything was appended to it. */
export interface Beginnings {
  readonly initial: string;
  readonly puts: PieceFinder;
  /** The number of a put of the empty text; -1: there is none. */
  readonly emptyPut: number;
}

/** A beginning that a text may have: the text at first, or that of a put by its number (-1: none), which is so many of the text's pieces. */
export interface Beginning {
  readonly pieces: 0 | 1;
  readonly isInitial: boolean;
  readonly put: number;
}

/** How a text was made: `none`: in no way; `many`: in more ways than one, or it takes too long to tell. */
export type Composition = { readonly ways: 'none' } | { readonly ways: 'many' } | SureComposition;

/** The text can be cut into pieces in one way only. */
export interface SureComposition {
  readonly ways: 'one';
  /** Where each piece ends, and the number of the appends that have its text; -1 at the beginning: none has. */
  readonly ends: readonly number[];
  readonly pieces: readonly number[];
  readonly beginnings: readonly Beginning[];
}

/** Places at which one piece must end and the next begin, rising; the last is the text's end. */
export type Boundaries = readonly number[];

/**
 * Cuts a text into a beginning and appended pieces, where each piece may be there as often as one likes: if it can be cut in one way only, that
 * is how it was made. As long as only one piece stands at each place, that is a walk; from then on ways are counted for every place.
 */
export function composeText(
  text: string,
  beginnings: Beginnings,
  finder: PieceFinder,
  boundaries: Boundaries = [text.length],
): Composition {
  const starts = startsIn(text, beginnings, finder);
  const [start] = starts;
  if (start === undefined) return { ways: 'none' };
  const within = finder.within(text);
  const cut =
    (starts.length > 1 ? null : walk(text, start, within, boundaries)) ??
    cutByWays(text, waysThrough(text, starts, within, boundaries));
  if (cut === 'none' || cut === 'many') return { ways: cut };
  return { ways: 'one', ...cut, beginnings: beginningsOf(text, cut, beginnings) };
}

/** Lengths of what the text may begin with; without those that an append to the empty text might have been as well. */
function startsIn(text: string, { initial, puts, emptyPut }: Beginnings, finder: PieceFinder): number[] {
  const lengths = new Set<number>();
  if (text.startsWith(initial)) lengths.add(initial.length);
  if (emptyPut >= 0) lengths.add(0);
  for (const [, length] of putsIn(text, puts)) lengths.add(length);
  const starts = [...lengths];
  return lengths.has(0)
    ? starts.filter((length) => length === 0 || finder.numberOf(text.slice(0, length)) < 0)
    : starts;
}

/** Numbers and lengths of the puts whose text it begins with. */
function putsIn(text: string, puts: PieceFinder): [number: number, length: number][] {
  const within = puts.within(text.slice(0, puts.lengthMax));
  const found = within.find(0, Math.min(text.length, puts.lengthMax));
  return Array.from({ length: found }, (_, i) => [within.numbers[i] ?? 0, within.lengths[i] ?? 0]);
}

function beginningsOf(
  text: string,
  { ends, pieces }: Cut,
  { initial, puts, emptyPut }: Beginnings,
): readonly Beginning[] {
  const found: Beginning[] = [];
  const isEmptyPossible = initial === '' || emptyPut >= 0;
  if (isEmptyPossible && pieces[0] !== -1) {
    found.push({ pieces: 0, isInitial: initial === '', put: emptyPut });
  }
  const first = text.slice(0, ends[0] ?? 0);
  if (first === '') return found;
  const put = puts.numberOf(first);
  if (put >= 0 || initial === first) found.push({ pieces: 1, isInitial: initial === first, put });
  return found;
}

/** The ends of pieces, and their numbers. */
interface Cut {
  readonly ends: readonly number[];
  readonly pieces: readonly number[];
}

/** Null: at some place more than one piece stands. */
function walk(
  text: string,
  start: number,
  within: PiecesWithin,
  boundaries: Boundaries,
): Cut | 'none' | null {
  const pieces: number[] = start > 0 ? [-1] : [];
  const ends: number[] = start > 0 ? [start] : [];
  let next = 0;
  for (let at = start; at < text.length;) {
    while ((boundaries[next] ?? text.length) <= at) next += 1;
    const found = within.find(at, boundaries[next] ?? text.length);
    if (found === 0) return 'none';
    if (found > 1) return null;
    at += within.lengths[0] ?? 1;
    pieces.push(within.numbers[0] ?? 0);
    ends.push(at);
  }
  return { ends, pieces };
}

/** Lengths that may be tried for each character. */
const triedPerCharacter = 64;

/** For every place of a text, in how many ways it can be reached (2: or more), and one of them. */
interface Ways {
  readonly count: Uint8Array;
  readonly from: Int32Array;
  readonly piece: Int32Array;
}

/** Null: it takes too long. */
function waysThrough(
  text: string,
  starts: readonly number[],
  within: PiecesWithin,
  boundaries: Boundaries,
): Ways | null {
  const count = new Uint8Array(text.length + 1);
  const from = new Int32Array(text.length + 1).fill(-1);
  const piece = new Int32Array(text.length + 1).fill(-1);
  for (const start of starts) count[start] = 1;
  const triedMax = within.tried() + 1000 + triedPerCharacter * text.length;
  let next = 0;
  for (let at = 0; at < text.length; at++) {
    const here = count[at] ?? 0;
    if (here === 0) continue;
    while ((boundaries[next] ?? text.length) <= at) next += 1;
    const found = within.find(at, boundaries[next] ?? text.length);
    if (within.tried() > triedMax) return null;
    for (let i = 0; i < found; i++) {
      const end = at + (within.lengths[i] ?? 1);
      count[end] = Math.min(2, (count[end] ?? 0) + here);
      from[end] = at;
      piece[end] = within.numbers[i] ?? 0;
    }
  }
  return { count, from, piece };
}

function cutByWays(text: string, ways: Ways | null): Cut | 'none' | 'many' {
  if (ways === null || (ways.count[text.length] ?? 0) > 1) return 'many';
  if (ways.count[text.length] === 0) return 'none';
  const pieces: number[] = [];
  const ends: number[] = [];
  for (let at = text.length; at > 0; at = ways.from[at] ?? -1) {
    pieces.push(ways.piece[at] ?? -1);
    ends.push(at);
  }
  return { pieces: pieces.reverse(), ends: ends.reverse() };
}

/** Tells of every put and every appended piece that stands somewhere in some way to make the text; false: it takes too long. */
export function visitUsable(
  text: string,
  beginnings: Beginnings,
  finder: PieceFinder,
  visit: { readonly put: (number: number) => void; readonly piece: (number: number) => void },
): boolean {
  const starts = startsIn(text, beginnings, finder);
  const within = finder.within(text);
  const ways = waysThrough(text, starts, within, [text.length]);
  if (ways === null) return false;
  const reachesEnd = new Uint8Array(text.length + 1);
  reachesEnd[text.length] = 1;
  for (let at = text.length - 1; at >= 0; at--) {
    if (ways.count[at] === 0) continue;
    const found = within.find(at, text.length);
    for (let i = 0; i < found; i++) {
      if (reachesEnd[at + (within.lengths[i] ?? 1)] !== 1) continue;
      reachesEnd[at] = 1;
      visit.piece(within.numbers[i] ?? 0);
    }
  }
  const { puts, emptyPut } = beginnings;
  if (emptyPut >= 0 && reachesEnd[0] === 1) visit.put(emptyPut);
  for (const [number, length] of putsIn(text, puts)) if (reachesEnd[length] === 1) visit.put(number);
  return true;
}
