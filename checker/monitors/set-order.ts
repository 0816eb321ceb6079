import { never, type OperationTable } from '../history/operation-table.ts';
import type { ElementMoments } from './set-element.ts';
import { sortedByKey } from './register-sort.ts';
import { finds, isAdd, skipped, type SetRows } from './set-rows.ts';

/** Where each row stands: its moment, -1 if it has no place, and its rank among those of that moment. */
export interface Places {
  readonly moment: Int32Array;
  readonly rank: Int32Array;
}

export const emptyPlaces = (count: number): Places => ({
  moment: new Int32Array(count).fill(-1),
  rank: new Int32Array(count),
});

/** Rows that have a place, by moment and then by rank: sorting keeps the order of equals. */
export function orderOfPlaces({ moment, rank }: Places): Int32Array {
  const byRank = sortedByKey(rank);
  const byMoment = sortedByKey(byRank.map((row) => moment[row] ?? -1));
  return byMoment.map((at) => byRank[at] ?? 0).filter((row) => (moment[row] ?? -1) >= 0);
}

/** Rows of elements in any order of their own: each as soon as it was called and those before it were. */
export function placeInOrder(
  orders: readonly Int32Array[],
  { called }: OperationTable,
  places: Places,
): void {
  for (const order of orders) {
    let moment = -1;
    for (const [rank, row] of order.entries()) {
      moment = Math.max(moment, called[row] ?? 0);
      places.moment[row] = moment;
      places.rank[row] = rank;
    }
  }
}

// Of one moment, who saw the element as it was at first, its change, who saw that, the change back, and who saw that.
const ranks = { atFirst: 0, change: 1, changed: 2, back: 3, changedBack: 4 } as const;

/** Rows of elements that have moments of change. */
export function placeByMoments(
  { called, returned, count }: OperationTable,
  { kind, element }: SetRows,
  atFirst: Uint8Array,
  moments: ElementMoments,
  places: Places,
): void {
  const { change, changeRow, back, backRow } = moments;
  for (let row = 0; row < count; row++) {
    const each = element[row] ?? -1;
    const of = kind[row] ?? skipped;
    if (each < 0 || (returned[row] === never && row !== changeRow[each] && row !== backRow[each])) continue;
    const now = called[row] ?? 0;
    const changedAt = change[each] ?? never;
    const backAt = back[each] ?? never;
    // An add or a remove that does not change it finds it as it would have made it.
    const isThere = of === finds || isAdd(of);
    const isAsAtFirst = isThere === (atFirst[each] === 1);
    if (row === changeRow[each]) setPlace(places, row, changedAt, ranks.change);
    else if (row === backRow[each]) setPlace(places, row, backAt, ranks.back);
    else if (!isAsAtFirst) setPlace(places, row, Math.max(now, changedAt), ranks.changed);
    else if (now <= changedAt) setPlace(places, row, now, ranks.atFirst);
    else setPlace(places, row, Math.max(now, backAt), ranks.changedBack);
  }
}

function setPlace({ moment, rank }: Places, row: number, at: number, rankThere: number): void {
  moment[row] = at;
  rank[row] = rankThere;
}
