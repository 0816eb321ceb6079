import type { RegisterGraph } from './register-graph.ts';
import { weakCausalityOf, type StaleRead } from './weak-causal.ts';

/**
 * A guarantee that a read breaks [Terry et al. 1994], told by what it must have seen: `newer` had overwritten what `reader` met, since what was
 * met comes causally before `newer`, and `newer` was known to the reader's process in the way that the guarantee names.
 */
export interface BrokenGuarantee extends StaleRead {
  readonly name: 'read your writes' | 'monotonic reads' | 'monotonic writes' | 'writes follow reads';
}

/** The first read that breaks each guarantee. */
export function brokenGuarantees(graph: RegisterGraph): BrokenGuarantee[] {
  const found = new Map<BrokenGuarantee['name'], BrokenGuarantee>();
  for (const { reader, newer } of weakCausalityOf(graph)?.stale ?? []) {
    const name = brokenBy(graph, reader, newer);
    if (name !== null && !found.has(name)) found.set(name, { name, reader, newer });
  }
  return [...found.values()];
}

/** How the reader's process knew of `newer`; null: only through several others. */
function brokenBy(graph: RegisterGraph, reader: number, newer: number): BrokenGuarantee['name'] | null {
  const { chain, chainStart, readsFrom } = graph;
  if (chain[newer] === chain[reader]) return 'read your writes';
  const before = (node: number): number[] => {
    const from = chainStart[chain[node] ?? 0] ?? 0;
    return Array.from({ length: node - from }, (_, i) => from + i);
  };
  const seen = before(reader)
    .map((node) => readsFrom[node] ?? -1)
    .filter((writer) => writer >= 0);
  if (seen.includes(newer)) return 'monotonic reads';
  if (seen.some((writer) => chain[writer] === chain[newer] && writer > newer)) return 'monotonic writes';
  const isKnownTo = (writer: number): boolean => before(writer).some((node) => readsFrom[node] === newer);
  return seen.some(isKnownTo) ? 'writes follow reads' : null;
}
