/** Slow and obvious judges of small histories, against which monitors and searches are held. */
import type { Json } from '../core/json.ts';
import type { Model, TimedOperation } from '../core/model.ts';
import { searchFor } from '../checker/linearizable/decide.ts';
import { makeSearch } from '../checker/linearizable/search.ts';
import { operationsIn, type OperationTable } from '../checker/history/operation-table.ts';
import type { MonitorContext, SearchAnswer } from '../checker/monitors/monitor.ts';

/** The definition itself: some order that respects real time and that the object allows, in which unknown operations may be missing. */
export function bruteForce(
  operations: readonly TimedOperation[],
  model: Model<unknown>,
  initial?: Json,
): boolean {
  const place = (remaining: readonly TimedOperation[], state: unknown): boolean => {
    if (remaining.every(({ returned }) => returned === Infinity)) return true;
    const firstReturn = Math.min(...remaining.map(({ returned }) => returned));
    return remaining.some((operation) => {
      if (operation.called > firstReturn) return false;
      const after = model.step(state, operation);
      return (
        after !== null &&
        place(
          remaining.filter((other) => other !== operation),
          after,
        )
      );
    });
  };
  return place(operations, model.initial(initial));
}

/** What a search without anything told in advance says of it, or `unknown` after so many choices. */
export function plainSearch(
  operations: readonly TimedOperation[],
  model: Model<unknown>,
  choices: number,
  initial?: Json,
): SearchAnswer['status'] {
  const status = makeSearch(model, { operations }, { windowBytes: 1 << 20, initial }).run(choices);
  return status === 'exhausted' ? 'none' : status === 'found' ? status : 'unknown';
}

/** What is wrong with an order of rows as a linearization; null: nothing. */
export function faultOf(
  order: Int32Array,
  table: OperationTable,
  model: Model<unknown>,
  initial?: Json,
): string | null {
  const operations = operationsIn(table);
  const placed = new Set(order);
  if (placed.size !== order.length) return 'an operation is placed twice';
  const missing = operations.findIndex(({ returned }, row) => returned !== Infinity && !placed.has(row));
  if (missing >= 0) return `row ${missing} has an answer and is not placed`;
  let state = model.initial(initial);
  let latestCall = -1;
  for (const row of order) {
    const operation = operations[row];
    if (operation === undefined) return `there is no row ${row}`;
    if (operation.returned < latestCall)
      return `row ${row} is placed after one that was called later than it returned`;
    latestCall = Math.max(latestCall, operation.called);
    const after = model.step(state, operation);
    if (after === null) return `row ${row} does not fit where it is placed`;
    state = after;
  }
  return null;
}

/** What a monitor may ask for in a test. */
export const contextFor = (model: Model<unknown>, initial?: Json): MonitorContext => ({
  initial,
  search: (operations, from) => {
    const search = searchFor(operations, { model, initial: from }, 1 << 20);
    for (let i = 0; i < 100; i++) {
      const status = search.run(1000);
      if (status === 'found') return { status, order: search.order() };
      if (status === 'exhausted') return { status: 'none' };
    }
    return { status: 'unknown' };
  },
});
