import type { Model } from '../../core/model.ts';
import { groupsOf, never, noResult, operationAt, rowsOf, type OperationTable } from './operation-table.ts';

/** What can be judged by itself: the operations on one object, in order of call. */
export interface Part {
  /** The key, as JSON; empty where there is only one part. */
  readonly name: string;
  readonly table: OperationTable;
  /** The row in the whole history of each row of `table`. */
  readonly rows: Int32Array;
}

/**
 * Linearizability is local: a history is linearizable if and only if its projection on each object is [Herlihy & Wing 1990, theorem 1;
 * Horn & Kroening 2015]. Objects that one operation touches together are one object.
 */
export function partsOf(table: OperationTable, model: Model<unknown>): Part[] {
  const { partition } = model;
  if (partition === undefined || table.count === 0) return [wholeOf(table)];
  return partition === 'key' ? splitBy(table, table.key, keyName(table)) : splitByTouched(table, partition);
}

const wholeOf = (table: OperationTable): Part => ({ name: '', table, rows: firstRows(table.count) });

/** From 0; a loop, since `Int32Array.from` takes fifty times as long. */
function firstRows(count: number): Int32Array {
  const rows = new Int32Array(count);
  for (let row = 0; row < count; row++) rows[row] = row;
  return rows;
}

const keyName =
  ({ values }: OperationTable) =>
  (key: number): string =>
    JSON.stringify(values.valueOf(key));

/** Rows by their number in `groups`, groups in order of their first row. */
function splitBy(table: OperationTable, groups: Int32Array, nameOf: (group: number) => string): Part[] {
  const places = new Map<number, number>();
  const counts: number[] = [];
  const placeOf = new Int32Array(table.count);
  let lastGroup = -1;
  let lastPlace = -1;
  for (let row = 0; row < table.count; row++) {
    const group = groups[row] ?? 0;
    if (group !== lastGroup) {
      lastGroup = group;
      lastPlace = places.get(group) ?? -1;
      if (lastPlace < 0) {
        lastPlace = places.size;
        places.set(group, lastPlace);
        counts.push(0);
      }
    }
    placeOf[row] = lastPlace;
    counts[lastPlace] = (counts[lastPlace] ?? 0) + 1;
  }
  const names = [...places.keys()].map(nameOf);
  if (names.length === 1) return [{ ...wholeOf(table), name: names[0] ?? '' }];
  return groupsOf(table, placeOf, counts).map((group, place) => ({ name: names[place] ?? '', ...group }));
}

/** Objects that are touched together are merged. */
function splitByTouched(
  table: OperationTable,
  touchedBy: Exclude<Model<unknown>['partition'], 'key' | undefined>,
): Part[] {
  const numbers = new Map<string, number>();
  const leader: number[] = [];
  const find = (object: number): number => {
    let at = object;
    while (leader[at] !== at) {
      leader[at] = leader[leader[at] ?? at] ?? at;
      at = leader[at] ?? at;
    }
    return at;
  };
  const numberOf = (name: string): number => {
    const known = numbers.get(name);
    if (known !== undefined) return known;
    numbers.set(name, leader.length);
    return leader.push(leader.length) - 1;
  };
  const first = new Int32Array(table.count);
  for (let row = 0; row < table.count; row++) {
    const [one = '', ...others] = touchedBy(operationAt(table, row));
    const object = numberOf(one);
    first[row] = object;
    for (const other of others) leader[find(numberOf(other))] = find(object);
  }
  const names = [...numbers.keys()];
  const namesOf = (group: number): string => names.filter((_, object) => find(object) === group).join(', ');
  return splitBy(table, first.map(find), namesOf);
}

/** What was known just after this position: later calls are gone, later answers are unknown yet. */
export function prefixOf(part: Part, position: number): Part {
  const { table, rows } = part;
  let count = 0;
  while (count < table.count && (table.called[count] ?? 0) <= position) count += 1;
  const known = rowsOf(table, firstRows(count));
  for (let row = 0; row < count; row++) {
    if ((known.returned[row] ?? never) <= position) continue;
    known.returned[row] = never;
    known.result[row] = noResult;
    known.returnTime[row] = Infinity;
  }
  return { name: part.name, table: known, rows: rows.slice(0, count) };
}
