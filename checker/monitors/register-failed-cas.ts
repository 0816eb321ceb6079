import { never } from '../history/operation-table.ts';
import { noRow, type Clusters } from './register-clusters.ts';
import { kinds } from './register-columns.ts';
import { placeBefore, valueAt, type Schedule } from './register-schedule.ts';

/** Rows by the cluster whose value they speak of, in order of call: those of cluster i from `first[i]` to before `first[i + 1]`. */
export interface RowsByCluster {
  readonly rows: Int32Array;
  readonly first: Int32Array;
}

/** Rows of a kind by the value that they met, or that a failed cas did not meet. */
export function rowsByCluster({ columns, count }: Clusters, wanted: number): RowsByCluster {
  const { kind, met, table } = columns;
  const first = new Int32Array(count + 1);
  for (let row = 0; row < table.count; row++) {
    if (kind[row] !== wanted) continue;
    const next = (met[row] ?? 0) + 1;
    first[next] = (first[next] ?? 0) + 1;
  }
  for (let i = 0; i < count; i++) first[i + 1] = (first[i + 1] ?? 0) + (first[i] ?? 0);
  const rows = new Int32Array(first[count] ?? 0);
  const next = first.slice();
  for (let row = 0; row < table.count; row++) {
    if (kind[row] !== wanted) continue;
    const value = met[row] ?? 0;
    const at = next[value] ?? 0;
    rows[at] = row;
    next[value] = at + 1;
  }
  return { rows, first };
}

/**
 * Delays writes so that failed cas fit before them, in the order of the schedule, which is not changed. Going backwards, the end of each value
 * is known when its beginning is sought; a cas that has no room after the end needs the beginning to be later than its call, and a later
 * beginning takes room from no value but the one before. So what is left over fits at no positions whatever in this order.
 */
export function delayWrites(schedule: Schedule, failed: RowsByCluster): void {
  const { order, start, clusters } = schedule;
  const { columns, writer, firstReturn } = clusters;
  const { called, returned } = columns.table;
  let deadline: number = never;
  let end: number = never;
  for (let place = schedule.count - 1; place >= 0; place--) {
    const cluster = order[place] ?? 0;
    const row = writer[cluster] ?? noRow;
    const writtenBy = row === noRow ? -1 : (returned[row] ?? never);
    deadline = Math.min(deadline, firstReturn[cluster] ?? never, writtenBy);
    let from = start[place] ?? 0;
    const value = valueAt(schedule, place);
    const last = failed.first[value + 1] ?? 0;
    for (let i = failed.first[value] ?? 0; i < last; i++) {
      const cas = failed.rows[i] ?? 0;
      const calledAt = called[cas] ?? 0;
      if (calledAt <= from || end < (returned[cas] ?? never) || calledAt >= deadline) continue;
      from = calledAt;
    }
    start[place] = from;
    end = from;
  }
}

/** The failed cas that the schedule gives no moment at which the register held another value. */
export function misfitsOf(schedule: Schedule): number[] {
  const { kind, table } = schedule.clusters.columns;
  const { called } = table;
  const misfits: number[] = [];
  let place = 0;
  for (let row = 0; row < table.count; row++) {
    if (kind[row] !== kinds.failedCas) continue;
    const position = called[row] ?? 0;
    while (place + 1 < schedule.count && (schedule.start[place + 1] ?? 0) < position) place += 1;
    if (placeFrom(schedule, row, place) < 0) misfits.push(row);
  }
  return misfits;
}

/** Where a failed cas fits, or -1. */
export const placeOfFailedCas = (schedule: Schedule, row: number): number =>
  placeFrom(schedule, row, placeBefore(schedule, schedule.clusters.columns.table.called[row] ?? 0));

/**
 * A cas that was called within the period that it should miss fits into the next one, if that begins soon enough; no other will do, for a value
 * has one period only. (Where that is not so, a place may be missed.)
 */
function placeFrom(schedule: Schedule, row: number, place: number): number {
  const { met, table } = schedule.clusters.columns;
  if (valueAt(schedule, place) !== met[row]) return place;
  const next = place + 1;
  if (next === schedule.count || valueAt(schedule, next) === met[row]) return -1;
  return (schedule.start[next] ?? 0) < (table.returned[row] ?? never) ? next : -1;
}
