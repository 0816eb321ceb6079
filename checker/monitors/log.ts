import { never, type OperationTable } from '../history/operation-table.ts';
import { lastCalled, reversalIn } from './append-order.ts';
import { fillGaps, guessFailed, missingFrom } from './log-gaps.ts';
import { orderByPlace, placesOf } from './log-places.ts';
import { append, invalid, logRows, type LogRows } from './log-rows.ts';
import type { Monitor } from './monitor.ts';

/**
 * The longest list that anybody read is the order of the appends in it, and an append that answered a length tells its own place. So most
 * operations stand in one order, which only has to respect real time. Leaves open what depends on which of several appends of one value was
 * meant.
 */
export const logMonitor: Monitor = {
  name: 'log',
  judge: (table, { initial = [] }) => {
    const log = logRows(table, initial);
    if ('verdict' in log) return log;
    const places = placesOf(table, log);
    if ('verdict' in places) return places;
    const known = orderByPlace(table, log, places.rows);
    const reversal = reversalIn(known, table);
    if (reversal !== null) {
      return invalid(
        [reversal.earlier, reversal.later, log.longestRow],
        'lists and lengths show an order that real time has the other way round',
      );
    }
    const hasGaps = places.rows.includes(-1);
    const rows = hasGaps ? fillGaps(table, log, places) : places.rows;
    if ('verdict' in rows) return rows;

    const isGuess = places.candidates.size > 0;
    const last = lastCalled(known, table);
    const rest = answeredWithoutPlace(table, log, rows);
    const missing = rest.find(
      (row) => last >= 0 && (table.returned[row] ?? never) < (table.called[last] ?? 0),
    );
    if (missing !== undefined) return isGuess ? guessFailed : missingFrom(missing, last, log);
    const order = (): Int32Array => joined(orderByPlace(table, log, rows), rest);
    if (hasGaps && reversalIn(order(), table) !== null) return guessFailed;
    return { verdict: 'valid', linearization: order };
  },
};

/** Appends that happened, and that neither a list nor a length has a place for: they come last. */
function answeredWithoutPlace(
  { count, returned }: OperationTable,
  { kind, appendCount }: LogRows,
  rows: Int32Array,
): number[] {
  if (appendCount === rows.length) return [];
  const isPlaced = new Uint8Array(count);
  for (const row of rows) isPlaced[row] = 1;
  const rest: number[] = [];
  for (let row = 0; row < count; row++) {
    if (kind[row] === append && isPlaced[row] === 0 && returned[row] !== never) rest.push(row);
  }
  return rest;
}

function joined(first: Int32Array, then: readonly number[]): Int32Array {
  const all = new Int32Array(first.length + then.length);
  all.set(first);
  all.set(then, first.length);
  return all;
}
