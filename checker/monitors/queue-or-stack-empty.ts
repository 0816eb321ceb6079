import { invalid, type Invalid } from './queue-or-stack-fault.ts';
import type { Items } from './queue-or-stack-items.ts';

/**
 * Why a remove cannot have found nothing: few items that were there all the time, or more lost ones than removes without an answer can have taken.
 * `due`: rows that show which of those must take others.
 */
export function emptyFault(items: Items, row: number, remove: string, due: readonly number[]): Invalid {
  const { adds, removes, addReturned, columns, unknown } = items;
  const called = columns.called[row] ?? 0;
  const returned = columns.returned[row] ?? 0;
  const simply = `a ${remove} found nothing while something was there all the time`;
  const isLost = (item: number): boolean => unknown.length > 0 && removes[item] === -1;
  const { cover, isWhole } = coverOf(items, called, returned, (item) => !isLost(item));
  const rows = [row, ...cover.flatMap((item) => [adds[item] ?? -1, removes[item] ?? -1])];
  if (isWhole) return invalid(simply, rows);

  const takers = unknown.filter((each) => (columns.called[each] ?? 0) < returned);
  const lost = Array.from(adds.keys()).filter((item) => isLost(item) && (addReturned[item] ?? 0) < returned);
  const already = lost.filter((item) => (addReturned[item] ?? 0) < called).slice(0, takers.length + 1);
  const lostRows = (some: readonly number[]): number[] => some.map((item) => adds[item] ?? -1);
  if (already.length > takers.length && takers.length === 0)
    return invalid(simply, [row, ...lostRows(already)]);
  const rule = `a ${remove} found nothing, though more was there than every ${remove} without an answer can have taken`;
  return already.length > takers.length
    ? invalid(rule, [row, ...lostRows(already), ...takers])
    : invalid(rule, [...rows, ...lostRows(lost), ...takers, ...due]);
}

/**
 * Few items that are certainly there, one or another, all the time between two moments, or as long as any is: each time the one that stays
 * longest.
 */
export function coverOf(
  { count, addReturned, removeCalled }: Items,
  after: number,
  before: number,
  isCounted: (item: number) => boolean,
): { readonly cover: readonly number[]; readonly isWhole: boolean } {
  const candidates: number[] = [];
  for (let item = 0; item < count; item++) {
    const isThere = (addReturned[item] ?? 0) < before && (removeCalled[item] ?? 0) > after;
    if (isThere && isCounted(item)) candidates.push(item);
  }
  candidates.sort((a, b) => (addReturned[a] ?? 0) - (addReturned[b] ?? 0));
  const cover: number[] = [];
  let isWhole = true;
  let covered = after;
  let best = -1;
  for (const item of [...candidates, -1]) {
    const from = item < 0 ? before : (addReturned[item] ?? 0);
    if (from > covered && best >= 0) {
      cover.push(best);
      covered = removeCalled[best] ?? 0;
      best = -1;
    }
    if (covered >= before) break;
    if (from > covered) {
      isWhole = false;
      covered = from;
    }
    if (item >= 0 && (removeCalled[item] ?? 0) > Math.max(covered, removeCalled[best] ?? 0)) best = item;
  }
  return { cover, isWhole };
}
