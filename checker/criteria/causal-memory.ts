import { makeEdges, type Edges } from './edges.ts';
import { initially, nothing, type RegisterGraph } from './register-graph.ts';
import { makeWalk, orderOf, type Walk } from './walk.ts';

/** What cannot be, of nodes of a graph. */
export type Contradiction =
  /** Each must come before the next one, and the last before the first. */
  | { readonly type: 'cycle'; readonly nodes: readonly number[] }
  /** `reader` met what the register held at first, though `writer` wrote to the same register and must come before it. */
  | { readonly type: 'initial'; readonly writer: number; readonly reader: number }
  /** The failed cas did not meet the value that the register held at first, but `reader` later did. */
  | { readonly type: 'returned'; readonly cas: number; readonly reader: number };

/** A process for which no order will do. */
export interface Refutation {
  readonly chain: number;
  readonly contradiction: Contradiction;
  /** What was found to come before what in the view of that process; the cause is the process's read that says so. */
  readonly edges: Edges;
}

export type CausalAnswer =
  | { readonly verdict: 'valid' }
  | { readonly verdict: 'invalid'; readonly refutation: Refutation }
  /** Time ran out. */
  | { readonly verdict: 'unknown' };

/** Told of each process for which there is an order, with what its reads demand. */
export type OnProcess = (chain: number, edges: Edges) => void;

/**
 * Causal memory [Ahamad, Neiger, Burns, Kohli & Hutto 1995]: for each process there is an order of its own operations and all writes that
 * agrees with causality (program order and reading, and what follows from both) and in which its reads are right. Of failed cas, only what
 * later reads of the same process tell is looked at.
 *
 * Causality is walked through for each process, its own operations in turn, and what comes before them is put before them. Where that
 * order contradicts a read of the process, every write in between that comes before the read must come before the write that was read: this
 * is the relation HB of Bouajjani et al. 2017 (section 4), found as far as it is needed. Either an order results, or a cycle.
 *
 * There are few walks for a process. Each is linear in what the process can have seen since the oldest write that it read: what was before
 * that in some order that agrees with causality may stay in that order.
 */
export function judgeCausalMemory(
  graph: RegisterGraph,
  isExpired: () => boolean,
  onProcess: OnProcess = () => undefined,
): CausalAnswer {
  const edges = makeEdges(graph.count);
  const ranks = ranksOf(graph);
  const walk = makeWalk(graph, edges, ranks);
  const floorOf = makeFloor(graph, ranks);
  const replay = makeReplay(graph, edges);
  for (let chain = 0; chain < graph.chainCount; chain++) {
    const last = lastReader(graph, chain);
    if (last < 0) continue;
    edges.takeBackTo(0);
    const floor = floorOf(chain, last);
    let contradiction = addFailedCas(graph, chain, last, edges);
    for (let isSettled = false; !isSettled && contradiction === null;) {
      if (isExpired()) return { verdict: 'unknown' };
      const before = edges.count();
      contradiction = walkThrough(walk, floor, graph.chainStart[chain] ?? 0, last) ?? replay(chain, walk);
      isSettled = edges.count() === before;
    }
    if (contradiction !== null) return { verdict: 'invalid', refutation: { chain, contradiction, edges } };
    onProcess(chain, edges);
  }
  return { verdict: 'valid' };
}

/** Places in an order that agrees with causality; null: there is a cycle. */
function ranksOf(graph: RegisterGraph): Int32Array | null {
  const order = orderOf(graph);
  if (order === null) return null;
  const ranks = new Int32Array(order.length);
  for (let i = 0; i < order.length; i++) ranks[order[i] ?? 0] = i;
  return ranks;
}

/** The rank of the oldest write that the process read; where it met an initial value, of the first write to that register. */
function makeFloor(
  { count, chainStart, readsFrom, key, keyCount, isWrite }: RegisterGraph,
  ranks: Int32Array | null,
): (chain: number, last: number) => number {
  if (ranks === null) return () => 0;
  const firstWrite = new Int32Array(keyCount).fill(count);
  for (let node = 0; node < count; node++) {
    const register = key[node] ?? 0;
    if (isWrite[node] === 1) firstWrite[register] = Math.min(firstWrite[register] ?? 0, ranks[node] ?? 0);
  }
  return (chain, last) => {
    let floor = count;
    for (let node = chainStart[chain] ?? 0; node <= last; node++) {
      const writer = readsFrom[node] ?? nothing;
      if (writer === nothing) continue;
      floor = Math.min(floor, (writer < 0 ? firstWrite[key[node] ?? 0] : ranks[writer]) ?? 0);
    }
    return floor;
  };
}

function lastReader({ chainStart, readsFrom, refused }: RegisterGraph, chain: number): number {
  const first = chainStart[chain] ?? 0;
  let node = (chainStart[chain + 1] ?? 0) - 1;
  while (node >= first && readsFrom[node] === nothing && refused[node] === nothing) node -= 1;
  return node < first ? -1 : node;
}

/** A value that a process meets after its cas did not meet it was written after that cas: each value is written once. */
function addFailedCas(graph: RegisterGraph, chain: number, last: number, edges: Edges): Contradiction | null {
  const { chainStart, readsFrom, refused, key, refusedCount } = graph;
  if (refusedCount === 0) return null;
  const readLater = new Map<number, number>();
  for (let node = last; node >= (chainStart[chain] ?? 0); node--) {
    const nameOf = (writer: number): number => (writer === initially ? -1 - (key[node] ?? 0) : writer);
    const writer = readsFrom[node] ?? nothing;
    if (writer !== nothing) readLater.set(nameOf(writer), node);
    const missed = refused[node] ?? nothing;
    const reader = missed === nothing ? undefined : readLater.get(nameOf(missed));
    if (reader === undefined) continue;
    if (missed === initially) return { type: 'returned', cas: node, reader };
    edges.add(node, missed, reader);
  }
  return null;
}

function walkThrough(walk: Walk, floor: number, first: number, last: number): Contradiction | null {
  walk.begin(floor);
  for (let node = first; node <= last; node++) {
    const nodes = walk.to(node);
    if (nodes !== null) return { type: 'cycle', nodes };
  }
  return null;
}

/** Holds the reads of a process against the order, and adds to the edges what must be otherwise. */
function makeReplay(graph: RegisterGraph, edges: Edges): (chain: number, walk: Walk) => Contradiction | null {
  const { key, readsFrom, isWrite } = graph;
  const held = new Int32Array(graph.keyCount);
  const heldBefore = new Int32Array(graph.count);
  return (chain, walk) => {
    held.fill(initially);
    for (let i = 0; i < walk.length(); i++) {
      const node = walk.order[i] ?? 0;
      const register = key[node] ?? 0;
      const writer = graph.chain[node] === chain ? (readsFrom[node] ?? nothing) : nothing;
      const found = held[register] ?? initially;
      if (writer !== nothing && found !== writer) {
        if (writer === initially) return { type: 'initial', writer: found, reader: node };
        for (let each = found; each !== writer && each >= 0; each = heldBefore[each] ?? initially)
          edges.add(each, writer, node);
        held[register] = writer; // as if they had been moved
      }
      if (isWrite[node] === 1) {
        heldBefore[node] = held[register] ?? initially;
        held[register] = node;
      }
    }
    return null;
  };
}
