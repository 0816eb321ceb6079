import { assert } from '../../core/assert.ts';
import type { Items } from './queue-or-stack-items.ts';
import { sortedBy } from './queue-or-stack-sort.ts';
import { isLife, livesOf, type Lives } from './stack-lives.ts';
import { makeNesting, type Nesting } from './stack-nesting.ts';

/** Where each life begins and ends: at the open places around it when it was taken away, so that what was taken away later is within. */
interface Bounds {
  readonly push: Int32Array;
  readonly pop: Int32Array;
}

/** Rows of a stack that is linearizable, in an order that shows it. All removes that took something have their item. */
export function linearizationOfStack(items: Items): Int32Array {
  const lives = livesOf(items, []);
  const nesting = makeNesting(lives);
  assert(nesting.settle(), 'a stack that keeps the rules nests');
  return ordered(items, lives, nesting, boundsOf(lives, nesting));
}

/** Backwards: what opened later is closed again. Union-find by path halving. */
function boundsOf({ count, pushTo, popFrom, places }: Lives, nesting: Nesting): Bounds {
  const { order, opened, openedAfter } = nesting;
  // One place before all and one after all, so that a closed one has neighbours.
  const left = Int32Array.from({ length: places + 2 }, (_, place) => place);
  const right = left.slice();
  const find = (links: Int32Array, from: number): number => {
    let place = from + 1;
    while (links[place] !== place) {
      const next = links[place] ?? 0;
      links[place] = links[next] ?? 0;
      place = links[place] ?? 0;
    }
    return place - 1;
  };
  const push = new Int32Array(count);
  const pop = new Int32Array(count);
  let openCount = places;
  for (let i = count - 1; i >= 0; i--) {
    for (; (openedAfter[openCount - 1] ?? 0) > i; openCount--) {
      const place = (opened[openCount - 1] ?? 0) + 1;
      left[place] = place - 1;
      right[place] = place + 1;
    }
    const life = order[i] ?? 0;
    push[life] = find(left, pushTo[life] ?? 0);
    pop[life] = find(right, popFrom[life] ?? 0);
  }
  return { push, pop };
}

/** In the order of operations that take place at once: pops, then what leaves the stack as it is, then pushes. */
const popFirst = 0;
const between = 1;
const pushLast = 2;

/**
 * Sorts by moments: a pop just after the beginning of its place, a push just before the end of its. Of pops at one moment the innermost comes
 * first, of pushes the outermost.
 */
function ordered(items: Items, lives: Lives, nesting: Nesting, bounds: Bounds): Int32Array {
  const { adds, removes, removeCalled, columns, empties, end } = items;
  const starts = startsOf(lives, end);
  const { placeBefore } = lives;
  const keys: number[] = [];
  const rows: number[] = [];
  const put = (moment: number, kind: number, row: number | undefined): void => {
    if (row === undefined || row < 0) return;
    keys.push(3 * moment + kind);
    rows.push(row);
  };
  for (let i = lives.count - 1; i >= 0; i--) {
    const life = nesting.order[i] ?? 0;
    put(starts[bounds.pop[life] ?? 0] ?? 0, popFirst, removes[lives.item[life] ?? 0]);
  }
  for (const row of empties) {
    const place = nesting.openAtFirst[placeBefore[columns.returned[row] ?? 0] ?? 0] ?? 0;
    put(Math.max(starts[place] ?? 0, (columns.called[row] ?? 0) + 1), between, row);
  }
  for (let item = 0; item < items.count; item++) {
    if (isLife(items, item)) continue;
    put((removeCalled[item] ?? 0) + 1, between, adds[item]);
    put((removeCalled[item] ?? 0) + 1, between, removes[item]);
  }
  for (let i = 0; i < lives.count; i++) {
    const life = nesting.order[i] ?? 0;
    put((starts[(bounds.push[life] ?? 0) + 1] ?? 1) - 1, pushLast, adds[lives.item[life] ?? 0]);
  }
  return sortedBy(Int32Array.from(keys), 3 * (end + 2)).map((at) => rows[at] ?? 0);
}

/** The moment after the boundary at which each place begins. */
function startsOf({ places, placeBefore }: Lives, end: number): Int32Array {
  const starts = new Int32Array(places);
  for (let moment = 0; moment <= end; moment++) {
    const place = placeBefore[moment + 1] ?? 0;
    if (place > (placeBefore[moment] ?? 0)) starts[place] = moment + 1;
  }
  return starts;
}
