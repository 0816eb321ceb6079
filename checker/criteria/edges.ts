/** Why one operation must come before another, besides the order of a process and reading: a node, or one of these. */
export type Cause = number;
/** Nothing is to be said about it but what its ends say. */
export const noCause = -1;

/** Edges between nodes, found one after the other: what must come before what. */
export interface Edges {
  readonly add: (from: number, to: number, cause: Cause) => void;
  /** Takes back the last ones, so that so many are left. */
  readonly takeBackTo: (count: number) => void;
  readonly count: () => number;
  /** The last edge into a node, and the one before it; -1: none. */
  readonly into: (node: number) => number;
  readonly nextInto: (edge: number) => number;
  readonly outOf: (node: number) => number;
  readonly nextOutOf: (edge: number) => number;
  readonly from: (edge: number) => number;
  readonly to: (edge: number) => number;
  readonly cause: (edge: number) => Cause;
  readonly bytes: () => number;
}

/** Columns of an edge: its ends and its cause, then the edges before it into and out of the same nodes. */
const width = 5;

export function makeEdges(nodes: number): Edges {
  const lastInto = new Int32Array(nodes).fill(-1);
  const lastOutOf = new Int32Array(nodes).fill(-1);
  let columns = new Int32Array(64 * width);
  let count = 0;
  return {
    add: (from, to, cause) => {
      if ((count + 1) * width > columns.length) {
        const more = new Int32Array(columns.length * 2);
        more.set(columns);
        columns = more;
      }
      const at = count * width;
      columns[at] = from;
      columns[at + 1] = to;
      columns[at + 2] = cause;
      columns[at + 3] = lastInto[to] ?? -1;
      columns[at + 4] = lastOutOf[from] ?? -1;
      lastInto[to] = count;
      lastOutOf[from] = count;
      count += 1;
    },
    takeBackTo: (left) => {
      while (count > left) {
        count -= 1;
        const at = count * width;
        lastInto[columns[at + 1] ?? 0] = columns[at + 3] ?? -1;
        lastOutOf[columns[at] ?? 0] = columns[at + 4] ?? -1;
      }
    },
    count: () => count,
    into: (node) => lastInto[node] ?? -1,
    nextInto: (edge) => columns[edge * width + 3] ?? -1,
    outOf: (node) => lastOutOf[node] ?? -1,
    nextOutOf: (edge) => columns[edge * width + 4] ?? -1,
    from: (edge) => columns[edge * width] ?? 0,
    to: (edge) => columns[edge * width + 1] ?? 0,
    cause: (edge) => columns[edge * width + 2] ?? noCause,
    bytes: () => columns.byteLength + lastInto.byteLength * 2,
  };
}
