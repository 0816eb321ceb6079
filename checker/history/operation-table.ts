import type { EventType, HistoryEvent } from '../../core/history.ts';
import type { Json } from '../../core/json.ts';
import type { TimedOperation } from '../../core/model.ts';
import { makeValueNumbers, type ValueNumbers } from './value-numbers.ts';

/** The position of a return that never came: after every other. */
export const never = 0x7fffffff;
/** In the place of a result's number: no answer is known. */
export const noResult = -1;

/**
 * Operations as columns, one row for each, in order of call, so that a million of them take some 60 MB and a loop over them is fast.
 * Operations that failed did not happen and have no row. Positions count the events of the whole history: all differ, and their order is the
 * order in real time.
 */
export interface OperationTable {
  readonly count: number;
  /** Number of the operation's name in `names`. */
  readonly f: Uint16Array;
  readonly names: readonly string[];
  /** Numbers of `values`; `result` is `noResult` where no answer is known. */
  readonly key: Int32Array;
  readonly value: Int32Array;
  readonly result: Int32Array;
  /** Positions of call and return; `never` where no answer is known. */
  readonly called: Int32Array;
  readonly returned: Int32Array;
  readonly process: Float64Array;
  /** Nanoseconds since the run's start. */
  readonly callTime: Float64Array;
  readonly returnTime: Float64Array;
  readonly values: ValueNumbers;
}

/** Some rows of a table with what they look like, as plain objects: for what is not worth columns. */
export function operationAt(table: OperationTable, row: number): TimedOperation {
  const result = table.result[row] ?? noResult;
  const returned = table.returned[row] ?? never;
  return {
    f: table.names[table.f[row] ?? 0] ?? '',
    key: table.values.valueOf(table.key[row] ?? 0),
    value: table.values.valueOf(table.value[row] ?? 0),
    result: result === noResult ? undefined : table.values.valueOf(result),
    called: table.called[row] ?? 0,
    returned: returned === never ? Infinity : returned,
  };
}

/** All rows, in order of call. */
export const operationsIn = (table: OperationTable): TimedOperation[] =>
  Array.from({ length: table.count }, (_, row) => operationAt(table, row));

/** The rows that are named, in that order (which should be the order of call), as a table of their own that shares the values. */
export function rowsOf(table: OperationTable, rows: Int32Array): OperationTable {
  const some = emptyColumns(rows.length);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] ?? 0;
    some.f[i] = table.f[row] ?? 0;
    some.key[i] = table.key[row] ?? 0;
    some.value[i] = table.value[row] ?? 0;
    some.result[i] = table.result[row] ?? 0;
    some.called[i] = table.called[row] ?? 0;
    some.returned[i] = table.returned[row] ?? 0;
    some.process[i] = table.process[row] ?? 0;
    some.callTime[i] = table.callTime[row] ?? 0;
    some.returnTime[i] = table.returnTime[row] ?? 0;
  }
  return { ...some, count: rows.length, names: table.names, values: table.values };
}

/**
 * The rows of each group, in order of call, as tables of their own that share the values. `groupOf`: the group of each row; `sizes`: of each group.
 * Column by column, since that goes through memory in order: of a million rows in a hundred groups it takes a third of the time of row by row.
 */
export function groupsOf(
  table: OperationTable,
  groupOf: Int32Array,
  sizes: readonly number[],
): { readonly table: OperationTable; readonly rows: Int32Array }[] {
  const { count } = table;
  const begins = new Int32Array(sizes.length + 1);
  for (const [group, size] of sizes.entries()) begins[group + 1] = (begins[group] ?? 0) + size;
  const next = begins.slice();
  const to = new Int32Array(count);
  const rows = new Int32Array(count);
  for (let row = 0; row < count; row++) {
    const group = groupOf[row] ?? 0;
    const at = next[group] ?? 0;
    next[group] = at + 1;
    to[row] = at;
    rows[at] = row;
  }
  const all = emptyColumns(count);
  for (let row = 0; row < count; row++) all.f[to[row] ?? 0] = table.f[row] ?? 0;
  for (const name of ['key', 'value', 'result', 'called', 'returned'] as const) {
    const from = table[name];
    const into = all[name];
    for (let row = 0; row < count; row++) into[to[row] ?? 0] = from[row] ?? 0;
  }
  for (const name of ['process', 'callTime', 'returnTime'] as const) {
    const from = table[name];
    const into = all[name];
    for (let row = 0; row < count; row++) into[to[row] ?? 0] = from[row] ?? 0;
  }
  const whole = { ...all, count, names: table.names, values: table.values };
  return sizes.map((size, group) => {
    const begin = begins[group] ?? 0;
    return { table: someOf(whole, begin, begin + size), rows: rows.subarray(begin, begin + size) };
  });
}

/** Makes a table of a history that is read event by event. The history is well-formed. */
export interface TableBuilder {
  add(event: TableEvent): void;
  /** What was added so far, with whatever is open as unknown; good until more is added. */
  table(): OperationTable;
}

/** What a table needs of an event. */
export interface TableEvent {
  readonly time: number;
  readonly process: number;
  readonly type: EventType;
  readonly f: string;
  readonly key: Json;
  readonly value: Json;
}

const failed = 0xffff;
const namesMax = failed;

export function makeTableBuilder(values: ValueNumbers = makeValueNumbers()): TableBuilder {
  const names: string[] = [];
  const numbers = new Map<string, number>();
  const open = new Map<number, number>();
  let columns = emptyColumns(1024);
  let count = 0;
  let failures = 0;
  let position = 0;

  const nameNumber = (f: string): number => {
    const known = numbers.get(f);
    if (known !== undefined) return known;
    if (names.length === namesMax)
      throw new RangeError(`a history has at most ${namesMax} kinds of operation`);
    numbers.set(f, names.length);
    return names.push(f) - 1;
  };
  const invoke = (event: TableEvent): void => {
    if (count === columns.f.length) columns = enlarged(columns);
    columns.f[count] = nameNumber(event.f);
    columns.key[count] = values.numberOf(event.key);
    columns.value[count] = values.numberOf(event.value);
    columns.result[count] = noResult;
    columns.called[count] = position;
    columns.returned[count] = never;
    columns.process[count] = event.process;
    columns.callTime[count] = event.time;
    columns.returnTime[count] = Infinity;
    open.set(event.process, count);
    count += 1;
  };
  const complete = (event: TableEvent): void => {
    const row = open.get(event.process);
    if (row === undefined) return;
    open.delete(event.process);
    if (event.type === 'info') return;
    if (event.type === 'fail') {
      columns.f[row] = failed;
      failures += 1;
      return;
    }
    columns.result[row] = values.numberOf(event.value);
    columns.returned[row] = position;
    columns.returnTime[row] = event.time;
  };
  return {
    add: (event) => {
      if (event.type === 'invoke') invoke(event);
      else complete(event);
      position += 1;
    },
    table: () => {
      const all = { ...columns, count, names, values };
      if (failures === 0) return someOf(all, 0, count);
      const rows = new Int32Array(count - failures);
      let kept = 0;
      for (let row = 0; row < count; row++) if (columns.f[row] !== failed) rows[kept++] = row;
      return rowsOf(all, rows);
    },
  };
}

/** The rows from `begin` to `end`, without copying them. */
const someOf = (table: OperationTable, begin: number, end: number): OperationTable => ({
  ...table,
  count: end - begin,
  f: table.f.subarray(begin, end),
  key: table.key.subarray(begin, end),
  value: table.value.subarray(begin, end),
  result: table.result.subarray(begin, end),
  called: table.called.subarray(begin, end),
  returned: table.returned.subarray(begin, end),
  process: table.process.subarray(begin, end),
  callTime: table.callTime.subarray(begin, end),
  returnTime: table.returnTime.subarray(begin, end),
});

export function tableOf(history: readonly TableEvent[]): OperationTable {
  const builder = makeTableBuilder();
  for (const event of history) builder.add(event);
  return builder.table();
}

type Columns = Omit<OperationTable, 'count' | 'names' | 'values'>;

const emptyColumns = (size: number): Columns => ({
  f: new Uint16Array(size),
  key: new Int32Array(size),
  value: new Int32Array(size),
  result: new Int32Array(size),
  called: new Int32Array(size),
  returned: new Int32Array(size),
  process: new Float64Array(size),
  callTime: new Float64Array(size),
  returnTime: new Float64Array(size),
});

function enlarged(columns: Columns): Columns {
  const more = emptyColumns(columns.f.length * 2);
  more.f.set(columns.f);
  more.key.set(columns.key);
  more.value.set(columns.value);
  more.result.set(columns.result);
  more.called.set(columns.called);
  more.returned.set(columns.returned);
  more.process.set(columns.process);
  more.callTime.set(columns.callTime);
  more.returnTime.set(columns.returnTime);
  return more;
}

/** The events of an operation as they stood in the history, invocation first; one where no answer is known. */
export function eventsOfRow(table: OperationTable, row: number): HistoryEventLike[] {
  const { f, key, value, result, called, returned } = operationAt(table, row);
  const process = table.process[row] ?? 0;
  const invocation: HistoryEventLike = {
    index: called,
    time: table.callTime[row] ?? 0,
    process,
    type: 'invoke',
    f,
    key,
    value,
  };
  if (result === undefined) return [invocation];
  const time = table.returnTime[row] ?? 0;
  return [invocation, { index: returned, time, process, type: 'ok', f, key, value: result }];
}

/** An event of a history without what only a run knows. */
export type HistoryEventLike = TableEvent & Pick<HistoryEvent, 'index'>;
