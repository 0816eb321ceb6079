import { emptyFault } from './queue-or-stack-empty.ts';
import { invalid, type Invalid } from './queue-or-stack-fault.ts';
import type { Items } from './queue-or-stack-items.ts';
import { contradiction, nestingFault } from './stack-contradiction.ts';
import { makeChoice, type Choice } from './stack-deadlines.ts';
import { placeOfEmpty } from './stack-empty.ts';
import { livesOf } from './stack-lives.ts';
import { makeNesting } from './stack-nesting.ts';

/** All attempts together go over so many places, and there are always a few. */
const placesMax = 1 << 22;
const attemptsMin = 4;

/**
 * A pop without an answer may have taken, at any time after its call, a value that nobody is known to have got: a lost one. Returns the items with
 * those removes, as far as any are needed; `unsure` where there were too many ways to choose.
 */
export function takeLost(items: Items): Items | Invalid | 'unsure' {
  let picks: readonly number[] | null = [];
  let isComplete = true;
  let attempts = attemptsMin;
  for (let attempt = 0; picks !== null && attempt < attempts; attempt++) {
    const choice = makeChoice(items, picks);
    if (choice.isMade) return taken(items, choice);
    if (attempt === 0) {
      const fault = faultIfAllTaken(items);
      if (fault !== null) return fault;
      attempts = Math.max(attemptsMin, Math.floor(placesMax / choice.lives.places));
    }
    isComplete &&= choice.isComplete;
    picks = nextPicks(picks, choice.options);
    if (picks === null && isComplete) return notEnough(items, choice);
  }
  return 'unsure';
}

/** Depth first: the last choice that has an option left takes it, and those after it begin anew. */
function nextPicks(picks: readonly number[], options: readonly number[]): readonly number[] | null {
  for (let i = options.length - 1; i >= 0; i--) {
    const next = (picks[i] ?? 0) + 1;
    if (next < (options[i] ?? 0)) return [...options.slice(0, i).map((_, k) => picks[k] ?? 0), next];
  }
  return null;
}

/** As if there were a pop for each lost value whenever it is wanted, after the first such call. */
function faultIfAllTaken(items: Items): Invalid | null {
  const lost = Array.from(items.removes.keys()).filter((item) => items.removes[item] === -1);
  const allTaken = withTakers(items, new Map(lost.map((item) => [item, items.unknown[0] ?? 0])));
  const lives = livesOf(allTaken, []);
  const nesting = makeNesting(lives);
  const row = items.empties.find((empty) => placeOfEmpty(items, lives, nesting, empty) < 0);
  if (row !== undefined) return emptyFault(items, row, 'pop', []);
  if (nesting.settle()) return null;
  return nestingFault(
    items,
    lives,
    contradiction(lives, nesting.isAway),
    ', even if pops without an answer took others',
  );
}

/** Items that are got by a row without an answer. */
function withTakers(items: Items, takers: ReadonlyMap<number, number>): Items {
  const removeCalled = items.removeCalled.slice();
  const removes = items.removes.slice();
  for (const [item, row] of takers) {
    removes[item] = row;
    removeCalled[item] = Math.max(items.addCalled[item] ?? 0, items.columns.called[row] ?? 0);
  }
  return { ...items, removes, removeCalled };
}

/** The earliest call takes what must be taken first. */
function taken(items: Items, { lives, lost, deadlines }: Choice): Items {
  const due = lost.filter((life) => (deadlines[life] ?? 0) < lives.places - 1);
  due.sort((a, b) => (deadlines[a] ?? 0) - (deadlines[b] ?? 0));
  return withTakers(items, new Map(due.map((life, i) => [lives.item[life] ?? 0, items.unknown[i] ?? 0])));
}

/** Every choice fails. What the last one could not do, up to where it should have been done, is as good an example as any. */
function notEnough(items: Items, { lives, nesting, lost, unplaced }: Choice): Invalid {
  if (nesting === null) return emptyFault(items, unplaced, 'pop', []);
  const { pushFrom, pushTo, popTo, placeBefore } = lives;
  const first = lost.find((life) => !nesting.isAway(life)) ?? 0;
  const until = nesting
    .waitingForPop()
    .filter((life) => (pushFrom[life] ?? 0) <= (pushTo[first] ?? 0))
    .reduce((most, life) => Math.max(most, popTo[life] ?? 0), 0);
  const rows = [
    ...contradiction(lives, nesting.isAway),
    ...lost.filter((life) => (pushTo[life] ?? 0) < until),
  ].flatMap((life) => {
    const item = lives.item[life] ?? 0;
    return [items.adds[item] ?? -1, items.removes[item] ?? -1];
  });
  const takers = items.unknown.filter((row) => (placeBefore[items.columns.called[row] ?? 0] ?? 0) < until);
  return invalid('more values must have been gone than every pop without an answer can have taken in time', [
    ...rows,
    ...takers,
  ]);
}
