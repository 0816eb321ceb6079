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
  if (clocks === null) return { status: 'saturated', cycleAt: -1, edges };
  let pending = Array.from(beforeFirstWrites(graph, clocks)).flat();
  for (;;) {
    if (isExpired()) return { status: 'expired', cycleAt: -1, edges };
    for (let at = 0; at < pending.length; at += 3)
      edges.add(pending[at] ?? 0, pending[at + 1] ?? 0, pending[at + 2] ?? noCause);
    const found = orderOrCycle(graph, edges);
    if ('cycle' in found) return { status: 'cycle', cycleAt: found.cycle[0] ?? -1, edges };
    pending = walkThrough(found.order, graph, clocks, edges);
    if (leftToSpread * pending.length <= 3 * graph.count)
      return spreadAll(graph, clocks, edges, pending, isExpired);
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
    for (let edge = edges.into(node); edge >= 0; edge = edges.nextInto(edge)) join(clocks, graph, node, edges.from(edge));
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

function spreadAll(
  graph: RegisterGraph,
  clocks: Clocks,
  edges: Edges,
  pending: number[],
  isExpired: () => boolean,
): Saturation {
  const { chain, chainStart, chainCount, key, readsFrom, readers, readersStart, isWrite, count } = graph;
  const { before, comesBefore, lastWrite } = clocks;
  const raised = new Int32Array(count + 1); // a ring
  const isRaised = new Uint8Array(count);
  let first = 0;
  let end = 0;
  let cycleAt = -1;

  const demand = (from: number, to: number, cause: number): void => {
    if (!comesBefore(from, to)) pending.push(from, to, cause);
  };
  /** What follows from knowing so much of a chain before the node. */
  const derive = (node: number, its: number): void => {
    const last = lastWrite(its, key[node] ?? 0, before[node * chainCount + its] ?? 0);
    if (last < 0) return;
    const writer = readsFrom[node] ?? nothing;
    if (writer >= 0 && last !== writer) demand(last, writer, node);
    if (isWrite[node] === 0) return;
    for (let at = readersStart[last] ?? 0; at < (readersStart[last + 1] ?? 0); at++) {
      const reader = readers[at] ?? 0;
      if (reader !== node) demand(reader, node, noCause);
    }
  };
  const raise = (node: number, cause: number): void => {
    const at = node * chainCount;
    const from = cause * chainCount;
    const itsOwn = chain[cause] ?? 0;
    let isChanged = false;
    for (let each = 0; each < chainCount; each++) {
      let known = before[from + each] ?? 0;
      if (each === itsOwn) known = Math.max(known, cause - (chainStart[itsOwn] ?? 0) + 1);
      if (known <= (before[at + each] ?? 0)) continue;
      before[at + each] = known;
      isChanged = true;
      derive(node, each);
    }
    if (!isChanged) return;
    const its = chain[node] ?? 0;
    if ((before[at + its] ?? 0) > node - (chainStart[its] ?? 0)) cycleAt = node;
    if (isRaised[node] === 1) return;
    isRaised[node] = 1;
    raised[end] = node;
    end = end === count ? 0 : end + 1;
  };
  const spread = (): void => {
    while (first !== end && cycleAt < 0) {
      const node = raised[first] ?? 0;
      first = first === count ? 0 : first + 1;
      isRaised[node] = 0;
      if (chain[node + 1] === chain[node]) raise(node + 1, node);
      for (let at = readersStart[node] ?? 0; at < (readersStart[node + 1] ?? 0); at++) raise(readers[at] ?? 0, node);
      for (let edge = edges.outOf(node); edge >= 0; edge = edges.nextOutOf(edge)) raise(edges.to(edge), node);
    }
  };
  for (let at = 0; at < pending.length; at += 3) {
    if (at % 3072 === 0 && isExpired()) return { status: 'expired', cycleAt, edges };
    const from = pending[at] ?? 0;
    const to = pending[at + 1] ?? 0;
    if (comesBefore(from, to)) continue;
    edges.add(from, to, pending[at + 2] ?? noCause);
    raise(to, from);
    spread();
    if (cycleAt >= 0) return { status: 'cycle', cycleAt, edges };
  }
  return { status: 'saturated', cycleAt, edges };
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
      for (const write of firstWrites.get(register) ?? []) if (write !== reader) yield [reader, write, noCause];
    }
  }
}
