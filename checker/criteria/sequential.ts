import { unreachable } from '../../core/assert.ts';
import type { Model } from '../../core/model.ts';
import { never, type OperationTable } from '../history/operation-table.ts';
import { models } from '../models/models.ts';
import { judgeCausalMemory, type Refutation } from './causal-memory.ts';
import { objectsOf } from './objects.ts';
import { registerGraphOf, type RegisterGraph } from './register-graph.ts';
import { searchRegisters } from './register-search.ts';
import type { Saturation } from './saturate.ts';
import { searchRounds, type RoundsAnswer, type SearchQuestion } from './search-rounds.ts';
import type { Task } from './sequential-search.ts';
import { sessionsOf } from './sessions.ts';
import { saturateInWindows } from './windows.ts';

/** Whether there is an order of all operations that keeps each process's own and that the object allows. */
export type SequentialDecision =
  | { readonly verdict: 'valid'; readonly order: Int32Array }
  | { readonly verdict: 'invalid'; readonly why: SequentialRefutation }
  | {
      readonly verdict: 'unknown';
      readonly limit: 'time' | 'memory';
      /** The most operations that fitted into one order. */
      readonly placed: number;
    };

export type SequentialRefutation =
  /** It is not even causal. */
  | { readonly type: 'causal'; readonly graph: RegisterGraph; readonly refutation: Refutation }
  /** Rows that met what nobody wrote. */
  | { readonly type: 'thin air'; readonly rows: readonly number[] }
  | { readonly type: 'cycle'; readonly graph: RegisterGraph; readonly saturation: Saturation }
  /** Nothing fits; at best so many could be placed, and then none of these rows. */
  | { readonly type: 'search'; readonly placed: number; readonly next: readonly number[] };

/** Whether the operations are those of one or several registers. */
export const isRegister = (model: Model<unknown>): boolean => model.step === models['register']?.step;

/** Lamport 1979. Not local, so never split by key; NP-complete, so there are limits [Gibbons & Korach 1997]. */
export function decideSequential(table: OperationTable, question: SearchQuestion): SequentialDecision {
  const { model, initial, limits } = question;
  const graph = isRegister(model) ? registerGraphOf(table, initial ?? null) : null;
  if (graph === null || 'why' in graph)
    return decided(searchRounds(() => plainTask(table, question), table.count, question));
  if (graph.thinAir.length > 0) return { verdict: 'invalid', why: { type: 'thin air', rows: graph.thinAir } };
  const causal = judgeCausalMemory(graph, () => limits.now() > limits.deadline);
  if (causal.verdict === 'invalid')
    return { verdict: 'invalid', why: { type: 'causal', graph, refutation: causal.refutation } };
  return decideOrder(table, question, graph);
}

/** The same for registers, where causality is kept as far as is known. */
export function decideOrder(
  table: OperationTable,
  question: SearchQuestion,
  graph: RegisterGraph,
): SequentialDecision {
  const { limits } = question;
  const isExpired = (): boolean => limits.now() > limits.deadline;
  const saturation = saturateInWindows(graph, { isExpired, bytesMax: limits.memoryBytesMax / 2 });
  if (saturation.status === 'cycle') return { verdict: 'invalid', why: { type: 'cycle', graph, saturation } };
  return decided(searchRegisters(table, question, graph, saturation.edges));
}

function decided(answer: RoundsAnswer): SequentialDecision {
  switch (answer.status) {
    case 'found':
      return { verdict: 'valid', order: answer.order };
    case 'none':
      return { verdict: 'invalid', why: { type: 'search', placed: answer.placed, next: answer.next } };
    case 'unknown':
      return { verdict: 'unknown', limit: answer.limit, placed: answer.placed };
    default:
      return unreachable(answer);
  }
}

/** To put all operations in an order, with nothing known in advance. */
export function plainTask(table: OperationTable, question: SearchQuestion): Task {
  const objects = objectsOf(table, question);
  return {
    sessions: sessionsOf(table, (row) => table.returned[row] === never && objects.isPure[row] === 1),
    objects,
    start: Float64Array.from(table.called),
    end: Float64Array.from(table.returned),
    guide: null,
  };
}
