import type { Edges } from './edges.ts';
import { nodeBefore, nothing, type RegisterGraph } from './register-graph.ts';

/** Makes orders in which what comes before a node, by causality and by more edges, stands before it. */
export interface Walk {
  /** The order so far: the first `length()` of these. */
  readonly order: Int32Array;
  length(): number;
  /** Begins a new order, without nodes of a rank below the floor, if there are ranks. */
  begin(floor: number): void;
  /** Puts the node at the end, and before it whatever must come before it and is not there yet. A cycle: each before the next one. */
  to(node: number): readonly number[] | null;
}

/** What is to be walked to next from a node; a number from 0 is an edge. */
const stages = { before: -3, read: -1, done: -2 } as const;

/**
 * Depth first against the edges, in linear time for a whole order. The write that was read comes last of what comes before a read, so that it is put
 * right before it, if it is not there yet.
 */
export function makeWalk(
  graph: RegisterGraph,
  edges: Edges | null = null,
  ranks: Int32Array | null = null,
): Walk {
  const { count, readsFrom } = graph;
  const order = new Int32Array(count);
  const stack = new Int32Array(count);
  const stage = new Int32Array(count);
  const marks = new Int32Array(count);
  let open = 1; // mark of what is on the stack; one more: of what is in the order
  let length = 0;
  let floor = 0;

  const isBelow = (node: number): boolean => floor > 0 && (ranks?.[node] ?? 0) < floor;
  const push = (node: number, depth: number): void => {
    stack[depth] = node;
    stage[depth] = stages.before;
    marks[node] = open;
  };
  return {
    order,
    length: () => length,
    begin: (from) => {
      open += 2;
      length = 0;
      floor = ranks === null ? 0 : from;
    },
    to: (root) => {
      if (marks[root] === open + 1 || isBelow(root)) return null;
      push(root, 0);
      for (let depth = 1; depth > 0;) {
        const node = stack[depth - 1] ?? 0;
        const at = stage[depth - 1] ?? 0;
        if (at === stages.done) {
          marks[node] = open + 1;
          order[length++] = node;
          depth -= 1;
          continue;
        }
        let next: number;
        if (at === stages.before) {
          next = nodeBefore(graph, node);
          stage[depth - 1] = edges?.into(node) ?? stages.read;
        } else if (at === stages.read) {
          next = readsFrom[node] ?? nothing;
          stage[depth - 1] = stages.done;
        } else {
          next = edges?.from(at) ?? -1;
          stage[depth - 1] = edges?.nextInto(at) ?? stages.read;
        }
        if (next < 0 || marks[next] === open + 1 || isBelow(next)) continue;
        if (marks[next] === open) return Array.from(stack.subarray(stack.indexOf(next), depth)).reverse();
        push(next, depth);
        depth += 1;
      }
      return null;
    },
  };
}

/** All nodes, causes first, otherwise near to the order of call; or a cycle, each before the next one. */
export function orderOrCycle(
  graph: RegisterGraph,
  edges: Edges | null = null,
): { readonly order: Int32Array } | { readonly cycle: readonly number[] } {
  const walk = makeWalk(graph, edges);
  for (const node of graph.nodeOf) {
    const cycle = node < 0 ? null : walk.to(node);
    if (cycle !== null) return { cycle };
  }
  return walk;
}

/** The same; null: there is a cycle. */
export function orderOf(graph: RegisterGraph, edges: Edges | null = null): Int32Array | null {
  const found = orderOrCycle(graph, edges);
  return 'order' in found ? found.order : null;
}
