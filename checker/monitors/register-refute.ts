import type { Json } from '../../core/json.ts';
import type { TimedOperation } from '../../core/model.ts';
import { never, operationAt } from '../history/operation-table.ts';
import type { MonitorContext } from './monitor.ts';
import { noRow, type Clusters } from './register-clusters.ts';
import { kinds, valueWrittenBy } from './register-columns.ts';
import type { RowsByCluster } from './register-failed-cas.ts';
import {
  firstCalledAfter,
  unanswered,
  valueOfCluster,
  type Excerpt,
  type Stretch,
} from './register-stretch.ts';

/** What lies between two positions, weakened so that whatever is linearizable as a whole is so here. */
interface Weakened {
  readonly clusters: Clusters;
  readonly stretch: Stretch;
  readonly excerpts: Excerpt[];
  /** Values that were met within and had been written before: there can be only one, the value at first. */
  readonly carried: Set<number>;
  /** Of each value that was read within the read that returned first and the one that was called last: when they fit, so do all in between. */
  readonly reads: Map<number, { first: number; last: number }>;
  /** Failed cas within. */
  readonly failed: number[];
}

/** More operations than these take too long. */
const operationsMax = 10_000;

/**
 * Rows that fit into no order between two positions, whatever was before and comes after; null: none are found. What is only partly within
 * may have happened outside. It is left out where it asks for something, and left to choice where it could be of help.
 */
export function refute(
  clusters: Clusters,
  stretch: Stretch,
  failed: RowsByCluster,
  unknown: readonly number[],
  context: MonitorContext,
): number[] | null {
  const weakened = weaken(clusters, stretch);
  const { carried, excerpts, reads } = weakened;
  const spare = addUnknown(weakened, failed, unknown);
  if (spare === null) return null;
  const asking = failedOfPresent(weakened);
  const outermost = [...reads.values()].flatMap(({ first, last }) => [first, last]);
  for (const row of new Set([...asking, ...outermost]))
    excerpts.push({ row, operation: operationAt(clusters.columns.table, row) });
  // One for each failed cas is all that can help.
  for (const row of spare.slice(0, asking.length)) {
    excerpts.push({ row, operation: unanswered(clusters, row, stretch.from) });
  }
  if (excerpts.length > operationsMax) return null;
  const rows = excerpts.filter(({ operation }) => operation.returned !== Infinity).map(({ row }) => row);
  rows.push(...[...carried].map((value) => clusters.writer[value] ?? noRow).filter((row) => row !== noRow));
  rows.sort((a, b) => a - b);
  if (carried.size > 1) return rows;
  const operations = excerpts.sort((a, b) => a.row - b.row).map(({ operation }) => operation);
  const { from } = stretch;
  if (from >= 0) operations.unshift(writeAt(from, valueAtFirst(weakened, context)));
  return context.search(operations, from < 0 ? context.initial : undefined).status === 'none' ? rows : null;
}

/** All but what has no answer, reads and failed cas. */
function weaken(clusters: Clusters, stretch: Stretch): Weakened {
  const weakened: Weakened = {
    clusters,
    stretch,
    excerpts: [],
    carried: new Set(),
    reads: new Map(),
    failed: [],
  };
  const { table } = clusters.columns;
  const inside = firstCalledAfter(table, stretch.from);
  for (let row = 0; row < inside; row++) {
    const returned = table.returned[row] ?? never;
    if (returned > stretch.from && returned !== never) addBegunBefore(weakened, row);
  }
  for (let row = inside; row < table.count && (table.called[row] ?? never) < stretch.to; row++) {
    addBegunWithin(weakened, row);
  }
  return weakened;
}

/** The failed cas whose value can be there at all. */
function failedOfPresent({ clusters, stretch, excerpts, carried, failed }: Weakened): number[] {
  const { met, written } = clusters.columns;
  const present = new Set([...carried, ...excerpts.map(({ row }) => written[row] ?? -1)]);
  if (stretch.from < 0) present.add(0);
  return failed.filter((row) => present.has(met[row] ?? -1));
}

/** The write of the value that is there at first: nothing within happens before it. */
const writeAt = (position: number, value: Json): TimedOperation => ({
  f: 'write',
  key: null,
  value,
  result: null,
  called: position,
  returned: position,
});

/** The one that was met; else one that nobody speaks of. */
function valueAtFirst({ carried, clusters }: Weakened, { initial = null }: MonitorContext): Json {
  for (const value of carried) return value === 0 ? initial : valueOfCluster(clusters, value);
  let other = 'another value';
  while (clusters.columns.table.values.find(other) >= 0) other += '.';
  return other;
}

/** Not before this position a value is known to have been written: its write or somebody who met it returned. At most too late. */
function knownFrom(clusters: Clusters, value: number): number {
  const { columns, writer, firstReturn, successor } = clusters;
  const { returned } = columns.table;
  let by: number = value === 0 ? -1 : never;
  let at = value;
  for (let steps = 0; steps < 16; steps++) {
    const row = writer[at] ?? noRow;
    by = Math.min(by, firstReturn[at] ?? never, row === noRow ? never : (returned[row] ?? never));
    const next = successor[at] ?? noRow;
    if (next === noRow) break;
    at = columns.written[next] ?? 0;
  }
  return by;
}

/** A write that may have happened before may as well happen first of all here, before the value that is there at first. */
function addBegunBefore(weakened: Weakened, row: number): void {
  const { clusters, stretch } = weakened;
  const { kind, met, written, table } = clusters.columns;
  if (kind[row] !== kinds.writer || knownFrom(clusters, written[row] ?? 0) < stretch.from) return;
  const operation = operationAt(table, row);
  const isStrict = (met[row] ?? -1) < 0 || metWithin(weakened, row);
  const weaker = isStrict ? operation : asWrite(weakened, row);
  const returned = operation.returned < stretch.to ? {} : { returned: Infinity, result: undefined };
  weakened.excerpts.push({ row, operation: { ...weaker, called: stretch.from, ...returned } });
}

/** What the row met was written within the stretch, so that the row happened later than its beginning, too. */
function metWithin({ clusters, stretch }: Weakened, row: number): boolean {
  const { met, table } = clusters.columns;
  const by = clusters.writer[met[row] ?? -1] ?? noRow;
  return by !== noRow && (table.called[by] ?? -1) > stretch.from;
}

/** A cas as a write of its new value: whether what it expects was there before the stretch, nobody asks. */
const asWrite = ({ clusters, stretch }: Weakened, row: number): TimedOperation => ({
  ...writeAt(stretch.from, valueWrittenBy(clusters.columns.table, row)),
  returned: operationAt(clusters.columns.table, row).returned,
});

function addBegunWithin(weakened: Weakened, row: number): void {
  const { clusters, stretch, carried, excerpts, reads, failed } = weakened;
  const { kind, met, table } = clusters.columns;
  const what = kind[row];
  const isOver = (table.returned[row] ?? never) < stretch.to;
  if (what === kinds.writer) {
    const operation = isOver ? operationAt(table, row) : unanswered(clusters, row, stretch.from);
    excerpts.push({ row, operation });
  }
  if (!isOver) return;
  if (what === kinds.failedCas) failed.push(row);
  const value = met[row] ?? -1;
  if (value < 0 || (what !== kinds.read && what !== kinds.writer)) return;
  if (knownFrom(clusters, value) < stretch.from) carried.add(value);
  if (what !== kinds.read) return;
  const known = reads.get(value);
  if (known === undefined) reads.set(value, { first: row, last: row });
  else {
    known.last = row;
    if ((table.returned[row] ?? never) < (table.returned[known.first] ?? never)) known.first = row;
  }
}

/** Few operations without an answer make a search slow. */
const unknownMax = 32;

/**
 * Operations without an answer, given in order of call. Returns writes that nobody speaks of and that can do whatever any other could, since
 * they were called before the stretch; null: too many others could be of help.
 */
function addUnknown(weakened: Weakened, failed: RowsByCluster, unknown: readonly number[]): number[] | null {
  const { clusters, stretch, excerpts } = weakened;
  const { met, written, table } = clusters.columns;
  const replacedAt = lastReplacement(weakened);
  const spare: number[] = [];
  let others = 0;
  for (const row of unknown) {
    const called = table.called[row] ?? 0;
    if (called >= stretch.to) break;
    const value = written[row] ?? 0;
    const isObserved = clusters.writer[value] === row;
    if (isObserved && knownFrom(clusters, value) < stretch.from) continue;
    const expects = met[row] ?? -1;
    if (expects >= 0 && !isObserved && isGone(clusters, expects, replacedAt)) continue;
    const isExpected = (failed.first[value + 1] ?? 0) > (failed.first[value] ?? 0);
    if (expects < 0 && !isObserved && !isExpected && called < stretch.from) {
      spare.push(row);
      continue;
    }
    others += 1;
    if (others > unknownMax) return null;
    const isStrict = expects < 0 || called > stretch.from || metWithin(weakened, row);
    const operation = isStrict
      ? unanswered(clusters, row, stretch.from)
      : { ...asWrite(weakened, row), result: undefined };
    excerpts.push({ row, operation });
  }
  return spare;
}

/** The latest call of a write that had returned when the stretch began. */
function lastReplacement({ clusters, stretch }: Weakened): number {
  const { kind, table } = clusters.columns;
  for (let row = firstCalledAfter(table, stretch.from) - 1; row >= 0; row--) {
    if (kind[row] === kinds.writer && (table.returned[row] ?? never) < stretch.from)
      return table.called[row] ?? 0;
  }
  return -1;
}

/** Nobody can have met this value in the stretch but who is known to have: another write came after it before. */
const isGone = (clusters: Clusters, value: number, replacedAt: number): boolean =>
  clusters.successor[value] !== noRow || knownFrom(clusters, value) < replacedAt;
