import type { OperationTable } from '../history/operation-table.ts';
import { makePieceFinder } from '../models/kv-append-finder.ts';
import { composeText, type SureComposition } from '../models/kv-append-pieces.ts';
import { invalid, undecided, type AppendRows, type RowsByText } from './append-rows.ts';
import type { MonitorVerdict } from './monitor.ts';

/** How each text that was read was made. Texts by their number among the gets. */
export interface Texts {
  readonly texts: readonly string[];
  /** What the text, or a longer one that begins with it, is made of; and how many of these pieces it has. */
  readonly madeOf: readonly SureComposition[];
  readonly pieceCount: Int32Array;
}

/**
 * Takes every text that was read apart. It must be possible in one way only, up to whether it began with a put or with an append to nothing. A
 * text that a longer one begins with needs no work of its own: any other way to make it would be another way to make the longer one.
 */
export function textsOf(table: OperationTable, rows: AppendRows): Texts | MonitorVerdict {
  const { gets, puts } = rows;
  const texts = stringsOf(table, gets, table.result);
  const putTexts = stringsOf(table, puts, table.value);
  const appended = stringsOf(table, rows.appends, table.value);
  if (typeof putTexts === 'number' || typeof appended === 'number') {
    return undecided('something was put or appended that is no text');
  }
  if (typeof texts === 'number') return invalid([texts], 'a get answered something that is no text');
  const putFinder = makePieceFinder(putTexts);
  const beginnings = { initial: rows.initial, puts: putFinder, emptyPut: putFinder.numberOf('') };
  const pieces = makePieceFinder(appended);
  const sorted = texts.map((_, number) => number);
  sorted.sort((a, b) => ((texts[a] ?? '') < (texts[b] ?? '') ? -1 : 1));
  // Without a put each text that was read was a beginning of the longest, so that a piece ends where it ends.
  const isWithoutPuts = puts.numbers.count() === 0;
  if (isWithoutPuts) {
    const misfit = unlikeLongest(texts, gets);
    if (misfit !== null) return misfit;
  }
  const lengths = isWithoutPuts ? sorted.map((number) => texts[number]?.length ?? 0) : null;

  const madeOf = new Array<SureComposition>(texts.length);
  const pieceCount = new Int32Array(texts.length);
  let longer = '';
  let made: SureComposition | null = null;
  // Sorted, so that a text stands right before the first of those that begin with it.
  for (let i = sorted.length - 1; i >= 0; i--) {
    const number = sorted[i] ?? 0;
    const text = texts[number] ?? '';
    let count: number = made !== null && longer.startsWith(text) ? countAt(made, text.length) : -1;
    if (made === null || count < 0) {
      const composition = composeText(text, beginnings, pieces, lengths ?? [text.length]);
      if (composition.ways === 'none') {
        return invalid([gets.last[number] ?? -1], 'a get answered a text that nothing written adds up to');
      }
      if (composition.ways === 'many') return undecided('a text that was read can be cut in several ways');
      made = composition;
      longer = text;
      count = made.ends.length;
    }
    madeOf[number] = made;
    pieceCount[number] = count;
  }
  return { texts, madeOf, pieceCount };
}

function unlikeLongest(texts: readonly string[], gets: RowsByText): MonitorVerdict | null {
  let longest = 0;
  for (const [number, { length }] of texts.entries()) {
    if (length > (texts[longest]?.length ?? 0)) longest = number;
  }
  const misfit = texts.findIndex((text) => texts[longest]?.startsWith(text) === false);
  if (misfit < 0) return null;
  const different = [gets.last[longest] ?? -1, gets.last[misfit] ?? -1];
  return invalid(different, 'two gets show different texts, and nothing was put');
}

/** How many pieces a beginning of this length has; -1: no piece ends there. */
export function countAt({ ends, beginnings }: SureComposition, length: number): number {
  if (length === 0) return beginnings.some(({ pieces }) => pieces === 0) ? 0 : -1;
  let low = 0;
  let high = ends.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ends[middle] ?? 0) < length) low = middle + 1;
    else high = middle;
  }
  return ends[low] === length ? low + 1 : -1;
}

/** The texts by number; a number: the row of one that is no text. */
function stringsOf(
  { values }: OperationTable,
  { numbers, last }: RowsByText,
  column: Int32Array,
): string[] | number {
  const strings: string[] = [];
  for (let number = 0; number < numbers.count(); number++) {
    const row = last[number] ?? 0;
    const text = values.valueOf(column[row] ?? 0);
    if (typeof text !== 'string') return row;
    strings.push(text);
  }
  return strings;
}
