import { counted, listed } from '../words.ts';
import type { PossibleState, Proof, ProofStep } from './proof.ts';
import type { Speech, Witness } from './proof-speech.ts';
import { shortJson } from '../models/words.ts';

const stepsShown = 5;
const statesShown = 4;
/** So many operations in one sentence. */
const namesMax = 6;

/** How a proof begins and ends, where more is known than its states. */
export interface Frame {
  /** Instead of how it was at first. */
  readonly opening: string | null;
  /** Why the last answer is wrong. */
  readonly hint: string | null;
}

/** The proof in sentences: what was possible after each answer, until nothing is. */
export function sentencesOf(
  proof: Proof,
  witnesses: readonly Witness[],
  speech: Speech,
  { opening, hint }: Frame,
): string[] {
  const { initial, steps, misfit } = proof;
  const shown = steps.slice(-stepsShown);
  const hidden = steps[steps.length - shown.length - 1];
  const of = (operation: number): Witness => witnesses[operation] ?? raise();
  const told = new Set<number>([misfit]);
  const possible = (step: ProofStep): string => possibleWords(step.states, { of, told, speech });
  const sentences = [
    hidden === undefined
      ? (opening ?? `At first ${speech.noun} was ${speech.state(initial)}`)
      : `After ${counted(steps.length - shown.length, 'answer')}, the last at ${speech.time(of(hidden.operation).returnTime)}, ${speech.noun} was ${possible(hidden)}`,
  ];
  let latest = hidden === undefined ? -1 : of(hidden.operation).returned;
  for (const step of shown) {
    const operation = of(step.operation);
    const { callTime, returnTime, called } = operation;
    const after = called > latest && latest >= 0 ? 'after that ' : '';
    const who = told.has(step.operation)
      ? speech.short(operation)
      : `${speech.named(operation)}, invoked ${after}at ${speech.time(callTime)},`;
    told.add(step.operation);
    sentences.push(
      `When ${who} was answered at ${speech.time(returnTime)}, ${speech.noun} was ${possible(step)}`,
    );
    latest = operation.returned;
  }
  const isAfterAll = latest >= 0 && of(misfit).called > latest;
  return [...sentences, lastWords(of(misfit), proof, { isAfterAll, speech, hint })];
}

const raise = (): never => {
  throw new RangeError('no such operation');
};

interface Telling {
  readonly of: (operation: number) => Witness;
  /** Those that were introduced. */
  readonly told: Set<number>;
  readonly speech: Speech;
}

/** First the states that need nothing else, then those that need an operation that is not answered yet. */
function possibleWords(states: readonly PossibleState[], telling: Telling): string {
  const { speech } = telling;
  const certain = states.filter(({ ifEffective }) => ifEffective.length === 0);
  const conditional = states.filter(({ ifEffective }) => ifEffective.length > 0);
  const plain = certain.map(({ state }) => speech.state(state));
  if (states.length > statesShown) {
    const some = states.slice(0, 2).map(({ state }) => speech.state(state));
    return `in one of ${states.length} states, such as ${some.join(' or ')}`;
  }
  const [only] = conditional;
  if (states.length === 1 && only !== undefined) {
    return `${speech.state(only.state)}, so that ${effectWords(only, telling)}`;
  }
  const named = conditional.reduce((sum, { ifEffective }) => sum + ifEffective.length, 0);
  if (named > namesMax) {
    const others = listed(
      conditional.map(({ state }) => speech.state(state)),
      statesShown,
      'or',
    );
    return [...plain, `${others} if some of what was open had taken effect`].join(', or ');
  }
  return [
    ...(plain.length === 0 ? [] : [listed(plain, statesShown, 'or')]),
    ...conditional.map((each) => `${speech.state(each.state)} if ${effectWords(each, telling)}`),
  ].join(', or ');
}

function effectWords({ ifEffective }: PossibleState, { of, told, speech }: Telling): string {
  const names = ifEffective.map((operation) => {
    const witness = of(operation);
    const isTold = told.has(operation);
    told.add(operation);
    return isTold ? speech.short(witness) : speech.introduced(witness);
  });
  return `${listed(names)} had taken effect`;
}

function lastWords(
  misfit: Witness,
  { meanwhile, allowing }: Proof,
  {
    isAfterAll,
    speech,
    hint,
  }: { readonly isAfterAll: boolean; readonly speech: Speech; readonly hint: string | null },
): string {
  const among = (states: readonly unknown[]): string =>
    states.length > statesShown
      ? `in one of ${states.length} states`
      : listed(
          states.map((state) => speech.state(state)),
          statesShown,
          'or',
        );
  const { noun } = speech;
  const time = (ns: number): string => speech.time(ns);
  const after = isAfterAll ? ', after all that,' : '';
  const could = `From ${time(misfit.callTime)}${after} to ${time(misfit.returnTime)}, while ${speech.short(misfit)} was open, ${noun} was ${among(meanwhile)}`;
  const why = hint === null ? '' : `: ${hint}`;
  const answer = shortJson(misfit.result);
  if (allowing.length === 0) return `${could} all the time, so the answer cannot be ${answer}${why}`;
  const exception = `Only where it was ${among(allowing)} could the answer be ${answer}`;
  return `${could}. ${exception}, but then another of these operations could not be answered as it was${why}`;
}
