import type { Edges } from './edges.ts';
import { initially, nodeBefore, nothing, type RegisterGraph } from './register-graph.ts';
import type { Guide } from './sequential-search.ts';

/** So far is looked ahead from a write: to find no dead end proves nothing. */
const visitsMost = 3000;

/**
 * For a search over the nodes of a graph: what must come before what is known, and no value may be overwritten that somebody is still to meet.
 */
export function makeRegisterGuide(graph: RegisterGraph, edges: Edges): Guide {
  const { count, chain, key, keyCount, readsFrom, isWrite, readers, readersStart } = graph;

  const waitsFor = new Int32Array(count);
  // Of each write, and at the end of each register before the first write, how many are still to meet it.
  const awaited = new Int32Array(count + keyCount);
  const placeOf = (writer: number, register: number): number => (writer < 0 ? count + register : writer);
  for (let node = 0; node < count; node++) {
    const writer = readsFrom[node] ?? nothing;
    if (nodeBefore(graph, node) >= 0) waitsFor[node] = 1;
    if (writer >= 0) waitsFor[node] = (waitsFor[node] ?? 0) + 1;
    for (let edge = edges.into(node); edge >= 0; edge = edges.nextInto(edge))
      waitsFor[node] = (waitsFor[node] ?? 0) + 1;
    if (writer === nothing) continue;
    const at = placeOf(writer, key[node] ?? 0);
    awaited[at] = (awaited[at] ?? 0) + 1;
  }
  const initialReaders: number[][] = Array.from({ length: keyCount }, () => []);
  for (let node = 0; node < count; node++)
    if (readsFrom[node] === initially) initialReaders[key[node] ?? 0]?.push(node);
  const held = new Int32Array(keyCount).fill(initially);
  const heldBefore = new Int32Array(count);
  const tell = (node: number, change: -1 | 1): void => {
    if (chain[node + 1] === chain[node]) waitsFor[node + 1] = (waitsFor[node + 1] ?? 0) + change;
    for (let at = readersStart[node] ?? 0; at < (readersStart[node + 1] ?? 0); at++) {
      const reader = readers[at] ?? 0;
      waitsFor[reader] = (waitsFor[reader] ?? 0) + change;
    }
    for (let edge = edges.outOf(node); edge >= 0; edge = edges.nextOutOf(edge)) {
      const to = edges.to(edge);
      waitsFor[to] = (waitsFor[to] ?? 0) + change;
    }
    const writer = readsFrom[node] ?? nothing;
    if (writer === nothing) return;
    const at = placeOf(writer, key[node] ?? 0);
    awaited[at] = (awaited[at] ?? 0) + change;
  };
  // Nodes that are not placed and must come before those that are to meet a value, if that is to be the next.
  const stack: number[] = [];
  const visits = new Int32Array(count);
  const isPlaced = new Uint8Array(count);
  let visit = 0;
  const visitOnce = (node: number): void => {
    if (node < 0 || visits[node] === visit || isPlaced[node] === 1) return;
    visits[node] = visit;
    stack.push(node);
  };
  const visitReaders = (writer: number): void => {
    for (let at = readersStart[writer] ?? 0; at < (readersStart[writer + 1] ?? 0); at++)
      visitOnce(readers[at] ?? 0);
  };
  /** Whether those who are to meet the value of this write, if it is placed now, wait for one that must wait for them. */
  const isDeadEnd = (write: number): boolean => {
    const register = key[write] ?? 0;
    visit += 1;
    stack.length = 0;
    visits[write] = visit;
    visitReaders(write);
    let left = visitsMost;
    for (let node = stack.pop(); node !== undefined && left > 0; node = stack.pop(), left--) {
      if (isWrite[node] === 1 && readsFrom[node] !== write) {
        const its = key[node] ?? 0;
        if (its === register) return true;
        const overwritten = held[its] ?? initially;
        if (overwritten >= 0) visitReaders(overwritten);
        else for (const reader of initialReaders[its] ?? []) visitOnce(reader);
        visits[node] = visit;
      }
      visitOnce(nodeBefore(graph, node));
      visitOnce(readsFrom[node] ?? nothing);
      for (let edge = edges.into(node); edge >= 0; edge = edges.nextInto(edge)) visitOnce(edges.from(edge));
    }
    return false;
  };
  return {
    isDeadEnd: (node) => isWrite[node] === 1 && isDeadEnd(node),
    mayPlace: (node) => {
      if ((waitsFor[node] ?? 0) > 0) return false;
      if (isWrite[node] === 0) return true;
      const register = key[node] ?? 0;
      const overwritten = held[register] ?? initially;
      const itself = readsFrom[node] === overwritten ? 1 : 0;
      return (awaited[placeOf(overwritten, register)] ?? 0) === itself;
    },
    place: (node) => {
      tell(node, -1);
      isPlaced[node] = 1;
      if (isWrite[node] === 0) return;
      const register = key[node] ?? 0;
      heldBefore[node] = held[register] ?? initially;
      held[register] = node;
    },
    takeBack: (node) => {
      tell(node, 1);
      isPlaced[node] = 0;
      if (isWrite[node] === 1) held[key[node] ?? 0] = heldBefore[node] ?? initially;
    },
  };
}
