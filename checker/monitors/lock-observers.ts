import { never, type OperationTable } from '../history/operation-table.ts';

/** Rows of one kind, in order of call. */
export interface Observers {
  /** Of those called after this moment, the row that returned first; -1: there are none. */
  firstAfter(moment: number): number;
}

export function makeObservers(
  { called, returned }: OperationTable,
  kind: Uint8Array,
  wanted: number,
): Observers {
  const rows = Int32Array.from(kind.keys()).filter((row) => kind[row] === wanted);
  const first = new Int32Array(rows.length + 1).fill(-1); // of those from here on
  for (let at = rows.length - 1; at >= 0; at--) {
    const row = rows[at] ?? 0;
    const later = first[at + 1] ?? -1;
    first[at] = later < 0 || (returned[row] ?? never) < (returned[later] ?? never) ? row : later;
  }
  return {
    firstAfter: (moment) => {
      let low = 0;
      let high = rows.length;
      while (low < high) {
        const middle = (low + high) >>> 1;
        if ((called[rows[middle] ?? 0] ?? never) > moment) high = middle;
        else low = middle + 1;
      }
      return first[low] ?? -1;
    },
  };
}
