import { never, operationsIn } from '../history/operation-table.ts';
import { prefixOf, type Part } from '../history/parts.ts';
import type { Question } from './decide.ts';
import {
  candidateJudge,
  keptRows,
  lastReturn,
  shortestBadPrefix,
  tidied,
  type CandidateJudge,
} from './shrink-candidates.ts';
import { closureOf, dependentsOf, keptWith } from './units.ts';

/** A part of a part that is still invalid. */
export interface Shrunk {
  readonly part: Part;
  /** Nothing more can be removed: no unit, and not the last answer. False also where that was not decided in time. */
  readonly isMinimal: boolean;
}

export interface ShrinkOptions {
  /** What a monitor gave as the cause. */
  readonly causeRows: readonly number[];
  /** Whether there is no time left for a part of so many operations. */
  readonly isExpired: (operations: number) => boolean;
}

/** What is known of a part in the course of shrinking it. */
interface Work {
  part: Part;
  /** Without its last answer it is valid. */
  isShortest: boolean;
  readonly question: Question;
  readonly judge: CandidateJudge;
  readonly isExpired: () => boolean;
  undecided: number;
  /** Rows of the whole history that the contradiction is about, as far as is known: large chunks leave them alone. */
  essential: ReadonlySet<number>;
}

/**
 * Removes from an invalid part what it need not have to be invalid. Only units go whose removal keeps a valid history valid, and ends: so what
 * is left contradicts itself by what really happened. First what a monitor gave as the cause, then the shortest prefix, then chunks, large ones
 * first [Zeller & Hildebrandt 2002], then one by one until nothing goes.
 */
export function shrink(
  given: Part,
  question: Question,
  { causeRows, isExpired: isLate }: ShrinkOptions,
): Shrunk {
  const isExpired = (): boolean => isLate(work.part.table.count);
  const judge = candidateJudge(question, isExpired);
  const work: Work = {
    part: given,
    isShortest: false,
    question,
    judge,
    isExpired,
    undecided: 0,
    essential: new Set(),
  };
  beginWithCause(work, causeRows);
  // Where monitors are quick, halving costs less than finding the end of a long history does.
  let size = work.part.table.count >>> 1;
  for (; causeRows.length > 0 && size > quickSize && !isExpired(); size >>>= 1) removeChunks(work, size);
  cut(work);
  for (size = Math.min(size, work.part.table.count >>> 1); size > 1 && !isExpired(); size >>>= 1) {
    removeChunks(work, size);
  }
  for (let isChanged = true; isChanged && !isExpired();) {
    work.undecided = 0;
    isChanged = removeChunks(work, 1);
    if (cut(work)) isChanged = true;
  }
  return { part: work.part, isMinimal: work.isShortest && work.undecided === 0 && !isExpired() };
}

const quickSize = 500;

/** As objects, with what goes together. */
const bytesPerOperation = 250;

/** The memory that a check may take is not spent on its explanation: what is that large is cut, and nothing else. */
const isTooLarge = ({ table }: Part, { limits }: Question): boolean =>
  table.count * bytesPerOperation > limits.memoryBytesMax / 2;

/** The cause with what must stay with it, if this alone is invalid; else everything up to its end. */
function beginWithCause(work: Work, causeRows: readonly number[]): void {
  const { part, question, judge } = work;
  const { table } = part;
  if (causeRows.length === 0) return;
  const end = causeRows.reduce((last, row) => Math.max(last, table.returned[row] ?? never), 0);
  const prefix = end === never ? part : prefixOf(part, end);
  if (isTooLarge(prefix, question)) return;
  const operations = operationsIn(prefix.table);
  const dependents = dependentsOf(question.model, operations, question.initial);
  const kept = keptWith(dependents, causeRows, operations.length);
  const cause = tidied(
    keptRows(prefix, (row) => kept[row] === 1),
    question.model,
  );
  work.essential = new Set(cause.rows);
  if (judge(cause) === true) work.part = cause;
  else if (prefix.table.count < table.count && judge(prefix) === true) work.part = prefix;
}

/** Cuts the end off as far as can be; whether there was anything to cut. */
function cut(work: Work): boolean {
  const { question, judge, isExpired } = work;
  const before = lastReturn(work.part.table);
  const { part, isShortest } = shortestBadPrefix(work.part, judge, isExpired);
  const tidy = tidied(part, question.model);
  const isChanged = tidy.table.count < work.part.table.count || lastReturn(tidy.table) < before;
  work.part = tidy;
  work.isShortest = isShortest;
  return isChanged;
}

/** Tries to remove so many operations at a time, each with what must go with it; whether any went. */
function removeChunks(work: Work, size: number): boolean {
  const { question, judge, isExpired } = work;
  const { model, initial } = question;
  if (isTooLarge(work.part, question)) {
    work.undecided += 1;
    return false;
  }
  let isChanged = false;
  let dependents = null;
  for (let at = 0; at < work.part.table.count && !isExpired();) {
    const { table } = work.part;
    dependents ??= dependentsOf(model, operationsIn(table), initial);
    const end = Math.min(at + size, table.count);
    const chunk: number[] = [];
    for (let row = at; row < end; row++) {
      const isTried = size === 1 || !work.essential.has(work.part.rows[row] ?? -1);
      if (isTried && dependents[row] !== null) chunk.push(row);
    }
    const gone = chunk.length === 0 ? null : closureOf(dependents, chunk, table.count);
    const isBad = gone === null || (size > 1 && isHopeless(work, gone)) ? false : judge(without(work, gone));
    if (isBad === null) work.undecided += 1;
    if (gone === null || isBad !== true) {
      at = end;
      continue;
    }
    const before = gone.subarray(0, at).reduce((sum, isGone) => sum + isGone, 0);
    work.part = without(work, gone);
    at -= before;
    dependents = null;
    isChanged = true;
  }
  return isChanged;
}

const without = ({ part, question }: Work, gone: Uint8Array): Part =>
  tidied(
    keptRows(part, (row) => gone[row] === 0),
    question.model,
  );

/** Without the last answer all is well: then it most often is without that operation, too. */
function isHopeless({ part, isShortest }: Work, gone: Uint8Array): boolean {
  const last = lastReturn(part.table);
  return isShortest && gone[part.table.returned.indexOf(last)] === 1;
}
