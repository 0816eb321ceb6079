import { unreachable } from '../../core/assert.ts';
import type { Checker, CheckerLimits, KeepEvidence } from '../../core/checker.ts';
import type { HistoryEvent } from '../../core/history.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Model } from '../../core/model.ts';
import type { PropertyResult, Verdict } from '../../core/verdict.ts';
import { strongestHeld } from '../criteria/strongest-held.ts';
import { coverageDetails, coverageOf, coverageRemark, type Coverage } from '../history/coverage.ts';
import { never, tableOf, type OperationTable } from '../history/operation-table.ts';
import type { Part } from '../history/parts.ts';
import { models } from '../models/models.ts';
import { counted, listed, milliseconds, seconds } from '../words.ts';
import { explain } from './counterexample.ts';
import { decide, type Decision, type OpenPart, type ProvenPart, type Question } from './decide.ts';
import type { SearchProgress } from './search-progress.ts';
import { linearizationDocument, linearizationFile } from './linearization.ts';

/** Some order of the operations respects real time and is one that the object would have answered so [Herlihy & Wing 1990]. */
export const linearizable = {
  name: 'linearizable',
  description:
    'what clients saw is what one copy could have answered, each operation at one instant between its call and its return',
  check: (run, limits, keep) => {
    const model = models[run.plan.workload.model];
    if (model !== undefined) return judgeTable(tableOf(run.history), { model, limits }, keep);
    const reason = `no sequential model is called ${run.plan.workload.model}; there are ${Object.keys(models).join(', ')}`;
    return { verdict: 'unknown', reason };
  },
} satisfies Checker;

/** An explanation is worth waiting for, but not for long: the verdict is known. */
const explainMsMax = 3000;
/** What still holds is good to know, and no more. */
const heldMsMax = 1500;

export const judgeLinearizable = (
  history: readonly HistoryEvent[],
  model: Model<unknown>,
  limits: CheckerLimits,
): PropertyResult => judgeTable(tableOf(history), { model, limits });

/** `keep` gets one order, where there is one. */
export function judgeTable(table: OperationTable, question: Question, keep?: KeepEvidence): PropertyResult {
  const { verdict, reason, details, proven } = checkTable(table, question);
  if (proven !== null) keep?.(linearizationFile, linearizationDocument(proven, question.model));
  return { verdict, reason, details };
}

/** What is known of a history once it was checked. */
export interface TableResult {
  readonly verdict: Verdict;
  /** One sentence; on `invalid` the proof. */
  readonly reason: string;
  readonly details: JsonObject;
  readonly coverage: Coverage;
  /** Every part with an order that proves it; null but on `valid`. */
  readonly proven: readonly ProvenPart[] | null;
}

export function checkTable(table: OperationTable, question: Question): TableResult {
  const { model, limits } = question;
  const startedAt = limits.now();
  const decision = decide(table, question);
  const coverage = coverageOf(decision.all);
  const result = (said: PropertyResult, proven: TableResult['proven'] = null): TableResult => ({
    verdict: decision.verdict,
    reason: said.reason,
    details: { ...said.details, coverage: coverageDetails(coverage) },
    coverage,
    proven,
  });
  switch (decision.verdict) {
    case 'valid': {
      const reason = `${validReason(decision.all, model)}${coverageRemark(coverage)}`;
      const said = { verdict: decision.verdict, reason, details: { parts: decision.all.length } };
      return result(said, decision.parts);
    }
    case 'invalid':
      return result(refuted(decision, table, question));
    case 'unknown':
      return result(undecidedResult(decision, model, limits.now() - startedAt));
    default:
      return unreachable(decision);
  }
}

const operationCount = (parts: readonly Part[]): number =>
  parts.reduce((sum, { table }) => sum + table.count, 0);

function validReason(parts: readonly Part[], model: Model<unknown>): string {
  const operations = counted(operationCount(parts), 'operation');
  const split =
    model.partition === undefined || parts.length < 2 ? '' : ` on ${counted(parts.length, 'key')}`;
  return `all ${operations}${split} fit into one order (${model.name})`;
}

function refuted(
  decision: Extract<Decision, { verdict: 'invalid' }>,
  table: OperationTable,
  question: Question,
): PropertyResult {
  const { model, limits } = question;
  const until = Math.min(limits.deadline, limits.now() + explainMsMax);
  const { words, details } = explain(decision, question, () => limits.now() > until);
  const { name } = decision.part;
  const held = strongestHeld(table, withLess(question, heldMsMax));
  return {
    verdict: 'invalid',
    reason: `${words}. ${held.words}`,
    details: { model: model.name, key: name, ...details, holds: held.holds, weaker: held.details },
  };
}

/** The same question, with less time. */
function withLess(question: Question, timeMs: number): Question {
  const { limits } = question;
  return { ...question, limits: { ...limits, deadline: Math.min(limits.deadline, limits.now() + timeMs) } };
}

function undecidedResult(
  { open, proven }: Extract<Decision, { verdict: 'unknown' }>,
  model: Model<unknown>,
  tookMs: number,
): PropertyResult {
  const limit = open.some((each) => each.limit === 'memory') ? 'memory' : 'time';
  const undecided = open.map((each) => progressOf(each));
  const known = undecided.map(({ words }) => words);
  const others = proven.length === 0 ? '' : `${counted(proven.length, 'other key')} fit; `;
  return {
    verdict: 'unknown',
    reason: `the search ran out of ${limit} after ${milliseconds(tookMs)}: ${others}${listed(known, 3)}`,
    details: {
      model: model.name,
      limit,
      proven: proven.map(({ part }) => part.name),
      undecided: undecided.map(({ details }) => details),
    },
  };
}

/** How far the search came at which pace, and what it had before it. */
const estimateOf = ({ tried, sinceAdvance, passed, returns, hardest }: SearchProgress): JsonObject => ({
  choicesTried: tried,
  choicesSinceAdvance: sinceAdvance,
  answersPassed: passed,
  answers: returns,
  openWhereItStands: hardest.open,
  unknownWhereItStands: hardest.unknown,
  configurationsLog2: hardest.configurationsLog2,
});

/** What is known of a part that was given up. */
function progressOf({ part, progress, limit }: OpenPart): {
  readonly words: string;
  readonly details: JsonObject;
} {
  const { provenTo, widest, unknown } = progress ?? { provenTo: -1, widest: 0, unknown: 0 };
  const { table } = part;
  let placed = 0;
  let upTo = 0;
  for (let row = 0; row < table.count; row++) {
    if ((table.returned[row] ?? never) >= provenTo) continue;
    placed += 1;
    upTo = Math.max(upTo, table.returnTime[row] ?? 0);
  }
  const name = part.name === '' ? 'the history' : `key ${part.name}`;
  const counts = `${placed} of ${counted(table.count, 'operation')}`;
  const { configurationsLog2 = 0 } = progress?.hardest ?? {};
  const ahead =
    configurationsLog2 < 1
      ? ''
      : `; for the next answer up to 2^${Math.ceil(configurationsLog2)} configurations may have to be gone through`;
  return {
    words: `${name} fits up to ${seconds(upTo)} (${counts}, at most ${widest} open at once, ${unknown} unanswered)${ahead}`,
    details: {
      key: part.name,
      limit,
      operations: table.count,
      provenOperations: placed,
      provenToNs: upTo,
      widestWindow: widest,
      unanswered: unknown,
      ...(progress === null ? {} : { estimate: estimateOf(progress) }),
    },
  };
}
