import { never } from '../history/operation-table.ts';
import { kinds, type RegisterColumns } from './register-columns.ts';

export const noRow = -1;

/**
 * A write with all that met its value [Gibbons & Korach 1997]. A cluster has the number of its value; that of the initial value is 0 and has no
 * writer: it was written before everything.
 */
export interface Clusters {
  readonly columns: RegisterColumns;
  readonly count: number;
  /** The row that wrote the value. A value without writer, other than the first, has no cluster. */
  readonly writer: Int32Array;
  /** Earliest return and latest call among its reads; `never` and -1 where there are none. */
  readonly firstReturn: Int32Array;
  readonly lastCall: Int32Array;
  /** The row of the true cas that replaced the value. */
  readonly successor: Int32Array;
}

/** The only writer of a value had two true cas after it. */
export interface TwoSuccessors {
  readonly value: number;
  readonly successors: readonly [number, number];
}

export interface Clustering {
  readonly clusters: Clusters;
  readonly conflict: TwoSuccessors | null;
}

/** Null: several operations may have written the same value. */
export function clustersOf(columns: RegisterColumns): Clustering | null {
  const { kind, met, written, valueCount, table } = columns;
  const { called, returned, count } = table;
  const clusters = noClusters(columns);
  const { writer, firstReturn, lastCall } = clusters;
  const unknown = columns.unknownCount > 0 ? new Int32Array(valueCount).fill(noRow) : null;
  let conflict: TwoSuccessors | null = null;
  for (let row = 0; row < count; row++) {
    const what = kind[row];
    if (what === kinds.read) {
      const value = met[row] ?? 0;
      const at = returned[row] ?? never;
      if (at < (firstReturn[value] ?? never)) firstReturn[value] = at;
      lastCall[value] = called[row] ?? 0;
    } else if (what === kinds.writer || what === kinds.unknownWriter) {
      const value = written[row] ?? 0;
      if (value === 0 || writer[value] !== noRow) return null;
      if (unknown !== null && unknown[value] !== noRow) return null;
      if (what === kinds.unknownWriter) {
        if (unknown !== null) unknown[value] = row;
        continue;
      }
      writer[value] = row;
      const before = met[row] ?? -1;
      if (before >= 0) conflict = follow(clusters, before, row) ?? conflict;
    }
  }
  if (unknown !== null) conflict = proveUnknownWriters(clusters, unknown) ?? conflict;
  return { clusters, conflict };
}

const noClusters = (columns: RegisterColumns): Clusters => ({
  columns,
  count: columns.valueCount,
  writer: new Int32Array(columns.valueCount).fill(noRow),
  firstReturn: new Int32Array(columns.valueCount).fill(never),
  lastCall: new Int32Array(columns.valueCount).fill(-1),
  successor: new Int32Array(columns.valueCount).fill(noRow),
});

function follow({ successor }: Clusters, value: number, row: number): TwoSuccessors | null {
  const other = successor[value] ?? noRow;
  if (other !== noRow) return { value, successors: [other, row] };
  successor[value] = row;
  return null;
}

const isMet = ({ firstReturn, successor }: Clusters, value: number): boolean =>
  firstReturn[value] !== never || successor[value] !== noRow;

/**
 * An operation without an answer whose value somebody met did happen; a cas among them met a value in its turn. All the others need not have
 * happened. `unknown`: the row that may have written each value.
 */
function proveUnknownWriters(clusters: Clusters, unknown: Int32Array): TwoSuccessors | null {
  const { columns, writer } = clusters;
  const work: number[] = [];
  let conflict: TwoSuccessors | null = null;
  for (const [value, row] of unknown.entries()) if (row !== noRow && isMet(clusters, value)) work.push(value);
  for (let value = work.pop(); value !== undefined; value = work.pop()) {
    const row = unknown[value] ?? noRow;
    if (row === noRow || writer[value] !== noRow) continue;
    writer[value] = row;
    const before = columns.met[row] ?? -1;
    if (before < 0) continue;
    conflict = follow(clusters, before, row) ?? conflict;
    work.push(before);
  }
  return conflict;
}
