import { never } from '../history/operation-table.ts';
import { noRow } from './register-clusters.ts';
import { placeOfFailedCas, type RowsByCluster } from './register-failed-cas.ts';
import { valueAt, type Schedule } from './register-schedule.ts';

/** How many places away a write is looked for. */
const reach = 64;

/**
 * Makes room for a failed cas: moves one write, with those who read its value, to just after the value that the cas did not meet. An earlier
 * write that was open for long enough, or a later one that was called soon enough. False: none does without taking the room of others.
 */
export function bringAnother(schedule: Schedule, failed: RowsByCluster, cas: number): boolean {
  const { clusters, placeOf, start, order } = schedule;
  const { met, table } = clusters.columns;
  const place = placeOf[met[cas] ?? 0] ?? -1;
  const end = Math.max(start[place] ?? 0, clusters.lastCall[order[place] ?? 0] ?? -1);
  const returned = table.returned[cas] ?? never;
  if (place < 0 || end > returned || isFollowed(schedule, place)) return false;
  for (let distance = 1; distance <= reach; distance++) {
    if (bringForward(schedule, failed, place - distance, place, end)) return true;
    if (bringBack(schedule, failed, place + distance, place, end, returned)) return true;
  }
  return false;
}

/** A block that is nothing but a write and reads. */
function isAlone(schedule: Schedule, place: number): boolean {
  const { clusters, order, count } = schedule;
  if (place < 1 || place >= count) return false;
  const row = clusters.writer[order[place] ?? 0] ?? noRow;
  return (clusters.columns.met[row] ?? -1) < 0 && !isFollowed(schedule, place);
}

/** A cas replaced the value, also one without an answer that was only put there to explain another. */
function isFollowed({ clusters, order, count }: Schedule, place: number): boolean {
  if (place + 1 >= count) return false;
  const row = clusters.writer[order[place + 1] ?? 0] ?? noRow;
  return clusters.columns.met[row] === order[place];
}

function bringForward(
  schedule: Schedule,
  failed: RowsByCluster,
  from: number,
  to: number,
  at: number,
): boolean {
  if (!isAlone(schedule, from)) return false;
  const { clusters, order } = schedule;
  const cluster = order[from] ?? 0;
  const row = clusters.writer[cluster] ?? noRow;
  const firstReturn = Math.min(
    clusters.firstReturn[cluster] ?? never,
    clusters.columns.table.returned[row] ?? never,
  );
  return firstReturn > at && tryMove(schedule, failed, from, to, at);
}

function bringBack(
  schedule: Schedule,
  failed: RowsByCluster,
  from: number,
  after: number,
  end: number,
  before: number,
): boolean {
  if (!isAlone(schedule, from)) return false;
  const { clusters, order, start } = schedule;
  const cluster = order[from] ?? 0;
  const at = Math.max(end, clusters.columns.table.called[clusters.writer[cluster] ?? noRow] ?? never);
  // Where it is the next one already, it only begins earlier, and what it was delayed for must fit otherwise.
  const next = from === after + 1 ? never : (start[after + 1] ?? never);
  if (at > before || at > next || (clusters.lastCall[cluster] ?? -1) > next) return false;
  return tryMove(schedule, failed, from, after + 1, at);
}

/** Moves it if all failed cas whose room changes still have some. */
function tryMove(schedule: Schedule, failed: RowsByCluster, from: number, to: number, at: number): boolean {
  const missed = valueAt(schedule, from < to ? to : to - 1);
  const startBefore = schedule.start[from] ?? 0;
  const concerned = [valueAt(schedule, from - 1), valueAt(schedule, from)].filter(
    (value) => value !== missed,
  );
  move(schedule, from, to, at);
  if (concerned.every((value) => allFit(schedule, failed, value))) return true;
  move(schedule, to, from, startBefore);
  return false;
}

function allFit(schedule: Schedule, failed: RowsByCluster, value: number): boolean {
  const last = failed.first[value + 1] ?? 0;
  for (let i = failed.first[value] ?? 0; i < last; i++) {
    if (placeOfFailedCas(schedule, failed.rows[i] ?? 0) < 0) return false;
  }
  return true;
}

/** Those in between close up. */
function move({ order, start, placeOf }: Schedule, from: number, to: number, at: number): void {
  const cluster = order[from] ?? 0;
  const step = from < to ? 1 : -1;
  for (let place = from; place !== to; place += step) {
    const next = order[place + step] ?? 0;
    order[place] = next;
    start[place] = start[place + step] ?? 0;
    placeOf[next] = place;
  }
  order[to] = cluster;
  start[to] = at;
  placeOf[cluster] = to;
}
