import type { Json } from '../../core/json.ts';
import type { TimedOperation } from '../../core/model.ts';
import { never, operationAt, type OperationTable } from '../history/operation-table.ts';
import type { MonitorContext } from './monitor.ts';
import { noRow, type Clusters } from './register-clusters.ts';
import { kinds, valueWrittenBy } from './register-columns.ts';
import { placeOfFailedCas, type RowsByCluster } from './register-failed-cas.ts';
import { valueAt, type Schedule } from './register-schedule.ts';

/**
 * A part of the schedule that is arranged anew, while the rest stays: from just after the write at place `first - 1` to just after the one at
 * place `last + 1`, if there is one. `from` and `to` are the positions of those writes.
 */
export interface Stretch {
  readonly first: number;
  readonly last: number;
  readonly from: number;
  /** `never` at the end of the history. */
  readonly to: number;
}

export function stretchAround(schedule: Schedule, place: number, reach: number): Stretch {
  const first = Math.max(1, place - reach);
  const last = Math.min(schedule.count - 1, place + reach);
  const isAtEnd = last === schedule.count - 1;
  return {
    first,
    last,
    from: schedule.start[first - 1] ?? -1,
    to: isAtEnd ? never : (schedule.start[last + 1] ?? never),
  };
}

/** A row with its operation as a search shall see it. */
export interface Excerpt {
  readonly row: number;
  readonly operation: TimedOperation;
}

/**
 * Searches for an order of the stretch in which its failed cas fit, too, and puts it into the schedule. What belongs to the stretch keeps to
 * it, so that the order is one of the whole history; but none in this stretch proves nothing: something may have to leave or to enter.
 */
export function rearrange(
  schedule: Schedule,
  stretch: Stretch,
  reads: RowsByCluster,
  spare: readonly number[],
  context: MonitorContext,
): 'found' | 'none' | 'unknown' {
  const excerpts = excerptsOf(schedule, stretch, reads, spare);
  const { clusters, order, guess } = schedule;
  for (let place = stretch.first - 1; guess !== null && place <= stretch.last + 1; place++) {
    if (guess.isGuessed[order[place] ?? -1] === 1) return 'unknown';
  }
  const operations = excerpts.map(({ operation }) => operation);
  const before = order[stretch.first - 1] ?? 0;
  const answer = context.search(
    stretch.to === never ? operations : [...operations, lastRead(schedule, stretch)],
    before === 0 ? context.initial : valueOfCluster(clusters, before),
  );
  if (answer.status !== 'found') return answer.status;
  const placed = answer.order.flatMap((index) => excerpts[index] ?? []);
  putBack(schedule, stretch, placed);
  return 'found';
}

/** In order of call. Operations that began earlier or ended later do so at the stretch's ends. */
function excerptsOf(
  schedule: Schedule,
  stretch: Stretch,
  reads: RowsByCluster,
  spare: readonly number[],
): Excerpt[] {
  const { order, clusters, count } = schedule;
  const { from, to, first, last } = stretch;
  const rows = failedCasWithin(
    schedule,
    stretch,
    new Set(spare.map((row) => clusters.columns.written[row] ?? -1)),
  );
  for (let place = first - 1; place <= last; place++) {
    for (const row of outermost(clusters, reads, order[place] ?? 0)) {
      // A read of the value that is there at first, called before: it happens at the stretch's very beginning.
      if (place >= first || (clusters.columns.table.called[row] ?? 0) > from) rows.push(row);
    }
  }
  for (let place = first; place <= last + 1 && place < count; place++) {
    rows.push(clusters.writer[order[place] ?? 0] ?? noRow);
  }
  const excerpts = rows.map((row) => ({ row, operation: clipped(clusters, row, from, to) }));
  const optional = spare.map((row) => ({ row, operation: unanswered(clusters, row, from) }));
  return [...excerpts, ...optional].sort((a, b) => a.row - b.row);
}

/** The read of a value that returned first and the one that was called last: when these two fit, so do all in between. */
function outermost(clusters: Clusters, { rows, first }: RowsByCluster, cluster: number): number[] {
  const { returned } = clusters.columns.table;
  const from = first[cluster] ?? 0;
  const to = first[cluster + 1] ?? 0;
  if (from === to) return [];
  let firstRow = rows[from] ?? 0;
  for (let i = from; i < to; i++) {
    const row = rows[i] ?? 0;
    if ((returned[row] ?? never) < (returned[firstRow] ?? never)) firstRow = row;
  }
  const lastRow = rows[to - 1] ?? 0;
  return firstRow === lastRow ? [firstRow] : [firstRow, lastRow];
}

/**
 * Those that are not satisfied by what stays: by the value before the stretch, if they were called before; by the last one, if they returned
 * later and did not expect it; by what follows. What they expect has to be about.
 */
function failedCasWithin(schedule: Schedule, stretch: Stretch, spareValues: ReadonlySet<number>): number[] {
  const { kind, met, table } = schedule.clusters.columns;
  const { first, last, from, to } = stretch;
  const lastValue = to === never ? -1 : valueAt(schedule, last + 1);
  const rows: number[] = [];
  for (let row = firstCalledAfter(table, from); row < table.count; row++) {
    if ((table.called[row] ?? 0) > to) break;
    if (kind[row] !== kinds.failedCas) continue;
    const value = met[row] ?? 0;
    const place = schedule.placeOf[value] ?? -1;
    if (!spareValues.has(value) && (place < first - 1 || place > last + 1)) continue;
    const isLater =
      (table.returned[row] ?? never) > to &&
      (value !== lastValue || placeOfFailedCas(schedule, row) > last + 1);
    if (!isLater) rows.push(row);
  }
  return rows;
}

/** The first row called after this position. */
export function firstCalledAfter({ called, count }: OperationTable, position: number): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((called[middle] ?? 0) > position) high = middle;
    else low = middle + 1;
  }
  return low;
}

function clipped({ columns }: Clusters, row: number, from: number, to: number): TimedOperation {
  const operation = operationAt(columns.table, row);
  const result = operation.result ?? (operation.f === 'cas' ? true : null);
  // An unknown operation in the schedule did happen: it returns by the end.
  const returned = Math.min(columns.table.returned[row] ?? never, to);
  return { ...operation, result, called: Math.max(operation.called, from), returned };
}

export function unanswered({ columns }: Clusters, row: number, from: number): TimedOperation {
  const operation = operationAt(columns.table, row);
  return {
    ...operation,
    called: Math.max(operation.called, from),
    returned: Infinity,
    result: undefined,
  };
}

/** Whoever reads after the stretch finds there what was written last. */
const lastRead = ({ clusters, order }: Schedule, { last, to }: Stretch): TimedOperation => ({
  f: 'read',
  key: null,
  value: null,
  result: valueOfCluster(clusters, order[last + 1] ?? 0),
  called: to + 1,
  returned: to + 2,
});

export const valueOfCluster = ({ columns, writer }: Clusters, cluster: number): Json =>
  valueWrittenBy(columns.table, writer[cluster] ?? noRow);

/** Each operation as early as it can be in the order found. */
function putBack(schedule: Schedule, stretch: Stretch, placed: readonly Excerpt[]): void {
  const { clusters, order, start, placeOf } = schedule;
  const { kind, written } = clusters.columns;
  const isWriter = (row: number): boolean => kind[row] === kinds.writer || kind[row] === kinds.unknownWriter;
  const writers = placed.filter(({ row }) => isWriter(row)).length;
  const replaced = stretch.to === never ? stretch.last - stretch.first + 1 : stretch.last - stretch.first + 2;
  makeRoom(schedule, stretch.first + replaced, writers - replaced);
  let place = stretch.first;
  let now = stretch.from;
  for (const { row, operation } of placed) {
    now = Math.max(now, operation.called);
    if (!isWriter(row)) continue;
    const cluster = written[row] ?? 0;
    clusters.writer[cluster] = row;
    order[place] = cluster;
    start[place] = now;
    placeOf[cluster] = place;
    place += 1;
  }
}

/** Moves what stands from this place on. */
function makeRoom(schedule: Schedule, place: number, more: number): void {
  if (more === 0) return;
  const { order, start, placeOf } = schedule;
  order.copyWithin(place + more, place, schedule.count);
  start.copyWithin(place + more, place, schedule.count);
  schedule.count += more;
  for (let at = place + more; at < schedule.count; at++) placeOf[order[at] ?? 0] = at;
}
