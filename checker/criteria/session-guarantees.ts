import { initially, nothing, type RegisterGraph } from './register-graph.ts';
import type { StaleRead, WeakCausality } from './weak-causal.ts';

/** Terry, Demers, Petersen, Spreitzer, Theimer & Welch 1994. */
const guarantees = [
  'read your writes',
  'monotonic reads',
  'monotonic writes',
  'writes follow reads',
] as const;
export type Guarantee = (typeof guarantees)[number];

/**
 * A read that breaks a guarantee. No order of versions is recorded, so only that one counts which nobody can deny: a version is older than another
 * if its write comes causally before that of the other, and what was there at first is older than all.
 *
 * - read your writes: `newer`, an earlier write of the reader's process, is newer than what `reader` met.
 * - monotonic reads: `via`, an earlier read of the reader's process, met `newer`, which is newer than what `reader` met.
 * - monotonic writes: `via`, an earlier read of the reader's process, met a write that its writer did after `newer`.
 * - writes follow reads: `via`, an earlier read of the reader's process, met a write that its writer did after having read `newer`.
 */
export interface BrokenGuarantee extends StaleRead {
  readonly guarantee: Guarantee;
  /** The operation by which the reader's process learnt of `newer`; of read your writes, `newer` itself. */
  readonly via: number;
}

/**
 * A value that a process met again after another one: if no order of the two writes is known, then whichever it is, monotonic reads are broken, or
 * read your writes, if the first time it was the process's own write.
 */
export interface ReturnedValue {
  /** The first to meet it or to write it, the one that met or wrote another, and the read that met the first again. */
  readonly first: number;
  readonly between: number;
  readonly reader: number;
}

export interface SessionFindings {
  /** One for each guarantee that is seen to be broken, in their order. */
  readonly broken: readonly BrokenGuarantee[];
  readonly returned: ReturnedValue | null;
  /**
   * A read that no guarantee by itself forbids, but all four together: its process knew of `newer` only through several others [the four
   * together are causal consistency: Brzezinski, Sobaniec & Wawrzyniak 2004].
   */
  readonly together: StaleRead | null;
}

export function sessionFindings(graph: RegisterGraph, weak: WeakCausality): SessionFindings {
  const { stale } = weak;
  const broken = new Map<Guarantee, BrokenGuarantee>();
  let together: StaleRead | null = null;
  const findingsOf = makeFinder(graph, weak, broken);
  for (const each of stale) {
    if (broken.size === guarantees.length) break;
    const found = findingsOf(each.reader);
    if (found.length === 0) together ??= each;
    for (const finding of found) if (!broken.has(finding.guarantee)) broken.set(finding.guarantee, finding);
  }
  return {
    broken: guarantees.flatMap((guarantee) => broken.get(guarantee) ?? []),
    returned: returnedValue(graph, new Set(stale.map(({ reader }) => reader))),
    together,
  };
}

/** Finds what a stale read breaks; readers are asked for in rising order. What takes long is not looked for once it is `known`. */
function makeFinder(
  graph: RegisterGraph,
  { clocks }: WeakCausality,
  known: ReadonlyMap<Guarantee, BrokenGuarantee>,
): (reader: number) => BrokenGuarantee[] {
  const { chainCount, chain, chainStart, key, readsFrom } = graph;
  const { before, comesBefore, lastWrite } = clocks;
  const historyOf = makeHistories(graph);
  const startOf = (its: number): number => chainStart[its] ?? 0;

  return (reader) => {
    const its = chain[reader] ?? 0;
    const register = key[reader] ?? 0;
    const met = readsFrom[reader] ?? nothing;
    const found: BrokenGuarantee[] = [];
    const add = (guarantee: Guarantee, newer: number, via: number): void => {
      found.push({ guarantee, reader, newer, via });
    };
    const isNewer = (write: number): boolean =>
      write >= 0 && write !== met && (met === initially || comesBefore(met, write));
    /** Whether the write knew of a newer version at all. */
    const knewNewer = (write: number): boolean => {
      for (let other = 0; other < chainCount; other++)
        if (isNewer(lastWrite(other, register, before[write * chainCount + other] ?? 0))) return true;
      return false;
    };
    const own = lastWrite(its, register, reader - startOf(its));
    if (isNewer(own)) add('read your writes', own, own);
    const history = historyOf(reader);
    for (const { write, reader: via } of history.ofRegister(register))
      if (isNewer(write)) add('monotonic reads', write, via);
    for (let other = 0; other < chainCount; other++) {
      const latest = other === its ? null : history.ofChain(other);
      if (latest === null) continue;
      const { write, reader: via } = latest;
      const earlier = lastWrite(other, register, write - startOf(other));
      if (isNewer(earlier)) add('monotonic writes', earlier, via);
      if (known.has('writes follow reads') || !knewNewer(write)) continue;
      for (let node = write - 1; node >= startOf(other); node--) {
        const seen = key[node] === register ? (readsFrom[node] ?? nothing) : nothing;
        if (!isNewer(seen)) continue;
        add('writes follow reads', seen, via);
        break;
      }
    }
    return found;
  };
}

/** A write, and the first in a process to read it. */
interface Seen {
  readonly write: number;
  readonly reader: number;
}

/** What a process had read before it came to a node. */
interface ProcessHistory {
  /** Of each writer's process the last write to this register. */
  ofRegister(register: number): Iterable<Seen>;
  /** Of this process the last write to any register; null: none. */
  ofChain(chain: number): Seen | null;
}

/** Nodes are asked for in rising order. */
function makeHistories({
  chain,
  chainStart,
  key,
  readsFrom,
}: RegisterGraph): (node: number) => ProcessHistory {
  let its = -1;
  let next = 0;
  let ofRegister = new Map<number, Map<number, Seen>>();
  let ofChain = new Map<number, Seen>();
  const note = (seen: Map<number, Seen>, write: number, reader: number): void => {
    const writer = chain[write] ?? 0;
    if ((seen.get(writer)?.write ?? -1) < write) seen.set(writer, { write, reader });
  };
  return (node) => {
    if (chain[node] !== its) {
      its = chain[node] ?? 0;
      next = chainStart[its] ?? 0;
      ofRegister = new Map();
      ofChain = new Map();
    }
    for (; next < node; next++) {
      const write = readsFrom[next] ?? nothing;
      if (write < 0) continue;
      const register = key[next] ?? 0;
      const seen = ofRegister.get(register) ?? new Map<number, Seen>();
      ofRegister.set(register, seen);
      note(seen, write, next);
      note(ofChain, write, next);
    }
    return {
      ofRegister: (register) => ofRegister.get(register)?.values() ?? [],
      ofChain: (other) => ofChain.get(other) ?? null,
    };
  };
}

/** The first value that came back, but for reads that are known to be stale anyway. */
function returnedValue(graph: RegisterGraph, stale: ReadonlySet<number>): ReturnedValue | null {
  const { chainCount, chainStart, key, readsFrom, isWrite } = graph;
  for (let chain = 0; chain < chainCount; chain++) {
    // By register, the version met or written last; by version, the first node, and when another one was met or written after it.
    const last = new Map<number, number>();
    const firstNode = new Map<number, number>();
    const left = new Map<number, number>();
    for (let node = chainStart[chain] ?? 0; node < (chainStart[chain + 1] ?? 0); node++) {
      const register = key[node] ?? 0;
      for (const write of [readsFrom[node] ?? nothing, isWrite[node] === 1 ? node : nothing]) {
        if (write < 0) continue;
        const between = left.get(write);
        const first = firstNode.get(write);
        if (between !== undefined && first !== undefined && !stale.has(node))
          return { first, between, reader: node };
        const previous = last.get(register);
        if (previous !== undefined && previous !== write) left.set(previous, node);
        if (first === undefined) firstNode.set(write, node);
        last.set(register, write);
      }
    }
  }
  return null;
}
