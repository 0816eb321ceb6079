import { equalJson, isJsonList, type Json } from '../../core/json.ts';
import { canonicalJson } from '../canonical-json.ts';

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

export function makeEmptyList(): LogNode {
  let lastId = 0;
  const newId = (): number => ++lastId;
  return { id: 0, length: 0, value: null, before: null, next: null, others: null, newId };
}

/** The list with a value at its end. */
export function appended(list: LogNode, value: Json): LogNode {
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

export function isList(list: LogNode, items: Json): boolean {
  if (!isJsonList(items) || items.length !== list.length) return false;
  for (let node = list; node.before !== null; node = node.before) {
    if (!equalJson(node.value, items[node.length - 1])) return false;
  }
  return true;
}

export function itemsOf(list: LogNode): Json[] {
  const items: Json[] = [];
  for (let node = list; node.before !== null; node = node.before) items.push(node.value);
  return items.reverse();
}
