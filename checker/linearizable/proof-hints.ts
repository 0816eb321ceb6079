import { isJsonList, isJsonObject, type Json } from '../../core/json.ts';
import type { TimedOperation } from '../../core/model.ts';
import { canonicalJson } from '../canonical-json.ts';
import { operationAt, type OperationTable } from '../history/operation-table.ts';
import { shortJson } from '../models/words.ts';
import type { Witness } from './proof-speech.ts';

/** What a hint is made of: the operations of a proof, and which of them fits nowhere. */
export interface HintQuestion {
  readonly witnesses: readonly Witness[];
  readonly misfit: Witness;
  /** All operations on the object: what nobody did must not have been done by those that the proof can do without. */
  readonly whole: OperationTable;
  /** What the object held at first; undefined: that is not said as JSON. */
  readonly initial: Json | undefined;
  readonly say: (operation: Witness) => string;
}

type Hint = (question: HintQuestion) => string | null;

/** In the words of the object why an answer is wrong, where it is one of the well-known ways; each is checked against the times. */
export function hintFor(model: string, question: HintQuestion): string | null {
  return hints[model]?.(question) ?? null;
}

const same = (a: Json | undefined, b: Json | undefined): boolean => canonicalJson(a) === canonicalJson(b);
const isBefore = (a: Witness, b: Witness): boolean => a.returned < b.called;
const isFrom = (operation: TimedOperation, f: string, value: Json): boolean =>
  operation.f === f && same(operation.value, value);
/** Whether it may have taken effect by the time that the other was answered. */
const isCalledBy = (a: Witness, b: Witness): boolean => a.called < b.returned;

/**
 * How many operations that ask with this value, or a cas with any, could have taken effect by the time that the misfit was answered, itself
 * left out.
 */
function countedBy(
  { whole, misfit }: HintQuestion,
  value: Json,
  isCounted: (operation: TimedOperation) => boolean,
): number {
  const number = whole.values.find(value);
  const cas = whole.names.indexOf('cas');
  let count = 0;
  for (let row = 0; row < whole.count && (whole.called[row] ?? 0) < misfit.returned; row++) {
    if (whole.value[row] !== number && whole.f[row] !== cas) continue;
    if (whole.called[row] !== misfit.called && isCounted(operationAt(whole, row))) count += 1;
  }
  return count;
}

const pairOf = ({ value }: TimedOperation): readonly [Json, Json] =>
  isJsonList(value) ? [value[0] ?? null, value[1] ?? null] : [null, null];

/** The value that a register's operation leaves; undefined: none. */
function written(operation: TimedOperation): Json | undefined {
  if (operation.f === 'write') return operation.value;
  if (operation.f !== 'cas' || operation.result === false) return undefined;
  return pairOf(operation)[1];
}

const register: Hint = (question) => {
  const { witnesses, misfit, initial = null, say } = question;
  const isCas = misfit.f === 'cas';
  if (isCas && misfit.result !== true) return null;
  const met = isCas ? pairOf(misfit)[0] : (misfit.result ?? null);
  const others = witnesses.filter((each) => each !== misfit && isCalledBy(each, misfit));
  const writes = (each: TimedOperation): boolean => written(each) !== undefined && same(written(each), met);
  const writers = others.filter(writes);
  if (writers.length === 0 && !same(met, initial)) {
    return countedBy(question, met, writes) > 0 ? null : `nothing had written ${shortJson(met)}`;
  }
  const over = others.find(
    (each) =>
      written(each) !== undefined &&
      !same(written(each), met) &&
      (each.f === 'write' || each.result === true) &&
      isBefore(each, misfit) &&
      writers.every((writer) => isBefore(writer, each)),
  );
  if (over !== undefined) return `${say(over)} had overwritten ${shortJson(met)}`;
  const after = others.find(
    (each) =>
      each.f === 'cas' && each.result === true && same(pairOf(each)[0], met) && isBefore(each, misfit),
  );
  const sources = countedBy(question, met, writes) + (same(met, initial) ? 1 : 0);
  if (after !== undefined && sources === 1 && !writes(after))
    return `${say(after)} had replaced ${shortJson(met)}`;
  const rival = others.find(
    (each) =>
      isCas &&
      each.f === 'cas' &&
      each.result === true &&
      same(pairOf(each)[0], met) &&
      !same(pairOf(each)[1], met),
  );
  if (rival === undefined || sources !== 1 || same(pairOf(misfit)[1], met)) return null;
  const source = writers.length === 0 ? 'was never written again' : 'was written once';
  return `${say(rival)} and it cannot both have found ${shortJson(met)}, which ${source}`;
};

/** Queues and stacks: what was put in and not taken out is still there. */
const collection =
  (names: {
    readonly put: string;
    readonly take: string;
    readonly done: string;
    readonly undone: string;
  }): Hint =>
  (question) => {
    const { witnesses, misfit, initial = null, say } = question;
    const { put, take, done, undone } = names;
    if (misfit.f !== take || initial !== null) return null;
    const others = witnesses.filter((each) => each !== misfit && isCalledBy(each, misfit));
    const puts = others.filter(({ f }) => f === put);
    const isLeft = (each: Witness): boolean =>
      others.every(({ f, result }) => f !== take || (result !== undefined && !same(result, each.value)));
    if (misfit.result === null) {
      const left = puts.find((each) => isBefore(each, misfit) && isLeft(each));
      return left === undefined ? null : `${shortJson(left.value)} had been ${done} and not been ${undone}`;
    }
    const own = puts.filter(({ value }) => same(value, misfit.result));
    const value = shortJson(misfit.result);
    const known = countedBy(question, misfit.result ?? null, (each) => each.f === put);
    if (known > own.length) return null;
    if (own.length === 0) return `nobody had ${done} ${value}`;
    const rivals = others.filter(
      ({ f, result }) => f === take && result !== undefined && same(result, misfit.result),
    );
    if (rivals.length >= own.length) {
      return `${value} was ${done} only ${own.length === 1 ? 'once' : `${own.length} times`}, and ${undone} by ${rivals.map(say).join(' and ')}`;
    }
    const ahead = puts.find((each) => {
      const isInTheWay =
        put === 'push'
          ? isBefore(each, misfit) && own.every((one) => isBefore(one, each))
          : own.every((one) => isBefore(each, one));
      return isInTheWay && isLeft(each);
    });
    return ahead === undefined
      ? null
      : `${shortJson(ahead.value)} had been ${done} ${put === 'push' ? 'after' : 'before'} it and not been ${undone}`;
  };

const tokenOf = (value: Json | undefined): Json | undefined =>
  isJsonObject(value) ? value['token'] : undefined;

const lock: Hint = ({ witnesses, misfit, say }) => {
  const token = tokenOf(misfit.result);
  const others = witnesses.filter((each) => each !== misfit && isCalledBy(each, misfit));
  const grants = others.filter(({ f, result }) => f === 'acquire' && tokenOf(result) !== undefined);
  if (token === undefined) return null;
  const over = others.find(
    (each) => isFrom(each, 'release', token) && each.result === true && isBefore(each, misfit),
  );
  if (misfit.f !== 'acquire') return over === undefined ? null : `${say(over)} had ended that`;
  const twice = grants.find(({ result }) => same(tokenOf(result), token));
  if (twice !== undefined)
    return `token ${shortJson(token)} was given twice, also to process ${twice.process}`;
  const holder = grants.find(
    (each) =>
      isBefore(each, misfit) &&
      others.every((other) => !isFrom(other, 'release', tokenOf(each.result) ?? null)),
  );
  return holder === undefined
    ? null
    : `process ${holder.process} held it since ${say(holder)}, and nobody had released it`;
};

/** Lists and sets that are read as a whole. */
const elements =
  (add: string, done: string): Hint =>
  (question) => {
    const { witnesses, misfit, initial = null, say } = question;
    const { result, f } = misfit;
    if (f !== 'read' || !isJsonList(result) || initial !== null) return null;
    const others = witnesses.filter((each) => each !== misfit && isCalledBy(each, misfit));
    const strange = result.find((item) => !others.some((each) => isFrom(each, add, item)));
    if (strange !== undefined && countedBy(question, strange, ({ f: name }) => name === add) === 0) {
      return `nobody had ${done} ${shortJson(strange)}`;
    }
    const missing = others.find(
      (each) =>
        each.f === add &&
        isBefore(each, misfit) &&
        !result.some((item) => same(item, each.value)) &&
        !others.some((other) => isFrom(other, 'remove', each.value)),
    );
    return missing === undefined
      ? null
      : `${shortJson(missing.value)} is missing, though ${say(missing)} had been answered`;
  };

/** A set, asked for one element or for all. */
const set: Hint = (question) => {
  const { witnesses, misfit, initial = null, say } = question;
  const { f, value, result } = misfit;
  if (f === 'read') return elements('add', 'added')(question);
  if (typeof result !== 'boolean' || initial !== null) return null;
  const others = witnesses.filter(
    (each) => each !== misfit && same(each.value, value) && isBefore(each, misfit),
  );
  const wasThere = f === 'add' ? !result : result;
  const word = shortJson(value);
  if (wasThere && countedBy(question, value, (each) => each.f === 'add') === 0)
    return `nobody had added ${word}`;
  const wanted = others.find((each) => each.f === (wasThere ? 'remove' : 'add') && each.result !== false);
  if (
    wanted === undefined ||
    witnesses.some((each) => each.f === (wasThere ? 'add' : 'remove') && each.called > wanted.returned)
  )
    return null;
  return `${say(wanted)} had been answered`;
};

/** Texts that are appended to. */
const text: Hint = ({ witnesses, misfit, say }) => {
  const { result, f } = misfit;
  if (f !== 'get' || typeof result !== 'string') return null;
  const others = witnesses.filter((each) => each !== misfit && isCalledBy(each, misfit));
  const missing = others.find(
    (each) =>
      each.f === 'append' &&
      typeof each.value === 'string' &&
      isBefore(each, misfit) &&
      !result.includes(each.value) &&
      others.every((other) => other.f !== 'put' || isBefore(other, each)),
  );
  return missing === undefined
    ? null
    : `${shortJson(missing.value)} is missing, though ${say(missing)} had been answered`;
};

const hints: Readonly<Record<string, Hint>> = {
  register,
  'cas-register': register,
  kv: register,
  queue: collection({ put: 'enqueue', take: 'dequeue', done: 'enqueued', undone: 'dequeued' }),
  stack: collection({ put: 'push', take: 'pop', done: 'pushed', undone: 'popped' }),
  lock,
  log: elements('append', 'appended'),
  'kv-append': text,
  set,
};
