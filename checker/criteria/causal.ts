import type { OperationTable } from '../history/operation-table.ts';
import { decide } from '../linearizable/decide.ts';
import { judgeCausalMemory, type Refutation } from './causal-memory.ts';
import { nothing, registerGraphOf, type RegisterGraph } from './register-graph.ts';
import type { SearchQuestion } from './search-rounds.ts';
import { decideOrder, isRegister, type SequentialDecision } from './sequential.ts';
import { searchView, type View } from './view-search.ts';

/** Whether a history of registers is causal memory, see `judgeCausalMemory`. */
export type CausalDecision =
  | {
      readonly verdict: 'valid';
      readonly graph: RegisterGraph;
      /** What was found out on the way about one order of all; null: nothing. */
      readonly order: SequentialDecision | null;
    }
  | { readonly verdict: 'invalid'; readonly why: CausalViolation }
  | { readonly verdict: 'unknown'; readonly why: CausalDoubt };

export type CausalViolation =
  /** Rows that met what nobody wrote. */
  | { readonly type: 'thin air'; readonly rows: readonly number[] }
  /** Rows that no register would have answered so. */
  | { readonly type: 'wrong answer'; readonly rows: readonly number[]; readonly rule: string }
  | { readonly type: 'views'; readonly graph: RegisterGraph; readonly refutation: Refutation }
  /** With what these failed cas, rows of one process, did not meet, its operations have no order. */
  | { readonly type: 'failed cas'; readonly rows: readonly number[] };

export type CausalDoubt =
  | { readonly type: 'no registers' }
  | { readonly type: 'no answers'; readonly why: string }
  /** Rows that met what several may have written. */
  | { readonly type: 'several writers'; readonly rows: readonly number[] }
  /** Rows: failed cas of which it is not known whether they can have failed. */
  | { readonly type: 'failed cas'; readonly rows: readonly number[] }
  | { readonly type: 'time' };

/**
 * Where values repeat, or where a cas failed, only an order of all operations, or at least one for each process, can show that a history is
 * causal; that it is not is seen from the rest.
 */
export function decideCausal(table: OperationTable, question: SearchQuestion): CausalDecision {
  const { model, initial, limits } = question;
  if (!isRegister(model)) return { verdict: 'unknown', why: { type: 'no registers' } };
  const graph = registerGraphOf(table, initial ?? null);
  if ('why' in graph) {
    const { rows, why } = graph;
    return rows.length === 0
      ? { verdict: 'unknown', why: { type: 'no answers', why } }
      : { verdict: 'invalid', why: { type: 'wrong answer', rows, rule: why } };
  }
  if (graph.thinAir.length > 0) return { verdict: 'invalid', why: { type: 'thin air', rows: graph.thinAir } };
  const withFailedCas: View[] = [];
  const isExpired = (): boolean => limits.now() > limits.deadline;
  const answer = judgeCausalMemory(graph, isExpired, (chain, edges) => {
    if (graph.refusedCount === 0 || failedCasOf(graph, chain).length === 0) return;
    const demanded = Int32Array.from({ length: 2 * edges.count() }, (_, i) =>
      i % 2 === 0 ? edges.from(i >> 1) : edges.to(i >> 1),
    );
    withFailedCas.push({ chain, demanded });
  });
  if (answer.verdict === 'invalid')
    return { verdict: 'invalid', why: { type: 'views', graph, refutation: answer.refutation } };
  if (answer.verdict === 'unknown') return { verdict: 'unknown', why: { type: 'time' } };
  if (withFailedCas.length === 0 && graph.unclear.length === 0)
    return { verdict: 'valid', graph, order: null };
  if (decide(table, withShare(question, 0.25)).verdict === 'valid')
    return { verdict: 'valid', graph, order: null };
  const order = decideOrder(table, withShare(question, 0.5), graph);
  if (order.verdict === 'valid') return { verdict: 'valid', graph, order };
  return graph.unclear.length > 0
    ? { verdict: 'unknown', why: { type: 'several writers', rows: graph.unclear } }
    : decideViews(withFailedCas, { table, question, graph, order });
}

interface ViewQuestion {
  readonly table: OperationTable;
  readonly question: SearchQuestion;
  readonly graph: RegisterGraph;
  readonly order: SequentialDecision;
}

function decideViews(
  views: readonly View[],
  { table, question, graph, order }: ViewQuestion,
): CausalDecision {
  const rowsOf = ({ chain }: View): number[] =>
    failedCasOf(graph, chain).map((node) => graph.rows[node] ?? 0);
  const open: number[] = [];
  for (const view of views) {
    const status = searchView(table, graph, view, question);
    if (status === 'none') return { verdict: 'invalid', why: { type: 'failed cas', rows: rowsOf(view) } };
    if (status === 'unknown') open.push(...rowsOf(view));
  }
  return open.length === 0
    ? { verdict: 'valid', graph, order }
    : { verdict: 'unknown', why: { type: 'failed cas', rows: open } };
}

function failedCasOf({ chainStart, refused }: RegisterGraph, chain: number): number[] {
  const nodes: number[] = [];
  for (let node = chainStart[chain] ?? 0; node < (chainStart[chain + 1] ?? 0); node++)
    if (refused[node] !== nothing) nodes.push(node);
  return nodes;
}

/** The same question, with a share of the time that is left. */
export function withShare(question: SearchQuestion, share: number): SearchQuestion {
  const { limits } = question;
  const now = limits.now();
  return { ...question, limits: { ...limits, deadline: now + (limits.deadline - now) * share } };
}
