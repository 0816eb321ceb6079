import type { Model } from '../../core/model.ts';
import { never, operationAt, operationsIn, rowsOf, type OperationTable } from '../history/operation-table.ts';
import { prefixOf, type Part } from '../history/parts.ts';
import type { MonitorContext, SearchAnswer } from '../monitors/monitor.ts';
import { monitorOf } from '../monitors/registry.ts';
import { searchFor, type Question } from './decide.ts';

/** Whether a part is invalid; null: not decided soon enough. */
export type CandidateJudge = (part: Part) => boolean | null;

const choicesMax = 200_000;
const choicesAtOnce = 2000;
const windowBytes = 32 * 1024 * 1024;

/** Decides what is left of a history again and again: by the model's monitor, else by a search that is given up early. */
export function candidateJudge(question: Question, isExpired: () => boolean): CandidateJudge {
  const { model, initial } = question;
  const monitor = monitorOf(model);
  const search: MonitorContext['search'] = (operations, from): SearchAnswer => {
    const job = searchFor(operations, { model, initial: from }, windowBytes);
    for (let choices = 0; choices < choicesMax && !isExpired(); choices += choicesAtOnce) {
      const status = job.run(choicesAtOnce);
      if (status === 'found') return { status, order: job.order() };
      if (status === 'exhausted') return { status: 'none' };
    }
    return { status: 'unknown' };
  };
  return ({ table }) => {
    const verdict = monitor?.judge(table, { initial, search }).verdict ?? 'undecided';
    if (verdict !== 'undecided') return verdict === 'invalid';
    const { status } = search(operationsIn(table), initial);
    return status === 'unknown' ? null : status === 'none';
  };
}

/** The part with only these rows, given by flags. */
export function keptRows(part: Part, isKept: (row: number) => boolean): Part {
  const { table, rows, name } = part;
  const kept = Int32Array.from({ length: table.count }, (_, row) => row).filter(isKept);
  return { name, table: rowsOf(table, kept), rows: kept.map((row) => rows[row] ?? 0) };
}

/** The last return; -1: nothing was answered. */
export function lastReturn({ count, returned }: OperationTable): number {
  let last = -1;
  for (let row = 0; row < count; row++) {
    const position = returned[row] ?? never;
    if (position !== never && position > last) last = position;
  }
  return last;
}

/** Without what can have no influence: what was called after the last return, and what has no answer and changes nothing. */
export function tidied(part: Part, model: Model<unknown>): Part {
  const { table } = part;
  const end = lastReturn(table);
  return keptRows(part, (row) => {
    if ((table.called[row] ?? 0) > end) return false;
    return (table.returned[row] ?? never) !== never || model.isPure?.(operationAt(table, row)) !== true;
  });
}

/** A part that is invalid, and whether it is known that it would be valid without its last answer. */
export interface BadPrefix {
  readonly part: Part;
  readonly isShortest: boolean;
}

/**
 * The shortest prefix that is not linearizable: it ends with a return. Prefixes of a linearizable history are linearizable, so it is found
 * by bisection; a prefix that is not decided counts as good, which makes the one found longer, never wrong.
 */
export function shortestBadPrefix(part: Part, judge: CandidateJudge, isExpired: () => boolean): BadPrefix {
  const returns = part.table.returned.filter((position) => position !== never).sort();
  let low = 0;
  let high = returns.length - 1;
  let isShortest = true;
  let shortest = part;
  while (low < high && !isExpired()) {
    const middle = Math.floor((low + high) / 2);
    const prefix = prefixOf(part, returns[middle] ?? never);
    const isBad = judge(prefix);
    if (isBad === true) {
      high = middle;
      shortest = prefix;
    } else {
      low = middle + 1;
      isShortest = isBad === false;
    }
  }
  return { part: shortest, isShortest: isShortest && low >= high };
}
