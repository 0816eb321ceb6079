import { UsageError } from '../../core/errors.ts';
import { equalJson, isJsonList, type Json } from '../../core/json.ts';
import type { Model, ModelOperation } from '../../core/model.ts';
import { canonicalJson } from '../canonical-json.ts';
import { dependentsOfLog } from '../linearizable/units-log.ts';
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
  /** The list that was first made of this one, and the others by their last value: most lists have one that follows. */
  next: LogNode | null;
  others: Map<string, LogNode> | null;
  readonly newId: () => number;
}

/** A list for each key: append answers the length after it, or null where the system does not tell; read answers the whole list. */
export const log: Model<LogNode> = {
  name: 'log',
  initial: (given = []) => {
    if (!isJsonList(given)) throw new UsageError(`a log begins with a list, not with ${shortJson(given)}`);
    let lastId = 0;
    const newId = (): number => ++lastId;
    const empty = { id: 0, length: 0, value: null, before: null, next: null, others: null, newId };
    return given.reduce<LogNode>(appended, empty);
  },
  step: (list, operation) => {
    const { f, value, result } = operation;
    if (f === 'append') {
      const isFit = result === undefined || result === null || result === list.length + 1;
      return isFit ? appended(list, value) : null;
    }
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
  dependents: dependentsOfLog,
};

function appended(list: LogNode, value: Json): LogNode {
  if (list.next !== null && equalJson(list.next.value, value)) return list.next;
  const text = list.next === null ? '' : canonicalJson(value);
  const known = list.others?.get(text);
  if (known !== undefined) return known;
  const { newId } = list;
  const after = {
    id: newId(),
    length: list.length + 1,
    value,
    before: list,
    next: null,
    others: null,
    newId,
  };
  if (list.next === null) list.next = after;
  else {
    list.others ??= new Map<string, LogNode>();
    list.others.set(text, after);
  }
  return after;
}

function isList(list: LogNode, items: Json): boolean {
  if (!isJsonList(items) || items.length !== list.length) return false;
  for (let node = list; node.before !== null; node = node.before) {
    if (!equalJson(node.value, items[node.length - 1])) return false;
  }
  return true;
}

function itemsOf(list: LogNode): Json[] {
  const items: Json[] = [];
  for (let node = list; node.before !== null; node = node.before) items.push(node.value);
  return items.reverse();
}

const listWords = (operation: ModelOperation): string =>
  isJsonList(operation.result) ? shortList(operation.result) : resultWords(operation);

/** The end of a list tells more than its beginning. */
const shortList = (items: readonly Json[]): string =>
  items.length <= 8
    ? `[${items.map((item) => shortJson(item)).join(', ')}]`
    : `[... ${items
        .slice(-6)
        .map((item) => shortJson(item))
        .join(', ')}] of ${items.length}`;
