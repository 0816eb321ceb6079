import { unreachable } from '../../core/assert.ts';
import type { JsonObject } from '../../core/json.ts';
import type { OperationTable } from '../history/operation-table.ts';
import { counted, listed } from '../words.ts';
import { causalFindings, thinAirWords } from './causal-words.ts';
import type { SearchQuestion } from './search-rounds.ts';
import type { SequentialDecision, SequentialRefutation } from './sequential.ts';
import { tellCycle, type Teller, type Told } from './telling.ts';

/** Why a history is not sequentially consistent. */
export function refutedWords(
  why: SequentialRefutation,
  table: OperationTable,
  teller: Teller,
  question: SearchQuestion,
): Told & { readonly details: JsonObject } {
  switch (why.type) {
    case 'thin air':
      return { words: thinAirWords(why.rows, teller), rows: why.rows, details: {} };
    case 'causal': {
      const { graph, refutation } = why;
      const found = causalFindings({ type: 'views', graph, refutation }, teller, question);
      return { ...found, words: `it is not even causally consistent: ${found.words}` };
    }
    case 'cycle': {
      const { graph, saturation } = why;
      const told = tellCycle({ graph, edges: saturation.edges, nodes: [saturation.cycleAt] }, teller);
      const words = `an order that keeps that of each process would go round: ${told.words}`;
      return { words, rows: told.rows, details: {} };
    }
    case 'search': {
      const reached = `at best ${why.placed} of ${counted(table.count, 'operation')} fit`;
      const words = `no order of all operations keeps that of each process: ${reached}, and then none of these: ${listed(why.next.map(teller.say))}`;
      return { words, rows: why.next, details: {} };
    }
    default:
      return unreachable(why);
  }
}

/** How far the search came. */
export const unfinishedWords = (
  { limit, placed }: Extract<SequentialDecision, { verdict: 'unknown' }>,
  { count }: OperationTable,
): string =>
  `the search for an order ran out of ${limit}; at best ${placed} of ${counted(count, 'operation')} fitted into one`;
