import { defined } from '../../core/assert.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import type { LookAhead, Model, TimedOperation } from '../../core/model.ts';
import { canonicalJson } from '../canonical-json.ts';
import { listed, seconds } from '../words.ts';
import { eventsOfRow, operationsIn, type HistoryEventLike } from '../history/operation-table.ts';
import { prefixOf, type Part as TablePart } from '../history/parts.ts';
import { searchFor, type Question } from './decide.ts';
import { makeSearch } from './search.ts';

interface PartOperation extends TimedOperation {
  readonly invocation: HistoryEventLike;
  readonly completion: HistoryEventLike | undefined;
}
interface Part {
  readonly of: TablePart;
  readonly operations: readonly PartOperation[];
}
const partOf = (of: TablePart): Part => ({
  of,
  operations: operationsIn(of.table).map((operation, row) => {
    const [invocation, completion] = eventsOfRow(of.table, row);
    return { ...operation, invocation: defined(invocation, 'invocation'), completion };
  }),
});

/** Why a part is not linearizable, as far as a person can follow it. */
export interface Counterexample {
  readonly words: string;
  readonly details: JsonObject;
}

const choicesPerPrefix = 300_000;
const choicesForStates = 50_000;
const statesShown = 6;
const eventsShown = 40;
const windowBytes = 64 * 1024 * 1024;

/**
 * The shortest prefix that is not linearizable ends with the return of an operation that fits nowhere. Prefixes of a linearizable history are
 * linearizable, so it is found by bisection; a prefix that is not decided soon counts as good, which makes the one found longer, never wrong.
 */
export function explain(given: TablePart, question: Question, isExpired: () => boolean): Counterexample {
  const { model } = question;
  const part = partOf(given);
  const { position, isShortest } = shortestBadPrefix(part, question, isExpired);
  const misfit = part.operations.find(({ returned }) => returned === position);
  if (misfit === undefined) return { words: 'no operation ever answered', details: {} };
  const earlier = part.operations.filter(({ called }) => called < position);
  const concurrent = earlier
    .filter((operation) => operation !== misfit && operation.returned > misfit.called)
    .filter((operation) => operation.returned !== Infinity || model.isPure?.(operation) !== true)
    .sort((a, b) => Number(a.returned === Infinity) - Number(b.returned === Infinity));
  const before = earlier.filter(({ returned }) => returned < misfit.called);
  const states = isShortest ? statesBefore(misfit, part, question, isExpired) : { shown: [], isAll: false };
  const related = relatedTo(misfit, before, states.shown);
  return {
    words: inWords({ misfit, isShortest, concurrent, related, states, model }),
    details: {
      operation: eventsOf(misfit),
      isShortestPrefix: isShortest,
      states: states.shown,
      statesAreAll: states.isAll,
      concurrent: concurrent.slice(0, eventsShown).map(eventsOf),
      concurrentCount: concurrent.length,
      related: related.map(eventsOf),
      answeredBefore: earlier.filter(({ returned }) => returned < position).length,
    },
  };
}

/** The return that ends it, and whether the prefix before that return is known to be good. */
function shortestBadPrefix(
  part: Part,
  question: Question,
  isExpired: () => boolean,
): { readonly position: number; readonly isShortest: boolean } {
  const returns = part.operations
    .map(({ returned }) => returned)
    .filter((returned) => returned !== Infinity)
    .sort((a, b) => a - b);
  let low = 0;
  let high = returns.length - 1;
  let isShortest = true;
  while (low < high && !isExpired()) {
    const middle = Math.floor((low + high) / 2);
    const isGood = tryPrefix(prefixOf(part.of, returns[middle] ?? Infinity), question, isExpired);
    if (isGood === false) high = middle;
    else {
      low = middle + 1;
      isShortest = isGood === true;
    }
  }
  return { position: returns[high] ?? Infinity, isShortest: isShortest && low >= high };
}

/** Null: not decided soon enough. */
function tryPrefix(part: TablePart, question: Question, isExpired: () => boolean): boolean | null {
  const search = searchFor(operationsIn(part.table), question, windowBytes);
  for (let choices = 0; choices < choicesPerPrefix && !isExpired(); choices += 5000) {
    const status = search.run(5000);
    if (status !== 'running') return status === 'found';
  }
  return null;
}

/** The states in which everything but the misfit can end when it returns. */
function statesBefore(
  misfit: PartOperation,
  part: Part,
  question: Question,
  isExpired: () => boolean,
): { readonly shown: string[]; readonly isAll: boolean } {
  const { model, initial } = question;
  const prefix = operationsIn(prefixOf(part.of, misfit.returned - 1).table);
  const operations = prefix.filter(({ called }) => called !== misfit.called);
  const search = makeSearch(model, withTrueValues(operations, model), { windowBytes, initial });
  const states = new Map<string, string>();
  for (let choices = 0; choices < choicesForStates && !isExpired(); choices += 100) {
    const status = search.run(100);
    if (status === 'exhausted') return { shown: [...states.values()], isAll: true };
    if (status === 'running') continue;
    const state = search.foundState();
    states.set(model.fingerprint(state), model.describeState?.(state) ?? model.fingerprint(state));
    if (states.size === statesShown) break;
  }
  return { shown: [...states.values()], isAll: false };
}

/** A look ahead may let one value stand for others; a person wants to see the values that were written. */
function withTrueValues(operations: readonly TimedOperation[], model: Model<unknown>): LookAhead<unknown> {
  const ahead = model.lookAhead?.(operations) ?? { operations };
  const foreseen = ahead.operations.map(
    (operation, i) => operation && { ...operation, value: operations[i]?.value ?? operation.value },
  );
  return { ...ahead, operations: foreseen };
}

/** Earlier operations that speak of the misfit's value, or of the few that it met instead: who wrote what was read, who overwrote it. */
function relatedTo(
  misfit: PartOperation,
  before: readonly PartOperation[],
  states: readonly string[],
): PartOperation[] {
  const values = [misfit.result, misfit.value].filter(
    (value) => typeof value === 'number' || typeof value === 'string',
  );
  const own = new Set(values.map((value) => canonicalJson(value)));
  const met = new Set(states.length <= 2 ? states : []);
  const related = [
    ...before.filter((operation) => speaksOf(operation, own)).slice(-3),
    ...before.filter((operation) => speaksOf(operation, met)).slice(-2),
  ];
  return [...new Set(related)].sort((a, b) => a.called - b.called);
}

function speaksOf(operation: PartOperation, texts: ReadonlySet<string>): boolean {
  const { value, result } = operation;
  const parts: readonly (Json | undefined)[] = Array.isArray(value) ? value : [value];
  return [...parts, result].some((each) => each !== null && texts.has(canonicalJson(each)));
}

const eventsOf = ({ invocation, completion }: PartOperation): JsonObject => ({
  invoke: { ...invocation },
  completion: completion === undefined ? null : { ...completion },
});

function inWords(found: {
  readonly misfit: PartOperation;
  readonly isShortest: boolean;
  readonly concurrent: readonly PartOperation[];
  readonly related: readonly PartOperation[];
  readonly states: { readonly shown: readonly string[]; readonly isAll: boolean };
  readonly model: Model<unknown>;
}): string {
  const { misfit, isShortest, concurrent, related, states, model } = found;
  const say = (operation: PartOperation): string => operationWords(operation, model);
  const sentences = [
    isShortest ? `${say(misfit)} fits nowhere` : `the operations up to ${say(misfit)} fit into no order`,
  ];
  if (states.shown.length > 0) {
    const could = states.isAll ? 'could only be' : 'could be';
    sentences.push(`When it returned, the state ${could} ${listed(states.shown, statesShown, 'or')}`);
  }
  if (related.length > 0) sentences.push(`Before it: ${related.map(say).join('; ')}`);
  const more = concurrent.length > 4 ? `; and ${concurrent.length - 4} more` : '';
  sentences.push(
    concurrent.length === 0
      ? 'Nothing that matters was concurrent with it'
      : `Concurrent with it: ${concurrent.slice(0, 4).map(say).join('; ')}${more}`,
  );
  return sentences.join('. ');
}

function operationWords(operation: PartOperation, model: Model<unknown>): string {
  const { invocation, completion } = operation;
  const what = model.describe?.(operation) ?? `${operation.f} ${canonicalJson(operation.value)}`;
  const until = completion === undefined ? 'never answered' : `answered at ${seconds(completion.time)}`;
  return `${what} (process ${invocation.process}, invoked at ${seconds(invocation.time)}, ${until})`;
}
