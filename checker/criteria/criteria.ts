import { unreachable } from '../../core/assert.ts';
import type { Checker } from '../../core/checker.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import type { PropertyResult } from '../../core/verdict.ts';
import { operationAt, tableOf, type OperationTable } from '../history/operation-table.ts';
import { models } from '../models/models.ts';
import { counted, listed } from '../words.ts';
import { judgeCausalMemory, type Contradiction, type Refutation } from './causal-memory.ts';
import { initially, registerGraphOf, type RegisterGraph } from './register-graph.ts';
import type { SearchQuestion } from './search-rounds.ts';
import { decideSequential, isRegister, type SequentialRefutation } from './sequential.ts';
import { brokenGuarantees } from './session-guarantees.ts';

/** Criteria weaker than linearizability; neither is local, so keys are never split. */
export type Criterion = 'sequential' | 'causal';

export function judgeCriterion(
  criterion: Criterion,
  table: OperationTable,
  question: SearchQuestion,
): PropertyResult {
  return criterion === 'sequential' ? judgeSequential(table, question) : judgeCausal(table, question);
}

/** What is left of a history that is not linearizable. `holds`: null where it cannot be said. */
export interface Held {
  readonly holds: 'sequential' | 'causal' | 'session guarantees' | 'none' | null;
  /** One sentence without a full stop. */
  readonly words: string;
  readonly details: JsonObject;
}

/** The strongest criterion that holds, each asked within the limits. */
export function strongestHeld(table: OperationTable, question: SearchQuestion): Held {
  const sequential = judgeSequential(table, question);
  if (sequential.verdict === 'valid') {
    const words = 'It is still sequentially consistent: only the order of real time is broken';
    return { holds: 'sequential', words, details: { sequential: 'valid' } };
  }
  const causal = judgeCausal(table, question);
  const details = { sequential: sequential.verdict, causal: causal.verdict };
  if (sequential.verdict === 'unknown') {
    const words = `Whether it is sequentially consistent is not known: ${sequential.reason}`;
    return { holds: null, words, details };
  }
  if (causal.verdict === 'valid') {
    return { holds: 'causal', words: 'It is not sequentially consistent, but causally consistent', details };
  }
  if (causal.verdict === 'unknown') {
    return { holds: null, words: 'It is not even sequentially consistent', details };
  }
  const graph = registerGraphOf(table, question.initial ?? null);
  const broken = typeof graph === 'string' ? [] : brokenGuarantees(graph);
  if (broken.length === 0) {
    return {
      holds: 'session guarantees',
      words: 'It is not causally consistent, though no session guarantee is seen to be broken',
      details,
    };
  }
  const say = sayer(table, question);
  const rowOf = (node: number): number => (typeof graph === 'string' ? -1 : (graph.rows[node] ?? -1));
  const words = broken.map(
    ({ name, reader, newer }) =>
      `${name} (${say(rowOf(reader))} came after ${say(rowOf(newer))}, which it should have seen)`,
  );
  return {
    holds: 'none',
    words: `It is not even causally consistent; broken session guarantees: ${listed(words, 4)}`,
    details: { ...details, brokenGuarantees: broken.map(({ name }) => name) },
  };
}

function judgeSequential(table: OperationTable, question: SearchQuestion): PropertyResult {
  const decision = decideSequential(table, question);
  switch (decision.verdict) {
    case 'valid': {
      const reason = `all ${counted(table.count, 'operation')} fit into one order that keeps that of each process (${question.model.name})`;
      return { verdict: 'valid', reason };
    }
    case 'invalid':
      return { verdict: 'invalid', reason: sequentialWords(decision.why, table, question) };
    case 'unknown': {
      const reason = `the search ran out of ${decision.limit}: at most ${counted(decision.placed, 'operation')} of ${table.count} fitted into one order`;
      return { verdict: 'unknown', reason, details: { limit: decision.limit, placed: decision.placed } };
    }
    default:
      return unreachable(decision);
  }
}

function sequentialWords(why: SequentialRefutation, table: OperationTable, question: SearchQuestion): string {
  const say = sayer(table, question);
  switch (why.type) {
    case 'thin air':
      return `${say(why.rows[0] ?? -1)} met a value that nobody wrote`;
    case 'causal':
      return `it is not even causally consistent: ${causalWords(why.graph, why.refutation, say)}`;
    case 'cycle':
      return 'no order will do: the order of each process, who read what, and what follows from both contradict each other';
    case 'search':
      return `no order of each process's operations is one that the object allows; at best ${why.placed} of ${counted(table.count, 'operation')} fitted, and then none of ${listed(why.next.map(say), 4)}`;
    default:
      return unreachable(why);
  }
}

function judgeCausal(table: OperationTable, { model, initial, limits }: SearchQuestion): PropertyResult {
  if (!isRegister(model)) {
    const reason = `causal consistency is judged for registers only, not for ${model.name}`;
    return { verdict: 'unknown', reason };
  }
  const graph = registerGraphOf(table, initial ?? null);
  if (typeof graph === 'string') return { verdict: 'unknown', reason: `it cannot be judged: ${graph}` };
  const say = sayer(table, { model });
  if (graph.thinAir.length > 0) {
    return {
      verdict: 'invalid',
      reason: `${say(graph.thinAir[0] ?? -1)} met a value that nobody wrote`,
    };
  }
  const answer = judgeCausalMemory(graph, () => limits.now() > limits.deadline);
  if (answer.verdict === 'invalid') {
    return { verdict: 'invalid', reason: causalWords(graph, answer.refutation, say) };
  }
  if (answer.verdict === 'unknown') {
    const reason =
      answer.failedCas < 0
        ? 'time ran out'
        : `it is not known whether ${say(graph.rows[answer.failedCas] ?? -1)} can have failed`;
    return { verdict: 'unknown', reason };
  }
  if (graph.unclear.length > 0) {
    const reason = `${say(graph.unclear[0] ?? -1)} met a value that several may have written; with unique values it could be judged`;
    return { verdict: 'unknown', reason };
  }
  const reason = `for each process there is an order of its operations and all writes that keeps causes before effects (${counted(table.count, 'operation')})`;
  return { verdict: 'valid', reason };
}

function causalWords(
  graph: RegisterGraph,
  { chain, contradiction }: Refutation,
  say: (row: number) => string,
): string {
  const node = (each: number): string => say(graph.rows[each] ?? -1);
  const first = graph.rows[graph.chainStart[chain] ?? 0] ?? -1;
  return `no order will do for the process of ${say(first)}: ${contradictionWords(contradiction, node)}`;
}

function contradictionWords(contradiction: Contradiction, say: (node: number) => string): string {
  switch (contradiction.type) {
    case 'cycle':
      return `each of these must come before the next, and the last before the first: ${listed(contradiction.nodes.filter((node) => node !== initially).map(say), 8)}`;
    case 'initial':
      return `${say(contradiction.reader)} met what was there at first, though ${say(contradiction.writer)} must come before it`;
    case 'returned':
      return `${say(contradiction.cas)} did not meet what was there at first, but ${say(contradiction.reader)} met it later`;
    case 'impossible':
      return `whatever can have made ${say(contradiction.cas)} fail comes before the value that it expected, or after it`;
    default:
      return unreachable(contradiction);
  }
}

function sayer(table: OperationTable, { model }: Pick<SearchQuestion, 'model'>): (row: number) => string {
  return (row) => {
    const operation = operationAt(table, row);
    const value: Json = operation.value;
    const what = model.describe?.(operation) ?? `${operation.f} ${JSON.stringify(value)}`;
    return `${what} (process ${table.process[row] ?? 0})`;
  };
}

/** What clients saw is what one copy could have answered, if time is not looked at but within each process. */
export const sequential = checkerOf(
  'sequential',
  'what clients saw is what one copy could have answered, keeping the order of each process but not that of real time',
);

/** No process sees an effect before its cause. */
export const causal = checkerOf(
  'causal',
  'no client sees an effect before its cause (registers with unique values)',
);

function checkerOf(name: Criterion, description: string): Checker {
  return {
    name,
    description,
    check: ({ history, plan }, limits) => {
      const model = models[plan.workload.model];
      if (model !== undefined) return judgeCriterion(name, tableOf(history), { model, limits });
      return { verdict: 'unknown', reason: `no sequential model is called ${plan.workload.model}` };
    },
  };
}
