import { queue } from '../models/queue.ts';
import type { Monitor } from './monitor.ts';
import type { ListKind } from './queue-or-stack-columns.ts';
import { invalid, type Invalid } from './queue-or-stack-fault.ts';
import { itemsOf, type Items } from './queue-or-stack-items.ts';
import { emptyInstants, uncovered } from './queue-empty.ts';
import { linearizationOfQueue } from './queue-linearization.ts';
import { tooManyLost } from './queue-unknown.ts';

const kind: ListKind = {
  model: queue,
  add: 'enqueue',
  remove: 'dequeue',
  added: 'enqueued',
  removed: 'dequeued',
  isFifo: true,
};

/**
 * A FIFO queue, by the aspects of Henzinger, Sezgin & Vafeiadis 2013: nothing is dequeued that was not enqueued, or twice; no two values are
 * dequeued in the opposite order of their enqueues; no dequeue finds it empty all the while something is in it. Linear time, but for sorting
 * what dequeues without an answer took.
 */
export const queueMonitor: Monitor = {
  name: 'queue',
  judge: (table, context) => {
    const items = itemsOf(table, context.initial, kind);
    if ('verdict' in items) return items;
    const fault = overtaken(items) ?? tooManyLost(items) ?? uncovered(items, emptyInstants(items));
    if (fault !== null) return items.explained(fault);
    if (items.isPartial) return { verdict: 'undecided', why: 'equal values were enqueued at once' };
    return { verdict: 'valid', linearization: () => linearizationOfQueue(items) };
  },
};

/**
 * Two values of which one was enqueued before, and dequeued after, the other, or never. Both orders are orders of intervals, so that there is a
 * cycle in them only if there is one of two. What dequeues without an answer may have taken is left to `tooManyLost`.
 */
function overtaken(items: Items): Invalid | null {
  const { count, removes, addCalled, addReturned, removeCalled, removeReturned, end, unknown } = items;
  /** When the dequeue was called, the last one of those whose enqueue had returned by then. */
  const latest = new Int32Array(end + 1).fill(-1);
  for (let item = 0; item < count; item++) {
    if (unknown.length > 0 && removes[item] === -1) continue;
    latest[addReturned[item] ?? 0] = removeCalled[item] ?? 0;
  }
  let most = -1;
  for (let moment = 0; moment < latest.length; moment++) {
    const called = latest[moment] ?? -1;
    if (called > most) most = called;
    else latest[moment] = most;
  }
  for (let item = 0; item < count; item++) {
    const called = latest[addCalled[item] ?? 0] ?? -1;
    if (called > (removeReturned[item] ?? 0)) return orderFault(items, item, called);
  }
  return null;
}

function orderFault(items: Items, late: number, removeCalled: number): Invalid {
  const { adds, removes, addCalled, addReturned, end } = items;
  const early = items.removeCalled.findIndex(
    (called, item) => called === removeCalled && (addReturned[item] ?? 0) < (addCalled[late] ?? 0),
  );
  const rows = [early, late].flatMap((item) => [adds[item] ?? -1, removes[item] ?? -1]);
  return removeCalled === end
    ? invalid('a value was dequeued, and one that was enqueued before it never was', rows)
    : invalid('two values were dequeued in the opposite order of their enqueues', rows);
}
