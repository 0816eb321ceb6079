import type { RecordedRun } from '../core/checker.ts';
import type { Operation } from '../core/history.ts';
import type { Json } from '../core/json.ts';
import type { Count } from './effect-count.ts';
import { canonicalJson } from './canonical-json.ts';
import { counted } from './words.ts';

/** A value by which equal ones are known: a number as it is, others as canonical texts, which need more time. */
type Item = string | number;
const itemOf = (value: Json): Item => (typeof value === 'number' ? value : canonicalJson(value));

/** What was asked of one list. */
interface List {
  readonly key: string;
  readonly appends: Map<Item, Operation>;
  readonly reads: Operation[];
}

/** An answered read. */
interface Read {
  readonly operation: Operation;
  readonly items: readonly Item[];
}

/** Each append leaves its unique id in a list, so that an effect that happened twice, or not at all, stays visible. Null: nothing is appended. */
export function judgeAppends(run: RecordedRun, operations: readonly Operation[]): Count | null {
  if (run.plan.workload.model !== 'log') return null;
  const violations: string[] = [];
  const gaps: string[] = [];
  const totals = { appended: 0, unknownWithEffect: 0, unknownWithout: 0 };
  for (const list of listsOf(operations)) {
    const reads = list.reads
      .filter(({ completion }) => completion?.type === 'ok')
      .map((operation): Read => ({ operation, items: itemsOf(operation) }));
    const longest = reads.reduce<readonly Item[]>((most, { items }) => longer(most, items), []);
    const forked = forks(list, reads, longest);
    // Reads that begin the longest one repeat nothing that it does not.
    const mayRepeat = forked.length > 0 ? reads : [{ items: longest }];
    if (mayRepeat.some(({ items }) => new Set(items).size < items.length))
      violations.push(...repeated(list, reads));
    violations.push(...strangers(list, longest), ...forked, ...misplaced(list, longest));
    const final = reads.findLast(({ operation }) => operation.invocation.final === true);
    if (final === undefined) {
      if (list.appends.size > 0)
        gaps.push(`list ${list.key} has no final read, so what is missing from it cannot be told`);
      continue;
    }
    const present = new Set(final.items);
    violations.push(...missing(list, final.operation, present));
    totals.appended += final.items.length;
    for (const [id, { completion }] of list.appends) {
      if (completion?.type === 'ok' || completion?.type === 'fail') continue;
      if (present.has(id)) totals.unknownWithEffect += 1;
      else totals.unknownWithout += 1;
    }
  }
  return {
    violations,
    gaps,
    counted: `${counted(totals.appended, 'append')} found once each, ${totals.unknownWithEffect} of them never answered`,
    details: totals,
  };
}

function listsOf(operations: readonly Operation[]): List[] {
  const lists: List[] = [];
  const byText = new Map<string, List>();
  const byOther = new Map<string, List>();
  for (const operation of operations) {
    const { f, key, value } = operation.invocation;
    const known = typeof key === 'string' ? byText : byOther;
    const name = typeof key === 'string' ? key : canonicalJson(key);
    let list = known.get(name);
    if (list === undefined) {
      list = { key: name, appends: new Map(), reads: [] };
      known.set(name, list);
      lists.push(list);
    }
    if (f === 'append') list.appends.set(itemOf(value), operation);
    else if (f === 'read') list.reads.push(operation);
  }
  return lists;
}

function itemsOf({ completion }: Operation): readonly Item[] {
  const value = completion?.value;
  return Array.isArray(value) ? value.map((item: Json) => itemOf(item)) : [];
}

const longer = (a: readonly Item[], b: readonly Item[]): readonly Item[] => (b.length > a.length ? b : a);

const byWhom = ({ invocation, completion }: Operation): string => {
  const answer =
    completion === undefined || completion.type === 'info' ? 'was never answered' : `got ${completion.type}`;
  return `process ${invocation.process}, which ${answer}`;
};

function repeated(list: List, reads: readonly Read[]): string[] {
  const twice = new Set<Item>();
  for (const { items } of reads) {
    const seen = new Set<Item>();
    for (const item of items) {
      if (seen.has(item)) twice.add(item);
      seen.add(item);
    }
  }
  return [...twice].map((id) => {
    const append = list.appends.get(id);
    return `append ${list.key} ${id} took effect more than once${append === undefined ? '' : ` (process ${append.invocation.process})`}`;
  });
}

/** What nobody asked for, and what failed and so must not have happened. */
function strangers(list: List, longest: readonly Item[]): string[] {
  const violations: string[] = [];
  for (const id of longest) {
    const append = list.appends.get(id);
    if (append === undefined) violations.push(`list ${list.key} holds ${id}, which nobody appended`);
    else if (append.completion?.type === 'fail') {
      violations.push(`append ${list.key} ${id} took effect though it failed`);
    }
  }
  return violations;
}

/** Lists only grow at their end: every read is a beginning of the longest. */
function forks(list: List, reads: readonly Read[], longest: readonly Item[]): string[] {
  return reads.flatMap(({ operation, items }) => {
    const at = items.findIndex((item, i) => item !== longest[i]);
    if (at < 0) return [];
    const { process, index } = operation.invocation;
    return [
      `list ${list.key} has ${longest[at] ?? 'nothing'} at place ${at + 1}, but the read of process ${process} (event ${index}) saw ${items[at]} there`,
    ];
  });
}

/** A reply says where the id stands, so it must stand there. */
function misplaced(list: List, longest: readonly Item[]): string[] {
  const violations: string[] = [];
  for (const [id, { completion }] of list.appends) {
    if (completion?.type !== 'ok' || typeof completion.value !== 'number') continue;
    const found = longest[completion.value - 1];
    if (found === undefined || found === id) continue;
    violations.push(
      `append ${list.key} ${id} was answered with place ${completion.value}, where ${found} stands`,
    );
  }
  return violations;
}

/** Whatever was answered before the final read was asked is in it. */
function missing(list: List, final: Operation, present: ReadonlySet<Item>): string[] {
  const isDue = ({ completion }: Operation): boolean =>
    completion?.type === 'ok' && completion.index < final.invocation.index;
  return [...list.appends]
    .filter(([id, append]) => isDue(append) && !present.has(id))
    .map(
      ([id, append]) =>
        `append ${list.key} ${id} (${byWhom(append)}) is missing from the final list: its effect was lost`,
    );
}
