import { never, type OperationTable } from '../history/operation-table.ts';
import { makeEdges, noCause, type Edges } from './edges.ts';
import type { Objects } from './objects.ts';
import { nothing, readersOf, type RegisterGraph } from './register-graph.ts';
import { makeRegisterGuide } from './register-guide.ts';
import { windowsOf } from './register-task.ts';
import { searchRounds, type RoundsAnswer, type SearchQuestion } from './search-rounds.ts';
import type { Guide, Task } from './sequential-search.ts';
import type { Sessions } from './sessions.ts';

/** What one process sees of all writes. */
export interface View {
  readonly chain: number;
  /** Pairs of nodes, the first of which must come before the second, as its reads demand. */
  readonly demanded: Int32Array;
}

/**
 * Looks for an order of all writes and of one process's operations that agrees with causality and in which the process was always answered
 * rightly, its failed cas included. What its reads demand is known, and suffices where there is no failed cas.
 */
export function searchView(
  table: OperationTable,
  graph: RegisterGraph,
  { chain, demanded }: View,
  question: SearchQuestion,
): RoundsAnswer['status'] {
  const own = graphOfView(graph, chain);
  const known = edgesOfView(graph, demanded, chain);
  const windows = windowsOf(table, own, known);
  const makeTask = (): Task => ({
    sessions: sessionsOfView(graph),
    objects: objectsOfView(own),
    start: extended(windows.start, graph, 0),
    end: extended(windows.end, graph, never),
    guide: guideOfView(own, known),
  });
  const { status } = searchRounds(makeTask, graph.count, question);
  // A cas without an answer may have made another one fail; that is not looked into.
  return status === 'none' && graph.unseen.some(({ isCas }) => isCas) ? 'unknown' : status;
}

/** The same nodes, of which only those of the process meet anything. */
function graphOfView(graph: RegisterGraph, chain: number): RegisterGraph {
  const isOwn = (node: number): boolean => graph.chain[node] === chain;
  const readsFrom = graph.readsFrom.map((writer, node) => (isOwn(node) ? writer : nothing));
  const refused = graph.refused.map((writer, node) => (isOwn(node) ? writer : nothing));
  return { ...graph, readsFrom, refused, ...readersOf(readsFrom) };
}

/** Causality between the others, which the graph of the view does not show, and what is known besides. */
function edgesOfView(graph: RegisterGraph, demanded: Int32Array, chain: number): Edges {
  const all = makeEdges(graph.count);
  for (let node = 0; node < graph.count; node++) {
    const writer = graph.readsFrom[node] ?? nothing;
    if (writer >= 0 && graph.chain[node] !== chain) all.add(writer, node, noCause);
  }
  for (let i = 0; i < demanded.length; i += 2) all.add(demanded[i] ?? 0, demanded[i + 1] ?? 0, noCause);
  return all;
}

/** Nodes, and after them the writes that nobody saw, each at the end of its process: they may be placed or not. */
function sessionsOfView({ chain, chainStart, chainCount, count, unseen }: RegisterGraph): Sessions {
  const rowsOf: number[][] = Array.from({ length: chainCount }, (_, its) => {
    const first = chainStart[its] ?? 0;
    return Array.from({ length: (chainStart[its + 1] ?? 0) - first }, (__, i) => first + i);
  });
  const answered = rowsOf.map(({ length }) => length);
  for (const [i, { after, isCas }] of unseen.entries()) {
    if (isCas) continue;
    const rows = after < 0 ? undefined : rowsOf[chain[after] ?? 0];
    // Where a process went on after such a write, what it did later is not waited for.
    if (rows !== undefined && rows.at(-1) === after) rows.push(count + i);
    else {
      rowsOf.push([count + i]);
      answered.push(0);
    }
  }
  return { rowsOf: rowsOf.map((rows) => Int32Array.from(rows)), answered };
}

function objectsOfView({
  count,
  key,
  keyCount,
  isWrite,
  readsFrom,
  refused,
  unseen,
}: RegisterGraph): Objects {
  const states = {
    next: (state: number, node: number): number => {
      const met = readsFrom[node] ?? nothing;
      if (node < count && ((met !== nothing && met !== state - 1) || refused[node] === state - 1)) return -1;
      return node >= count || isWrite[node] === 1 ? node + 1 : state;
    },
    bytes: () => 0,
  };
  const total = count + unseen.length;
  return {
    statesOf: Array.from({ length: keyCount }, () => states),
    partOf: Int32Array.from([...key, ...unseen.map((write) => write.key)]),
    kindOf: Int32Array.from({ length: total }, (_, node) => node),
    isPure: Uint8Array.from({ length: total }, (_, node) => (node < count ? 1 - (isWrite[node] ?? 0) : 0)),
  };
}

/** The guide knows nothing of writes that nobody saw. */
function guideOfView(graph: RegisterGraph, edges: Edges): Guide {
  const guide = makeRegisterGuide(graph, edges);
  const isNode = (operation: number): boolean => operation < graph.count;
  return {
    mayPlace: (operation) => !isNode(operation) || guide.mayPlace(operation),
    isDeadEnd: (operation) => isNode(operation) && guide.isDeadEnd(operation),
    place: (operation) => {
      if (isNode(operation)) guide.place(operation);
    },
    takeBack: (operation) => {
      if (isNode(operation)) guide.takeBack(operation);
    },
  };
}

const extended = (positions: Float64Array, { unseen }: RegisterGraph, filling: number): Float64Array =>
  Float64Array.from([...positions, ...unseen.map(() => filling)]);
