import { neverTick, type OperationColumns } from './report-data.ts';

/**
 * How the columns lie in report.html. `<script type="application/octet-stream" id="columns">` holds base64 of gzip of all columns back to
 * back, little-endian, in the order of `columnNames`: the wide ones first, so that each begins at a multiple of its width. The header, which
 * says where each is, stands in the facts as `columns`. Times are stored as differences, which compress to a third:
 *
 * - `plain`: as it is;
 * - `steps`: the difference to the row above, modulo 2^32 (the first row: to 0);
 * - `since-invoked`: ticks after the row's `invoked`; `neverTick` stays what it is;
 * - `before-invoked`: ticks before the row's `invoked`.
 */
export interface ColumnsHeader {
  /** Rows: operations. */
  readonly count: number;
  readonly columns: readonly ColumnPlace[];
}

export interface ColumnPlace {
  readonly name: ColumnName;
  readonly type: 'Uint32' | 'Int32' | 'Uint16' | 'Uint8';
  readonly coding: Coding;
  /** In bytes, from the beginning of the decompressed bytes. */
  readonly offset: number;
  /** In elements: one for each row. */
  readonly length: number;
}

export type Coding = 'plain' | 'steps' | 'since-invoked' | 'before-invoked';
export type ColumnName = Exclude<keyof OperationColumns, 'count'>;

interface ColumnKind {
  readonly type: ColumnPlace['type'];
  readonly coding: Coding;
}

/** `invoked` comes first, since others are told from it. */
const columnKinds: Readonly<Record<ColumnName, ColumnKind>> = {
  invoked: { type: 'Uint32', coding: 'steps' },
  completed: { type: 'Uint32', coding: 'since-invoked' },
  due: { type: 'Uint32', coding: 'before-invoked' },
  point: { type: 'Uint32', coding: 'since-invoked' },
  key: { type: 'Uint32', coding: 'plain' },
  argument: { type: 'Int32', coding: 'plain' },
  result: { type: 'Int32', coding: 'plain' },
  client: { type: 'Uint16', coding: 'plain' },
  outcome: { type: 'Uint8', coding: 'plain' },
  kind: { type: 'Uint8', coding: 'plain' },
};

const widths = { Uint32: 4, Int32: 4, Uint16: 2, Uint8: 1 } as const;

const columnNames = [
  'invoked',
  'completed',
  'due',
  'point',
  'key',
  'argument',
  'result',
  'client',
  'outcome',
  'kind',
] as const satisfies readonly ColumnName[];

export function columnsHeaderOf(count: number): ColumnsHeader {
  let offset = 0;
  const columns = columnNames.map((name) => {
    const place: ColumnPlace = { name, ...columnKinds[name], offset, length: count };
    offset += count * widths[place.type];
    return place;
  });
  return { count, columns };
}

/** All columns back to back, not yet compressed. */
export function packColumns(columns: OperationColumns): Uint8Array {
  const header = columnsHeaderOf(columns.count);
  const size = header.columns.reduce((sum, { type, length }) => sum + length * widths[type], 0);
  const bytes = new Uint8Array(size);
  for (const { name, coding, offset } of header.columns) {
    const column = coded(columns[name].subarray(0, columns.count), coding, columns.invoked);
    bytes.set(new Uint8Array(column.buffer, column.byteOffset, column.byteLength), offset);
  }
  return bytes;
}

type Column = OperationColumns[ColumnName];

function coded(column: Column, coding: Coding, invoked: Uint32Array): Column {
  if (coding === 'plain') return column;
  const result = new Uint32Array(column.length);
  let above = 0;
  for (let row = 0; row < column.length; row++) {
    const value = column[row] ?? 0;
    const base = invoked[row] ?? 0;
    if (coding === 'steps') result[row] = value - above;
    else if (coding === 'before-invoked') result[row] = base - value;
    else result[row] = value === neverTick ? neverTick : value - base;
    above = value;
  }
  return result;
}

/** The opposite of `packColumns`; runs in the page, too. */
export function unpackColumns(header: ColumnsHeader, bytes: Uint8Array): OperationColumns {
  // A copy, so that every column begins where its type may.
  const buffer = bytes.slice().buffer;
  const place = (name: ColumnName): ColumnPlace => {
    const found = header.columns.find((column) => column.name === name);
    if (found === undefined) throw new Error(`the report has no column ${name}`);
    return found;
  };
  const invokedPlace = place('invoked');
  const invoked = new Uint32Array(buffer, invokedPlace.offset, invokedPlace.length);
  addUp(invoked);
  const words = (name: ColumnName): Uint32Array => {
    const { offset, length, coding } = place(name);
    const column = new Uint32Array(buffer, offset, length);
    decode(column, coding, invoked);
    return column;
  };
  const { key, argument, result, client, outcome, kind } = {
    key: place('key'),
    argument: place('argument'),
    result: place('result'),
    client: place('client'),
    outcome: place('outcome'),
    kind: place('kind'),
  };
  return {
    count: header.count,
    invoked,
    completed: words('completed'),
    due: words('due'),
    point: words('point'),
    key: new Uint32Array(buffer, key.offset, key.length),
    argument: new Int32Array(buffer, argument.offset, argument.length),
    result: new Int32Array(buffer, result.offset, result.length),
    client: new Uint16Array(buffer, client.offset, client.length),
    outcome: new Uint8Array(buffer, outcome.offset, outcome.length),
    kind: new Uint8Array(buffer, kind.offset, kind.length),
  };
}

function addUp(column: Uint32Array): void {
  let above = 0;
  for (let row = 0; row < column.length; row++) {
    above = (above + (column[row] ?? 0)) >>> 0;
    column[row] = above;
  }
}

function decode(column: Uint32Array, coding: Coding, invoked: Uint32Array): void {
  for (let row = 0; row < column.length; row++) {
    const value = column[row] ?? 0;
    const base = invoked[row] ?? 0;
    if (coding === 'before-invoked') column[row] = base - value;
    else if (value !== neverTick) column[row] = base + value;
  }
}
