import { equalJson, type Json } from '../../core/json.ts';
import type { Model, ModelOperation } from '../../core/model.ts';
import { canonicalJson } from '../canonical-json.ts';
import { lookAheadOfLog } from './log-look-ahead.ts';
import { keyWords, resultWords, shortJson, unknownOperation } from './words.ts';

/**
 * A list as the end of a path from the empty list: lists share what they have in common, and equal lists are one object, since each node
 * keeps those that follow it. So a long list costs one node more than the list before it, and comparing two costs nothing.
 */
export interface LogNode {
  readonly id: number;
  readonly length: number;
  readonly value: Json;
  readonly before: LogNode | null;
  readonly after: Map<string, LogNode>;
  readonly newId: () => number;
}

/** A list for each key: append answers the length after it, read the whole list. */
export const log: Model<LogNode> = {
  name: 'log',
  initial: () => {
    let lastId = 0;
    const newId = (): number => ++lastId;
    return { id: 0, length: 0, value: null, before: null, after: new Map(), newId };
  },
  step: (list, operation) => {
    const { f, value, result } = operation;
    if (f === 'append')
      return result === undefined || result === list.length + 1 ? appended(list, value) : null;
    if (f !== 'read') throw unknownOperation('log', operation, 'append VALUE and read');
    return result === undefined || isList(list, result) ? list : null;
  },
  fingerprint: (list) => String(list.id),
  partition: 'key',
  describe: (operation) => {
    const { f, key, value } = operation;
    return f === 'append'
      ? `append${keyWords(key)} ${shortJson(value)} -> ${resultWords(operation)}`
      : `${f}${keyWords(key)} -> ${listWords(operation)}`;
  },
  describeState: (list) => shortList(itemsOf(list)),
  isPure: (operation) => operation.f === 'read',
  lookAhead: lookAheadOfLog,
};

function appended(list: LogNode, value: Json): LogNode {
  const text = canonicalJson(value);
  let next = list.after.get(text);
  if (next === undefined) {
    const { newId } = list;
    next = { id: newId(), length: list.length + 1, value, before: list, after: new Map(), newId };
    list.after.set(text, next);
  }
  return next;
}

function isList(list: LogNode, items: Json): boolean {
  if (!Array.isArray(items) || items.length !== list.length) return false;
  for (let node = list; node.before !== null; node = node.before) {
    if (!equalJson(node.value, items[node.length - 1] as Json)) return false;
  }
  return true;
}

function itemsOf(list: LogNode): Json[] {
  const items: Json[] = [];
  for (let node = list; node.before !== null; node = node.before) items.push(node.value);
  return items.reverse();
}

const listWords = (operation: ModelOperation): string =>
  Array.isArray(operation.result) ? shortList(operation.result as readonly Json[]) : resultWords(operation);

/** The end of a list tells more than its beginning. */
const shortList = (items: readonly Json[]): string =>
  items.length <= 8
    ? `[${items.map((item) => shortJson(item)).join(', ')}]`
    : `[... ${items
        .slice(-6)
        .map((item) => shortJson(item))
        .join(', ')}] of ${items.length}`;
