import { clocksOf, type Clocks } from './clocks.ts';
import { makeEdges } from './edges.ts';
import { initially, nothing, type RegisterGraph } from './register-graph.ts';
import { orderOf } from './walk.ts';

/** A read of what was overwritten: `newer` comes causally before `reader`, and what was read causally before `newer`. */
export interface StaleRead {
  readonly reader: number;
  readonly newer: number;
}

/** What holds of a history where causal memory does not. */
export interface WeakCausality {
  readonly clocks: Clocks;
  /**
   * Causal consistency in its weakest form (CC of Bouajjani et al. 2017), in which an operation need not agree with those before it about the
   * order of concurrent writes: broken by these alone. [WriteCORead, WriteCOInitRead]
   */
  readonly stale: readonly StaleRead[];
  /** Causal convergence (CCv): moreover all can agree on one order of writes. [CyclicCF] */
  readonly isConvergent: boolean;
}

/** Null: causality has a cycle. Time follows operations times processes. */
export function weakCausalityOf(graph: RegisterGraph): WeakCausality | null {
  const clocks = clocksOf(graph);
  if (clocks === null) return null;
  const { before, lastWrite, comesBefore } = clocks;
  const { count, chainCount, key, readsFrom } = graph;
  const stale: StaleRead[] = [];
  const conflicts = makeEdges(count);
  for (let reader = 0; reader < count; reader++) {
    const writer = readsFrom[reader] ?? nothing;
    if (writer === nothing) continue;
    let isStale = false;
    for (let chain = 0; chain < chainCount; chain++) {
      const seen = before[reader * chainCount + chain] ?? 0;
      const known = writer === initially ? 0 : (before[writer * chainCount + chain] ?? 0);
      if (seen <= known) continue;
      // Of one process the last write stands for all: what comes before an earlier one comes before the last.
      const newer = lastWrite(chain, key[reader] ?? 0, seen);
      if (newer < 0 || newer === writer) continue;
      if (writer === initially || comesBefore(writer, newer)) {
        if (!isStale) stale.push({ reader, newer });
        isStale = true;
      } else if (!comesBefore(newer, writer)) conflicts.add(newer, writer, reader);
    }
  }
  return { clocks, stale, isConvergent: stale.length === 0 && orderOf(graph, conflicts) !== null };
}
