import { invalid, type Invalid } from './queue-or-stack-fault.ts';
import type { Items } from './queue-or-stack-items.ts';

/*
 * A dequeue without an answer may have taken, at any time after its call, a value that nobody is known to have got: a lost one. Each lost value has
 * a deadline before which it must have been taken, if at all: the first return of a dequeue of a value enqueued after it, and any instant
 * after its enqueue at which the queue is to be empty. Since such dequeues have no return, they can keep the deadlines if and only if at
 * every moment no more deadlines are past than dequeues were called [Hall 1935], and the earliest deadline goes to the earliest call.
 */

/** Of each item that is lost the deadline that the order of the queue sets, `end` for none; of others `end`. Null: all is known. */
export function deadlinesOf(items: Items): Int32Array | null {
  const { count, removes, addCalled, addReturned, removeReturned, end, unknown } = items;
  if (unknown.length === 0 || !removes.includes(-1)) return null;
  const soonest = new Int32Array(end + 1).fill(end);
  for (let item = 0; item < count; item++) {
    if (removes[item] !== -1) soonest[addCalled[item] ?? 0] = removeReturned[item] ?? 0;
  }
  let least = end;
  for (let moment = end; moment >= 0; moment--) {
    const returned = soonest[moment] ?? end;
    if (returned < least) least = returned;
    else soonest[moment] = least;
  }
  const deadlines = new Int32Array(count).fill(end);
  for (let item = 0; item < count; item++) {
    if (removes[item] === -1) deadlines[item] = soonest[addReturned[item] ?? 0] ?? end;
  }
  return deadlines;
}

/** How many dequeues without an answer were called before each moment. */
export function unknownBefore({ columns, unknown, end }: Items): Int32Array {
  const before = new Int32Array(end + 1);
  for (const row of unknown) before[(columns.called[row] ?? 0) + 1] = 1;
  for (let moment = 1; moment <= end; moment++)
    before[moment] = (before[moment] ?? 0) + (before[moment - 1] ?? 0);
  return before;
}

/** More values were lost by some moment than dequeues without an answer can have taken by then. */
export function tooManyLost(items: Items): Invalid | null {
  const deadlines = deadlinesOf(items);
  if (deadlines === null) return null;
  const { end, unknown } = items;
  const due = new Int32Array(end + 1);
  for (const deadline of deadlines) due[deadline] = (due[deadline] ?? 0) + 1;
  const before = unknownBefore(items);
  let lost = 0;
  for (let moment = 0; moment < end; moment++) {
    lost += due[moment] ?? 0;
    if (lost <= (before[moment] ?? 0)) continue;
    const takers = unknown.subarray(0, before[moment]);
    return invalid(
      takers.length === 0
        ? 'a value was dequeued, and one that was enqueued before it never was'
        : 'values were dequeued, and more that were enqueued before them never were than every dequeue without an answer can have taken',
      [...lostBy(items, deadlines, moment, takers.length + 1), ...takers],
    );
  }
  return null;
}

/** The rows of those that are lost by a moment, or of so many of them, and of those that show it. */
export function lostBy(items: Items, deadlines: Int32Array, moment: number, most = Infinity): number[] {
  const { adds, removes, removeReturned } = items;
  const lost = Array.from(deadlines.keys())
    .filter((item) => (deadlines[item] ?? 0) <= moment)
    .slice(0, most);
  const shown = new Set(lost.map((item) => deadlines[item]));
  const witnesses = Array.from(removeReturned.keys()).filter(
    (item) => removes[item] !== -1 && shown.has(removeReturned[item]),
  );
  return [...lost, ...witnesses].flatMap((item) => [adds[item] ?? -1, removes[item] ?? -1]);
}

/**
 * The instants (just before each moment) at which the queue can be empty as far as lost values go, whatever other instants are chosen: an instant
 * sets the deadline of those enqueued before it, and adds nothing to what any earlier instant sets for later moments. For each instant the
 * dequeues called before it must suffice for what was enqueued before it, and for what those called later cannot take in time.
 */
export function affordableInstants(items: Items, deadlines: Int32Array): Uint8Array {
  const { count, removes, addReturned, columns, end, unknown } = items;
  const before = unknownBefore(items);
  /** What happens at a moment: an item is enqueued that is lost (its number + 1), or a dequeue without an answer is called (-1). */
  const what = new Int32Array(end + 1);
  let enqueued = 0;
  for (let item = 0; item < count; item++) {
    if (removes[item] !== -1) continue;
    what[addReturned[item] ?? 0] = item + 1;
    enqueued += 1;
  }
  for (const row of unknown) what[columns.called[row] ?? 0] = -1;

  // From the end: each item with a deadline gets the latest free dequeue in time, or waits for one called earlier.
  const free = Int32Array.from(unknown.keys());
  const affordable = new Uint8Array(end + 1);
  let waiting = 0;
  for (let moment = end; moment >= 0; moment--) {
    const event = what[moment] ?? 0;
    const calledBefore = before[moment] ?? 0;
    if (event < 0) {
      if (waiting > 0) {
        waiting -= 1;
        free[calledBefore] = calledBefore - 1;
      }
    } else if (event > 0) {
      enqueued -= 1;
      const deadline = deadlines[event - 1] ?? end;
      if (deadline < end) {
        const dequeue = freeUpTo(free, (before[deadline] ?? 0) - 1);
        if (dequeue >= calledBefore) free[dequeue] = dequeue - 1;
        else waiting += 1;
      }
    }
    if (waiting + enqueued <= calledBefore) affordable[moment] = 1;
  }
  return affordable;
}

/** The last that is free up to a place, -1: none; union-find by path halving. */
function freeUpTo(free: Int32Array, place: number): number {
  let at = place;
  while (at >= 0 && free[at] !== at) {
    const next = free[at] ?? -1;
    if (next >= 0) free[at] = free[next] ?? -1;
    at = next;
  }
  return at;
}
