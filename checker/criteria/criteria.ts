import { unreachable } from '../../core/assert.ts';
import type { Checker } from '../../core/checker.ts';
import type { JsonObject } from '../../core/json.ts';
import type { PropertyResult } from '../../core/verdict.ts';
import { tableOf, type OperationTable } from '../history/operation-table.ts';
import { decide } from '../linearizable/decide.ts';
import { models } from '../models/models.ts';
import { counted } from '../words.ts';
import { causalDoubtWords, causalFindings } from './causal-words.ts';
import { decideCausal, withShare } from './causal.ts';
import type { SearchQuestion } from './search-rounds.ts';
import { refutedWords, unfinishedWords } from './sequential-words.ts';
import { decideSequential } from './sequential.ts';
import { tellerFor } from './telling.ts';

/** Criteria weaker than linearizability; neither is local, so keys are never split. */
export type Criterion = 'sequential' | 'causal';

/** Whether the history keeps the criterion. `reason` names the operations that contradict each other. */
export function judgeCriterion(
  criterion: Criterion,
  table: OperationTable,
  question: SearchQuestion,
): PropertyResult {
  return criterion === 'sequential' ? judgeSequential(table, question) : judgeCausal(table, question);
}

function judgeSequential(table: OperationTable, question: SearchQuestion): PropertyResult {
  const { name } = question.model;
  const fits = `all ${counted(table.count, 'operation')} fit into one order that keeps that of each process`;
  if (decide(table, withShare(question, 0.3)).verdict === 'valid')
    return { verdict: 'valid', reason: `${fits}, and even real time (${name})` };
  const decision = decideSequential(table, question);
  switch (decision.verdict) {
    case 'valid':
      return { verdict: 'valid', reason: `${fits}, though not real time (${name})` };
    case 'invalid': {
      const teller = tellerFor(table, question.model);
      const { words, rows, details } = refutedWords(decision.why, table, teller, question);
      return invalid(words, { model: name, ...details, operations: teller.events(rows) });
    }
    case 'unknown': {
      const { limit, placed } = decision;
      const details = { model: name, limit, placed, operations: table.count };
      return { verdict: 'unknown', reason: unfinishedWords(decision, table), details };
    }
    default:
      return unreachable(decision);
  }
}

function judgeCausal(table: OperationTable, question: SearchQuestion): PropertyResult {
  const decision = decideCausal(table, question);
  const teller = tellerFor(table, question.model);
  const { name } = question.model;
  switch (decision.verdict) {
    case 'valid': {
      const reason = `for each process there is an order of its operations and all writes that keeps causes before effects (${name}, ${counted(table.count, 'operation')})`;
      return { verdict: 'valid', reason };
    }
    case 'invalid': {
      const { words, rows, details } = causalFindings(decision.why, teller, question);
      return invalid(words, { model: name, ...details, operations: teller.events(rows) });
    }
    case 'unknown': {
      const { words, rows } = causalDoubtWords(decision, teller);
      return {
        verdict: 'unknown',
        reason: words,
        details: { model: name, operations: teller.events(rows) },
      };
    }
    default:
      return unreachable(decision);
  }
}

const invalid = (reason: string, details: JsonObject): PropertyResult => ({
  verdict: 'invalid',
  reason,
  details,
});

export const sequential = checkerOf(
  'sequential',
  'what clients saw is what one copy could have answered, keeping the order of each process but not that of real time [Lamport 1979]',
);

export const causal = checkerOf(
  'causal',
  'no client sees an effect before its cause (causal memory, for registers with unique values) [Ahamad et al. 1995]',
);

function checkerOf(name: Criterion, description: string): Checker {
  return {
    name,
    description,
    check: ({ history, plan }, limits) => {
      const model = models[plan.workload.model];
      if (model !== undefined) return judgeCriterion(name, tableOf(history), { model, limits });
      const reason = `no sequential model is called ${plan.workload.model}; there are ${Object.keys(models).join(', ')}`;
      return { verdict: 'unknown', reason };
    },
  };
}
