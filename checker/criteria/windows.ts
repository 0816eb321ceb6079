import { makeEdges, noCause, type Edges } from './edges.ts';
import { initially, nothing, readersOf, type RegisterGraph } from './register-graph.ts';
import { saturate, type Saturation } from './saturate.ts';

/** Rows of a table, the last one excluded. */
interface Rows {
  readonly from: number;
  readonly to: number;
}

/** A graph with fewer nodes, and what they are in the whole. */
export interface SubGraph {
  readonly graph: RegisterGraph;
  readonly nodes: Int32Array;
}

/**
 * The writes among these rows, and whoever read them. A history without a write and without all that read it contradicts itself only if the
 * whole does, so that what must come before what here must do so there.
 */
export function writesIn(whole: RegisterGraph, { from, to }: Rows): SubGraph {
  const isIn = (node: number): boolean => {
    const row = whole.rows[node] ?? 0;
    return row >= from && row < to;
  };
  const isKnown = (writer: number, node: number): boolean =>
    writer === initially ? isIn(node) : writer >= 0 && isIn(writer);
  const placeOf = new Int32Array(whole.count).fill(nothing);
  const kept: number[] = [];
  const chainStart: number[] = [];
  let lastChain = -1;
  for (let node = 0; node < whole.count; node++) {
    const isKept = whole.isWrite[node] === 1 ? isIn(node) : isKnown(whole.readsFrom[node] ?? nothing, node);
    if (!isKept) continue;
    const chain = whole.chain[node] ?? 0;
    if (chain !== lastChain) chainStart.push(kept.length);
    lastChain = chain;
    placeOf[node] = kept.push(node) - 1;
  }
  const nodes = Int32Array.from(kept);
  const chain = new Int32Array(nodes.length);
  for (const [number, start] of chainStart.entries()) chain.fill(number, start, chainStart[number + 1]);
  const readsFrom = nodes.map((node) => {
    const writer = whole.readsFrom[node] ?? nothing;
    if (!isKnown(writer, node)) return nothing;
    return writer === initially ? initially : (placeOf[writer] ?? nothing);
  });
  const graph: RegisterGraph = {
    count: nodes.length,
    rows: nodes.map((node) => whole.rows[node] ?? 0),
    nodeOf: whole.nodeOf.slice(0).map((node) => (node < 0 ? -1 : Math.max(-1, placeOf[node] ?? -1))),
    chain,
    chainCount: chainStart.length,
    chainStart: Int32Array.from([...chainStart, nodes.length]),
    key: nodes.map((node) => whole.key[node] ?? 0),
    keyCount: whole.keyCount,
    readsFrom,
    refused: new Int32Array(nodes.length).fill(nothing),
    refusedCount: 0,
    isWrite: Uint8Array.from(nodes, (node) => whole.isWrite[node] ?? 0),
    unseen: [],
    ...readersOf(readsFrom),
    unclear: [],
    thinAir: [],
  };
  return { graph, nodes };
}

/** Numbers in a clock table that may be there at once: time and memory follow it. */
const entriesMost = 1 << 24;
const rowsAtFirst = 1 << 13;
const rowsLeast = 1 << 8;

/**
 * Saturates the whole, or, where its clocks were too many, one stretch of writes after the other, each overlapping the one before by half. Then
 * what only shows over long distances is not found.
 */
export function saturateInWindows(
  whole: RegisterGraph,
  limits: { readonly isExpired: () => boolean; readonly bytesMax: number },
): Saturation {
  const entriesMax = Math.min(entriesMost, limits.bytesMax / 8);
  if (whole.count * whole.chainCount <= entriesMax) return saturate(whole, limits.isExpired);
  const edges = makeEdges(whole.count);
  const rowCount = whole.nodeOf.length;
  let rows = rowsAtFirst;
  for (let from = 0; from < rowCount; from += rows / 2) {
    if (limits.isExpired()) return { status: 'expired', cycleAt: -1, edges };
    let part = writesIn(whole, { from, to: from + rows });
    for (; part.graph.count * part.graph.chainCount > entriesMax / 8 && rows > rowsLeast; rows /= 2)
      part = writesIn(whole, { from, to: from + rows / 2 });
    const { status, cycleAt, edges: found } = saturate(part.graph, limits.isExpired);
    copyEdges(found, part, edges);
    if (status === 'cycle') return { status, cycleAt: part.nodes[cycleAt] ?? -1, edges };
  }
  return { status: 'saturated', cycleAt: -1, edges };
}

function copyEdges(found: Edges, { nodes }: SubGraph, edges: Edges): void {
  for (let edge = 0; edge < found.count(); edge++) {
    const cause = found.cause(edge);
    edges.add(
      nodes[found.from(edge)] ?? 0,
      nodes[found.to(edge)] ?? 0,
      cause === noCause ? noCause : (nodes[cause] ?? noCause),
    );
  }
}
