/** Rows, of which the one that returns first can be taken: a binary heap. */
export interface ReturnHeap {
  push(row: number): void;
  /** -1: there is none. */
  pop(): number;
}

export function makeReturnHeap(returned: Int32Array): ReturnHeap {
  let rows = new Int32Array(64);
  let size = 0;
  const at = (place: number): number => returned[rows[place] ?? 0] ?? 0;
  const swap = (a: number, b: number): void => {
    const row = rows[a] ?? 0;
    rows[a] = rows[b] ?? 0;
    rows[b] = row;
  };
  return {
    push: (row) => {
      if (size === rows.length) {
        const more = new Int32Array(size * 2);
        more.set(rows);
        rows = more;
      }
      let place = size++;
      rows[place] = row;
      for (let above = (place - 1) >> 1; place > 0 && at(above) > at(place); above = (place - 1) >> 1) {
        swap(place, above);
        place = above;
      }
    },
    pop: () => {
      if (size === 0) return -1;
      const first = rows[0] ?? 0;
      rows[0] = rows[--size] ?? 0;
      for (let place = 0, below = 1; below < size; below = 2 * place + 1) {
        if (below + 1 < size && at(below + 1) < at(below)) below += 1;
        if (at(place) <= at(below)) break;
        swap(place, below);
        place = below;
      }
      return first;
    },
  };
}
