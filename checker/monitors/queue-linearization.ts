import { assert } from '../../core/assert.ts';
import type { Items } from './queue-or-stack-items.ts';
import { sortedBy } from './queue-or-stack-sort.ts';
import { emptyInstants, instantOf } from './queue-empty.ts';
import { deadlinesOf } from './queue-unknown.ts';

/*
 * Here moments are doubled, so that instants have numbers between them: moment m is 2m + 1, the instant just before it 2m. An instant at which the
 * queue is found empty counts as an item that is enqueued and dequeued then.
 */
interface Lives {
  readonly count: number;
  readonly addCalled: Int32Array;
  readonly addReturned: Int32Array;
  readonly removeCalled: Int32Array;
  readonly removeReturned: Int32Array;
  /** After all moments. */
  readonly end: number;
}

/** Rows of a queue that is linearizable, in an order that shows it. */
export function linearizationOfQueue(items: Items): Int32Array {
  const instants = emptyInstants(items) ?? new Int32Array();
  const foundAt = Int32Array.from(items.empties, (row) => instantOf(items, instants, row));
  const chosen = Int32Array.from(new Set(foundAt)).sort();
  const takenBy = takenByUnknown(items, chosen);
  const lives = livesOf(items, takenBy, chosen);
  return merged(items, takenBy, lives, orderOf(lives), emptiesBy(items, foundAt));
}

/** Of each item the row of the dequeue without an answer that takes it; -1: none does. */
function takenByUnknown(items: Items, chosen: Int32Array): Int32Array {
  const { count, removes, addReturned, unknown, end } = items;
  const takenBy = new Int32Array(count).fill(-1);
  const deadlines = deadlinesOf(items);
  if (deadlines === null) return takenBy;
  const nextChosen = new Int32Array(end + 2).fill(end);
  for (const instant of chosen) nextChosen[instant] = instant;
  for (let moment = end - 1; moment >= 0; moment--) {
    if (nextChosen[moment] === end) nextChosen[moment] = nextChosen[moment + 1] ?? end;
  }
  const due: number[] = [];
  for (let item = 0; item < count; item++) {
    if (removes[item] !== -1) continue;
    const deadline = Math.min(deadlines[item] ?? end, nextChosen[(addReturned[item] ?? 0) + 1] ?? end);
    deadlines[item] = deadline;
    if (deadline < end) due.push(item);
  }
  due.sort((a, b) => (deadlines[a] ?? 0) - (deadlines[b] ?? 0));
  for (const [i, item] of due.entries()) takenBy[item] = unknown[i] ?? -1;
  return takenBy;
}

function livesOf(items: Items, takenBy: Int32Array, chosen: Int32Array): Lives {
  const { removes, columns } = items;
  const count = items.count + chosen.length;
  const end = 2 * items.end + 3;
  const lives: Lives = {
    count,
    addCalled: new Int32Array(count),
    addReturned: new Int32Array(count),
    removeCalled: new Int32Array(count),
    removeReturned: new Int32Array(count),
    end,
  };
  for (let item = 0; item < items.count; item++) {
    const addCalled = 2 * (items.addCalled[item] ?? 0) + 1;
    const taker = takenBy[item] ?? -1;
    lives.addCalled[item] = addCalled;
    lives.addReturned[item] = 2 * (items.addReturned[item] ?? 0) + 1;
    if (removes[item] !== -1) {
      lives.removeCalled[item] = 2 * (items.removeCalled[item] ?? 0) + 1;
      lives.removeReturned[item] = 2 * (items.removeReturned[item] ?? 0) + 1;
    } else {
      // What nobody takes is dequeued after all others, as it were.
      lives.removeCalled[item] = taker < 0 ? end : Math.max(addCalled, 2 * (columns.called[taker] ?? 0) + 1);
      lives.removeReturned[item] = taker < 0 ? end : end - 1;
    }
  }
  for (const [i, instant] of chosen.entries()) {
    lives.addCalled[items.count + i] = 2 * instant;
    lives.addReturned[items.count + i] = 2 * instant;
    lives.removeCalled[items.count + i] = 2 * instant;
    lives.removeReturned[items.count + i] = 2 * instant;
  }
  return lives;
}

/**
 * The order in which items go through the queue. Two scans, over enqueues and over dequeues, each stop at the return of an item that has no place
 * yet; an item that both have seen the call of comes before all that are left [Lee & Mathur 2025].
 */
function orderOf(lives: Lives): Int32Array {
  const { count, end } = lives;
  const order = new Int32Array(count);
  const isPlaced = new Uint8Array(count);
  const seen = new Uint8Array(count);
  const ready: number[] = [];
  const adds = makeScan(lives.addCalled, lives.addReturned, end);
  const removes = makeScan(lives.removeCalled, lives.removeReturned, end);
  const see = (item: number): void => {
    const times = (seen[item] ?? 0) + 1;
    seen[item] = times;
    if (times === 2) ready.push(item);
  };
  for (let placed = 0; placed < count; placed++) {
    adds.advance(isPlaced, see);
    removes.advance(isPlaced, see);
    const item = ready.pop();
    assert(item !== undefined, 'a queue that keeps the rules has a next item');
    isPlaced[item] = 1;
    order[placed] = item;
  }
  return order;
}

interface Scan {
  advance(isPlaced: Uint8Array, see: (item: number) => void): void;
}

/** Over calls and returns in order. Many items may share a call or a return. */
function makeScan(called: Int32Array, returned: Int32Array, end: number): Scan {
  const calls = sortedBy(called, end);
  const returns = sortedBy(returned, end);
  let call = 0;
  let at = 0;
  return {
    advance: (isPlaced, see) => {
      while (at < returns.length) {
        const item = returns[at] ?? 0;
        for (; call < calls.length; call++) {
          const next = calls[call] ?? 0;
          if ((called[next] ?? 0) > (returned[item] ?? 0)) break;
          see(next);
        }
        if (isPlaced[item] === 0) return;
        at += 1;
      }
    },
  };
}

/** Rows that found it empty, by instant. */
function emptiesBy({ empties }: Items, foundAt: Int32Array): ReadonlyMap<number, readonly number[]> {
  const by = new Map<number, number[]>();
  for (const [i, instant] of foundAt.entries()) {
    const rows = by.get(2 * instant) ?? [];
    if (rows.length === 0) by.set(2 * instant, rows);
    rows.push(empties[i] ?? 0);
  }
  return by;
}

/**
 * Enqueues in that order and dequeues in that order, each as early as its call and those before it allow: none comes later than its return, since
 * nobody before it was called after that.
 */
function merged(
  items: Items,
  takenBy: Int32Array,
  lives: Lives,
  order: Int32Array,
  empties: ReadonlyMap<number, readonly number[]>,
): Int32Array {
  const rows: number[] = [];
  let adds = 0;
  let removes = 0;
  let addAt = lives.addCalled[order[0] ?? 0] ?? 0;
  let removeAt = Math.max(addAt, lives.removeCalled[order[0] ?? 0] ?? 0);
  while (removes < order.length) {
    // At the same time a dequeue comes first, unless what it gets is not there yet.
    if (adds < order.length && (addAt < removeAt || (addAt === removeAt && adds <= removes))) {
      const row = items.adds[order[adds] ?? 0] ?? -1;
      if (row >= 0) rows.push(row);
      adds += 1;
      addAt = Math.max(addAt, lives.addCalled[order[adds] ?? 0] ?? 0);
      continue;
    }
    const item = order[removes] ?? 0;
    if (item >= items.count) {
      for (const row of empties.get(lives.removeCalled[item] ?? 0) ?? []) rows.push(row);
    } else {
      const known = items.removes[item] ?? -1;
      const row = known >= 0 ? known : (takenBy[item] ?? -1);
      if (row >= 0) rows.push(row);
    }
    removes += 1;
    removeAt = Math.max(removeAt, lives.removeCalled[order[removes] ?? 0] ?? 0);
  }
  return Int32Array.from(rows);
}
