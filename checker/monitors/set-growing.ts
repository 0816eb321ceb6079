import { never } from '../history/operation-table.ts';
import type { MonitorVerdict } from './monitor.ts';
import { chainOfReads, type ReadChain, type SetConflict } from './set-chain.ts';
import type { SetQuestion } from './set-element.ts';
import { emptyPlaces, orderOfPlaces } from './set-order.ts';
import { misses, skipped, unknownAdd, wholeRead } from './set-rows.ts';

/** Each element's addition: its first and last moment by itself, and the rows that say so; `never`: it need not be added. */
interface Additions {
  readonly by: Int32Array;
  readonly from: Int32Array;
  readonly fromRow: Int32Array;
  readonly toRow: Int32Array;
}

/**
 * A set that is read as a whole and from which nothing is removed. Reads contain each other, and so put themselves and all additions into
 * blocks: what the least set shows, those who read it, what the next one shows more, and so on. Of several adds of one element the first
 * counts, which is between the first call and the first return; and who names an element sets bounds to its addition by itself. So an order
 * is right if and only if nobody in a block must come before somebody in an earlier one was called: pairs are enough, since blocks are a weak
 * order and real time an interval order.
 */
export function judgeGrowing(question: SetQuestion, sizeAtFirst: number): MonitorVerdict {
  const { table, rows, atFirst } = question;
  const chain = chainOfReads(table, rows, atFirst, sizeAtFirst);
  if ('rule' in chain) return invalid(chain);
  const additions = additionsOf(question, chain);
  if ('rule' in additions) return invalid(additions);
  const latest = latestBefore(question, chain, additions);
  const late = lateOne(question, chain, additions, latest);
  return late === null
    ? { verdict: 'valid', linearization: () => linearizationOf(question, chain, additions, latest) }
    : invalid(late);
}

/** Additions of a level come just before those who read it. */
const blockOfElement = (level: number): number => 2 * level;
const blockOfRead = (level: number): number => 2 * level + 1;

function additionsOf(
  { table, rows, facts, atFirst }: SetQuestion,
  chain: ReadChain,
): Additions | SetConflict {
  const { called, returned } = table;
  const { elements, kind } = rows;
  const by = new Int32Array(elements).fill(-1);
  const from = new Int32Array(elements).fill(never);
  const fromRow = new Int32Array(elements).fill(-1);
  const toRow = new Int32Array(elements).fill(-1);
  for (let each = 0; each < elements; each++) {
    const sure = facts.adds.sure[each] ?? -1;
    const missed = facts.misses.latest[each] ?? -1;
    const found = facts.finds.soonest[each] ?? -1;
    const isRead = (chain.levelOfElement[each] ?? 0) <= chain.levels;
    if (atFirst[each] === 1) {
      const wrong = sure >= 0 ? sure : missed;
      if (wrong >= 0) return { rows: [wrong], rule: 'an element was missed that was there from the first' };
      continue;
    }
    const first = facts.adds.first[each] ?? -1;
    if (first < 0) {
      if (found < 0 && !isRead) continue;
      return {
        rows: [found < 0 ? readOf(each, chain) : found],
        rule: 'nobody added an element that was seen',
      };
    }
    const again = facts.adds.sureToo[each] ?? -1;
    if (again >= 0) return { rows: [sure, again], rule: 'two adds of one element were told that it was new' };
    const added = facts.adds.soonest[each] ?? -1;
    const soonest = found >= 0 && (returned[found] ?? never) < (returned[added] ?? never) ? found : added;
    if (kind[soonest] === unknownAdd && !isRead) continue;
    by[each] = sure >= 0 ? sure : first;
    fromRow[each] =
      missed >= 0 && (called[missed] ?? 0) > (called[by[each] ?? 0] ?? 0) ? missed : (by[each] ?? 0);
    from[each] = called[fromRow[each] ?? 0] ?? 0;
    toRow[each] = soonest;
  }
  return { by, from, fromRow, toRow };
}

/** A read that shows the element. */
const readOf = (element: number, { levelOfRow, levelOfElement }: ReadChain): number =>
  levelOfRow.indexOf(levelOfElement[element] ?? 0);

/** For each block the row called last among those of all blocks before it, -1: there is none. */
function latestBefore(
  { table, rows }: SetQuestion,
  { levelOfRow, levelOfElement, levels }: ReadChain,
  { by, fromRow }: Additions,
): Int32Array {
  const { called, count } = table;
  const latest = new Int32Array(2 * levels + 4).fill(-1);
  const take = (block: number, row: number): void => {
    const known = latest[block + 1] ?? -1;
    if (known < 0 || (called[row] ?? 0) > (called[known] ?? 0)) latest[block + 1] = row;
  };
  for (let row = 0; row < count; row++) {
    if (rows.kind[row] === wholeRead) take(blockOfRead(levelOfRow[row] ?? 0), row);
  }
  for (const [each, level] of levelOfElement.entries()) {
    if ((by[each] ?? -1) >= 0) take(blockOfElement(level), fromRow[each] ?? 0);
  }
  for (let block = 1; block < latest.length; block++) {
    const row = latest[block - 1] ?? -1;
    if (row >= 0) take(block - 1, row);
  }
  return latest;
}

/** Who returned before somebody was called who must come first; null: nobody. */
function lateOne(
  { table, rows }: SetQuestion,
  { levelOfRow, levelOfElement }: ReadChain,
  { by, from, fromRow, toRow }: Additions,
  latest: Int32Array,
): SetConflict | null {
  const { called, returned, count } = table;
  const conflict = (block: number, row: number): SetConflict | null => {
    const other = latest[block] ?? -1;
    if (other < 0 || (called[other] ?? 0) < (returned[row] ?? never)) return null;
    return {
      rows: [other, row],
      rule: 'a read lacks what was added before it, or shows what was added after it',
    };
  };
  for (let row = 0; row < count; row++) {
    const isRead = rows.kind[row] === wholeRead;
    const found = isRead ? conflict(blockOfRead(levelOfRow[row] ?? 0), row) : null;
    if (found !== null) return found;
  }
  for (const [each, level] of levelOfElement.entries()) {
    const row = by[each] ?? -1;
    if (row < 0) continue;
    const last = toRow[each] ?? 0;
    if ((from[each] ?? 0) > (returned[last] ?? never)) {
      return {
        rows: [...new Set([row, fromRow[each] ?? 0, last])],
        rule: 'an element was found before it could be added, or missed after it was',
      };
    }
    const found = conflict(blockOfElement(level), last);
    if (found !== null) return found;
  }
  return null;
}

// Of one moment and block, who misses an element, its addition, and who finds it.
const ranksOfBlock = 3;

function linearizationOf(
  { table, rows }: SetQuestion,
  { levelOfRow, levelOfElement }: ReadChain,
  { by, from }: Additions,
  latest: Int32Array,
): Int32Array {
  const { called, returned, count } = table;
  const { kind, element } = rows;
  const earliest = latest.map((row) => (row < 0 ? 0 : (called[row] ?? 0))); // moment of each block
  const places = emptyPlaces(count);
  const { moment, rank } = places;
  for (let row = 0; row < count; row++) {
    const of = kind[row] ?? skipped;
    const each = element[row] ?? -1;
    const now = called[row] ?? 0;
    if (of === skipped || (returned[row] === never && row !== by[each])) continue;
    const block =
      of === wholeRead ? blockOfRead(levelOfRow[row] ?? 0) : blockOfElement(levelOfElement[each] ?? 0);
    if (of === wholeRead) {
      moment[row] = Math.max(now, earliest[block] ?? 0);
      rank[row] = ranksOfBlock * block;
      continue;
    }
    // Elements that nobody adds have no moment, and whoever speaks of them may come at once.
    const addedAt = (by[each] ?? -1) < 0 ? -1 : Math.max(from[each] ?? 0, earliest[block] ?? 0);
    const isBefore = of === misses;
    moment[row] = row === by[each] ? addedAt : isBefore ? now : Math.max(now, addedAt);
    rank[row] = ranksOfBlock * block + (isBefore ? 0 : row === by[each] ? 1 : 2);
  }
  return orderOfPlaces(places);
}

const invalid = ({ rows, rule }: SetConflict): MonitorVerdict => ({ verdict: 'invalid', rows, rule });
