import type { Model } from '../../core/model.ts';
import type { OperationTable } from '../history/operation-table.ts';
import type { ProvenPart } from './decide.ts';

/** One order of the whole history that proves it linearizable. */
export interface Linearization {
  /** Rows of the whole table: all with an answer, and those without one that took effect. */
  readonly rows: Int32Array;
  /** For each of `rows` the position at which it took effect: just after that event, of several in this order. Never falls. */
  readonly points: Int32Array;
}

/** The file in a run's directory that holds an order of its operations. */
export const linearizationFile = 'linearization.json';

/**
 * One order for each part, as a JSON document: of each operation that took effect, the number of its invocation's event in the history. An
 * operation can have taken effect at its invocation, or at the latest invocation before it in the order of its part.
 */
export function* linearizationDocument(
  parts: readonly ProvenPart[],
  { partition }: Model<unknown>,
): Generator<string> {
  yield '{"format":"ftcheck-linearization-1","parts":[';
  for (const [i, proven] of parts.entries()) {
    const { name, table } = proven.part;
    const order = proven.linearization().map((row) => table.called[row] ?? 0);
    const key = name === '' ? 'null' : partition === 'key' ? name : JSON.stringify(name);
    yield `${i === 0 ? '' : ','}\n{"key":${key},"order":[${order.join(',')}]}`;
  }
  yield '\n]}\n';
}

/**
 * Each operation at the earliest instant that the order of its own part allows, which is the latest call up to it; then all parts by these
 * instants. Positions belong to one part each, so that no two parts meet at one instant [Herlihy & Wing 1990, theorem 1].
 */
export function mergedLinearization(parts: readonly ProvenPart[]): Linearization {
  const placed = parts.map((proven) => ({ part: proven.part, order: proven.linearization() }));
  const count = placed.reduce((sum, { order }) => sum + order.length, 0);
  const rowAt = new Int32Array(count);
  const pointAt = new Int32Array(count);
  // Sorted as one number: the instant, then the place in its own part's order.
  const keys = new Float64Array(count);
  let next = 0;
  for (const { part, order } of placed) {
    let latestCall = 0;
    for (const row of order) {
      latestCall = Math.max(latestCall, part.table.called[row] ?? 0);
      rowAt[next] = part.rows[row] ?? 0;
      pointAt[next] = latestCall;
      keys[next] = latestCall * count + next;
      next += 1;
    }
  }
  keys.sort();
  const rows = new Int32Array(count);
  const points = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    const from = (keys[i] ?? 0) % count;
    rows[i] = rowAt[from] ?? 0;
    points[i] = pointAt[from] ?? 0;
  }
  return { rows, points };
}

/** When each row took effect, in nanoseconds since the run's start; NaN for those that did not. */
export function effectTimes(table: OperationTable, { rows, points }: Linearization): Float64Array {
  const callTimes = new Map<number, number>();
  for (let row = 0; row < table.count; row++) callTimes.set(table.called[row] ?? 0, table.callTime[row] ?? 0);
  const times = new Float64Array(table.count).fill(Number.NaN);
  for (const [i, row] of rows.entries()) times[row] = callTimes.get(points[i] ?? 0) ?? Number.NaN;
  return times;
}
