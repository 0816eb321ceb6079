import { never } from '../history/operation-table.ts';
import { noRow, type Clusters } from './register-clusters.ts';

/**
 * Clusters joined by true cas: the one value follows the other at once, so that a block is contiguous in every linearization. Two blocks are
 * ordered in real time as if each were one operation that returned at `end` and was called at `start`: a before b if `end` of a < `start` of b
 * [Gibbons & Korach 1997, zones].
 */
export interface Blocks {
  readonly count: number;
  /** The first cluster of each. */
  readonly head: Int32Array;
  /** The earliest return of an operation of the block. */
  readonly end: Int32Array;
  /** The latest call of an operation of the block. */
  readonly start: Int32Array;
}

/** What is wrong with the clusters of one block, or with one that begins nowhere. */
export type BlockFault =
  | { readonly fault: 'nobody wrote it'; readonly cluster: number }
  /** An operation of this cluster returned before an earlier one of its block was called. */
  | { readonly fault: 'too early'; readonly cluster: number }
  /** Each cluster of a circle of cas follows another. */
  | { readonly fault: 'circle'; readonly cluster: number };

export function blocksOf(clusters: Clusters): Blocks | BlockFault {
  const { columns, count, writer, firstReturn, successor } = clusters;
  const head = new Int32Array(count);
  const end = new Int32Array(count);
  const start = new Int32Array(count);
  let blocks = 0;
  let reached = 0;
  let all = 0;
  for (let cluster = 0; cluster < count; cluster++) {
    const row = writer[cluster] ?? noRow;
    if (row === noRow && cluster !== 0) {
      if (firstReturn[cluster] === never && successor[cluster] === noRow) continue;
      return { fault: 'nobody wrote it', cluster };
    }
    all += 1;
    if (row !== noRow && (columns.met[row] ?? -1) >= 0) continue; // a cas: its block begins elsewhere
    head[blocks] = cluster;
    const length = measure(clusters, cluster, blocks, end, start);
    if (length < 0) return { fault: 'too early', cluster: -1 - length };
    reached += length;
    blocks += 1;
  }
  if (reached < all) return { fault: 'circle', cluster: circleMember(clusters) };
  return {
    count: blocks,
    head: head.subarray(0, blocks),
    end: end.subarray(0, blocks),
    start: start.subarray(0, blocks),
  };
}

/**
 * Writes `end` and `start` of a block. Its operations go one way only, write, reads, cas, reads: none may return before an earlier one is
 * called. Returns how many clusters it has; or, where that is not so, -1 - the cluster that comes too early.
 */
function measure(
  { columns, writer, firstReturn, lastCall, successor }: Clusters,
  head: number,
  block: number,
  end: Int32Array,
  start: Int32Array,
): number {
  const { called, returned } = columns.table;
  let latestCall = -1;
  let earliestReturn: number = head === 0 ? -1 : never;
  let cluster = head;
  let row = writer[head] ?? noRow;
  for (let length = 1; ; length++) {
    const written = row === noRow ? never : (returned[row] ?? never);
    if (written < latestCall) return -1 - cluster;
    latestCall = Math.max(latestCall, row === noRow ? -1 : (called[row] ?? 0));
    const read = firstReturn[cluster] ?? never;
    if (read < latestCall) return -1 - cluster;
    latestCall = Math.max(latestCall, lastCall[cluster] ?? -1);
    earliestReturn = Math.min(earliestReturn, written, read);
    row = successor[cluster] ?? noRow;
    if (row === noRow) {
      end[block] = earliestReturn;
      start[block] = latestCall;
      return length;
    }
    cluster = columns.written[row] ?? 0;
  }
}

/** The clusters of a block, from this one on; once round, should cas form a circle. */
export function chainFrom({ columns, count, successor }: Clusters, head: number): number[] {
  const chain = [head];
  for (let row = successor[head] ?? noRow; row !== noRow && chain.length < count;) {
    const cluster = columns.written[row] ?? 0;
    chain.push(cluster);
    row = successor[cluster] ?? noRow;
  }
  return chain;
}

/** The clusters of the block that this one belongs to, up to it. Not for a circle. */
export function chainTo({ columns, writer }: Clusters, cluster: number): number[] {
  const chain = [cluster];
  for (let at = cluster; at !== 0;) {
    const before = columns.met[writer[at] ?? noRow] ?? -1;
    if (before < 0) break;
    chain.push(before);
    at = before;
  }
  return chain.reverse();
}

/** Some of the blocks. */
export function someBlocks({ head, end, start }: Blocks, isWanted: (head: number) => boolean): Blocks {
  const wanted = head.map((cluster, block) => (isWanted(cluster) ? block : -1)).filter((block) => block >= 0);
  return {
    count: wanted.length,
    head: wanted.map((block) => head[block] ?? 0),
    end: wanted.map((block) => end[block] ?? 0),
    start: wanted.map((block) => start[block] ?? 0),
  };
}

/** A cluster that no block reaches, though each follows another. */
function circleMember({ columns, count, writer, successor }: Clusters): number {
  const { met, written } = columns;
  const isReached = new Uint8Array(count);
  for (let cluster = 0; cluster < count; cluster++) {
    const row = writer[cluster] ?? noRow;
    const isHead = cluster === 0 || (row !== noRow && (met[row] ?? -1) < 0);
    for (let at = cluster; isHead;) {
      isReached[at] = 1;
      const by = successor[at] ?? noRow;
      if (by === noRow) break;
      at = written[by] ?? 0;
    }
  }
  return writer.findIndex((row, cluster) => row !== noRow && isReached[cluster] === 0);
}
