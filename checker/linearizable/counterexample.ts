import type { Json, JsonObject } from '../../core/json.ts';
import type { LookAhead, Model } from '../../core/model.ts';
import { canonicalJson } from '../canonical-json.ts';
import { counted, listed, seconds } from '../words.ts';
import { prefixOf, type Part, type PartOperation } from './parts.ts';
import { makeSearch } from './search.ts';

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
export function explain(part: Part, model: Model<unknown>, isExpired: () => boolean): Counterexample {
  const prefix = shortestBadPrefix(part, model, isExpired);
  const misfit = lastReturned(prefix);
  if (misfit === undefined) return { words: 'no operation ever answered', details: {} };
  const concurrent = prefix.operations.filter(
    ({ called, returned }) => called < misfit.returned && returned > misfit.called,
  );
  const others = concurrent.filter((operation) => operation !== misfit);
  const related = relatedTo(misfit, prefix, concurrent);
  const states = statesBefore(misfit, prefix, model, isExpired);
  return {
    words: inWords({ misfit, others, related, states, model }),
    details: {
      operation: eventsOf(misfit),
      states: states.shown,
      statesAreAll: states.isAll,
      concurrent: others.slice(0, eventsShown).map(eventsOf),
      concurrentCount: others.length,
      related: related.map(eventsOf),
      answeredBefore: prefix.operations.filter(({ returned }) => returned < misfit.returned).length,
    },
  };
}

function shortestBadPrefix(part: Part, model: Model<unknown>, isExpired: () => boolean): Part {
  const returns = part.operations
    .map(({ returned }) => returned)
    .filter((returned) => returned !== Infinity)
    .sort((a, b) => a - b);
  let low = 0;
  let high = returns.length - 1;
  while (low < high && !isExpired()) {
    const middle = Math.floor((low + high) / 2);
    if (isBad(prefixOf(part, returns[middle] ?? Infinity), model, isExpired)) high = middle;
    else low = middle + 1;
  }
  return prefixOf(part, returns[high] ?? Infinity);
}

function isBad(part: Part, model: Model<unknown>, isExpired: () => boolean): boolean {
  const ahead = model.lookAhead?.(part.operations) ?? { operations: part.operations };
  const search = makeSearch(model, ahead, windowBytes);
  for (let choices = 0; choices < choicesPerPrefix && !isExpired(); choices += 5000) {
    const status = search.run(5000);
    if (status !== 'running') return status === 'exhausted';
  }
  return false;
}

const lastReturned = (part: Part): PartOperation | undefined =>
  part.operations.reduce<PartOperation | undefined>(
    (last, operation) =>
      operation.returned !== Infinity && operation.returned > (last?.returned ?? -1) ? operation : last,
    undefined,
  );

/** The states in which everything but the misfit can end. */
function statesBefore(
  misfit: PartOperation,
  prefix: Part,
  model: Model<unknown>,
  isExpired: () => boolean,
): { readonly shown: string[]; readonly isAll: boolean } {
  const operations = prefix.operations.filter((operation) => operation !== misfit);
  const search = makeSearch(model, withTrueValues(operations, model), windowBytes);
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
function withTrueValues(operations: Part['operations'], model: Model<unknown>): LookAhead<unknown> {
  const ahead = model.lookAhead?.(operations) ?? { operations };
  const foreseen = ahead.operations.map(
    (operation, i) => operation && { ...operation, value: operations[i]?.value ?? operation.value },
  );
  return { ...ahead, operations: foreseen };
}

/** Earlier operations that speak of the same value: who wrote what a misfit read. */
function relatedTo(
  misfit: PartOperation,
  prefix: Part,
  concurrent: readonly PartOperation[],
): PartOperation[] {
  const values = [misfit.result, misfit.value].filter(
    (value) => typeof value === 'number' || typeof value === 'string',
  );
  const texts = new Set(values.map((value) => canonicalJson(value)));
  return prefix.operations
    .filter((operation) => !concurrent.includes(operation) && speaksOf(operation, texts))
    .slice(-3);
}

function speaksOf(operation: PartOperation, texts: ReadonlySet<string>): boolean {
  const { value, result } = operation;
  const parts: readonly (Json | undefined)[] = Array.isArray(value) ? value : [value];
  return [...parts, result].some((each) => texts.has(canonicalJson(each)));
}

const eventsOf = ({ invocation, completion }: PartOperation): JsonObject => ({
  invoke: { ...invocation },
  completion: completion === undefined ? null : { ...completion },
});

function inWords(found: {
  readonly misfit: PartOperation;
  readonly others: readonly PartOperation[];
  readonly related: readonly PartOperation[];
  readonly states: { readonly shown: readonly string[]; readonly isAll: boolean };
  readonly model: Model<unknown>;
}): string {
  const { misfit, others, related, states, model } = found;
  const say = (operation: PartOperation): string => operationWords(operation, model);
  const sentences = [`${say(misfit)} fits nowhere`];
  if (states.shown.length > 0) {
    const could = states.isAll ? 'could only be' : 'could be';
    sentences.push(
      `when it returned, the state ${could} ${listed(states.shown, statesShown).replace(/ and ([^,]*)$/, ' or $1')}`,
    );
  }
  if (related.length > 0) sentences.push(`before it: ${related.map(say).join('; ')}`);
  sentences.push(
    others.length === 0
      ? 'nothing was concurrent with it'
      : `concurrent with it: ${others.slice(0, 4).map(say).join('; ')}${others.length > 4 ? `; and ${counted(others.length - 4, 'more')}` : ''}`,
  );
  return sentences.join('. ').replace(/\. (\w)/g, (_, letter: string) => `. ${letter.toUpperCase()}`);
}

function operationWords(operation: PartOperation, model: Model<unknown>): string {
  const { invocation, completion } = operation;
  const what = model.describe?.(operation) ?? `${operation.f} ${canonicalJson(operation.value)}`;
  const until = completion === undefined ? 'never answered' : `answered at ${seconds(completion.time)}`;
  return `${what} (process ${invocation.process}, invoked at ${seconds(invocation.time)}, ${until})`;
}
