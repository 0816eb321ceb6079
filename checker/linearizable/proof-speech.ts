import type { Json } from '../../core/json.ts';
import type { Model, ModelOperation, TimedOperation } from '../../core/model.ts';
import { keyWords, resultWords, shortJson } from '../models/words.ts';

/** An operation with what a person wants to know of it besides; times in nanoseconds since the run's start. */
export interface Witness extends TimedOperation {
  readonly process: number;
  readonly callTime: number;
  /** Infinity: not answered, as far as the proof goes. */
  readonly returnTime: number;
}

/** How the operations of one proof are spoken of. */
export interface Speech {
  /** With its process, where another one looks the same, and even with its time. */
  short(operation: Witness): string;
  /** With its process. */
  named(operation: Witness): string;
  /** With its process and the time of its call. */
  introduced(operation: Witness): string;
  /** With its process and its times. */
  long(operation: Witness): string;
  time(ns: number): string;
  /** What the operations are on: `x`, `queue q`. */
  readonly noun: string;
  /** ` on x`, or nothing where there is but one object. */
  readonly place: string;
  state(state: unknown): string;
}

export function operationWords(model: Model<unknown>, operation: ModelOperation): string {
  if (model.describe !== undefined) return model.describe(operation);
  const { f, key, value } = operation;
  return `${f}${keyWords(key)}${value === null ? '' : ` ${shortJson(value)}`} -> ${resultWords(operation)}`;
}

export function speechFor(witnesses: readonly Witness[], model: Model<unknown>): Speech {
  const time = timeWords(witnesses);
  const say = (operation: ModelOperation): string => operationWords(model, operation);
  const withProcess = (operation: Witness): string => `${say(operation)} of process ${operation.process}`;
  const uses = new Map<string, number>();
  for (const each of witnesses) {
    for (const words of [say(each), withProcess(each)]) uses.set(words, (uses.get(words) ?? 0) + 1);
  }
  const short = (operation: Witness): string => {
    if (uses.get(say(operation)) === 1) return say(operation);
    const words = withProcess(operation);
    return uses.get(words) === 1 ? words : `${words} from ${time(operation.callTime)} on`;
  };
  const named = (operation: Witness): string => `${say(operation)} (process ${operation.process})`;
  const until = ({ returnTime }: Witness): string =>
    returnTime === Infinity ? 'not answered by then' : `answered at ${time(returnTime)}`;
  const inParentheses = (operation: Witness, ...more: readonly string[]): string =>
    `${say(operation)} (${[`process ${operation.process}`, `invoked at ${time(operation.callTime)}`, ...more].join(', ')})`;
  return {
    short,
    named,
    introduced: (operation) => inParentheses(operation),
    long: (operation) => inParentheses(operation, until(operation)),
    time,
    noun: nounOf(model, witnesses[0]),
    place: placeOf(witnesses[0]?.key ?? null),
    state: (state) => model.describeState?.(state) ?? model.fingerprint(state),
  };
}

const placeOf = (key: Json): string => (key === null ? '' : ` on${keyWords(key)}`);

/** Models by what one of their objects is called. */
const nouns: Readonly<Record<string, string>> = {
  register: 'register',
  'cas-register': 'register',
  kv: 'register',
  'kv-append': 'text',
  queue: 'queue',
  stack: 'stack',
  set: 'set',
  counter: 'counter',
  lock: 'lock',
  mutex: 'mutex',
  log: 'list',
  bank: 'bank',
};

/** A register goes by its name. */
function nounOf({ name }: Model<unknown>, operation: ModelOperation | undefined): string {
  const key = operation?.key ?? null;
  const noun = nouns[name];
  const words = typeof key === 'string' ? key : shortJson(key);
  if (noun === undefined) return key === null ? 'the state' : `the state of ${words}`;
  if (key === null) return `the ${noun}`;
  return noun === 'register' && typeof key === 'string' ? words : `${noun} ${words}`;
}

/** With as many digits as tell different times apart; histories without a clock count their events. */
function timeWords(witnesses: readonly Witness[]): (ns: number) => string {
  const isCount = witnesses.every(
    ({ called, callTime, returned, returnTime }) => called === callTime && returned === returnTime,
  );
  if (isCount) return (ns) => `event ${ns}`;
  const times = new Set(
    witnesses.flatMap(({ callTime, returnTime }) => [
      callTime,
      ...(returnTime === Infinity ? [] : [returnTime]),
    ]),
  );
  if (Math.max(...times) < 1e6) return (ns) => `${ns} ns`;
  const told = (digits: number) => (ns: number) => `${(ns / 1e9).toFixed(digits)} s`;
  const enough = [4, 6, 9].find((digits) => new Set([...times].map(told(digits))).size === times.size);
  return told(enough ?? 9);
}
