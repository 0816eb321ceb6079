import type { Json } from '../../core/json.ts';
import type { ForeseenOperation, LookAhead, Outlook, TimedOperation } from '../../core/model.ts';
import { canonicalJson } from '../canonical-json.ts';
import { casArguments, type Held } from './register-operations.ts';

/** What is known of one value of a register. Operations by their index. */
interface ValueFacts {
  /** Operations that write it, or may have. */
  readonly writers: number[];
  /** Operations that certainly met it: reads that returned it, true cas that expected it. */
  readonly observers: number[];
  /** True cas that expected it and replaced it by another value. */
  readonly successors: number[];
}

/** Every value by its text, and the one that the register held at first. */
interface Facts {
  readonly initial: string;
  readonly of: Map<string, ValueFacts>;
}

/** What an operation expects and what it writes, as texts. `sure`: it did happen, as far as the history says. */
interface Effect {
  readonly expects: string | null;
  readonly writes: string | null;
  sure: boolean;
}

/**
 * Gibbons & Korach 1997: with one writer for each value, all that a value's readers saw lies between its write and the next one. From this
 * follow an order of writes, earlier returns, and how long a value must stay. A value with two possible writers gets none of it.
 */
export function lookAheadOfRegister(
  operations: readonly TimedOperation[],
  initial: Json = null,
): LookAhead<Held> {
  const effects = operations.map(effectOf);
  const hasFailedCas = operations.some(({ f, result }) => f === 'cas' && result === false);
  const facts = gatherFacts(operations, effects, canonicalJson(initial));
  const needed = neededValues(operations, effects);
  proveUnknownOnes(operations, effects, facts);
  const returns = earlierReturns(operations, effects, facts);
  const stand = standIn(effects, facts, needed, hasFailedCas ? failedExpectations(operations) : new Set());
  const result = operations.map((operation, index): ForeseenOperation | null => {
    const effect = effects[index];
    if (effect === undefined || effect.writes === null) return operation;
    // A value that nobody met can only matter by making a cas fail.
    if (!effect.sure && !hasFailedCas && !needed.has(effect.writes)) return null;
    const isProven = effect.sure && operation.result === undefined;
    const known = isProven ? { result: operation.f === 'cas' ? true : null } : {};
    const returned = returns[index] ?? operation.returned;
    const order = effect.sure ? { order: orderOf(index, effect.writes, operations, returns, facts) } : {};
    return { ...operation, ...known, ...stand(operation, effect), returned, ...order };
  });
  return { operations: result, outlook: (state) => outlookOf(state, operations, facts) };
}

function effectOf(operation: TimedOperation): Effect {
  const { f, value, result } = operation;
  const sure = result !== undefined;
  if (f === 'read') return { expects: null, writes: null, sure };
  if (f === 'write') return { expects: null, writes: canonicalJson(value), sure };
  const [expected, replacement] = casArguments(operation).map((each) => canonicalJson(each));
  if (result === false || expected === replacement) return { expects: null, writes: null, sure };
  return { expects: expected ?? null, writes: replacement ?? null, sure };
}

function gatherFacts(
  operations: readonly TimedOperation[],
  effects: readonly Effect[],
  initial: string,
): Facts {
  const facts: Facts = { initial, of: new Map() };
  for (const [index, operation] of operations.entries()) {
    const effect = effects[index];
    if (effect === undefined) continue;
    if (effect.writes !== null) factsOf(facts, effect.writes).writers.push(index);
    if (!effect.sure) continue;
    const met = metValue(operation, effect);
    if (met !== null) factsOf(facts, met).observers.push(index);
    if (effect.expects !== null) factsOf(facts, effect.expects).successors.push(index);
  }
  return facts;
}

/** The value that an answered operation certainly met. */
function metValue(operation: TimedOperation, effect: Effect): string | null {
  if (operation.f === 'read') return canonicalJson(operation.result);
  if (effect.expects !== null) return effect.expects;
  if (operation.f !== 'cas' || operation.result !== true) return null;
  return canonicalJson(casArguments(operation)[0]); // from a value to itself
}

function factsOf(facts: Facts, value: string): ValueFacts {
  let known = facts.of.get(value);
  if (known === undefined) {
    known = { writers: [], observers: [], successors: [] };
    facts.of.set(value, known);
  }
  return known;
}

/** Values that an answer speaks of, or that an unknown cas may have turned into such a value. */
function neededValues(operations: readonly TimedOperation[], effects: readonly Effect[]): Set<string> {
  const needed = new Set<string>();
  const work: string[] = [];
  const need = (value: string): void => {
    if (needed.has(value)) return;
    needed.add(value);
    work.push(value);
  };
  const unknownCas = new Map<string, string[]>();
  for (const [index, operation] of operations.entries()) {
    const effect = effects[index];
    if (effect === undefined) continue;
    const met = effect.sure ? metValue(operation, effect) : null;
    if (met !== null) need(met);
    if (effect.sure || effect.expects === null || effect.writes === null) continue;
    unknownCas.set(effect.writes, [...(unknownCas.get(effect.writes) ?? []), effect.expects]);
  }
  for (let value = work.pop(); value !== undefined; value = work.pop()) {
    for (const expected of unknownCas.get(value) ?? []) need(expected);
  }
  return needed;
}

/** The one operation that wrote this value, if there is only one and the register did not hold the value at first. */
function onlyWriter(value: string, facts: Facts): number | undefined {
  const writers = facts.of.get(value)?.writers ?? [];
  return writers.length === 1 && value !== facts.initial ? writers[0] : undefined;
}

/** An unknown operation whose value somebody met did happen; an unknown cas among them met a value in its turn. */
function proveUnknownOnes(
  operations: readonly TimedOperation[],
  effects: readonly Effect[],
  facts: Facts,
): void {
  const work = [...facts.of].filter(([, { observers }]) => observers.length > 0).map(([value]) => value);
  for (let value = work.pop(); value !== undefined; value = work.pop()) {
    const writer = onlyWriter(value, facts);
    const effect = writer === undefined ? undefined : effects[writer];
    if (writer === undefined || effect === undefined || effect.sure) continue;
    if (earliestReturn(facts.of.get(value)?.observers ?? [], operations) < (operations[writer]?.called ?? 0))
      continue;
    effect.sure = true;
    if (effect.expects === null) continue;
    const expected = factsOf(facts, effect.expects);
    expected.observers.push(writer);
    expected.successors.push(writer);
    work.push(effect.expects);
  }
}

const earliestReturn = (indexes: readonly number[], operations: readonly TimedOperation[]): number =>
  indexes.reduce((least, index) => Math.min(least, operations[index]?.returned ?? Infinity), Infinity);

/** A write took effect before the first return of whoever met its value; through unknown cas this goes on backwards. */
function earlierReturns(
  operations: readonly TimedOperation[],
  effects: readonly Effect[],
  facts: Facts,
): number[] {
  const returns = operations.map(({ returned }) => returned);
  const work = [...facts.of.keys()];
  for (let value = work.pop(); value !== undefined; value = work.pop()) {
    const writer = onlyWriter(value, facts);
    const operation = writer === undefined ? undefined : operations[writer];
    const effect = writer === undefined ? undefined : effects[writer];
    if (writer === undefined || operation === undefined || effect?.sure !== true) continue;
    const observers = facts.of.get(value)?.observers ?? [];
    const seen = observers.reduce((least, index) => Math.min(least, returns[index] ?? Infinity), Infinity);
    if (seen >= (returns[writer] ?? Infinity) || seen < operation.called) continue;
    returns[writer] = seen;
    if (effect.expects !== null) work.push(effect.expects);
  }
  return returns;
}

/** The interval order of zones: value a goes before value b if some operation of a's returned before one of b's was called. */
function orderOf(
  index: number,
  value: string,
  operations: readonly TimedOperation[],
  returns: readonly number[],
  facts: Facts,
): { readonly start: number; readonly end: number } {
  const own = onlyWriter(value, facts) === index ? (facts.of.get(value)?.observers ?? []) : [];
  let start = operations[index]?.called ?? 0;
  let end = returns[index] ?? Infinity;
  for (const observer of own) {
    start = Math.max(start, operations[observer]?.called ?? 0);
    end = Math.min(end, returns[observer] ?? Infinity);
  }
  return { start, end };
}

/** Values that nobody ever speaks of are all alike: the first of them stands for all, so that states become fewer. */
function standIn(
  effects: readonly Effect[],
  facts: Facts,
  needed: ReadonlySet<string>,
  expectedInVain: ReadonlySet<string>,
): (operation: TimedOperation, effect: Effect) => { readonly value?: Json } {
  const expectedByUnknown = new Set(effects.flatMap(({ expects }) => (expects === null ? [] : [expects])));
  const isAnonymous = (value: string): boolean =>
    value !== facts.initial &&
    !needed.has(value) &&
    !expectedInVain.has(value) &&
    !expectedByUnknown.has(value) &&
    facts.of.get(value)?.observers.length === 0;
  let first: Json | undefined;
  return (operation, effect) => {
    if (effect.writes === null || !isAnonymous(effect.writes)) return {};
    const written = operation.f === 'cas' ? casArguments(operation)[1] : operation.value;
    first ??= written;
    return { value: operation.f === 'cas' ? [casArguments(operation)[0], first] : first };
  };
}

const failedExpectations = (operations: readonly TimedOperation[]): Set<string> =>
  new Set(
    operations
      .filter(({ f, result }) => f === 'cas' && result === false)
      .map((operation) => canonicalJson(casArguments(operation)[0])),
  );

/** How long a value must stay, and what must come after it, where its period is the only one. */
function outlookOf(state: Held, operations: readonly TimedOperation[], facts: Facts): Outlook {
  const value = canonicalJson(state.value);
  const known = facts.of.get(value);
  const periods = (known?.writers.length ?? 0) + (value === facts.initial ? 1 : 0);
  if (known === undefined || periods !== 1) return { heldUntil: -1, successor: -1 };
  const heldUntil = known.observers.reduce(
    (last, index) => Math.max(last, operations[index]?.called ?? -1),
    -1,
  );
  return { heldUntil, successor: known.successors[0] ?? -1 };
}
