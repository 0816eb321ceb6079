import { never, type OperationTable } from '../history/operation-table.ts';
import { reversalIn } from './append-order.ts';
import type { Epoch } from './append-epochs.ts';
import { invalid } from './append-rows.ts';
import { atFirst } from './append-starts.ts';
import type { MonitorVerdict } from './monitor.ts';

/**
 * The operations of an epoch that stand together: its put, its gets, and the appends that they show, in the only order in which the gets can
 * have seen them. Nothing else that writes comes between them.
 */
export interface Period {
  readonly epoch: Epoch;
  readonly order: Int32Array;
  /** The first return of them all, -1 for the beginning, which was there before everything; and the row, if any. */
  readonly firstReturn: number;
  readonly firstReturned: number;
  /** The last call of them all, and its row. */
  readonly lastCall: number;
  readonly lastCalled: number;
}

/** A verdict where real time contradicts the order of a period. */
export function periodsOf(
  table: OperationTable,
  epochs: readonly Epoch[],
): readonly Period[] | MonitorVerdict {
  const periods: Period[] = [];
  for (const epoch of epochs) {
    const order = orderOf(epoch);
    const reversal = reversalIn(order, table);
    if (reversal !== null) {
      return invalid(
        [epoch.put, reversal.earlier, reversal.later, epoch.longest],
        'texts that were read show an order that real time has the other way round',
      );
    }
    periods.push(periodOf(table, epoch, order));
  }
  return periods;
}

function orderOf({ put, appends, gets, shown }: Epoch): Int32Array {
  const begin = put === atFirst ? 0 : 1;
  const order = new Int32Array(begin + appends.length + gets.length);
  order.fill(put, 0, begin);
  let count = begin;
  let next = 0;
  for (let i = 0; i <= appends.length; i++) {
    for (; next < gets.length && (shown[next] ?? 0) <= i; next++) order[count++] = gets[next] ?? 0;
    if (i < appends.length) order[count++] = appends[i] ?? 0;
  }
  return order;
}

function periodOf({ called, returned }: OperationTable, epoch: Epoch, order: Int32Array): Period {
  let firstReturned = -1;
  let lastCalled = -1;
  let firstReturn = never;
  let lastCall = -1;
  for (const row of order) {
    if ((returned[row] ?? never) < firstReturn) {
      firstReturn = returned[row] ?? never;
      firstReturned = row;
    }
    if ((called[row] ?? -1) > lastCall) {
      lastCall = called[row] ?? -1;
      lastCalled = row;
    }
  }
  const isBeginning = epoch.put === atFirst;
  return {
    epoch,
    order,
    firstReturn: isBeginning ? -1 : firstReturn,
    firstReturned: isBeginning ? -1 : firstReturned,
    lastCall,
    lastCalled,
  };
}

/**
 * The zones of Gibbons & Korach 1997, with a period in the place of a value's write and reads: of two periods one must come first if some
 * operation of it had returned before one of the other's was called. All fit if and only if no two must come before each other. A period whose
 * first return comes before its last call holds all the time between; these must not meet, and what was written and never read must not lie
 * within one of them.
 *
 * `unread`: rows of puts and appends that happened and that no get shows, in order of call.
 */
export function arrangePeriods(
  table: OperationTable,
  periods: readonly Period[],
  unread: Int32Array,
): (() => Int32Array) | MonitorVerdict {
  const { called, returned } = table;
  const holding = periods
    .filter(({ firstReturn, lastCall }) => firstReturn < lastCall)
    .sort((a, b) => a.firstReturn - b.firstReturn);
  const brief = periods
    .filter(({ firstReturn, lastCall }) => firstReturn >= lastCall)
    .sort((a, b) => a.lastCall - b.lastCall);
  for (const [i, period] of holding.entries()) {
    const before = holding[i - 1];
    if (before !== undefined && period.firstReturn < before.lastCall) return collision(before, period);
  }
  let next = 0;
  /** The one that holds when this is called, if any. */
  const holderAt = (call: number): Period | undefined => {
    while (next < holding.length && (holding[next]?.firstReturn ?? 0) < call) next += 1;
    return holding[next - 1];
  };
  for (const period of brief) {
    const holder = holderAt(period.lastCall);
    if (holder !== undefined && period.firstReturn < holder.lastCall) return collision(holder, period);
  }
  next = 0;
  for (const row of unread) {
    const holder = holderAt(called[row] ?? 0);
    if (holder === undefined || (returned[row] ?? never) > holder.lastCall) continue;
    return invalid(
      [row, holder.firstReturned, holder.lastCalled, holder.epoch.put],
      'a text was still there after something was written that it does not show',
    );
  }
  return () => merged(table, holding, brief, unread);
}

const collision = (a: Period, b: Period): MonitorVerdict =>
  invalid(
    [a, b].flatMap(({ epoch, firstReturned, lastCalled }) => [epoch.put, firstReturned, lastCalled]),
    'of two texts each was there before the other was gone',
  );

/** What does not hold comes when it was last called, or after what holds then. */
function merged(
  { called }: OperationTable,
  holding: readonly Period[],
  brief: readonly Period[],
  unread: Int32Array,
): Int32Array {
  const length = [...holding, ...brief].reduce((sum, { order }) => sum + order.length, unread.length);
  const order = new Int32Array(length);
  let count = 0;
  const put = (rows: Int32Array): void => {
    order.set(rows, count);
    count += rows.length;
  };
  let nextHolding = 0;
  const putHolding = (until: number): void => {
    for (; (holding[nextHolding]?.firstReturn ?? never) < until; nextHolding++) {
      put(holding[nextHolding]?.order ?? order.subarray(0, 0));
    }
  };
  let nextUnread = 0;
  const putUnread = (until: number): void => {
    for (; nextUnread < unread.length; nextUnread++) {
      const row = unread[nextUnread] ?? 0;
      if ((called[row] ?? 0) > until) return;
      putHolding(called[row] ?? 0);
      order[count++] = row;
    }
  };
  for (const period of brief) {
    putUnread(period.lastCall);
    putHolding(period.lastCall);
    put(period.order);
  }
  putUnread(never);
  putHolding(never);
  return order;
}
