import { never, type OperationTable } from '../history/operation-table.ts';
import type { SureComposition } from '../models/kv-append-pieces.ts';
import { makeLastCalls, makeOverlaps, type Overlaps } from './append-overlaps.ts';
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
  /** Takes the next put for somebody who has to do with one of these rows; false: none is left to try. */
  guessAgain(rows: readonly number[]): boolean;
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
  const all = [...unclear.values()];
  const fault = narrow(all, table, rows);
  if (fault !== null) return fault;
  const guesses = guess(all, preference, table);
  const apply = ({ gets, candidates }: Sharing): void => {
    for (const get of gets) {
      start[get] = candidates[0]?.row ?? atFirst;
      skipped[get] = candidates[0]?.skipped ?? 0;
    }
  };
  all.forEach(apply);
  return {
    start,
    skipped,
    isGuess: guesses.length > 0,
    guessAgain: (about) => {
      const wrong = guesses.find((each) => each.candidates.length > 1 && concerns(each, about));
      if (wrong === undefined) return false;
      wrong.candidates = wrong.candidates.slice(1);
      apply(wrong);
      return true;
    },
  };
}

const concerns = ({ gets, by, candidates }: Sharing, rows: readonly number[]): boolean =>
  rows.some((row) => row === by || row === candidates[0]?.row || gets.includes(row));

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
  for (let i = surelyAppendedFrom(made); i < pieces && by < 0; i++)
    by = onlyRow(appends, made.pieces[i] ?? -1);
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
  const lastPutBefore = makeLastCalls(table, rows.puts);
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
  invalid(
    [...gets.slice(0, 4), by],
    'a get shows what was put or appended too late for it, or too long before',
  );

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
    if (appends.between(made.pieces[i] ?? -1, Math.max(before, firstReturn), after).length === 0)
      return false;
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

/**
 * Brings first the one of several candidates that is to be taken, and returns those who had several. Puts are taken in order of time, from one
 * end or the other.
 */
function guess(
  all: readonly Sharing[],
  preference: Preference,
  { called, returned }: OperationTable,
): readonly Sharing[] {
  const unclear = all.filter(({ candidates }) => candidates.length > 1);
  const taken = new Set<number>();
  for (const { by, candidates } of all) {
    if (by >= 0 && candidates.length === 1) taken.add(candidates[0]?.row ?? atFirst);
  }
  const isEarlier = preference === 'earlier';
  const place = isEarlier
    ? ({ row }: Candidate): number => returned[row] ?? -1
    : ({ row }: Candidate): number => -(called[row] ?? -1);
  // Appends tell more of a put than its absence from an empty text.
  unclear.sort(
    (a, b) => Number(b.by >= 0) - Number(a.by >= 0) || (a.firstReturn - b.firstReturn) * (isEarlier ? 1 : -1),
  );
  for (const sharing of unclear) {
    const isTaken = ({ row }: Candidate): number => (sharing.by >= 0 && taken.has(row) ? 1 : 0);
    sharing.candidates = [...sharing.candidates].sort(
      (a, b) => isTaken(a) - isTaken(b) || place(a) - place(b),
    );
    if (sharing.by >= 0) taken.add(sharing.candidates[0]?.row ?? atFirst);
  }
  return unclear;
}
