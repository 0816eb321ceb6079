import type { Edges } from './edges.ts';
import { initially, nodeBefore, nothing, type RegisterGraph, type UnseenWrite } from './register-graph.ts';
import type { Walk } from './walk.ts';

/** One process among all writes. */
export interface View {
  readonly graph: RegisterGraph;
  /** What its reads demand, saturated. */
  readonly edges: Edges;
  /** All nodes in an order that agrees with causality and is near to real time, and their places in it. */
  readonly order: Int32Array;
  readonly ranks: Int32Array;
  readonly chain: number;
  /** The last of its nodes that met something, or did not. */
  readonly last: number;
  /** Nodes of a lower rank may stay in their order. */
  readonly floor: number;
}

/** The lowest rank that matters to the failed cas of a process. */
export function floorOfFailedCas(view: View): number {
  const { graph, ranks, chain, last } = view;
  const { chainStart, refused, key, isWrite, count } = graph;
  let floor = view.floor;
  const registers = new Set<number>();
  for (let node = chainStart[chain] ?? 0; node <= last; node++) {
    const missed = refused[node] ?? nothing;
    if (missed >= 0) floor = Math.min(floor, ranks[missed] ?? 0);
    if (missed !== initially) continue;
    floor = Math.min(floor, ranks[node] ?? 0);
    registers.add(key[node] ?? 0);
  }
  for (let node = 0; node < count && registers.size > 0; node++) {
    if (isWrite[node] === 1 && registers.has(key[node] ?? 0)) floor = Math.min(floor, ranks[node] ?? 0);
  }
  return floor;
}

/**
 * Lets all writes happen in about the order in which they were called, and the process do its operations as soon as they are right, failed cas
 * among them; what would overwrite a value that the process is still to meet waits. -1: all of them found a place. Otherwise the first that did
 * not: then there may be an order all the same, if it is a failed cas.
 */
export function firstWithoutPlace(view: View): number {
  const { graph, edges, order, ranks, chain, last } = view;
  const { key, keyCount, readsFrom, refused, isWrite, count } = graph;
  const floor = floorOfFailedCas(view);
  const isPlaced = new Uint8Array(count);
  const held = new Int32Array(keyCount).fill(initially);
  const awaited = awaitedBy(view, floor);
  let next = graph.chainStart[chain] ?? 0;
  while (next < last && (ranks[next] ?? 0) < floor) next += 1;

  const isThere = (node: number): boolean => node < 0 || isPlaced[node] === 1 || (ranks[node] ?? 0) < floor;
  const mayPlace = (node: number): boolean => {
    if (!isThere(nodeBefore(graph, node)) || !isThere(readsFrom[node] ?? nothing)) return false;
    for (let edge = edges.into(node); edge >= 0; edge = edges.nextInto(edge))
      if (!isThere(edges.from(edge))) return false;
    const register = key[node] ?? 0;
    const found = held[register] ?? initially;
    const isOwn = graph.chain[node] === chain;
    const met = readsFrom[node] ?? nothing;
    if (isOwn && ((met !== nothing && met !== found) || refused[node] === found)) return false;
    const itself = isOwn && met === found ? 1 : 0;
    return isWrite[node] === 0 || (awaited.get(nameOf(found, register)) ?? 0) === itself;
  };
  const place = (node: number): void => {
    isPlaced[node] = 1;
    const register = key[node] ?? 0;
    if (isWrite[node] === 1) held[register] = node;
    if (graph.chain[node] !== chain) return;
    next = node + 1;
    const met = readsFrom[node] ?? nothing;
    if (met === nothing) return;
    const name = nameOf(met, register);
    awaited.set(name, (awaited.get(name) ?? 0) - 1);
  };
  let waiting: number[] = [];
  const placeWaiting = (): void => {
    for (let isSettled = false; !isSettled;) {
      const before = waiting.length;
      waiting = waiting.filter((node) => {
        if (!mayPlace(node)) return true;
        place(node);
        return false;
      });
      isSettled = waiting.length === before;
    }
  };
  for (let at = floor; at < count && next <= last; at++) {
    const node = order[at] ?? 0;
    if (graph.chain[node] === chain && node > last) continue;
    if (!mayPlace(node)) {
      waiting.push(node);
      continue;
    }
    place(node);
    if (waiting.length === 0) continue;
    const isOwn = graph.chain[node] === chain;
    if (isOwn || edges.outOf(node) >= 0 || (isWrite[node] === 1 && key[node] === key[next])) placeWaiting();
  }
  placeWaiting();
  const used = new Set<UnseenWrite>();
  for (;;) {
    const stuck = waiting.find((node) => graph.chain[node] === chain);
    if (stuck === undefined) return -1;
    const register = key[stuck] ?? 0;
    const found = held[register] ?? initially;
    const isFree = refused[stuck] === found && (awaited.get(nameOf(found, register)) ?? 0) === 0;
    const write = graph.unseen.find(
      (each) => isFree && each.key === register && !each.isCas && !used.has(each) && isThere(each.after),
    );
    if (write === undefined) return stuck;
    used.add(write);
    held[register] = unseenValue;
    placeWaiting();
  }
}

/** What a register holds after a write that is no node. */
const unseenValue = -3;

const nameOf = (writer: number, register: number): number => (writer === initially ? -1 - register : writer);

/** How many reads of the process are to meet each value, those of a lower rank aside. */
function awaitedBy({ graph, ranks, chain, last }: View, floor: number): Map<number, number> {
  const awaited = new Map<number, number>();
  for (let node = graph.chainStart[chain] ?? 0; node <= last; node++) {
    const writer = graph.readsFrom[node] ?? nothing;
    if (writer === nothing || (ranks[node] ?? 0) < floor) continue;
    const name = nameOf(writer, graph.key[node] ?? 0);
    awaited.set(name, (awaited.get(name) ?? 0) + 1);
  }
  return awaited;
}

/**
 * Whether nothing could make the cas fail: the write of the value that it expected comes before it, and every other write to that register
 * before that one or after the cas.
 */
export function isImpossible(cas: number, { graph, edges }: View, walk: Walk): boolean {
  const { refused, key, isWrite, unseen, count } = graph;
  const expected = refused[cas] ?? nothing;
  const register = key[cas] ?? 0;
  if (expected === nothing || unseen.some((write) => write.key === register)) return false;
  const isBefore = new Uint8Array(count);
  if (expected >= 0) {
    walk.begin(0);
    walk.to(cas);
    if (!walk.order.subarray(0, walk.length()).includes(expected)) return false;
    walk.begin(0);
    walk.to(expected);
    for (const node of walk.order.subarray(0, walk.length())) isBefore[node] = 1;
  }
  const isAfter = futureOf(cas, graph, edges);
  for (let node = 0; node < count; node++) {
    if (isWrite[node] === 0 || key[node] !== register) continue;
    if (isBefore[node] === 0 && isAfter[node] === 0) return false;
  }
  return true;
}

/** The nodes that must come after this one. */
function futureOf(
  root: number,
  { count, chain, readers, readersStart }: RegisterGraph,
  edges: Edges,
): Uint8Array {
  const isAfter = new Uint8Array(count);
  const stack = [root];
  const visit = (node: number): void => {
    if (isAfter[node] === 1) return;
    isAfter[node] = 1;
    stack.push(node);
  };
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (chain[node + 1] === chain[node]) visit(node + 1);
    for (let at = readersStart[node] ?? 0; at < (readersStart[node + 1] ?? 0); at++) visit(readers[at] ?? 0);
    for (let edge = edges.outOf(node); edge >= 0; edge = edges.nextOutOf(edge)) visit(edges.to(edge));
  }
  return isAfter;
}
