import { isJsonList } from '../../core/json.ts';
import { set } from '../models/set.ts';
import type { Monitor, MonitorVerdict } from './monitor.ts';
import { emptyMoments, judgeElement, type SetQuestion } from './set-element.ts';
import { setFacts } from './set-facts.ts';
import { judgeFlips } from './set-flips.ts';
import { judgeFrontier } from './set-frontier.ts';
import { judgeGrowing } from './set-growing.ts';
import { emptyPlaces, orderOfPlaces, placeByMoments, placeInOrder } from './set-order.ts';
import { removed, removedOrNot, setRows, unknownRemove } from './set-rows.ts';

/**
 * Elements are judged one by one, each with its own add, remove and contains: linearizability is local [Herlihy & Wing 1990, theorem 1].
 * Reads of the whole set bind them together, and are decided where nothing is removed.
 */
export const setMonitor: Monitor = {
  name: 'set',
  judge: (table, { initial }) => {
    const given = initial ?? [];
    const sizeAtFirst = set.initial(given).size;
    const rows = setRows(table, isJsonList(given) ? given : []);
    if (rows === null) return undecided('there are operations that a set does not have');
    if (rows.nonsense >= 0) return invalid([rows.nonsense], 'an answer is none that a set gives');
    const atFirst = new Uint8Array(rows.elements);
    for (const each of isJsonList(given) ? given : []) {
      const element = rows.elementOf(each);
      if (element >= 0) atFirst[element] = 1;
    }
    const question: SetQuestion = { table, rows, facts: setFacts(table, rows), atFirst };
    return rows.hasReads ? judgeWithReads(question, sizeAtFirst) : judgeElements(question);
  },
};

function judgeWithReads(question: SetQuestion, sizeAtFirst: number): MonitorVerdict {
  const { kind } = question.rows;
  if (!kind.some((each) => each === removed || each === removedOrNot)) {
    // An unknown remove need not have happened; where it must have, there is nothing to go by.
    const answer = judgeGrowing(question, sizeAtFirst);
    if (answer.verdict === 'valid' || !kind.includes(unknownRemove)) return answer;
  }
  const answer = judgeElements(question);
  return answer.verdict === 'invalid' ? answer : undecided('the whole set is read, and elements are removed');
}

/** Reads of the whole set are left out. */
function judgeElements(question: SetQuestion): MonitorVerdict {
  const { rows, table, atFirst } = question;
  const moments = emptyMoments(rows.elements);
  const orders: Int32Array[] = [];
  const repeated: number[] = [];
  for (let element = 0; element < rows.elements; element++) {
    const verdict = judgeElement(element, question, moments);
    if (verdict === 'repeated') repeated.push(element);
    else if (verdict !== 'valid') return invalid(verdict.rows, elementRule);
  }
  let isOpen = false;
  const isPlaced = new Uint8Array(repeated.length === 0 ? 0 : table.count);
  for (const element of repeated) {
    const own = rows.rows.subarray(rows.from[element], rows.from[element + 1]);
    const isThere = atFirst[element] === 1;
    const verdict =
      judgeFlips(own, isThere, table, rows.kind, isPlaced) ?? judgeFrontier(own, isThere, table, rows.kind);
    if (verdict === null) isOpen = true;
    else if ('rows' in verdict) return invalid(verdict.rows, elementRule);
    else orders.push(verdict.order);
  }
  if (isOpen) return undecided('an element was added and removed too often by too many at once');
  return {
    verdict: 'valid',
    linearization: () => {
      const places = emptyPlaces(table.count);
      placeByMoments(table, rows, atFirst, moments, places);
      placeInOrder(orders, table, places);
      return orderOfPlaces(places);
    },
  };
}

const elementRule = 'an element was found, missed, added or removed when it could only be otherwise';

const invalid = (rows: readonly number[], rule: string): MonitorVerdict => ({
  verdict: 'invalid',
  rows,
  rule,
});
const undecided = (why: string): MonitorVerdict => ({ verdict: 'undecided', why });
