/** Lists of rows that share what they have in common: a list is the number of its last node. */
export interface Trails {
  readonly empty: number;
  /** The list with one row more. */
  add(trail: number, row: number): number;
  /** Each row once, where it stands last. */
  rowsOf(trail: number): Int32Array;
}

export function makeTrails(): Trails {
  let rows = new Int32Array(64);
  let before = new Int32Array(64);
  let count = 0;
  const enlarged = (column: Int32Array): Int32Array<ArrayBuffer> => {
    const more = new Int32Array(column.length * 2);
    more.set(column);
    return more;
  };
  return {
    empty: -1,
    add: (trail, row) => {
      if (count === rows.length) {
        rows = enlarged(rows);
        before = enlarged(before);
      }
      rows[count] = row;
      before[count] = trail;
      return count++;
    },
    rowsOf: (trail) => {
      const seen = new Set<number>();
      for (let node = trail; node >= 0; node = before[node] ?? -1) seen.add(rows[node] ?? 0);
      return Int32Array.from(seen).reverse();
    },
  };
}
