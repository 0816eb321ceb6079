import type { Lives } from './stack-lives.ts';
import { closed, makeCoverTree, makeRangeTree, type RangeTree } from './stack-trees.ts';

/**
 * Takes lives away from a stack, outermost first [after Lee & Mathur 2025]. A place is open if no life that is left covers it: the stack can be empty
 * there but for what is away, and what can be before it and what can be after it are judged apart. Between two open places with no other
 * between them something is at the bottom all the time. It is a life whose push overlaps the first place, or one before, and whose pop
 * overlaps the second, or one after. Any such life will do: where there is an order with another one at the bottom, there is one with it. So
 * it is taken away, more places open, and so on. Lives that cannot be taken away contradict each other.
 */
export interface Nesting {
  /** Takes away all that can be. Returns whether nothing is left. */
  settle(): boolean;
  /** Lets the life be popped from an earlier place on, where nothing but its own pop must come before. */
  shorten(life: number, popFrom: number): void;
  readonly isAway: (life: number) => boolean;
  /** Lives that can be taken away as soon as some place opens that their pop overlaps. */
  waitingForPop(): readonly number[];
  /** The last place up to each that was open before anything was taken away; -1: none. */
  readonly openAtFirst: Int32Array;
  /** Lives in the order in which they were taken away. */
  readonly order: Int32Array;
  awayCount(): number;
  /** Places in the order in which they opened, and how many lives were away by then. */
  readonly opened: Int32Array;
  readonly openedAfter: Int32Array;
}

const pushOpen = 1;
const popOpen = 2;
const bothOpen = 3;
const away = 4;

export function makeNesting(lives: Lives): Nesting {
  const { count, pushTo, places } = lives;
  const popFrom = lives.popFrom.slice();
  const counts = coverCounts(lives);
  const openAtFirst = openPlaces(counts);
  const opened = new Int32Array(places);
  const openedAfter = new Int32Array(places);
  let openedCount = 0;
  for (let place = 0; place < places; place++) {
    if (openAtFirst[place] !== place) continue;
    opened[openedCount++] = place;
    counts[place] = closed;
  }
  const cover = makeCoverTree(counts);

  const state = new Uint8Array(count);
  const order = new Int32Array(count);
  let awayCount = 0;
  const ready = new Int32Array(count);
  let readyCount = 0;
  let halfOpen: number[] = [];
  const open = (life: number, which: number): void => {
    const before = state[life] ?? 0;
    const now = before | which;
    if (now === before) return;
    state[life] = now;
    if (now === bothOpen) ready[readyCount++] = life;
    else if (now === pushOpen) halfOpen.push(life);
  };
  /** Certainly there at no place: it can be pushed and popped at once. */
  const isNothing = (life: number): boolean => (popFrom[life] ?? 0) <= (pushTo[life] ?? 0) + 1;

  for (let life = 0; life < count; life++) if (isNothing(life)) open(life, bothOpen);
  const ranges = rangesToOpen(lives, openAtFirst, open);
  const openRange = (name: number): void => open(name >> 1, (name & 1) === 0 ? pushOpen : popOpen);
  const takeAway = (life: number): void => {
    state[life] = away;
    order[awayCount++] = life;
    cover.add((pushTo[life] ?? 0) + 1, (popFrom[life] ?? 0) - 1, -1);
  };
  /** Opens what nothing covers any more; places in a row together. */
  const openMore = (): boolean => {
    const before = openedCount;
    cover.drain((place) => {
      openedAfter[openedCount] = awayCount;
      opened[openedCount++] = place;
    });
    for (let i = before; i < openedCount;) {
      const first = opened[i] ?? 0;
      let end = i + 1;
      while (end < openedCount && opened[end] === first + end - i) end += 1;
      ranges.take(first, first + end - i - 1, openRange);
      i = end;
    }
    return openedCount > before;
  };

  return {
    settle: () => {
      do {
        while (readyCount > 0) takeAway(ready[--readyCount] ?? 0);
      } while (openMore());
      return awayCount === count;
    },
    shorten: (life, place) => {
      cover.add(Math.max(place, (pushTo[life] ?? 0) + 1), (popFrom[life] ?? 0) - 1, -1);
      popFrom[life] = place;
      if (isNothing(life)) open(life, bothOpen);
    },
    isAway: (life) => ((state[life] ?? 0) & away) !== 0,
    waitingForPop: () => {
      halfOpen = halfOpen.filter((life) => state[life] === pushOpen);
      return halfOpen;
    },
    openAtFirst,
    order,
    awayCount: () => awayCount,
    opened,
    openedAfter,
  };
}

/** How many lives cover each place. */
function coverCounts({ count, pushTo, popFrom, places }: Lives): Int32Array {
  const counts = new Int32Array(places + 1);
  for (let life = 0; life < count; life++) {
    const from = (pushTo[life] ?? 0) + 1;
    const to = popFrom[life] ?? 0;
    counts[from] = (counts[from] ?? 0) + 1;
    counts[to] = (counts[to] ?? 0) - 1;
  }
  for (let place = 1; place < places; place++)
    counts[place] = (counts[place] ?? 0) + (counts[place - 1] ?? 0);
  return counts.subarray(0, places);
}

/** The last place up to each that is open; -1: none. */
function openPlaces(counts: Int32Array): Int32Array {
  const open = new Int32Array(counts.length);
  let last = -1;
  for (let place = 0; place < counts.length; place++) {
    if (counts[place] === 0) last = place;
    open[place] = last;
  }
  return open;
}

/** The pushes (by twice their life) and pops (by one more) that overlap no open place. Tells of the others. */
function rangesToOpen(
  { count, pushFrom, pushTo, popFrom, popTo, places }: Lives,
  openAtFirst: Int32Array,
  open: (life: number, which: number) => void,
): RangeTree {
  const from = new Int32Array(2 * count);
  const to = new Int32Array(2 * count).fill(-1);
  for (let life = 0; life < count; life++) {
    from[2 * life] = pushFrom[life] ?? 0;
    from[2 * life + 1] = popFrom[life] ?? 0;
    const pushLast = pushTo[life] ?? 0;
    const popLast = popTo[life] ?? 0;
    if ((openAtFirst[pushLast] ?? -1) >= (pushFrom[life] ?? 0)) open(life, pushOpen);
    else to[2 * life] = pushLast;
    if ((openAtFirst[popLast] ?? -1) >= (popFrom[life] ?? 0)) open(life, popOpen);
    else to[2 * life + 1] = popLast;
  }
  return makeRangeTree(from, to, places);
}
