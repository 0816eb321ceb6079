import type { JsonObject } from '../../core/json.ts';
import { operationAt, type OperationTable } from '../history/operation-table.ts';
import type { Part } from '../history/parts.ts';
import { counted } from '../words.ts';
import { leastOf, type Least, type Refuted } from './counterexample-least.ts';
import type { Question } from './decide.ts';
import { hintFor, type HintQuestion } from './proof-hints.ts';
import { speechFor, type Speech, type Witness } from './proof-speech.ts';
import { sentencesOf } from './proof-words.ts';
import { proofOf, type Proof } from './proof.ts';
import { lastReturn } from './shrink-candidates.ts';
import type { Start } from './shrink-start.ts';

/** Why a part is not linearizable, as far as a person can follow it. */
export interface Counterexample {
  readonly words: string;
  readonly details: JsonObject;
}

const operationsShown = 40;
const statesShown = 6;
/** Of more operations than that nobody reads a proof. */
const provenMax = 200;

/** The least of a part that still contradicts itself, and why it does, step by step. */
export function explain(refuted: Refuted, question: Question, isExpired: () => boolean): Counterexample {
  const { part, cause } = refuted;
  const least = leastOf(refuted, question, isExpired);
  const { shrunk, start, model, initial } = least;
  const { table } = shrunk.part;
  const last = table.returned.indexOf(lastReturn(table));
  const isReadable = table.count <= provenMax;
  const witnesses = isReadable ? witnessesIn(table) : [witnessAt(table, last)];
  const proof = isReadable ? proofOf(witnesses, model, initial) : null;
  const misfit = witnesses[isReadable ? (proof?.misfit ?? last) : 0];
  if (last < 0 || misfit === undefined) return { words: 'no operation ever answered', details: {} };
  const speech = speechFor(witnesses, model);
  const hint = hintOf(least, {
    witnesses,
    misfit,
    whole: part.table,
    say: (operation) => speech.short(operation),
  });
  const middle =
    proof === null
      ? brokenRule(hint, cause)
      : sentencesOf(proof, witnesses, speech, {
          opening: start === null ? null : startWords(start, part, speech),
          hint,
        });
  const isFirst = proof !== null || shrunk.isMinimal;
  const fits = isFirst
    ? `${speech.long(misfit)} fits nowhere`
    : `the operations up to ${speech.long(misfit)} fit into no order`;
  return {
    words: [fits, ...middle, sizeWords(least, part, speech)].join('. '),
    details: {
      ...(cause === null ? {} : { rule: cause.rule }),
      operation: operationDetails(misfit),
      operations: lastOriginals(shrunk.part, part).map(operationDetails),
      operationCount: table.count,
      isMinimal: shrunk.isMinimal,
      partOperationCount: part.table.count,
      ...(start === null ? {} : { start: startDetails(start, part, speech) }),
      ...(proof === null ? {} : stateDetails(proof, speech)),
    },
  };
}

function brokenRule(hint: string | null, cause: Refuted['cause']): string[] {
  if (hint !== null) return [`What is wrong: ${hint}`];
  return cause === null ? [] : [`The rule that is broken: ${cause.rule}`];
}

/** Nothing is known of what the object held at first where it begins in the middle. */
const hintOf = ({ start, model, initial }: Least, question: Omit<HintQuestion, 'initial'>): string | null =>
  start === null ? hintFor(model.name, { ...question, initial }) : null;

/** When the start was: at an answer. */
function startTime({ position }: Start, { table }: Part): number {
  return table.returnTime[table.returned.indexOf(position)] ?? 0;
}

const startWords = (start: Start, part: Part, speech: Speech): string =>
  `At ${speech.time(startTime(start, part))}, in whatever order ${counted(start.before, 'operation')} had taken effect, ${speech.noun} was ${speech.state(start.state)}`;

const startDetails = (start: Start, part: Part, speech: Speech): JsonObject => ({
  time: startTime(start, part),
  state: speech.state(start.state),
  operationCount: start.before,
});

function sizeWords({ shrunk: { part, isMinimal }, start }: Least, whole: Part, speech: Speech): string {
  const { count } = part.table;
  const some = (number: number): string => number.toLocaleString('en-US');
  if (count + (start?.before ?? 0) === whole.table.count) {
    if (!isMinimal) return 'What less would do was not found in time';
    return whole.table.count === 1 ? 'There is no other operation' : 'All operations are needed for that';
  }
  const all = `${some(whole.table.count)} operations${speech.place}`;
  const needed = start === null ? some(count) : `${some(start.before)} before that and ${some(count)} more`;
  return isMinimal
    ? `This takes ${needed} of ${all}, and none of them can be left out`
    : `This takes at most ${needed} of ${all}`;
}

const stateDetails = ({ meanwhile }: Proof, speech: Speech): JsonObject => ({
  states: meanwhile.slice(0, statesShown).map((state) => speech.state(state)),
  stateCount: meanwhile.length,
});

const witnessAt = (table: OperationTable, row: number): Witness => ({
  ...operationAt(table, row),
  process: table.process[row] ?? 0,
  callTime: table.callTime[row] ?? 0,
  returnTime: table.returnTime[row] ?? Infinity,
});

const witnessesIn = (table: OperationTable): Witness[] =>
  Array.from({ length: table.count }, (_, row) => witnessAt(table, row));

/** The last operations as they really went, with the answers that came after the end of a part that was cut. */
function lastOriginals(part: Part, whole: Part): Witness[] {
  const shown = part.rows.slice(-operationsShown);
  return Array.from(shown, (row) => witnessAt(whole.table, whole.rows.indexOf(row)));
}

/** Times in nanoseconds since the run's start; null: never answered. */
const operationDetails = ({ process, f, key, value, result, callTime, returnTime }: Witness): JsonObject => ({
  process,
  f,
  key,
  value,
  result,
  invoked: callTime,
  answered: returnTime === Infinity ? null : returnTime,
});
