import { noRow } from './register-clusters.ts';
import { kinds } from './register-columns.ts';
import { placeOfFailedCas } from './register-failed-cas.ts';
import type { Schedule } from './register-schedule.ts';

/**
 * The rows in the order of the schedule: each write, then what found its value there. The latter in order of call, for each happens as soon as
 * it is called or, if it was called before, with the write.
 */
export function linearizationOf(schedule: Schedule): Int32Array {
  const { clusters, count, order, placeOf } = schedule;
  const { columns, writer } = clusters;
  const { kind, met, table } = columns;
  const place = new Int32Array(table.count).fill(-1);
  const next = new Int32Array(count + 1);
  for (let row = 0; row < table.count; row++) {
    const what = kind[row];
    if (what !== kinds.read && what !== kinds.failedCas) continue;
    const at = what === kinds.read ? (placeOf[met[row] ?? 0] ?? 0) : placeOfFailedCas(schedule, row);
    place[row] = at;
    next[at + 1] = (next[at + 1] ?? 0) + 1;
  }
  for (let at = 0; at < count; at++) {
    const isWritten = writer[order[at] ?? 0] !== noRow;
    next[at + 1] = (next[at + 1] ?? 0) + (next[at] ?? 0) + (isWritten ? 1 : 0);
  }
  const rows = new Int32Array(next[count] ?? 0);
  const put = (row: number, at: number): void => {
    const to = next[at] ?? 0;
    rows[to] = row;
    next[at] = to + 1;
  };
  for (let at = 0; at < count; at++) {
    const row = writer[order[at] ?? 0] ?? noRow;
    if (row !== noRow) put(row, at);
  }
  for (let row = 0; row < table.count; row++) if ((place[row] ?? -1) >= 0) put(row, place[row] ?? 0);
  return rows;
}
