import type { Checker, CheckerLimits } from '../../core/checker.ts';
import type { HistoryEvent } from '../../core/history.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Model } from '../../core/model.ts';
import type { PropertyResult } from '../../core/verdict.ts';
import { models } from '../models/models.ts';
import { counted, listed, milliseconds, seconds } from '../words.ts';
import { explain } from './counterexample.ts';
import { partsOf, type Part } from './parts.ts';
import { makeSearch, type Search } from './search.ts';

/** Some order of the operations respects real time and is one that the object would have answered so [Herlihy & Wing 1990]. */
export const linearizable = {
  name: 'linearizable',
  description:
    'what clients saw is what one copy could have answered, each operation at one instant between its call and its return',
  check: (run, limits) => {
    const model = models[run.plan.workload.model];
    if (model !== undefined) return judgeLinearizable(run.history, model, limits);
    const reason = `no sequential model is called ${run.plan.workload.model}; there are ${Object.keys(models).join(', ')}`;
    return { verdict: 'unknown', reason };
  },
} satisfies Checker;

/** A part whose search is under way. */
interface Job {
  readonly part: Part;
  search: Search | null;
  /** Why it was given up. */
  givenUp: 'time' | 'memory' | null;
}

const firstChoices = 2000;
const mostChoices = 16_000;
/** An explanation is worth waiting for, but not for long: the verdict is known. */
const explainMsMax = 3000;

/**
 * Parts take turns, so that a hard one does not hide what an easy one shows, and the first bad one ends the job. A part that asks for too much
 * memory is given up, and the others go on.
 */
export function judgeLinearizable(
  history: readonly HistoryEvent[],
  model: Model<unknown>,
  limits: CheckerLimits,
): PropertyResult {
  const startedAt = limits.now();
  const isExpired = (): boolean => limits.now() > limits.deadline;
  const parts = partsOf(history, model);
  const jobs = parts.map((part): Job => ({ part, search: null, givenUp: null }));
  const proven: Part[] = [];
  let waiting = jobs;
  for (let choices = firstChoices; waiting.length > 0; choices = Math.min(mostChoices, choices * 2)) {
    const undecided: Job[] = [];
    for (const job of waiting) {
      if (isExpired()) {
        job.givenUp = 'time';
        continue;
      }
      job.search ??= searchOf(job.part, model, limits);
      const status = job.search.run(choices);
      if (status === 'exhausted') return refuted(job.part, model, limits);
      if (status === 'found') {
        proven.push(job.part);
        job.search = null;
      } else undecided.push(job);
      if (memoryOf(jobs) > limits.memoryBytesMax) giveUpLargest(jobs);
    }
    waiting = undecided.filter(({ givenUp }) => givenUp === null);
  }
  const open = jobs.filter(({ givenUp }) => givenUp !== null);
  if (open.length > 0) return undecidedResult(open, proven, model, limits.now() - startedAt);
  return { verdict: 'valid', reason: validReason(parts, model), details: { parts: parts.length } };
}

function searchOf(part: Part, model: Model<unknown>, limits: CheckerLimits): Search {
  const ahead = model.lookAhead?.(part.operations) ?? { operations: part.operations };
  return makeSearch(model, ahead, Math.floor(limits.memoryBytesMax / 4));
}

const memoryOf = (jobs: readonly Job[]): number =>
  jobs.reduce((sum, { search, givenUp }) => sum + (givenUp === null ? (search?.bytes() ?? 0) : 0), 0);

function giveUpLargest(jobs: readonly Job[]): void {
  const size = (job: Job): number => (job.givenUp === null ? (job.search?.bytes() ?? 0) : 0);
  const [largest] = [...jobs].sort((a, b) => size(b) - size(a));
  if (largest !== undefined) largest.givenUp = 'memory';
}

const operationCount = (parts: readonly Part[]): number =>
  parts.reduce((sum, { operations }) => sum + operations.length, 0);

function validReason(parts: readonly Part[], model: Model<unknown>): string {
  const operations = counted(operationCount(parts), 'operation');
  const split =
    model.partition === undefined || parts.length < 2 ? '' : ` on ${counted(parts.length, 'key')}`;
  return `all ${operations}${split} fit into one order (${model.name})`;
}

function refuted(part: Part, model: Model<unknown>, limits: CheckerLimits): PropertyResult {
  const until = Math.min(limits.deadline, limits.now() + explainMsMax);
  const { words, details } = explain(part, model, () => limits.now() > until);
  return { verdict: 'invalid', reason: words, details: { model: model.name, key: part.name, ...details } };
}

function undecidedResult(
  open: readonly Job[],
  proven: readonly Part[],
  model: Model<unknown>,
  tookMs: number,
): PropertyResult {
  const limit = open.some(({ givenUp }) => givenUp === 'memory') ? 'memory' : 'time';
  const undecided = open.map((job) => progressOf(job));
  const known = undecided.map(({ words }) => words);
  const others = proven.length === 0 ? '' : `${counted(proven.length, 'other key')} fit; `;
  return {
    verdict: 'unknown',
    reason: `the search ran out of ${limit} after ${milliseconds(tookMs)}: ${others}${listed(known, 3)}`,
    details: {
      model: model.name,
      limit,
      proven: proven.map(({ name }) => name),
      undecided: undecided.map(({ details }) => details),
    },
  };
}

/** What is known of a part that was given up. */
function progressOf({ part, search, givenUp }: Job): {
  readonly words: string;
  readonly details: JsonObject;
} {
  const { provenTo, widest, unknown } = search?.progress() ?? { provenTo: -1, widest: 0, unknown: 0 };
  const placed = part.operations.filter(({ returned }) => returned < provenTo);
  const upTo = placed.reduce((latest, { completion }) => Math.max(latest, completion?.time ?? 0), 0);
  const name = part.name === '' ? 'the history' : `key ${part.name}`;
  const counts = `${placed.length} of ${counted(part.operations.length, 'operation')}`;
  return {
    words: `${name} fits up to ${seconds(upTo)} (${counts}, at most ${widest} open at once, ${unknown} unanswered)`,
    details: {
      key: part.name,
      limit: givenUp,
      operations: part.operations.length,
      provenOperations: placed.length,
      provenToNs: upTo,
      widestWindow: widest,
      unanswered: unknown,
    },
  };
}
