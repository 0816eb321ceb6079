import type { OperationTable } from '../history/operation-table.ts';
import { added, finds, isAdd, misses, removed } from './set-rows.ts';

/** Whether an element is there. */
export type Presence = 0 | 1;

/** Finds all that a few rows of one element can lead to. */
export interface Subsets {
  /**
   * Goes through the rows, all with an answer, in every order that real time allows, from any of these beginnings (bit 0: not there; bit 1:
   * there), and answers with the ends that are possible.
   */
  reach(rows: Int32Array, from: number): number;
  /** Writes an order of those rows that leads to this end, which was reached, and answers with its beginning. */
  writeOrder(end: Presence, order: Int32Array, from: number): Presence;
}

/** More rows than this are too many. */
export const subsetRowsMax = 10;

/** By dynamic programming over the subsets of rows that are placed, each with what the element is then. */
export function makeSubsets({ called, returned }: OperationTable, kind: Uint8Array): Subsets {
  const parent = new Int32Array(2 << subsetRowsMax); // of subset and presence: the row placed last, and the presence before; -1: not reached
  const mustPrecede = new Int32Array(subsetRowsMax);
  let rows: Int32Array = new Int32Array();

  /** What the element is after the row's operation; -1: it cannot be placed then. */
  const after = (row: number, presence: number): number => {
    const of = kind[row] ?? 0;
    if (of === finds || of === misses) return (of === finds) === (presence === 1) ? presence : -1;
    const made = isAdd(of) ? 1 : 0;
    return (of === added || of === removed) && made === presence ? -1 : made;
  };
  return {
    reach: (given, from) => {
      rows = given;
      const count = rows.length;
      const all = (1 << count) - 1;
      parent.fill(-1, 0, 2 << count);
      for (const presence of [0, 1]) if (((from >> presence) & 1) === 1) parent[presence] = 0;
      for (let i = 0; i < count; i++) {
        let before = 0;
        for (let j = 0; j < count; j++) {
          if ((returned[rows[j] ?? 0] ?? 0) < (called[rows[i] ?? 0] ?? 0)) before |= 1 << j;
        }
        mustPrecede[i] = before;
      }
      for (let at = 0; at < 2 * all; at++) {
        if (parent[at] === -1) continue;
        const placed = at >> 1;
        for (let i = 0; i < count; i++) {
          if (((placed >> i) & 1) === 1 || ((mustPrecede[i] ?? 0) & ~placed) !== 0) continue;
          const presence = after(rows[i] ?? 0, at & 1);
          const next = 2 * (placed | (1 << i)) + presence;
          if (presence >= 0 && parent[next] === -1) parent[next] = 2 * i + (at & 1);
        }
      }
      return (parent[2 * all] === -1 ? 0 : 1) | (parent[2 * all + 1] === -1 ? 0 : 2);
    },
    writeOrder: (end, order, from) => {
      let placed = (1 << rows.length) - 1;
      let presence: Presence = end;
      for (let at = rows.length - 1; at >= 0; at--) {
        const last = parent[2 * placed + presence] ?? 0;
        order[from + at] = rows[last >> 1] ?? 0;
        placed &= ~(1 << (last >> 1));
        presence = (last & 1) === 1 ? 1 : 0;
      }
      return presence;
    },
  };
}
