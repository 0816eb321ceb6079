import type { Clocks } from './clocks.ts';
import { noCause, type Edges } from './edges.ts';
import { nothing, type RegisterGraph } from './register-graph.ts';

/** What must come before what, with all that follows by the two rules of `saturate`. */
export interface Closure {
  /** Adds edges, three numbers each: from, to, cause. `cycle`: `cycleAt` comes before itself. */
  add(
    demanded: readonly number[],
    isExpired: () => boolean,
  ): { readonly status: 'saturated' | 'cycle' | 'expired'; readonly cycleAt: number };
}

/**
 * Adds edges with all that follows from them. The clocks must know the edges that are there. With `isExpired`, it may stop before it is done;
 * then there may be more.
 */
export function makeClosure(graph: RegisterGraph, clocks: Clocks, edges: Edges): Closure {
  const { chain, chainStart, chainCount, key, readsFrom, readers, readersStart, isWrite, count } = graph;
  const { before, comesBefore, lastWrite } = clocks;
  const pending: number[] = []; // from, to, cause
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
      for (let at = readersStart[node] ?? 0; at < (readersStart[node + 1] ?? 0); at++)
        raise(readers[at] ?? 0, node);
      for (let edge = edges.outOf(node); edge >= 0; edge = edges.nextOutOf(edge)) raise(edges.to(edge), node);
    }
  };
  /** After a cycle, so that it can be used again, once the clocks and the edges are as they were. */
  const forget = (): void => {
    isRaised.fill(0);
    first = 0;
    end = 0;
    cycleAt = -1;
  };
  return {
    add: (demanded, isExpired) => {
      pending.length = 0;
      for (const number of demanded) pending.push(number);
      for (let at = 0; at < pending.length; at += 3) {
        if (at % 3072 === 0 && isExpired()) return { status: 'expired', cycleAt };
        const from = pending[at] ?? 0;
        const to = pending[at + 1] ?? 0;
        if (comesBefore(from, to)) continue;
        edges.add(from, to, pending[at + 2] ?? noCause);
        raise(to, from);
        spread();
        if (cycleAt < 0) continue;
        const status = { status: 'cycle', cycleAt } as const;
        forget();
        return status;
      }
      return { status: 'saturated', cycleAt };
    },
  };
}
