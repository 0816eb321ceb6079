import type { TimedOperation } from '../../core/model.ts';
import { makePieceFinder, type PieceFinder } from './kv-append-finder.ts';
import {
  composeText,
  visitUsable,
  type Beginnings,
  type Boundaries,
  type Composition,
  type SureComposition,
} from './kv-append-pieces.ts';

/** What the operations on one key tell of each other. Operations by their index. */
export interface Facts {
  readonly hasPuts: boolean;
  /** The different texts that were read, sorted; for each when its last get was called and its first one returned. */
  readonly reads: readonly string[];
  readonly lastCalls: readonly number[];
  readonly firstReturns: readonly number[];
  /** For each of the reads how it was made, where there is only one way: the text itself or a longer one that begins with it. */
  readonly certain: readonly (CertainText | null)[];
  /** Whether a put or append may be part of something that was read. */
  isUsable(operation: TimedOperation): boolean;
}

/** A text that was read and can be cut into pieces in one way only. */
export interface CertainText {
  /** Who put the empty text that it began with; -1: it did not, or nobody knows. */
  readonly began: number;
  /** Who wrote each of its pieces; -1: one of several, or nobody. */
  readonly writers: readonly number[];
  /** How many of the pieces a beginning of this length has. */
  readonly ends: ReadonlyMap<number, number>;
  /** A beginning that has so many of the pieces cannot have been there more than once. */
  readonly onceFrom: number;
}

/** Operations with the same text, by its number. */
interface Writers {
  readonly numbers: ReadonlyMap<string, number>;
  readonly of: readonly (readonly number[])[];
  readonly isUsable: Uint8Array;
}

/** Null: operations that the model does not have, or whose texts are none. */
export function factsOfKvAppend(operations: readonly TimedOperation[], initial: string): Facts | null {
  if (operations.some((operation) => !isKnown(operation))) return null;
  const puts = writersOf(operations, 'put');
  const appends = writersOf(operations, 'append');
  const pieces = finderFor(appends);
  const { texts, lastCalls, firstReturns } = readsOf(operations);
  const hasPuts = puts.of.length > 0;
  const beginnings = { initial, puts: finderFor(puts), emptyPut: puts.numbers.get('') ?? -1 };

  const compose = (text: string, boundaries: Boundaries): CertainText | null => {
    const composition = composeText(text, beginnings, pieces, boundaries);
    markUsable(text, composition, { beginnings, pieces, puts, appends });
    return composition.ways === 'one' ? certainText(composition, puts, appends) : null;
  };
  const certain = hasPuts
    ? composeEach(texts, compose)
    : composeBeginnings(texts, (text) => compose(text, boundariesOf(texts)));
  return {
    hasPuts,
    reads: texts,
    lastCalls,
    firstReturns,
    certain,
    isUsable: ({ f, value }) => {
      const writers = f === 'put' ? puts : appends;
      return writers.isUsable[writers.numbers.get(typeof value === 'string' ? value : '') ?? -1] === 1;
    },
  };
}

const isKnown = ({ f, value }: TimedOperation): boolean =>
  f === 'get' || ((f === 'put' || f === 'append') && typeof value === 'string');

function writersOf(operations: readonly TimedOperation[], kind: 'put' | 'append'): Writers {
  const numbers = new Map<string, number>();
  const of: number[][] = [];
  for (const [index, { f, value }] of operations.entries()) {
    if (f !== kind || typeof value !== 'string') continue;
    const number = numbers.get(value) ?? of.length;
    if (number === of.length) {
      numbers.set(value, number);
      of.push([]);
    }
    of[number]?.push(index);
  }
  return { numbers, of, isUsable: new Uint8Array(of.length) };
}

const finderFor = ({ numbers }: Writers): PieceFinder => makePieceFinder([...numbers.keys()]);

function readsOf(operations: readonly TimedOperation[]): {
  readonly texts: readonly string[];
  readonly lastCalls: readonly number[];
  readonly firstReturns: readonly number[];
} {
  const lastCalls = new Map<string, number>();
  const firstReturns = new Map<string, number>();
  for (const { f, result, called, returned } of operations) {
    if (f !== 'get' || typeof result !== 'string') continue;
    lastCalls.set(result, Math.max(lastCalls.get(result) ?? -1, called));
    firstReturns.set(result, Math.min(firstReturns.get(result) ?? Infinity, returned));
  }
  const texts = [...lastCalls.keys()].sort();
  return {
    texts,
    lastCalls: texts.map((text) => lastCalls.get(text) ?? -1),
    firstReturns: texts.map((text) => firstReturns.get(text) ?? Infinity),
  };
}

type Compose = (text: string, boundaries: Boundaries) => CertainText | null;

function composeEach(texts: readonly string[], compose: Compose): (CertainText | null)[] {
  const certain: (CertainText | null)[] = texts.map(() => null);
  let longer = '';
  let known: CertainText | null = null;
  // Sorted, so that a text stands right before the first of those that begin with it.
  for (let i = texts.length - 1; i >= 0; i--) {
    const text = texts[i] ?? '';
    if (known === null || !longer.startsWith(text) || !known.ends.has(text.length)) {
      known = compose(text, [text.length]);
      longer = text;
    }
    certain[i] = known;
  }
  return certain;
}

/** All texts are beginnings of the last one, or somebody lied. What has one way up to some text has one way up to each before it. */
function composeBeginnings(
  texts: readonly string[],
  compose: (text: string) => CertainText | null,
): (CertainText | null)[] {
  const last = texts.length - 1;
  let known = last < 0 ? null : compose(texts[last] ?? '');
  let count = known === null ? 0 : texts.length;
  for (let high = last; count < high;) {
    const middle = (count + high + 1) >>> 1;
    const some = compose(texts[middle - 1] ?? '');
    if (some === null) high = middle - 1;
    else {
      known = some;
      count = middle;
    }
  }
  return texts.map((_, i) => (i < count ? known : null));
}

/** Without a put a key holds only beginnings of the longest text, so that each text that was read ends with a piece of it. */
const boundariesOf = (texts: readonly string[]): Boundaries =>
  [...new Set(texts.map(({ length }) => length))].sort((a, b) => a - b);

/** Where it is not clear what the text began with, its first piece may be a put, an append, or what was there at first. */
function certainText(
  { beginnings, pieces, ends }: SureComposition,
  puts: Writers,
  appends: Writers,
): CertainText {
  const [beginning] = beginnings;
  const isClear = beginning !== undefined && beginnings.length === 1;
  const putters = isClear ? (puts.of[beginning.put] ?? []) : [];
  const isOnce = isClear && putters.length + (beginning.isInitial ? 1 : 0) === 1;
  const put = isOnce ? onlyOne(putters) : -1;
  const writers = pieces.map((piece) => onlyOne(appends.of[piece]));
  if (beginning?.pieces !== 0 || !isClear) writers[0] = put;
  const empty: [number, number][] = beginnings.some((each) => each.pieces === 0) ? [[0, 0]] : [];
  const sure = isOnce ? beginning.pieces - 1 : writers.findIndex((writer) => writer >= 0);
  return {
    began: beginning?.pieces === 0 ? put : -1,
    writers,
    ends: new Map([...empty, ...ends.map((end, i): [number, number] => [end, i + 1])]),
    onceFrom: sure < 0 && !isOnce ? Infinity : sure + 1,
  };
}

const onlyOne = (writers: readonly number[] | undefined): number =>
  writers?.length === 1 ? (writers[0] ?? -1) : -1;

function markUsable(
  text: string,
  composition: Composition,
  {
    beginnings,
    pieces,
    puts,
    appends,
  }: {
    readonly beginnings: Beginnings;
    readonly pieces: PieceFinder;
    readonly puts: Writers;
    readonly appends: Writers;
  },
): void {
  const mark = {
    put: (number: number): void => {
      if (number >= 0) puts.isUsable[number] = 1;
    },
    piece: (number: number): void => {
      if (number >= 0) appends.isUsable[number] = 1;
    },
  };
  if (composition.ways === 'one') {
    composition.beginnings.forEach(({ put }) => {
      mark.put(put);
    });
    composition.pieces.forEach(mark.piece);
  } else if (!visitUsable(text, beginnings, pieces, mark)) {
    puts.isUsable.fill(1);
    appends.isUsable.fill(1);
  }
}
