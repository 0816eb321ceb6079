import type { Json } from '../../core/json.ts';
import type { Model } from '../../core/model.ts';
import type { Decision, Question } from './decide.ts';
import { operationWords } from './proof-speech.ts';
import { latestStart, type Start } from './shrink-start.ts';
import { shrink, type Shrunk } from './shrink.ts';

/** What is known to be invalid. */
export type Refuted = Pick<Extract<Decision, { verdict: 'invalid' }>, 'part' | 'cause'>;

/** So many operations can be followed; of more than that, those that lead to one state are told by it. */
const readableMax = 12;
/** Of the time for an explanation, what may be spent on shrinking parts that are not small. */
const shrinkMsMax = 1800;
const smallMax = 200;
/** A part below that is shrunk once more, from its shortest prefix, where the cause led to much. */
const againMax = 5000;

export interface Least {
  readonly shrunk: Shrunk;
  /** Where it begins, if not at the beginning. */
  readonly start: Start | null;
  readonly model: Model<unknown>;
  readonly initial: Json | undefined;
}

/**
 * What cannot be left out of a long list or a great number, and only leads to a state in which the contradiction begins, is left out all the
 * same where nobody would read it: then the state is told instead.
 */
export function leastOf({ part, cause }: Refuted, question: Question, isExpired: () => boolean): Least {
  const { model, initial, limits } = question;
  const until = limits.now() + shrinkMsMax;
  const isLate = (count: number): boolean => isExpired() || (count > smallMax && limits.now() > until);
  let shrunk = shrink(part, question, { causeRows: cause?.rows ?? [], isExpired: isLate });
  if (shrunk.part.table.count > readableMax && cause !== null && part.table.count < againMax) {
    const other = shrink(part, question, { causeRows: [], isExpired: isLate });
    if (other.isMinimal && other.part.table.count < shrunk.part.table.count) shrunk = other;
  }
  const whole = { shrunk, start: null, model, initial };
  if (shrunk.part.table.count <= readableMax) return whole;
  const start = latestStart(shrunk.part, model, initial, isExpired);
  if (start === null || start.part.table.count > shrunk.part.table.count / 2) return whole;
  const from = beginningWith(model, start.state);
  const rest = shrink(start.part, { model: from, limits }, { causeRows: [], isExpired });
  return rest.part.table.count < shrunk.part.table.count
    ? { shrunk: rest, start, model: from, initial: undefined }
    : whole;
}

/** The same object in another state; what is told of it in advance or of what goes together holds for its own beginning only. */
const beginningWith = (model: Model<unknown>, state: unknown): Model<unknown> => ({
  name: model.name,
  initial: () => state,
  step: (from, operation) => model.step(from, operation),
  fingerprint: (each) => model.fingerprint(each),
  describe: (operation) => operationWords(model, operation),
  describeState: (each) => model.describeState?.(each) ?? model.fingerprint(each),
  isPure: (operation) => model.isPure?.(operation) === true,
});
