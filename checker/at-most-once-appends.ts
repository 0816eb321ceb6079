import type { RecordedRun } from '../core/checker.ts';
import type { Operation } from '../core/history.ts';
import type { Json } from '../core/json.ts';
import type { Count } from './effect-count.ts';
import { canonicalJson } from './canonical-json.ts';
import { counted } from './words.ts';

/** What was asked of one list. Values as canonical texts. */
interface List {
  readonly key: string;
  readonly appends: Map<string, Operation>;
  readonly reads: Operation[];
}

/** Each append leaves its unique id in a list, so that an effect that happened twice, or not at all, stays visible. Null: nothing is appended. */
export function judgeAppends(run: RecordedRun, operations: readonly Operation[]): Count | null {
  if (run.plan.workload.model !== 'log') return null;
  const violations: string[] = [];
  const gaps: string[] = [];
  const totals = { appended: 0, unknownWithEffect: 0, unknownWithout: 0 };
  for (const list of listsOf(operations)) {
    const reads = list.reads.filter(({ completion }) => completion?.type === 'ok');
    const longest = reads.reduce<readonly string[]>((most, read) => longer(most, itemsOf(read)), []);
    violations.push(...repeated(list, reads), ...strangers(list, longest), ...forks(list, reads, longest));
    violations.push(...misplaced(list, longest));
    const final = reads.filter(({ invocation }) => invocation.final === true).at(-1);
    if (final === undefined) {
      if (list.appends.size > 0)
        gaps.push(`list ${list.key} has no final read, so what is missing from it cannot be told`);
      continue;
    }
    violations.push(...missing(list, final));
    totals.appended += itemsOf(final).length;
    const present = new Set(itemsOf(final));
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
  const lists = new Map<string, List>();
  for (const operation of operations) {
    const { f, key, value } = operation.invocation;
    const name = canonicalJson(key);
    let list = lists.get(name);
    if (list === undefined) {
      list = { key: typeof key === 'string' ? key : name, appends: new Map(), reads: [] };
      lists.set(name, list);
    }
    if (f === 'append') list.appends.set(canonicalJson(value), operation);
    else if (f === 'read') list.reads.push(operation);
  }
  return [...lists.values()];
}

function itemsOf({ completion }: Operation): readonly string[] {
  const value = completion?.value;
  return Array.isArray(value) ? value.map((item: Json) => canonicalJson(item)) : [];
}

const longer = (a: readonly string[], b: readonly string[]): readonly string[] =>
  b.length > a.length ? b : a;

const byWhom = ({ invocation, completion }: Operation): string => {
  const answer =
    completion === undefined || completion.type === 'info' ? 'was never answered' : `got ${completion.type}`;
  return `process ${invocation.process}, which ${answer}`;
};

function repeated(list: List, reads: readonly Operation[]): string[] {
  const twice = new Set<string>();
  for (const read of reads) {
    const seen = new Set<string>();
    for (const item of itemsOf(read)) {
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
function strangers(list: List, longest: readonly string[]): string[] {
  return longest.flatMap((id) => {
    const append = list.appends.get(id);
    if (append === undefined) return [`list ${list.key} holds ${id}, which nobody appended`];
    return append.completion?.type === 'fail'
      ? [`append ${list.key} ${id} took effect though it failed`]
      : [];
  });
}

/** Lists only grow at their end: every read is a beginning of the longest. */
function forks(list: List, reads: readonly Operation[], longest: readonly string[]): string[] {
  return reads.flatMap((read) => {
    const items = itemsOf(read);
    const at = items.findIndex((item, i) => item !== longest[i]);
    if (at < 0) return [];
    const { process, index } = read.invocation;
    return [
      `list ${list.key} has ${longest[at] ?? 'nothing'} at place ${at + 1}, but the read of process ${process} (event ${index}) saw ${items[at]} there`,
    ];
  });
}

/** A reply says where the id stands, so it must stand there. */
function misplaced(list: List, longest: readonly string[]): string[] {
  return [...list.appends].flatMap(([id, { completion }]) => {
    if (completion?.type !== 'ok' || typeof completion.value !== 'number') return [];
    const found = longest[completion.value - 1];
    if (found === undefined || found === id) return [];
    return [`append ${list.key} ${id} was answered with place ${completion.value}, where ${found} stands`];
  });
}

/** Whatever was answered before the final read was asked is in it. */
function missing(list: List, final: Operation): string[] {
  const present = new Set(itemsOf(final));
  const isDue = ({ completion }: Operation): boolean =>
    completion?.type === 'ok' && completion.index < final.invocation.index;
  return [...list.appends]
    .filter(([id, append]) => isDue(append) && !present.has(id))
    .map(
      ([id, append]) =>
        `append ${list.key} ${id} (${byWhom(append)}) is missing from the final list: its effect was lost`,
    );
}
