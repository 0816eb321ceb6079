import { makeClosure } from './closure.ts';
import { emptyClocks, join, joinCauses, type Clocks } from './clocks.ts';
import { makeEdges, noCause, type Edges } from './edges.ts';
import { initially, nothing, type RegisterGraph } from './register-graph.ts';
import { orderOrCycle } from './walk.ts';

/** What must come before what in every order of all operations. */
export interface Saturation {
  /** `cycle`: there is no such order, since `cycleAt` comes before itself. `expired`: there may be more edges. */
  readonly status: 'saturated' | 'cycle' | 'expired';
  readonly cycleAt: number;
  /** Besides causality. The cause is the read that demands it, or `noCause` where a read comes before an overwriting. */
  readonly edges: Edges;
}

/**
 * Two rules, applied until nothing new follows. For a read of value a, and a write of b to the same register: if the write of b comes before
 * the read, it comes before the write of a; if the write of a comes before the write of b, so does the read [Gibbons & Korach 1997, section 4;
 * for serializability Biswas & Enea 2019]. A cycle refutes sequential consistency. No cycle proves nothing: that is NP-complete.
 *
 * Walks through all nodes find most of it, each taking at once what leads on in its order; what little is left after some is spread from where
 * it changes something.
 */
export function saturate(graph: RegisterGraph, isExpired: () => boolean): Saturation {
  const edges = makeEdges(graph.count);
  const clocks = emptyClocks(graph);
  // A cycle of causality alone is for others to find.
  return clocks === null
    ? { status: 'saturated', cycleAt: -1, edges }
    : saturateClocks(graph, clocks, edges, isExpired);
}

/** The same; leaves the clocks so that they know all edges, if there is no cycle. */
export function saturateClocks(
  graph: RegisterGraph,
  clocks: Clocks,
  edges: Edges,
  isExpired: () => boolean,
): Saturation {
  let pending = Array.from(beforeFirstWrites(graph, clocks)).flat();
  for (;;) {
    if (isExpired()) return { status: 'expired', cycleAt: -1, edges };
    for (let at = 0; at < pending.length; at += 3)
      edges.add(pending[at] ?? 0, pending[at + 1] ?? 0, pending[at + 2] ?? noCause);
    const found = orderOrCycle(graph, edges);
    if ('cycle' in found) return { status: 'cycle', cycleAt: found.cycle[0] ?? -1, edges };
    pending = walkThrough(found.order, graph, clocks, edges);
    if (leftToSpread * pending.length <= 3 * graph.count)
      return { ...makeClosure(graph, clocks, edges).add(pending, isExpired), edges };
  }
}

/** Spreading takes more for each edge than walking: it is for one edge in so many nodes. */
const leftToSpread = 20;

/** Takes the edges that lead on in this order at once, and answers those that lead back: from, to, cause. */
function walkThrough(order: Int32Array, graph: RegisterGraph, clocks: Clocks, edges: Edges): number[] {
  const { chain, chainStart, chainCount, key, readsFrom, readers, readersStart, isWrite, count } = graph;
  const { before, comesBefore, lastWrite } = clocks;
  const pending: number[] = [];
  const isWalked = new Uint8Array(count);
  const demandReaders = (of: number, node: number): void => {
    for (let at = readersStart[of] ?? 0; at < (readersStart[of + 1] ?? 0); at++) {
      const reader = readers[at] ?? 0;
      if (reader === node || comesBefore(reader, node)) continue;
      if (isWalked[reader] === 0) pending.push(reader, node, noCause);
      else {
        edges.add(reader, node, noCause);
        join(clocks, graph, node, reader);
      }
    }
  };
  for (const node of order) {
    joinCauses(clocks, graph, node);
    for (let edge = edges.into(node); edge >= 0; edge = edges.nextInto(edge))
      join(clocks, graph, node, edges.from(edge));
    const at = node * chainCount;
    const register = key[node] ?? 0;
    const writer = readsFrom[node] ?? nothing;
    for (let its = 0; writer >= 0 && its < chainCount; its++) {
      const seen = before[at + its] ?? 0;
      if (seen <= (before[writer * chainCount + its] ?? 0)) continue;
      const last = lastWrite(its, register, seen);
      if (last >= 0 && last !== writer && !comesBefore(last, writer)) pending.push(last, writer, node);
    }
    if (isWrite[node] === 1) {
      // What its process knew when it last wrote here was demanded there.
      const its = chain[node] ?? 0;
      const previous = lastWrite(its, register, node - (chainStart[its] ?? 0));
      for (let other = 0; other < chainCount; other++) {
        const seen = before[at + other] ?? 0;
        if (previous >= 0 && other !== its && seen <= (before[previous * chainCount + other] ?? 0)) continue;
        const last = lastWrite(other, register, seen);
        if (last >= 0) demandReaders(last, node);
      }
    }
    isWalked[node] = 1;
  }
  return pending;
}

/** Whoever meets what the register held at first comes before all writes to it; the last such read of a process stands for all. */
function* beforeFirstWrites(graph: RegisterGraph, { lastWrite }: Clocks): Generator<readonly number[]> {
  const { chainCount, chainStart, readsFrom, key, isWrite } = graph;
  const firstWrites = new Map<number, number[]>();
  for (let chain = 0; chain < chainCount; chain++) {
    const start = chainStart[chain] ?? 0;
    for (let node = start; node < (chainStart[chain + 1] ?? 0); node++) {
      const register = key[node] ?? 0;
      if (isWrite[node] === 0 || lastWrite(chain, register, node - start) >= 0) continue;
      const writes = firstWrites.get(register);
      if (writes === undefined) firstWrites.set(register, [node]);
      else writes.push(node);
    }
  }
  const lastReader = new Map<number, number>();
  for (let chain = 0; chain < chainCount; chain++) {
    lastReader.clear();
    for (let node = chainStart[chain] ?? 0; node < (chainStart[chain + 1] ?? 0); node++) {
      if (readsFrom[node] === initially) lastReader.set(key[node] ?? 0, node);
    }
    for (const [register, reader] of lastReader) {
      for (const write of firstWrites.get(register) ?? [])
        if (write !== reader) yield [reader, write, noCause];
    }
  }
}
