import { nodeBefore, nothing, type RegisterGraph } from './register-graph.ts';
import { orderOf } from './walk.ts';

/** Which nodes come before which: of each chain the first so many [vector clocks: Fidge 1988, Mattern 1989]. */
export interface Clocks {
  /** `before[node * chainCount + chain]`: how many nodes of the chain come before the node. */
  readonly before: Int32Array;
  /** Nodes in an order in which causes come first, otherwise in order of call. */
  readonly order: Int32Array;
  readonly comesBefore: (a: number, b: number) => boolean;
  /** The last write to a register among the first so many nodes of a chain, or -1. */
  readonly lastWrite: (chain: number, key: number, among: number) => number;
}

/** Clocks in which nothing is known yet. Null: causality has a cycle. */
export function emptyClocks(graph: RegisterGraph): Clocks | null {
  const { chain, chainStart, chainCount, count } = graph;
  const order = orderOf(graph);
  if (order === null) return null;
  const before = new Int32Array(count * chainCount);
  return {
    before,
    order,
    comesBefore: (a, b) => {
      const its = chain[a] ?? 0;
      return (before[b * chainCount + its] ?? 0) > a - (chainStart[its] ?? 0);
    },
    lastWrite: lastWriteIn(graph),
  };
}

/** Null: causality has a cycle. */
export function clocksOf(graph: RegisterGraph): Clocks | null {
  const clocks = emptyClocks(graph);
  if (clocks === null) return null;
  for (const node of clocks.order) joinCauses(clocks, graph, node);
  return clocks;
}

/** Takes over what is known of the node's causes. */
export function joinCauses(clocks: Clocks, graph: RegisterGraph, node: number): void {
  const previous = nodeBefore(graph, node);
  if (previous >= 0) join(clocks, graph, node, previous);
  const writer = graph.readsFrom[node] ?? nothing;
  if (writer >= 0) join(clocks, graph, node, writer);
}

/** Whatever comes before the cause, and the cause itself, comes before the node. */
export function join({ before }: Clocks, graph: RegisterGraph, node: number, cause: number): void {
  const { chain, chainStart, chainCount } = graph;
  const at = node * chainCount;
  const from = cause * chainCount;
  for (let each = 0; each < chainCount; each++) {
    const known = before[from + each] ?? 0;
    if (known > (before[at + each] ?? 0)) before[at + each] = known;
  }
  const its = chain[cause] ?? 0;
  const itself = cause - (chainStart[its] ?? 0) + 1;
  if (itself > (before[at + its] ?? 0)) before[at + its] = itself;
}

/** Writes by chain and register are kept in one column, in the order of their chains. */
function lastWriteIn(graph: RegisterGraph): Clocks['lastWrite'] {
  const { count, chain, chainStart, key, keyCount, isWrite } = graph;
  const places = new Map<number, number>();
  const placeOf = new Int32Array(count);
  const ends: number[] = [];
  for (let node = 0; node < count; node++) {
    if (isWrite[node] === 0) continue;
    const name = (chain[node] ?? 0) * keyCount + (key[node] ?? 0);
    const place = places.get(name) ?? ends.length;
    if (place === ends.length) places.set(name, place);
    placeOf[node] = place;
    ends[place] = (ends[place] ?? 0) + 1;
  }
  let sum = 0;
  const starts = Int32Array.from([...ends, 0], (size) => (sum += size) - size);
  const writes = new Int32Array(sum);
  const filled = starts.slice();
  for (let node = 0; node < count; node++) {
    if (isWrite[node] === 0) continue;
    const place = placeOf[node] ?? 0;
    const at = filled[place] ?? 0;
    filled[place] = at + 1;
    writes[at] = node;
  }
  return (its, register, among) => {
    const place = among === 0 ? undefined : places.get(its * keyCount + register);
    if (place === undefined) return -1;
    const end = (chainStart[its] ?? 0) + among;
    const start = starts[place] ?? 0;
    let low = start;
    let high = starts[place + 1] ?? 0;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((writes[middle] ?? 0) < end) low = middle + 1;
      else high = middle;
    }
    return low === start ? -1 : (writes[low - 1] ?? -1);
  };
}

/** What the clocks of a graph would take. */
export const clockBytes = ({ count, chainCount }: RegisterGraph): number => count * (chainCount + 8) * 4;
