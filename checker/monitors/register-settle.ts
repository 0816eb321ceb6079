import { never, operationsIn } from '../history/operation-table.ts';
import type { MonitorContext, MonitorVerdict } from './monitor.ts';
import { chainFrom } from './register-blocks.ts';
import { noRow, type Clusters } from './register-clusters.ts';
import { kinds } from './register-columns.ts';
import { heldThroughout } from './register-contradictions.ts';
import {
  delayWrites,
  misfitsOf,
  placeOfFailedCas,
  rowsByCluster,
  type RowsByCluster,
} from './register-failed-cas.ts';
import { bringAnother } from './register-repair.ts';
import { refute } from './register-refute.ts';
import type { Schedule } from './register-schedule.ts';
import { rearrange, stretchAround } from './register-stretch.ts';

interface Settling {
  readonly schedule: Schedule;
  readonly failed: RowsByCluster;
  readonly reads: RowsByCluster;
  /** Writes and cas without an answer, in order of call. */
  readonly unknown: readonly number[];
  readonly context: MonitorContext;
}

/** How many places on either side a search takes in, at first and at last. */
const firstReach = 4;
const reachMax = 1024;
/** More operations than these are not searched as a whole: whoever asked may do so. */
const wholeMax = 20_000;
/** What settles one cas unsettles no other: a second round finds nothing to do. */
const roundsMax = 4;

/**
 * Changes the schedule until all failed cas fit; null: they do. Each asks for one moment at which the register held another value: before the
 * value that it expected or after it. To grant each what it asks for by itself is not enough, for what helps one may harm another. So there is
 * always one schedule for all, and where it does not fit, a search arranges a stretch of it anew, a wider one each time.
 */
export function settleFailedCas(schedule: Schedule, context: MonitorContext): MonitorVerdict | null {
  const { clusters } = schedule;
  const failed = rowsByCluster(clusters, kinds.failedCas);
  delayWrites(schedule, failed);
  let settling: Settling | null = null;
  for (let round = 0; round < roundsMax; round++) {
    const misfits = misfitsOf(schedule);
    if (misfits.length === 0) return null;
    settling ??= {
      schedule,
      failed,
      reads: rowsByCluster(clusters, kinds.read),
      unknown: unknownRows(clusters),
      context,
    };
    for (const cas of misfits) {
      const verdict = settle(settling, cas);
      if (verdict !== null) return verdict;
    }
  }
  return undecided;
}

const undecided: MonitorVerdict = {
  verdict: 'undecided',
  why: 'for some failed cas no order was found soon',
};

function unknownRows({ columns }: Clusters): number[] {
  const rows: number[] = [];
  if (columns.unknownCount === 0) return rows;
  for (let row = 0; row < columns.table.count; row++) {
    if (columns.kind[row] === kinds.unknownWriter) rows.push(row);
  }
  return rows;
}

/** Null: it fits. */
function settle(settling: Settling, cas: number): MonitorVerdict | null {
  const { schedule, failed } = settling;
  const { clusters, guess } = schedule;
  if (placeOfFailedCas(schedule, cas) >= 0) return null;
  if (guess !== null) {
    const chain = chainFrom(clusters, clusters.columns.met[cas] ?? 0);
    if (chain.some((cluster) => guess.isGuessed[cluster] === 1)) return undecided;
  }
  const contradiction = heldThroughout(clusters, cas);
  if (contradiction !== null) return contradiction;
  return bringAnother(schedule, failed, cas) ? null : searchAround(settling, cas);
}

/** Searches ever wider stretches: for an order that goes with all the rest, and for proof that whatever the rest there is none. */
function searchAround(settling: Settling, cas: number): MonitorVerdict | null {
  const { schedule, failed, reads, unknown, context } = settling;
  const { clusters, placeOf, guess } = schedule;
  const spare = spareRows(settling, cas);
  for (let reach = firstReach; reach <= reachMax; reach *= 2) {
    const stretch = stretchAround(schedule, placeOf[clusters.columns.met[cas] ?? 0] ?? 0, reach);
    const found = rearrange(schedule, stretch, reads, spare, context);
    if (found === 'found') return null;
    if (guess !== null && found === 'unknown') return undecided;
    const rows = guess === null ? refute(clusters, stretch, failed, unknown, context) : null;
    if (rows !== null) return { verdict: 'invalid', rows, rule: noOrder };
    if (stretch.first === 1 && stretch.to === never) break;
  }
  return searchWhole(clusters, context);
}

const noOrder = 'no order of the writes lets each failed cas meet another value than it expected';

const spareMax = 3;

/** Operations without an answer that could have overwritten what the cas expected: the latest that nobody knows to have happened. */
function spareRows({ schedule, unknown }: Settling, cas: number): number[] {
  const { clusters, guess } = schedule;
  const { met, written, table } = clusters.columns;
  const spare: number[] = [];
  for (let i = unknown.length - 1; i >= 0 && spare.length < spareMax; i--) {
    const row = unknown[i] ?? 0;
    if ((table.called[row] ?? 0) > (table.returned[cas] ?? 0)) continue;
    const value = written[row] ?? 0;
    const isFitting = (met[row] ?? -1) < 0 || met[row] === met[cas];
    const isWritten = clusters.writer[value] !== noRow || guess?.isGuessed[value] === 1;
    if (isFitting && !isWritten) spare.push(row);
  }
  return spare;
}

function searchWhole({ columns }: Clusters, context: MonitorContext): MonitorVerdict {
  const { table } = columns;
  if (table.count > wholeMax) return undecided;
  const answer = context.search(operationsIn(table), context.initial);
  if (answer.status === 'unknown') return undecided;
  if (answer.status === 'found') {
    return { verdict: 'valid', linearization: () => Int32Array.from(answer.order) };
  }
  return {
    verdict: 'invalid',
    rows: Array.from({ length: table.count }, (_, row) => row),
    rule: noOrder,
  };
}
