import { unreachable } from '../../core/assert.ts';
import type { JsonObject } from '../../core/json.ts';
import type { OperationTable } from '../history/operation-table.ts';
import { listed } from '../words.ts';
import { causalDoubtWords, causalFindings } from './causal-words.ts';
import { decideCausal, type CausalDecision } from './causal.ts';
import type { SearchQuestion } from './search-rounds.ts';
import { refutedWords, unfinishedWords } from './sequential-words.ts';
import { decideOrder, decideSequential, isRegister } from './sequential.ts';
import { tellerFor } from './telling.ts';

/** What is left of a history that is not linearizable. */
export interface Held {
  /** The strongest criterion that holds; null where it cannot be said. */
  readonly holds: 'sequential' | 'causal' | 'session guarantees' | 'none' | null;
  /** A sentence without its full stop. */
  readonly words: string;
  readonly details: JsonObject;
}

/**
 * The strongest criterion that holds of a history that is not linearizable. Sequential consistency implies causal memory, and that all four
 * session guarantees; each is asked within the limits of the question.
 */
export function strongestHeld(table: OperationTable, question: SearchQuestion): Held {
  if (!isRegister(question.model)) return heldOfOthers(table, question);
  const causal = decideCausal(table, question);
  if (causal.verdict === 'invalid') return heldWithoutCausality(table, question, causal);
  const order =
    causal.verdict === 'unknown'
      ? decideSequential(table, question)
      : (causal.order ?? decideOrder(table, question, causal.graph));
  const details = { sequential: order.verdict, causal: causal.verdict };
  if (order.verdict === 'valid') return stillSequential;
  const teller = tellerFor(table, question.model);
  if (causal.verdict === 'unknown') {
    const { words } = causalDoubtWords(causal, teller);
    const first =
      order.verdict === 'invalid'
        ? `${notSequential}; whether it is causally consistent is not known`
        : 'What still holds is not known';
    return {
      holds: null,
      words: `${first}: ${words}`,
      details,
    };
  }
  if (order.verdict === 'invalid') {
    const words = 'It is not sequentially consistent, but causally consistent';
    const { words: notSequentialSince } = refutedWords(order.why, table, teller, question);
    return { holds: 'causal', words, details: { ...details, notSequentialSince } };
  }
  const words = `It is at least causally consistent; whether it is sequentially consistent is not known: ${unfinishedWords(order, table)}`;
  return { holds: null, words, details: { ...details, atLeast: 'causal' } };
}

const notSequential = 'It is not even sequentially consistent';
const stillSequential: Held = {
  holds: 'sequential',
  words: 'It is still sequentially consistent: only the order of real time is broken',
  details: { sequential: 'valid', causal: 'valid' },
};

function heldOfOthers(table: OperationTable, question: SearchQuestion): Held {
  const order = decideSequential(table, question);
  const details = { sequential: order.verdict };
  switch (order.verdict) {
    case 'valid':
      return { ...stillSequential, details };
    case 'invalid':
      return { holds: null, words: notSequential, details };
    case 'unknown': {
      const words = `Whether it is sequentially consistent is not known: ${unfinishedWords(order, table)}`;
      return { holds: null, words, details };
    }
    default:
      return unreachable(order);
  }
}

function heldWithoutCausality(
  table: OperationTable,
  question: SearchQuestion,
  { why }: Extract<CausalDecision, { verdict: 'invalid' }>,
): Held {
  const teller = tellerFor(table, question.model);
  const found = causalFindings(why, teller, question);
  const details = { sequential: 'invalid', causal: 'invalid', ...found.details };
  const notCausal = 'It is not even causally consistent';
  switch (found.sessions) {
    case 'hold': {
      const words = `It is not causally consistent (${found.words}), but no session guarantee is seen to be broken`;
      return { holds: 'session guarantees', words, details };
    }
    case 'broken': {
      const others = found.broken.length > 1 ? `; broken, too: ${listed(found.broken.slice(1))}` : '';
      return { holds: 'none', words: `${notCausal}: ${found.words}${others}`, details };
    }
    case 'unknown':
      return { holds: null, words: `${notCausal}: ${found.words}`, details };
    default:
      return unreachable(found.sessions);
  }
}
