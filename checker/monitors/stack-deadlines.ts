import type { Items } from './queue-or-stack-items.ts';
import { makeChooser, type Chooser, type Choices } from './stack-chooser.ts';
import { chooseEmptyPlaces } from './stack-empty-places.ts';
import { livesOf, type Lives } from './stack-lives.ts';
import { makeNesting, type Nesting } from './stack-nesting.ts';
import { makeCoverTree, type CoverTree } from './stack-trees.ts';

/*
 * Each lost value gets a deadline where nothing else helps, as late as will do: a place before which it must have been taken by a pop without an
 * answer. As with a queue, these can keep the deadlines if and only if at every place no more deadlines are past than such pops were called.
 *
 * Where lives are taken away and it comes to a stop before a lost value is away, there are two open places with no other between them, that
 * value between them, and nothing that can have been at the bottom all that time. So some place must open that no known life covers, after
 * the value's push (before it nothing hides the place), and before the return of a pop of something that can have been at the bottom until
 * then. All values lost before that place get it for a deadline. Of places with the same values before them the last is as good as any, since
 * it leaves the deadlines as late. So options differ in their values; an earlier one, which asks for fewer values but sooner, is as good as a
 * later one if there are pops enough in between for all of them. What is left is a true choice. If every option of every choice is tried
 * and none leads to the end, there is no linearization: by induction, a linearization's own deadlines are never later than those of some
 * path of choices.
 */
export interface Choice extends Choices {
  readonly lives: Lives;
  /** Lives of lost values, by the ends of their pushes. */
  readonly lost: readonly number[];
  /** Of each life; the last place: none. */
  readonly deadlines: Int32Array;
  /** Null: it did not come so far, since there is no place for a pop that found nothing: row `unplaced`. */
  readonly nesting: Nesting | null;
  readonly unplaced: number;
  /** All lives can be taken away. */
  readonly isMade: boolean;
}

const optionsMax = 8;

/** Makes one choice, by these picks. */
export function makeChoice(items: Items, picks: readonly number[]): Choice {
  const calls = Array.from(items.unknown, (row) => items.columns.called[row] ?? 0);
  const lives = livesOf(items, calls);
  const isLost = (life: number): boolean => items.removes[lives.item[life] ?? 0] === -1;
  const lost = Array.from(lives.item.keys())
    .filter(isLost)
    .sort((a, b) => (lives.pushTo[a] ?? 0) - (lives.pushTo[b] ?? 0));
  const callsBefore = sums(
    lives.places,
    calls.map((call) => lives.placeBefore[call + 1] ?? 0),
  );
  const known = knownCover(lives, isLost);
  const chooser = makeChooser(picks);

  const { next, unplaced } = chooseEmptyPlaces(items, { lives, lost, callsBefore, known, chooser });
  const base = { lives, lost, unplaced, deadlines: lives.popFrom };
  if (unplaced >= 0) return { ...base, nesting: null, isMade: false, ...chooser.result() };
  for (const life of lost) lives.popFrom[life] = next[(lives.pushTo[life] ?? 0) + 1] ?? 0;
  const due = sums(
    lives.places,
    lost.map((life) => lives.popFrom[life] ?? 0),
  );
  const nesting = makeNesting(lives);
  const state: State = {
    lives,
    nesting,
    lost,
    isLost,
    deadlines: lives.popFrom.slice(),
    spare: makeCoverTree(callsBefore.map((before, place) => before - (due[place] ?? 0))),
    known: makeCoverTree(known),
    chooser,
  };
  const isMade = takeAll(state);
  return { ...base, deadlines: state.deadlines, nesting, isMade, ...chooser.result() };
}

/** How many of the given places are not after each place. */
function sums(places: number, given: readonly number[]): Int32Array {
  const counts = new Int32Array(places);
  for (const place of given) counts[place] = (counts[place] ?? 0) + 1;
  for (let i = 1; i < places; i++) counts[i] = (counts[i] ?? 0) + (counts[i - 1] ?? 0);
  return counts;
}

/** How many lives that somebody is known to have got cover each place. */
function knownCover(
  { count, pushTo, popFrom, places }: Lives,
  isLost: (life: number) => boolean,
): Int32Array {
  const counts = new Int32Array(places);
  for (let life = 0; life < count; life++) {
    if (isLost(life)) continue;
    const from = (pushTo[life] ?? 0) + 1;
    const to = popFrom[life] ?? 0;
    counts[from] = (counts[from] ?? 0) + 1;
    counts[to] = (counts[to] ?? 0) - 1;
  }
  for (let i = 1; i < places; i++) counts[i] = (counts[i] ?? 0) + (counts[i - 1] ?? 0);
  return counts;
}

/** While lives are taken away. */
interface State {
  readonly lives: Lives;
  readonly nesting: Nesting;
  readonly lost: readonly number[];
  readonly isLost: (life: number) => boolean;
  readonly deadlines: Int32Array;
  /** How many pops that were called before each place are left over. */
  readonly spare: CoverTree;
  /** How many known lives that are not away cover each place. */
  readonly known: CoverTree;
  readonly chooser: Chooser;
}

function takeAll(state: State): boolean {
  const { lives, nesting, lost, known, isLost } = state;
  let told = 0;
  let at = 0;
  while (!nesting.settle()) {
    for (; told < nesting.awayCount(); told++) {
      const life = nesting.order[told] ?? 0;
      if (!isLost(life)) known.add((lives.pushTo[life] ?? 0) + 1, (lives.popFrom[life] ?? 0) - 1, -1);
    }
    while (at < lost.length && nesting.isAway(lost[at] ?? 0)) at += 1;
    if (at === lost.length) return false;
    const options = optionsFor(state, at);
    if (options.length === 0) return false;
    const option = options[state.chooser.pick(options.length)];
    if (option === undefined) return false;
    setDeadline(state, option);
  }
  return true;
}

/** A place that may open, and the lives that then must be taken before. */
interface Option {
  readonly place: number;
  readonly due: readonly number[];
}

function optionsFor(state: State, at: number): readonly Option[] {
  const { lives, lost, deadlines, spare, known, nesting, chooser } = state;
  const { pushTo, popFrom, popTo } = lives;
  const first = lost[at] ?? 0;
  const deadline = deadlines[first] ?? 0;
  const waiting = nesting.waitingForPop();
  const limit = waiting.reduce((most, life) => Math.max(most, popTo[life] ?? 0), -1);
  const to = Math.min(limit, deadline - 1);
  const options: Option[] = [];
  const due: number[] = [];
  let next = at;
  for (let from = known.firstZero((pushTo[first] ?? 0) + 1); from >= 0 && from <= to;) {
    for (; next < lost.length; next++) {
      const life = lost[next] ?? 0;
      if (nesting.isAway(life)) continue;
      if ((pushTo[life] ?? 0) >= from) break;
      due.push(life);
    }
    const until = next < lost.length ? Math.min(to, pushTo[lost[next] ?? 0] ?? 0) : to;
    let place = -1;
    for (const life of waiting) {
      const earliest = Math.max(from, place + 1, popFrom[life] ?? 0);
      const latest = Math.min(until, popTo[life] ?? 0);
      const zero = earliest > latest ? -1 : known.lastZero(latest);
      if (zero >= earliest) place = zero;
    }
    const isPossible = place >= 0 && spare.least(place, deadline - 1) >= due.length;
    const isAsGood = (option: Option): boolean => spare.least(option.place, place - 1) >= due.length;
    if (isPossible && !options.some(isAsGood)) options.push({ place, due: due.slice() });
    if (options.length === optionsMax) {
      chooser.leftOut();
      break;
    }
    from = known.firstZero(until + 1);
  }
  return options;
}

function setDeadline({ nesting, deadlines, spare }: State, { place, due }: Option): void {
  spare.add(place, (deadlines[due[0] ?? 0] ?? 0) - 1, -due.length);
  for (const life of due) {
    nesting.shorten(life, place);
    deadlines[life] = place;
  }
}
