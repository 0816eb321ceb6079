import type { Items } from './queue-or-stack-items.ts';
import type { Chooser } from './stack-chooser.ts';
import type { Lives } from './stack-lives.ts';

interface Question {
  readonly lives: Lives;
  readonly lost: readonly number[];
  /** How many pops without an answer were called before each place. */
  readonly callsBefore: Int32Array;
  /** How many lives that somebody is known to have got cover each place. */
  readonly known: Int32Array;
  readonly chooser: Chooser;
}

const optionsMax = 8;

/**
 * A place for each pop that found nothing, at which nothing is known to be there, and there are pops enough for all that was lost before. Returns
 * for each place the first that was chosen from there on, the last place of all if none was, and the row without a place, if any. As in `optionsFor`, of
 * places with the same values before them the last is as good as any, and an earlier one as good as a later one if there are pops enough.
 */
export function chooseEmptyPlaces(
  items: Items,
  { lives, lost, callsBefore, known, chooser }: Question,
): { readonly next: Int32Array; readonly unplaced: number } {
  const { places, placeBefore, pushTo } = lives;
  const { called, returned } = items.columns;
  const lostBefore = new Int32Array(places + 1);
  for (const life of lost) {
    const place = (pushTo[life] ?? 0) + 1;
    lostBefore[place] = (lostBefore[place] ?? 0) + 1;
  }
  for (let i = 1; i <= places; i++) lostBefore[i] = (lostBefore[i] ?? 0) + (lostBefore[i - 1] ?? 0);
  const lastGood = new Int32Array(places);
  for (let place = 0; place < places; place++) {
    const isGood = known[place] === 0 && (lostBefore[place] ?? 0) <= (callsBefore[place] ?? 0);
    lastGood[place] = isGood ? place : (lastGood[place - 1] ?? -1);
  }

  /** One place for each number of values before it. */
  const optionsIn = (from: number, to: number): readonly number[] => {
    const options: number[] = [];
    for (let place = lastGood[to] ?? -1; place >= from;) {
      options.push(place);
      const firstLost = firstWith(lostBefore, lostBefore[place] ?? 0);
      place = firstLost === 0 ? -1 : (lastGood[firstLost - 1] ?? -1);
    }
    options.reverse();
    const kept: number[] = [];
    for (const place of options) {
      if (!kept.some((earlier) => (callsBefore[earlier] ?? 0) >= (lostBefore[place] ?? 0))) kept.push(place);
    }
    if (kept.length > optionsMax) chooser.leftOut();
    return kept.slice(0, optionsMax);
  };

  const next = new Int32Array(places + 1).fill(places - 1);
  const isChosen = new Uint8Array(places);
  const rows = Array.from(items.empties).sort((a, b) => (returned[a] ?? 0) - (returned[b] ?? 0));
  let latest = -1;
  for (const row of rows) {
    const from = placeBefore[(called[row] ?? 0) + 1] ?? 0;
    if (latest >= from) continue; // it is open, and comes before this return as before the last one
    const options = optionsIn(from, placeBefore[returned[row] ?? 0] ?? 0);
    if (options.length === 0) return { next, unplaced: row };
    latest = options[chooser.pick(options.length)] ?? -1;
    isChosen[latest] = 1;
  }
  for (let place = places - 2; place >= 0; place--) {
    next[place] = isChosen[place] === 1 ? place : (next[place + 1] ?? 0);
  }
  return { next, unplaced: -1 };
}

/** The first place with so many values before it; the counts rise. */
function firstWith(counts: Int32Array, wanted: number): number {
  let low = 0;
  let high = counts.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((counts[middle] ?? 0) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}
