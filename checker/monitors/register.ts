import type { OperationTable } from '../history/operation-table.ts';
import type { Monitor, MonitorContext, MonitorVerdict } from './monitor.ts';
import { blocksOf, chainFrom, chainTo, someBlocks } from './register-blocks.ts';
import { clustersOf, type Clustering } from './register-clusters.ts';
import { columnsOf, type RegisterColumns } from './register-columns.ts';
import { faultInBlock, metTooEarly, overlapping, twoSuccessors } from './register-contradictions.ts';
import { linearizationOf } from './register-linearization.ts';
import { distributed, type Guess } from './register-repeated.ts';
import { earliestSchedule, sweep } from './register-schedule.ts';
import { settleFailedCas } from './register-settle.ts';

/**
 * A register with read, write and cas whose values are written once each: linear time [Gibbons & Korach 1997, theorem 4.2, with chains of
 * cas]. Failed cas take longer only where they and others are in each other's way. A value that was written more than once is taken to be
 * met by whoever comes next; what this does not decide is left to a search.
 */
export const registerMonitor: Monitor = { name: 'register', judge };

function judge(table: OperationTable, context: MonitorContext): MonitorVerdict {
  const columns = columnsOf(table, table.values.numberOf(context.initial ?? null));
  if ('verdict' in columns) return columns;
  const clustering = clustersOf(columns);
  if (clustering !== null) return judgeClusters(clustering, null, context);
  return metTooEarly(columns) ?? judgeRepeated(columns, context);
}

function judgeRepeated(given: RegisterColumns, context: MonitorContext): MonitorVerdict {
  const { columns, guess } = distributed(given);
  const clustering = clustersOf(columns);
  const isGuess = guess.isGuessed.includes(1);
  return clustering === null ? repeated : judgeClusters(clustering, isGuess ? guess : null, context);
}

const repeated: MonitorVerdict = {
  verdict: 'undecided',
  why: 'a value that matters may have been written by more than one operation',
};

/** What contradicts itself without any guess is wrong; what contradicts a guess shows that it may be another. */
function judgeClusters(
  { clusters, conflict }: Clustering,
  guess: Guess | null,
  context: MonitorContext,
): MonitorVerdict {
  // Whether a cas without an answer happened may rest on who met what was written last in its block.
  const isSure = (cluster: number): boolean =>
    guess === null || chainFrom(clusters, cluster).every((each) => guess.isGuessed[each] !== 1);
  if (conflict !== null) {
    const { value, successors } = conflict;
    const rest = successors.map((row) => clusters.columns.written[row] ?? 0);
    return guess?.isGuessed[value] !== 1 && rest.every(isSure) ? twoSuccessors(clusters, conflict) : repeated;
  }
  const blocks = blocksOf(clusters);
  if ('fault' in blocks) {
    const [first = 0] = blocks.fault === 'too early' ? chainTo(clusters, blocks.cluster) : [blocks.cluster];
    return isSure(first) ? faultInBlock(clusters, blocks) : repeated;
  }
  const sorted = sweep(blocks);
  if ('first' in sorted) {
    const sure = guess === null ? blocks : someBlocks(blocks, isSure);
    const overlap = guess === null ? sorted : sweep(sure);
    return 'first' in overlap ? overlapping(clusters, sure, overlap) : repeated;
  }
  const schedule = earliestSchedule(clusters, blocks, sorted, guess);
  const verdict = clusters.columns.failedCount === 0 ? null : settleFailedCas(schedule, context);
  return verdict ?? { verdict: 'valid', linearization: () => linearizationOf(schedule) };
}
