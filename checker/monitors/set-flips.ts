import { never, type OperationTable } from '../history/operation-table.ts';
import { makeReturnHeap } from './counter-heap.ts';
import { sortedByKey } from './register-sort.ts';
import { added, addedOrNot, finds, isAdd, misses, removed, removedOrNot } from './set-rows.ts';

/** An order of rows, or rows that contradict each other. */
export type FlipsVerdict = { readonly order: Int32Array } | { readonly rows: readonly number[] };

/**
 * One element, added and removed any number of times, where everybody with an answer was told whether he did: so adds and removes that did
 * take turns. As for a counter, changes are made as late as they can be, each by the one that returns first of those called, and this is as
 * good as any order: the changes that are made by a moment are the fewest that can be, and whoever waits to see the element the other way
 * sees it as soon as it is so. Null: somebody was not told. `isPlaced`: a mark for each row of the table, 0 at first.
 */
export function judgeFlips(
  rowsOfElement: Int32Array,
  isThere: boolean,
  { called, returned }: OperationTable,
  kind: Uint8Array,
  isPlaced: Uint8Array,
): FlipsVerdict | null {
  if (rowsOfElement.some((row) => kind[row] === addedOrNot || kind[row] === removedOrNot)) return null;
  const byReturn = sortedByKey(rowsOfElement.map((row) => returned[row] ?? never)).map(
    (at) => rowsOfElement[at] ?? 0,
  );
  const order = new Int32Array(rowsOfElement.length);
  // By what it makes of the element or finds it to be: 1 there, 0 not there.
  const open = [makeReturnHeap(returned), makeReturnHeap(returned)] as const;
  const unknown: readonly [number[], number[]] = [[], []];
  const waiting: readonly [number[], number[]] = [[], []];
  let state: 0 | 1 = isThere ? 1 : 0;
  let placed = 0;
  const place = (row: number): void => {
    isPlaced[row] = 1;
    order[placed++] = row;
  };
  const change = (): boolean => {
    const to = state === 1 ? 0 : 1;
    const known = open[to].pop();
    const row = known >= 0 ? known : (unknown[to].pop() ?? -1);
    if (row < 0) return false;
    place(row);
    state = to;
    for (const each of waiting[to].splice(0)) place(each);
    return true;
  };
  const call = (row: number): void => {
    const of = kind[row] ?? 0;
    if (of === finds || of === misses) {
      const wanted = of === finds ? 1 : 0;
      if (wanted === state) place(row);
      else waiting[wanted].push(row);
      return;
    }
    const to = isAdd(of) ? 1 : 0;
    if (of === added || of === removed) open[to].push(row);
    else unknown[to].push(row);
  };

  let next = 0;
  for (const row of byReturn) {
    const now = returned[row] ?? never;
    if (now === never) break;
    for (; (called[rowsOfElement[next] ?? 0] ?? never) < now && next < rowsOfElement.length; next++) {
      call(rowsOfElement[next] ?? 0);
    }
    while (isPlaced[row] === 0) {
      if (!change()) return { rows: stretchBefore(row, rowsOfElement, { called, returned }, kind) };
    }
  }
  return { order: order.slice(0, placed) };
}

/**
 * The rows called before this one returned and since the last moment when none was open, and the last change before, which most often tells
 * how it was then.
 */
export function stretchBefore(
  row: number,
  rowsOfElement: Int32Array,
  { called, returned }: Pick<OperationTable, 'called' | 'returned'>,
  kind: Uint8Array,
): readonly number[] {
  let began = called[row] ?? 0;
  const stretch: number[] = [];
  for (let at = rowsOfElement.length - 1; at >= 0; at--) {
    const each = rowsOfElement[at] ?? 0;
    if ((called[each] ?? 0) > (returned[row] ?? never)) continue;
    const isChange = kind[each] !== finds && kind[each] !== misses;
    const isEarlier = (returned[each] ?? never) < began;
    if (!isEarlier || isChange) stretch.push(each);
    if (isEarlier && isChange) break;
    if (returned[each] !== never) began = Math.min(began, called[each] ?? 0);
  }
  return stretch.reverse();
}
