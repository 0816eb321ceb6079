import type { OperationTable } from '../history/operation-table.ts';
import { makeEdges, type Edges } from './edges.ts';
import type { RegisterGraph } from './register-graph.ts';
import { graphTask, guidedTask } from './register-task.ts';
import { saturate } from './saturate.ts';
import { searchRounds, type RoundsAnswer, type SearchQuestion } from './search-rounds.ts';
import { makeSequentialSearch } from './sequential-search.ts';
import { writesIn } from './windows.ts';

/**
 * Looks for an order of operations on registers. Where there is none near to real time, some stretch about the place where it stuck may have
 * none at all, which is proven much sooner than for the whole.
 */
export function searchRegisters(
  table: OperationTable,
  question: SearchQuestion,
  graph: RegisterGraph,
  edges: Edges,
): RoundsAnswer {
  if (graph.unclear.length > 0)
    return searchRounds(() => guidedTask(table, question, graph, edges), table.count, question);
  const answer = searchRounds(() => graphTask(table, graph, edges), graph.count, question, (stuckAt) =>
    refuteNear(table, question, graph, stuckAt),
  );
  if (answer.status === 'found') return { ...answer, order: answer.order.map((node) => graph.rows[node] ?? 0) };
  if (answer.status === 'none' && graph.refusedCount > 0 && answer.isWhole) {
    // A failed cas may have met what nobody else saw: a write without an answer that is no node.
    return searchRounds(() => guidedTask(table, question, graph, edges), table.count, question);
  }
  return answer.status === 'none' ? { ...answer, next: answer.next.map((node) => graph.rows[node] ?? 0) } : answer;
}

const stretches = [32, 64, 128, 256, 512, 1024];
const choicesForStretch = 20_000;

/** Null: no stretch about these nodes is refuted with little work. */
function refuteNear(
  table: OperationTable,
  { limits }: SearchQuestion,
  graph: RegisterGraph,
  nodes: readonly number[],
): { readonly placed: number; readonly next: readonly number[] } | null {
  const rows = nodes.map((node) => graph.rows[node] ?? 0).sort((a, b) => a - b);
  const isExpired = (): boolean => limits.now() > limits.deadline;
  for (const stretch of stretches) {
    for (const about of new Set([rows[0] ?? 0, rows[rows.length >> 1] ?? 0])) {
      if (isExpired()) return null;
      const part = writesIn(graph, { from: about - stretch / 2, to: about + stretch / 2 });
      const saturation = saturate(part.graph, isExpired);
      const edges = saturation.status === 'cycle' ? makeEdges(part.graph.count) : saturation.edges;
      const search = makeSequentialSearch(graphTask(table, part.graph, edges), Infinity);
      if (search.run(choicesForStretch) !== 'exhausted') continue;
      const { placed, next } = search.furthest();
      return { placed, next: next.map((node) => part.nodes[node] ?? 0) };
    }
  }
  return null;
}
