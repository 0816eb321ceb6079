import type { OperationTable } from '../history/operation-table.ts';
import type { Edges } from './edges.ts';
import type { RegisterGraph } from './register-graph.ts';
import { graphTask, guidedTask } from './register-task.ts';
import { searchRounds, type RoundsAnswer, type SearchQuestion } from './search-rounds.ts';

/** Looks for an order of operations on registers; the edges say what must come before what. Operations by row. */
export function searchRegisters(
  table: OperationTable,
  question: SearchQuestion,
  graph: RegisterGraph,
  edges: Edges,
): RoundsAnswer {
  const searchAll = (): RoundsAnswer =>
    searchRounds(() => guidedTask(table, question, graph, edges), table.count, question);
  if (graph.unclear.length > 0) return searchAll();
  const answer = searchRounds(() => graphTask(table, graph, edges), graph.count, question);
  const rowOf = (node: number): number => graph.rows[node] ?? 0;
  if (answer.status === 'found') return { ...answer, order: answer.order.map(rowOf) };
  if (answer.status === 'unknown') return answer;
  // A failed cas may have met what nobody else saw: a write without an answer that is no node.
  return graph.refusedCount > 0 ? searchAll() : { ...answer, next: answer.next.map(rowOf) };
}
