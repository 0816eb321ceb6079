import { never, type OperationTable } from '../history/operation-table.ts';
import { epochsOf } from './append-epochs.ts';
import { arrangePeriods, periodsOf } from './append-periods.ts';
import { resolveRepeats } from './append-repeats.ts';
import { appendRows, undecided, type AppendRows } from './append-rows.ts';
import { startsOf, type Preference, type Starts } from './append-starts.ts';
import { textsOf, type Texts } from './append-texts.ts';
import type { Monitor, MonitorVerdict } from './monitor.ts';

/**
 * A text that was read tells which put it began with and which appends followed, in their order. So all operations that it shows stand
 * together, and the rest is a question of real time. Where one text was written several times, real time most often tells which of them was
 * read; else a guess may show that all fits, and never that it does not. Leaves open texts that can be cut into pieces in several ways.
 */
export const kvAppendMonitor: Monitor = {
  name: 'kv-append',
  judge: (table, { initial = '' }) => {
    const rows = appendRows(table, initial);
    if ('verdict' in rows) return rows;
    const texts = textsOf(table, rows);
    if ('verdict' in texts) return texts;
    return (
      arrange(table, rows, texts, 'earlier') ??
      arrange(table, rows, texts, 'later') ??
      undecided('one text was written several times, and it is not clear which of them was read')
    );
  },
};

/** What trying again may cost, in rows gone through. */
const triedRowsMax = 2_000_000;
const triesMax = 200;

/** Null: it did not work out, but there were guesses. */
function arrange(
  table: OperationTable,
  rows: AppendRows,
  texts: Texts,
  preference: Preference,
): MonitorVerdict | null {
  const starts = startsOf(table, rows, texts, preference);
  if ('verdict' in starts) return starts;
  const tries = Math.min(triesMax, triedRowsMax / table.count);
  for (let i = 0; i <= tries; i++) {
    const { verdict, isGuess } = arrangeFrom(table, rows, texts, starts, preference);
    if (verdict.verdict !== 'invalid' || !isGuess) return verdict;
    if (!starts.guessAgain(verdict.rows)) return null;
  }
  return null;
}

function arrangeFrom(
  table: OperationTable,
  rows: AppendRows,
  texts: Texts,
  starts: Starts,
  preference: Preference,
): { readonly verdict: MonitorVerdict; readonly isGuess: boolean } {
  let { isGuess } = starts;
  const read = epochsOf(table, rows, texts, starts);
  if ('verdict' in read) return { verdict: read, isGuess };
  const resolved = resolveRepeats(table, rows, read, preference);
  isGuess ||= resolved.isGuess;
  if (resolved.fault !== null) return { verdict: resolved.fault, isGuess };
  const periods = periodsOf(table, read.epochs);
  if ('verdict' in periods) return { verdict: periods, isGuess };
  const arranged = arrangePeriods(table, periods, unreadOf(table, rows, read.isRead));
  if (typeof arranged !== 'function') return { verdict: arranged, isGuess };
  const linearization = (): Int32Array => withIdle(table, arranged(), rows.idle);
  return { verdict: { verdict: 'valid', linearization }, isGuess };
}

/** Puts and appends that happened, and that nobody read. */
function unreadOf(
  { count, returned }: OperationTable,
  { isWrite }: AppendRows,
  isRead: Uint8Array,
): Int32Array {
  const unread = new Int32Array(count);
  let found = 0;
  for (let row = 0; row < count; row++) {
    if (isWrite[row] === 1 && isRead[row] === 0 && returned[row] !== never) unread[found++] = row;
  }
  return unread.subarray(0, found);
}

/** What changes nothing happens when it is called: before whatever was called later, and after all that had to come before that. */
function withIdle({ called }: OperationTable, order: Int32Array, idle: readonly number[]): Int32Array {
  if (idle.length === 0) return order;
  const all = new Int32Array(order.length + idle.length);
  let count = 0;
  let next = 0;
  for (const row of order) {
    for (; next < idle.length && (called[idle[next] ?? 0] ?? 0) < (called[row] ?? 0); next++) {
      all[count++] = idle[next] ?? 0;
    }
    all[count++] = row;
  }
  for (; next < idle.length; next++) all[count++] = idle[next] ?? 0;
  return all;
}
