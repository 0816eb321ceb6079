import type { KeepEvidence } from '../core/checker.ts';
import { messageOf, UsageError } from '../core/errors.ts';
import type { PropertyResult } from '../core/verdict.ts';
import { judgeCriterion } from './criteria/criteria.ts';
import { optionsForModel } from './formats/options-for-model.ts';
import { judgeTable } from './linearizable/linearizable.ts';
import { models } from './models/models.ts';
import type { HistoryJob } from './worker-job.ts';
import { writePieces } from './worker-keep.ts';
import { checkerLimits } from './worker-limits.ts';
import { readHistory, type ReadHistory } from './worker-read.ts';

/** Judges a history file: whether it is well-formed, and whether the object of this model could have answered so. */
export async function judgeHistoryFile(job: HistoryJob): Promise<object> {
  const { path, file, format, failedCas, independent, initial, criterion } = job;
  const model = models[job.model];
  if (model === undefined) throw new UsageError(`there is no model ${job.model}`);
  const read = await readHistory({
    path,
    file,
    format,
    failedCas,
    independent,
    ...optionsForModel(model, initial),
  });
  const properties: Record<string, PropertyResult> = { 'well-formed': assumptionsOf(read) };
  if (read.events > 0) {
    let order: readonly string[] | null = null;
    const keep: KeepEvidence = (_, pieces) => {
      order = job.linearization === undefined ? null : [...pieces];
    };
    properties[criterion] = read.assumptions.verdict === 'valid' ? judged(read, job, keep) : notJudged;
    if (job.linearization !== undefined && order !== null) writePieces(job.linearization, order);
    if (read.succeeded === 0) properties['vacuity'] = nothingSucceeded;
  }
  return { judgement: { properties } };
}

const empty = 'the history is empty, which proves nothing';
const nothingSucceeded = {
  verdict: 'unknown',
  reason: 'no operation succeeded, which proves nothing',
} as const;
const notJudged = { verdict: 'unknown', reason: 'not judged, since the history is not well-formed' } as const;

function assumptionsOf({ assumptions, format, events, succeeded }: ReadHistory): PropertyResult {
  if (events === 0) return { verdict: 'unknown', reason: empty };
  return { ...assumptions, details: { ...assumptions.details, format, events, succeeded } };
}

/** A checker that throws is our bug or the wrong model for the history; neither is a verdict about the system. */
function judged(
  { table }: ReadHistory,
  { model: name, initial, criterion, limits }: HistoryJob,
  keep: KeepEvidence,
): PropertyResult {
  const model = models[name];
  if (model === undefined) throw new UsageError(`there is no model ${name}`);
  // What reading took is gone from the limit on memory: it stays.
  const memoryBytes = Math.max(0, limits.memoryMb * 2 ** 20 - process.memoryUsage.rss());
  const question = { model, initial, limits: checkerLimits(limits.timeMs, memoryBytes) };
  try {
    if (criterion === 'linearizable') return judgeTable(table, question, keep);
    return judgeCriterion(criterion, table, question);
  } catch (error) {
    const reason = error instanceof UsageError ? messageOf(error) : `checker failed: ${messageOf(error)}`;
    return { verdict: 'unknown', reason };
  }
}
