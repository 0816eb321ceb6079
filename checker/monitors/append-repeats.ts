import { never, type OperationTable } from '../history/operation-table.ts';
import { makeOverlaps } from './append-overlaps.ts';
import { windowsOf, type Epochs } from './append-epochs.ts';
import { invalid, undecided, type AppendRows, type RowsByText } from './append-rows.ts';
import type { Preference } from './append-starts.ts';
import type { MonitorVerdict } from './monitor.ts';

/** Candidates to look at for each row of the table. */
const stepsPerRow = 64;
const roundsMax = 20;

export interface Repeats {
  /** Why it cannot be; null: it can, as far as this goes. */
  readonly fault: MonitorVerdict | null;
  /** Somebody else might have been the one. */
  readonly isGuess: boolean;
}

/**
 * Finds out who appended a piece that was appended several times: it was called before a get that shows it returned, and returned after a get
 * was called that does not show it yet, and it respects what stands before and after it in the text. Where that leaves several, one of them is
 * taken: that is a guess.
 */
export function resolveRepeats(
  table: OperationTable,
  rows: AppendRows,
  { epochs, isRead }: Epochs,
  preference: Preference,
): Repeats {
  const { called, returned, count } = table;
  const overlaps = makeOverlaps(table, rows.appends);
  const isBetter = (row: number, than: number): boolean =>
    preference === 'earlier'
      ? (returned[row] ?? never) < (returned[than] ?? never)
      : (called[row] ?? 0) > (called[than] ?? 0);
  const unclear = new Set(epochs.filter(({ appends }) => appends.includes(-1)));
  let stepsLeft = 1000 + stepsPerRow * count;
  let isGuess = false;
  let isChanged = unclear.size > 0;
  for (let round = 0; unclear.size > 0; round++) {
    const mayGuess = !isChanged || round > roundsMax;
    isGuess ||= mayGuess;
    isChanged = false;
    for (const epoch of unclear) {
      const { appends, pieces } = epoch;
      const { lastCall, firstReturn } = windowsOf(table, epoch);
      let latest = -1;
      let open = 0;
      for (let i = 0; i < appends.length; i++) {
        if ((appends[i] ?? -1) >= 0) continue;
        let chosen = -1;
        let found = 0;
        const after = Math.max(latest, lastCall[i] ?? -1);
        for (const row of overlaps.between(pieces[i] ?? -1, firstReturn[i] ?? never, after)) {
          if (--stepsLeft < 0) return { fault: undecided('one text was appended too often'), isGuess };
          if (isRead[row] === 1) continue;
          found += 1;
          if (chosen < 0 || isBetter(row, chosen)) chosen = row;
        }
        if (found === 0) {
          const fault = invalid(
            [epoch.put, epoch.longest, ...someWith(rows.appends, pieces[i] ?? -1)],
            'a get shows what was appended too late for it, or too long before',
          );
          return { fault, isGuess };
        }
        if (found > 1 && !mayGuess) {
          open += 1;
          continue;
        }
        appends[i] = chosen;
        isRead[chosen] = 1;
        isChanged = true;
        latest = Math.max(latest, called[chosen] ?? -1);
      }
      if (open === 0) unclear.delete(epoch);
    }
  }
  return { fault: null, isGuess };
}

const shownMax = 4;

function someWith({ last, previous }: RowsByText, text: number): number[] {
  const some: number[] = [];
  for (let row = last[text] ?? -1; row >= 0 && some.length < shownMax; row = previous[row] ?? -1)
    some.push(row);
  return some;
}
