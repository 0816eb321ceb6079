import { never, type OperationTable } from '../history/operation-table.ts';
import type { SureComposition } from '../models/kv-append-pieces.ts';
import { makeOverlaps, type Overlaps } from './append-overlaps.ts';
import { invalid, onlyRow, undecided, type AppendRows } from './append-rows.ts';
import type { Texts } from './append-texts.ts';
import type { MonitorVerdict } from './monitor.ts';

/** What was there before the first put. */
export const atFirst = -1;

/** With which put each get's text began. By row; of no meaning for what is no answered get. */
export interface Starts {
  /** The row of the put, or `atFirst`. */
  readonly start: Int32Array;
  /** 1: the first piece of the text is the put's; 0: all of it was appended. */
  readonly skipped: Uint8Array;
  /** It might have been another one. */
  readonly isGuess: boolean;
}

/** Which of several to take where nothing tells. */
export type Preference = 'earlier' | 'later';

/** A put, or the beginning, that a text may have begun with. */
interface Candidate {
  readonly row: number;
  readonly skipped: 0 | 1;
}

/** Gets that show the same put, whichever it is: all of them show an append that happened once. */
interface Sharing {
  readonly gets: number[];
  /** The row of that append, the first such one of the text; -1: there is none, and this is one get alone. */
  readonly by: number;
  /** The longest of the texts, and how many pieces it has. */
  made: SureComposition;
  pieces: number;
  /** The first return and the last call of what certainly happened after the put and before the next one. */
  firstReturn: number;
  lastCall: number;
  candidates: readonly Candidate[];
}

/** Candidates to look at for each row of the table. */
const stepsPerRow = 64;
const roundsMax = 10;

/**
 * A get cannot show a put that was called after the get had returned, nor one after which another put had come and gone before the get was
 * called; and so it is with whatever else shows the put. Nor can two different texts have begun with one put. That most often leaves one.
 */
export function startsOf(
  table: OperationTable,
  rows: AppendRows,
  texts: Texts,
  preference: Preference,
): Starts | MonitorVerdict {
  const { count } = table;
  const start = new Int32Array(count).fill(atFirst);
  const skipped = new Uint8Array(count);
  const unclear = new Map<number, Sharing>();
  for (let row = 0; row < count; row++) {
    const text = rows.textRead[row] ?? -1;
    const made = text < 0 ? undefined : texts.madeOf[text];
    if (made === undefined) continue;
    const pieces = texts.pieceCount[text] ?? 0;
    const only = onlyCandidate(made, pieces, rows);
    if (only === null) share(unclear, table, rows, row, made, pieces);
    else {
      start[row] = only.row;
      skipped[row] = only.skipped;
    }
  }
  if (unclear.size === 0) return { start, skipped, isGuess: false };

  const all = [...unclear.values()];
  const fault = narrow(all, table, rows);
  if (fault !== null) return fault;
  const isGuess = choose(all, preference);
  for (const { gets, candidates } of all) {
    for (const get of gets) {
      start[get] = candidates[0]?.row ?? atFirst;
      skipped[get] = candidates[0]?.skipped ?? 0;
    }
  }
  return { start, skipped, isGuess };
}

/** Null: there are several. */
function onlyCandidate(made: SureComposition, pieceCount: number, { puts }: AppendRows): Candidate | null {
  let only: Candidate | null = null;
  for (const { pieces, isInitial, put } of made.beginnings) {
    if (pieces > pieceCount) continue;
    const row = puts.last[put] ?? -1;
    const several = (isInitial ? 1 : 0) + (row < 0 ? 0 : (puts.previous[row] ?? -1) < 0 ? 1 : 2);
    if (several > 1 || (several === 1 && only !== null)) return null;
    if (several === 1) only = { row: isInitial ? atFirst : row, skipped: pieces };
  }
  return only;
}

/** Puts a get to those that show the same append, and what it shows into their stretch of time. */
function share(
  unclear: Map<number, Sharing>,
  { called, returned }: OperationTable,
  { appends }: AppendRows,
  get: number,
  made: SureComposition,
  pieces: number,
): void {
  let by = -1;
  for (let i = surelyAppendedFrom(made); i < pieces && by < 0; i++) by = onlyRow(appends, made.pieces[i] ?? -1);
  const key = by >= 0 ? by : -1 - get;
  let sharing = unclear.get(key);
  if (sharing === undefined) {
    sharing = { gets: [], by, made, pieces, firstReturn: never, lastCall: -1, candidates: [] };
    unclear.set(key, sharing);
  }
  sharing.gets.push(get);
  sharing.firstReturn = Math.min(sharing.firstReturn, returned[get] ?? never);
  sharing.lastCall = Math.max(sharing.lastCall, called[get] ?? -1);
  if (pieces <= sharing.pieces) return;
  sharing.made = made;
  sharing.pieces = pieces;
}

/** The first piece may be a put. */
const surelyAppendedFrom = ({ beginnings }: SureComposition): 0 | 1 =>
  beginnings.every(({ pieces }) => pieces === 0) ? 0 : 1;

/** Leaves the candidates that real time allows. */
function narrow(all: readonly Sharing[], table: OperationTable, rows: AppendRows): MonitorVerdict | null {
  const { called, returned } = table;
  const putsBetween = makeOverlaps(table, rows.puts);
  const appendsBetween = makeOverlaps(table, rows.appends);
  const lastPutBefore = makeLastPutBefore(table, rows);
  let stepsLeft = 1000 + stepsPerRow * table.count;
  for (const sharing of all) {
    const { made, pieces } = sharing;
    for (let i = surelyAppendedFrom(made); i < pieces; i++) {
      const row = onlyRow(rows.appends, made.pieces[i] ?? -1);
      if (row < 0) continue;
      sharing.firstReturn = Math.min(sharing.firstReturn, returned[row] ?? never);
      sharing.lastCall = Math.max(sharing.lastCall, called[row] ?? -1);
    }
    const overwritten = lastPutBefore(sharing.lastCall);
    const found: Candidate[] = [];
    for (const beginning of made.beginnings) {
      if (beginning.pieces > pieces) continue;
      const skipped = beginning.pieces;
      if (beginning.isInitial && overwritten < 0) found.push({ row: atFirst, skipped });
      if (beginning.put < 0) continue;
      const some = putsBetween.between(beginning.put, sharing.firstReturn, overwritten);
      stepsLeft -= some.length;
      for (const row of some) found.push({ row, skipped });
    }
    if (found.length > 1) stepsLeft -= found.length * pieces;
    if (stepsLeft < 0) return undecided('one text was put too often');
    sharing.candidates =
      found.length > 1 ? found.filter((each) => areAppended(each, sharing, table, appendsBetween)) : found;
    if (sharing.candidates.length === 0) return notThen(sharing);
  }
  return withoutOthers(all, table, rows);
}

const notThen = ({ gets, by }: Sharing): MonitorVerdict =>
  invalid([...gets.slice(0, 4), by], 'a get shows what was put or appended too late for it, or too long before');

/** Whether every piece of the text may have been appended between the put and the get. */
function areAppended(
  { row, skipped }: Candidate,
  { made, pieces, firstReturn, gets }: Sharing,
  { called, returned }: OperationTable,
  appends: Overlaps,
): boolean {
  const after = row === atFirst ? -1 : (called[row] ?? 0);
  const before = gets.length === 1 ? (returned[gets[0] ?? 0] ?? never) : never;
  for (let i = skipped; i < pieces; i++) {
    if (appends.between(made.pieces[i] ?? -1, Math.max(before, firstReturn), after).length === 0) return false;
  }
  return true;
}

/** A put begins one text only: what certainly has it takes it from the others. */
function withoutOthers(
  all: readonly Sharing[],
  { called, returned }: OperationTable,
  { appends }: AppendRows,
): MonitorVerdict | null {
  const taken = new Map<number, Sharing>();
  for (let round = 0; round < roundsMax; round++) {
    const before = taken.size;
    for (const sharing of all) {
      const [only, another] = sharing.candidates;
      if (only !== undefined && another === undefined && sharing.by >= 0) taken.set(only.row, sharing);
    }
    if (taken.size === before) return null;
    for (const sharing of all) {
      if (sharing.candidates.length < 2) continue;
      sharing.candidates = sharing.candidates.filter(({ row, skipped }) => {
        const owner = taken.get(row);
        if (owner === undefined) return true;
        if (sharing.by >= 0) return owner === sharing;
        if (sharing.pieces > 0) return true;
        // Nothing shows of the first append to that put, so it had not returned yet.
        const first = onlyRow(appends, owner.made.pieces[skipped] ?? -1);
        return first < 0 || (returned[first] ?? never) > (called[sharing.gets[0] ?? 0] ?? 0);
      });
      if (sharing.candidates.length === 0) return notThen(sharing);
    }
  }
  return null;
}

/** Takes one of several; true: there were several. */
function choose(all: readonly Sharing[], preference: Preference): boolean {
  const taken = new Set<number>();
  let isGuess = false;
  for (const sharing of all) {
    if (sharing.candidates.length > 1) {
      isGuess = true;
      const inOrder = [...sharing.candidates].sort((a, b) => a.row - b.row);
      if (preference === 'later') inOrder.reverse();
      const free = inOrder.find(({ row }) => sharing.by < 0 || !taken.has(row)) ?? inOrder[0];
      sharing.candidates = free === undefined ? [] : [free];
    }
    for (const { row } of sharing.candidates) if (sharing.by >= 0) taken.add(row);
  }
  return isGuess;
}

/** Of the puts that had returned before a position the last call. */
function makeLastPutBefore(
  { called, returned }: OperationTable,
  { puts: { last, previous } }: AppendRows,
): (position: number) => number {
  const rows: number[] = [];
  for (const end of last) {
    for (let row = end; row >= 0; row = previous[row] ?? -1) if (returned[row] !== never) rows.push(row);
  }
  rows.sort((a, b) => (returned[a] ?? 0) - (returned[b] ?? 0));
  const lastCalls = new Int32Array(rows.length);
  let latest = -1;
  for (const [i, row] of rows.entries()) {
    latest = Math.max(latest, called[row] ?? 0);
    lastCalls[i] = latest;
  }
  return (position) => {
    let low = 0;
    let high = rows.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((returned[rows[middle] ?? 0] ?? 0) < position) low = middle + 1;
      else high = middle;
    }
    return lastCalls[low - 1] ?? -1;
  };
}
