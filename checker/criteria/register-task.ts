import type { Json } from '../../core/json.ts';
import type { Model } from '../../core/model.ts';
import { never, type OperationTable } from '../history/operation-table.ts';
import type { Edges } from './edges.ts';
import { nothing, type RegisterGraph } from './register-graph.ts';
import { objectsOf, type Objects } from './objects.ts';
import { makeRegisterGuide } from './register-guide.ts';
import type { Task } from './sequential-search.ts';
import { sessionsOf, type Sessions } from './sessions.ts';
import { orderOf } from './walk.ts';

/** To put the nodes of a graph in an order. All must be placed: what has no answer and is a node was seen by somebody. */
export function graphTask(table: OperationTable, graph: RegisterGraph, edges: Edges): Task {
  return {
    sessions: sessionsOfGraph(graph),
    objects: objectsOfGraph(graph),
    ...windowsOf(table, graph, edges),
    guide: makeRegisterGuide(graph, edges),
  };
}

function sessionsOfGraph({ chainStart, chainCount }: RegisterGraph): Sessions {
  const rowsOf = Array.from({ length: chainCount }, (_, chain) => {
    const first = chainStart[chain] ?? 0;
    return Int32Array.from({ length: (chainStart[chain + 1] ?? 0) - first }, (__, i) => first + i);
  });
  return { rowsOf, answered: rowsOf.map(({ length }) => length) };
}

/** The state of a register is the last write, as a node, plus one. */
function objectsOfGraph({ count, key, keyCount, isWrite, readsFrom, refused }: RegisterGraph): Objects {
  const states = {
    next: (state: number, node: number): number => {
      const met = readsFrom[node] ?? nothing;
      if ((met !== nothing && met !== state - 1) || refused[node] === state - 1) return -1;
      return isWrite[node] === 1 ? node + 1 : state;
    },
    bytes: () => 0,
  };
  return {
    statesOf: Array.from({ length: keyCount }, () => states),
    partOf: key,
    kindOf: Int32Array.from({ length: count }, (_, node) => node),
    isPure: isWrite.map((writes) => 1 - writes),
  };
}

/** To put all operations in an order by the model; those that are nodes are guided. */
export function guidedTask(
  table: OperationTable,
  { model, initial }: { readonly model: Model<unknown>; readonly initial?: Json | undefined },
  graph: RegisterGraph,
  edges: Edges,
): Task {
  const objects = objectsOf(table, { model, initial });
  const guide = makeRegisterGuide(graph, edges);
  const windows = windowsOf(table, graph, edges);
  const nodeAt = (row: number): number => graph.nodeOf[row] ?? -1;
  return {
    sessions: sessionsOf(table, (row) => table.returned[row] === never && objects.isPure[row] === 1),
    objects,
    start: byRow(table.called, graph, windows.start),
    end: byRow(table.returned, graph, windows.end),
    guide: {
      mayPlace: (row) => nodeAt(row) < 0 || guide.mayPlace(nodeAt(row)),
      isDeadEnd: (row) => nodeAt(row) >= 0 && guide.isDeadEnd(nodeAt(row)),
      place: (row) => {
        if (nodeAt(row) >= 0) guide.place(nodeAt(row));
      },
      takeBack: (row) => {
        if (nodeAt(row) >= 0) guide.takeBack(nodeAt(row));
      },
    },
  };
}

const byRow = (positions: Int32Array, { nodeOf }: RegisterGraph, ofNodes: Float64Array): Float64Array =>
  Float64Array.from(nodeOf, (node, row) => (node < 0 ? positions[row] : ofNodes[node]) ?? never);

/**
 * When nodes are to be tried. What must come before others is as urgent as they are: so a read of an old value comes in time, though it was
 * called long after.
 */
export function windowsOf(
  table: OperationTable,
  graph: RegisterGraph,
  edges: Edges,
): { readonly start: Float64Array; readonly end: Float64Array } {
  const { rows, chain, readers, readersStart } = graph;
  const end = Float64Array.from(rows, (row) => table.returned[row] ?? never);
  const order = orderOf(graph, edges) ?? new Int32Array();
  for (let i = order.length - 1; i >= 0; i--) {
    const node = order[i] ?? 0;
    let least = end[node] ?? never;
    if (chain[node + 1] === chain[node]) least = Math.min(least, end[node + 1] ?? never);
    for (let at = readersStart[node] ?? 0; at < (readersStart[node + 1] ?? 0); at++) {
      least = Math.min(least, end[readers[at] ?? 0] ?? never);
    }
    for (let edge = edges.outOf(node); edge >= 0; edge = edges.nextOutOf(edge)) {
      least = Math.min(least, end[edges.to(edge)] ?? never);
    }
    end[node] = least;
  }
  return {
    end,
    start: Float64Array.from(rows, (row, node) => Math.min(table.called[row] ?? 0, end[node] ?? never)),
  };
}
