import type { CheckerLimits } from '../../core/checker.ts';
import type { Json } from '../../core/json.ts';
import type { Model, TimedOperation } from '../../core/model.ts';
import { operationsIn, type OperationTable } from '../history/operation-table.ts';
import { partsOf, type Part } from '../history/parts.ts';
import type { MonitorContext, SearchAnswer } from '../monitors/monitor.ts';
import { monitorOf } from '../monitors/registry.ts';
import { makeSearch, makeTableSearch, type Search } from './search.ts';

/** What is to be decided, besides the operations. */
export interface Question {
  readonly model: Model<unknown>;
  /** What each object holds at first; undefined: as the model begins by itself. */
  readonly initial?: Json | undefined;
  readonly limits: CheckerLimits;
}

/** Whether the operations fit into an order that respects real time; `all`: every part. */
export type Decision = { readonly all: readonly Part[] } & PartsDecision;

type PartsDecision =
  | { readonly verdict: 'valid'; readonly parts: readonly ProvenPart[] }
  | {
      readonly verdict: 'invalid';
      readonly part: Part;
      /** What a monitor gave as the cause: rows of the part's table, and the rule. */
      readonly cause: { readonly rows: readonly number[]; readonly rule: string } | null;
    }
  | {
      readonly verdict: 'unknown';
      readonly proven: readonly ProvenPart[];
      readonly open: readonly OpenPart[];
    };

/** A part that is linearizable. */
export interface ProvenPart {
  readonly part: Part;
  /** Rows of the part's table in one order that proves it: all with an answer, and those without that took effect. */
  linearization(): Int32Array;
}

/** A part that was given up. */
export interface OpenPart {
  readonly part: Part;
  readonly limit: 'time' | 'memory';
  /** Null: its search never began. */
  readonly progress: ReturnType<Search['progress']> | null;
}

/** A part whose search is under way. */
interface Job {
  readonly part: Part;
  readonly search: Search;
  givenUp: 'time' | 'memory' | null;
  /** What its search takes. */
  bytes: number;
}

const firstChoices = 2000;
const mostChoices = 16_000;
/** What a monitor may ask of a search at once. */
const choicesForMonitor = 200_000;

/** Monitors first, whatever the number of parts: they are quick, and what they refute need not be searched for. */
export function decide(table: OperationTable, question: Question): Decision {
  const all = partsOf(table, question.model);
  return { all, ...decideParts(all, question) };
}

function decideParts(parts: readonly Part[], question: Question): PartsDecision {
  const proven: ProvenPart[] = [];
  const waiting: Part[] = [];
  const monitor = monitorOf(question.model);
  for (const part of parts) {
    const answer = monitor?.judge(part.table, contextOf(question));
    if (answer?.verdict === 'invalid') return { verdict: 'invalid', part, cause: answer };
    if (answer?.verdict === 'valid') proven.push({ part, linearization: () => answer.linearization() });
    else waiting.push(part);
  }
  return searchAll(waiting, proven, question);
}

/**
 * Parts take turns, so that a hard one does not hide what an easy one shows, and the first bad one ends the job. A part that asks for too much
 * memory is given up, and the others go on.
 */
function searchAll(parts: readonly Part[], proven: ProvenPart[], question: Question): PartsDecision {
  const { limits } = question;
  const isExpired = (): boolean => limits.now() > limits.deadline;
  const jobs: Job[] = [];
  let bytes = 0; // of all jobs
  const open: OpenPart[] = [];
  let waiting: readonly (Part | Job)[] = parts;
  for (let choices = firstChoices; waiting.length > 0; choices = Math.min(mostChoices, choices * 2)) {
    const undecided: Job[] = [];
    for (const each of waiting) {
      if (isExpired()) {
        open.push(openPart(each, 'time'));
        continue;
      }
      const job = 'search' in each ? each : begun(each, question, jobs);
      const status = job.search.run(choices, isExpired);
      if (status === 'exhausted') return { verdict: 'invalid', part: job.part, cause: null };
      if (status === 'found') {
        const order = Int32Array.from(job.search.order());
        proven.push({ part: job.part, linearization: () => order });
        jobs.splice(jobs.indexOf(job), 1);
      } else undecided.push(job);
      const bytesNow = status === 'found' ? 0 : job.search.bytes();
      bytes += bytesNow - job.bytes;
      job.bytes = bytesNow;
      if (bytes > limits.memoryBytesMax) {
        const largest = jobs.reduce((a, b) => (b.bytes > a.bytes ? b : a));
        largest.givenUp = 'memory';
        bytes -= largest.bytes;
        open.push(openPart(largest, 'memory'));
        jobs.splice(jobs.indexOf(largest), 1);
      }
    }
    waiting = undecided.filter(({ givenUp }) => givenUp === null);
  }
  return open.length > 0 ? { verdict: 'unknown', proven, open } : { verdict: 'valid', parts: proven };
}

function begun(part: Part, question: Question, jobs: Job[]): Job {
  const windowBytes = Math.floor(question.limits.memoryBytesMax / 4);
  const { model, initial } = question;
  const search =
    model.lookAhead === undefined
      ? makeTableSearch(model, part.table, { windowBytes, initial })
      : searchFor(operationsIn(part.table), question, windowBytes);
  const job: Job = { part, search, givenUp: null, bytes: 0 };
  jobs.push(job);
  return job;
}

const openPart = (each: Part | Job, limit: 'time' | 'memory'): OpenPart =>
  'search' in each
    ? { part: each.part, limit, progress: each.search.progress() }
    : { part: each, limit, progress: null };

/** A search with all that the model can tell in advance. */
export function searchFor(
  operations: readonly TimedOperation[],
  { model, initial }: Pick<Question, 'model' | 'initial'>,
  windowBytes: number,
): Search {
  const ahead = model.lookAhead?.(operations, initial) ?? { operations };
  return makeSearch(model, ahead, { windowBytes, initial });
}

const contextOf = (question: Question): MonitorContext => ({
  initial: question.initial,
  search: (operations, initial): SearchAnswer => {
    const { limits, model } = question;
    const search = searchFor(operations, { model, initial }, Math.floor(limits.memoryBytesMax / 8));
    const isExpired = (): boolean => limits.now() > limits.deadline;
    for (let tried = 0; tried < choicesForMonitor && !isExpired(); tried += firstChoices) {
      const status = search.run(firstChoices, isExpired);
      if (status === 'found') return { status, order: search.order() };
      if (status === 'exhausted') return { status: 'none' };
      if (search.bytes() > limits.memoryBytesMax / 4) break;
    }
    return { status: 'unknown' };
  },
});
