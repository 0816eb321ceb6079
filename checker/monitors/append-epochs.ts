import { never, type OperationTable } from '../history/operation-table.ts';
import { invalid, onlyRow, undecided, type AppendRows } from './append-rows.ts';
import { atFirst, type Starts } from './append-starts.ts';
import { countAt, type Texts } from './append-texts.ts';
import type { MonitorVerdict } from './monitor.ts';

/** What was read between a put (or the beginning) and the next one. */
export interface Epoch {
  /** A row, or `atFirst`. */
  readonly put: number;
  /** A row that read the longest text. */
  readonly longest: number;
  /** What this text is made of after the put: numbers of the pieces' texts, and the rows that appended them; -1: one of several. */
  readonly pieces: readonly number[];
  readonly appends: Int32Array;
  /** Rows of the gets in order of the number of appends that they show, and this number for each. */
  readonly gets: Int32Array;
  readonly shown: Int32Array;
}

export interface Epochs {
  readonly epochs: readonly Epoch[];
  /** By row: 1 for a put or an append that was read for certain. */
  readonly isRead: Uint8Array;
}

/** Gets by the put that they show. What they show must be beginnings of the longest of them. */
export function epochsOf(
  table: OperationTable,
  rows: AppendRows,
  texts: Texts,
  starts: Starts,
): Epochs | MonitorVerdict {
  const { textRead, appends } = rows;
  const getsOf = new Map<number, number[]>();
  for (let row = 0; row < table.count; row++) {
    if ((textRead[row] ?? -1) < 0) continue;
    const put = starts.start[row] ?? atFirst;
    const gets = getsOf.get(put);
    if (gets === undefined) getsOf.set(put, [row]);
    else gets.push(row);
  }
  const epochs: Epoch[] = [];
  const isRead = new Uint8Array(table.count);
  for (const [put, gets] of getsOf) {
    const epoch = epochOf(put, gets, rows, texts, starts);
    if ('verdict' in epoch) return epoch;
    for (const [i, piece] of epoch.pieces.entries()) {
      const row = onlyRow(appends, piece);
      epoch.appends[i] = row;
      if (row < 0) continue;
      if (isRead[row] === 1)
        return invalid([row, epoch.longest], 'what was appended once is read in two places');
      isRead[row] = 1;
    }
    if (put !== atFirst) isRead[put] = 1;
    epochs.push(epoch);
  }
  return { epochs, isRead };
}

function epochOf(
  put: number,
  gets: readonly number[],
  { textRead }: AppendRows,
  { texts, madeOf, pieceCount }: Texts,
  { skipped }: Starts,
): Epoch | MonitorVerdict {
  const textOf = (row: number): number => textRead[row] ?? 0;
  const longest = gets.reduce((a, b) =>
    (pieceCount[textOf(b)] ?? 0) > (pieceCount[textOf(a)] ?? 0) ? b : a,
  );
  const longestText = texts[textOf(longest)] ?? '';
  const made = madeOf[textOf(longest)];
  if (made === undefined) return undecided('a text is made of nothing');
  const isChecked = new Set<number>();
  for (const row of gets) {
    const text = textOf(row);
    if (madeOf[text] === made || isChecked.has(text)) continue;
    isChecked.add(text);
    const beginning = texts[text] ?? '';
    if (!longestText.startsWith(beginning) || countAt(made, beginning.length) !== pieceCount[text]) {
      return invalid([put, row, longest], 'two gets after the same put show different texts');
    }
  }
  const first = skipped[longest] ?? 0;
  const shownBy = (row: number): number => (pieceCount[textOf(row)] ?? 0) - (skipped[row] ?? 0);
  const pieces = made.pieces.slice(first, pieceCount[textOf(longest)]);
  const inOrder = sortedBy(gets, shownBy, pieces.length);
  return {
    put,
    longest,
    pieces,
    appends: new Int32Array(pieces.length).fill(-1),
    gets: inOrder,
    shown: inOrder.map(shownBy),
  };
}

/** Rows by a small number; those with the same one stay in order. */
function sortedBy(rows: readonly number[], numberOf: (row: number) => number, most: number): Int32Array {
  const next = new Int32Array(most + 2);
  for (const row of rows) next[numberOf(row) + 1] = (next[numberOf(row) + 1] ?? 0) + 1;
  for (let i = 0; i <= most; i++) next[i + 1] = (next[i + 1] ?? 0) + (next[i] ?? 0);
  const sorted = new Int32Array(rows.length);
  for (const row of rows) {
    const place = next[numberOf(row)] ?? 0;
    sorted[place] = row;
    next[numberOf(row)] = place + 1;
  }
  return sorted;
}

/** When the operations of an epoch happened, as far as they are known, by the number of appends before. */
export interface Window {
  /** The last call of what comes before an append, the first return of what comes after it. */
  readonly lastCall: Int32Array;
  readonly firstReturn: Int32Array;
}

export function windowsOf({ called, returned }: OperationTable, epoch: Epoch): Window {
  const { put, appends, gets, shown } = epoch;
  const size = appends.length;
  const lastCall = new Int32Array(size);
  const firstReturn = new Int32Array(size);
  let latest = put === atFirst ? -1 : (called[put] ?? -1);
  let next = 0;
  for (let i = 0; i < size; i++) {
    for (; next < gets.length && (shown[next] ?? 0) <= i; next++) {
      latest = Math.max(latest, called[gets[next] ?? 0] ?? -1);
    }
    lastCall[i] = latest;
    latest = Math.max(latest, called[appends[i] ?? -1] ?? -1);
  }
  let earliest: number = never;
  next = gets.length - 1;
  for (let i = size - 1; i >= 0; i--) {
    for (; next >= 0 && (shown[next] ?? 0) > i; next--) {
      earliest = Math.min(earliest, returned[gets[next] ?? 0] ?? never);
    }
    firstReturn[i] = earliest;
    earliest = Math.min(earliest, returned[appends[i] ?? -1] ?? never);
  }
  return { lastCall, firstReturn };
}
