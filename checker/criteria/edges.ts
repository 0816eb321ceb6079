/** Why one operation must come before another, besides the order of a process and reading: a node, or one of these. */
export type Cause = number;
/** Nothing is to be said about it but what its ends say. */
export const noCause = -1;

/** Edges between nodes, found one after the other: what must come before what. */
export interface Edges {
  add(from: number, to: number, cause: Cause): void;
  clear(): void;
  count(): number;
  /** The last edge into a node, and the one before it; -1: none. */
  into(node: number): number;
  nextInto(edge: number): number;
  outOf(node: number): number;
  nextOutOf(edge: number): number;
  from(edge: number): number;
  to(edge: number): number;
  cause(edge: number): Cause;
  bytes(): number;
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
    clear: () => {
      for (let edge = 0; edge < count; edge++) {
        lastOutOf[columns[edge * width] ?? 0] = -1;
        lastInto[columns[edge * width + 1] ?? 0] = -1;
      }
      count = 0;
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
