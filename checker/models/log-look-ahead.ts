import { equalJson, isJsonList, type Json } from '../../core/json.ts';
import type { ForeseenOperation, LookAhead, Outlook, TimedOperation } from '../../core/model.ts';
import { canonicalJson } from '../canonical-json.ts';
import type { LogNode } from './log-list.ts';

/** What the operations on one list have to do with each other. Places count from 1; operations by their index. */
interface Facts {
  /** The longest list that anybody read. */
  readonly longest: readonly Json[];
  /** How often each value was appended, and its place in the longest list; 0: several. */
  readonly times: ReadonlyMap<string, number>;
  readonly places: ReadonlyMap<string, number>;
  /** For each length when the first read of a list that is so long or longer returned, and when the last one of just this length was called. */
  readonly shown: readonly number[];
  readonly lastCalls: readonly number[];
  /** The greatest length that an append answered. */
  readonly lengthShown: number;
}

/**
 * A list only grows, so that the longest list that anybody read is the order of its appends, and every shorter one was its beginning, once. A
 * value in it that was appended once was so at that place, before the first read returned that shows it. An append that it does not show came
 * later: without an answer it then matters only if an answered length shows that somebody came before.
 */
export function lookAheadOfLog(
  operations: readonly TimedOperation[],
  initial: Json = [],
): LookAhead<LogNode> {
  const facts = factsOfLog(operations, isJsonList(initial) ? initial.length : 0);
  let firstUnseen: Json | undefined;
  const foreseen = operations.map((operation): ForeseenOperation | null => {
    const { f, value, result, called } = operation;
    const isAnswer = result === undefined || result === null || typeof result === 'number';
    if (f !== 'append' || !isAnswer) return operation;
    const place = placeOf(operation, facts);
    if (place === 'later') {
      if (result === undefined && facts.lengthShown <= facts.longest.length) return null;
      // What no read shows may be anything, but nothing that a read shows.
      if (facts.places.has(canonicalJson(value))) return operation;
      firstUnseen ??= value;
      return { ...operation, value: firstUnseen };
    }
    const returned = Math.min(operation.returned, facts.shown[place] ?? Infinity);
    return place === 0 || returned < called ? operation : { ...operation, result: place, returned };
  });
  return { operations: foreseen, outlook: makeOutlook(foreseen, facts) };
}

/** Where in the longest list an append took effect; 0: one does not know; later: not in it. */
function placeOf({ value, result }: TimedOperation, facts: Facts): number | 'later' {
  if (typeof result === 'number') return result > facts.longest.length ? 'later' : result;
  const text = canonicalJson(value);
  const place = facts.places.get(text);
  if (place === undefined) return 'later';
  return facts.times.get(text) === 1 ? place : 0;
}

function factsOfLog(operations: readonly TimedOperation[], lengthAtFirst: number): Facts {
  const lists = operations.flatMap(({ f, result }) => (f === 'read' && isJsonList(result) ? [result] : []));
  const longest = lists.reduce((a, b) => (b.length > a.length ? b : a), []);
  const times = new Map<string, number>();
  const shown = new Array<number>(longest.length + 2).fill(Infinity);
  const lastCalls = new Array<number>(longest.length + 1).fill(-1);
  let lengthShown = 0;
  for (const { f, value, result, called, returned } of operations) {
    if (f === 'append') {
      const text = canonicalJson(value);
      times.set(text, (times.get(text) ?? 0) + 1);
      if (typeof result === 'number') lengthShown = Math.max(lengthShown, result);
    } else if (isJsonList(result)) {
      const { length } = result;
      shown[length] = Math.min(shown[length] ?? Infinity, returned);
      lastCalls[length] = Math.max(lastCalls[length] ?? -1, called);
    }
  }
  for (let place = longest.length; place >= 0; place--) {
    shown[place] = Math.min(shown[place] ?? Infinity, shown[place + 1] ?? Infinity);
  }
  const places = new Map<string, number>();
  for (let place = lengthAtFirst + 1; place <= longest.length; place++) {
    const text = canonicalJson(longest[place - 1]);
    places.set(text, places.has(text) ? 0 : place);
  }
  return { longest, times, places, shown, lastCalls, lengthShown };
}

/** A beginning of the longest list lasts until every read of it was called, and nothing but the next append ends it; what is no beginning of it cannot go on. */
function makeOutlook(
  foreseen: readonly (ForeseenOperation | null)[],
  { longest, lastCalls }: Facts,
): (list: LogNode) => Outlook {
  const writers = new Int32Array(longest.length + 1).fill(-1);
  for (const [index, operation] of foreseen.entries()) {
    if (operation?.f === 'append' && typeof operation.result === 'number') writers[operation.result] = index;
  }
  const beginnings = new WeakMap<LogNode, boolean>();
  const isBeginning = (list: LogNode): boolean => {
    const unknown: LogNode[] = [];
    let at: LogNode | null = list;
    while (at !== null && !beginnings.has(at)) {
      unknown.push(at);
      at = at.before;
    }
    let isSo = at === null || beginnings.get(at) === true;
    for (let node = unknown.pop(); node !== undefined; node = unknown.pop()) {
      isSo &&= node.before === null || equalJson(node.value, longest[node.length - 1]);
      beginnings.set(node, isSo);
    }
    return isSo;
  };
  return (list) => {
    if (list.length > longest.length) return { heldUntil: -1, successor: -1 };
    if (!isBeginning(list)) return { heldUntil: Infinity, successor: -1 };
    return { heldUntil: lastCalls[list.length] ?? -1, successor: writers[list.length + 1] ?? -1 };
  };
}
