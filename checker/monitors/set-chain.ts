import { isJsonList } from '../../core/json.ts';
import type { OperationTable } from '../history/operation-table.ts';
import { sortedByKey } from './register-sort.ts';
import { wholeRead, type SetRows } from './set-rows.ts';

/** What reads of a set that only grows say: each level is a set that was read, and holds those of the levels below it. */
export interface ReadChain {
  /** The level of each read's row, 1 and more. */
  readonly levelOfRow: Int32Array;
  /** The lowest level that holds the element; 0: it was there at first; `levels + 1`: no read shows it. */
  readonly levelOfElement: Int32Array;
  readonly levels: number;
}

/** Rows that contradict each other, and why. */
export interface SetConflict {
  readonly rows: readonly number[];
  readonly rule: string;
}

/** Sets that are read while nothing is removed contain each other. Linear in the sizes of the lists that were read. */
export function chainOfReads(
  table: OperationTable,
  rows: SetRows,
  atFirst: Uint8Array,
  sizeAtFirst: number,
): ReadChain | SetConflict {
  const lists = listsRead(table, rows);
  if ('rule' in lists) return lists;
  const { firstRow, members, listOfRow } = lists;
  const unread = 0x7fffffff;
  const levelOfElement = Int32Array.from(atFirst, (isThere) => (isThere === 1 ? 0 : unread));
  const levelOfList = new Int32Array(members.length);
  const firstList = [-1]; // of each level
  let size = sizeAtFirst;
  for (const list of sortedByKey(Int32Array.from(members, ({ length }) => length))) {
    const elements = members[list] ?? new Int32Array();
    if (elements.length > size || firstList.length === 1) firstList.push(list);
    const level = firstList.length - 1;
    levelOfList[list] = level;
    for (const each of elements) {
      if (levelOfElement[each] !== unread) continue;
      levelOfElement[each] = level;
      size += 1;
    }
    if (size === elements.length) continue;
    const row = firstRow[list] ?? 0;
    const other = firstList[levelOfMissing(elements, levelOfElement, level)] ?? -1;
    return other < 0
      ? { rows: [row], rule: 'a read lacks what was there at first, and nothing was removed' }
      : {
          rows: [firstRow[other] ?? 0, row],
          rule: 'of two reads neither shows all that the other shows, and nothing was removed',
        };
  }
  const levels = firstList.length - 1;
  return {
    levelOfRow: listOfRow.map((list) => (list < 0 ? 0 : (levelOfList[list] ?? 0))),
    levelOfElement: levelOfElement.map((level) => (level === unread ? levels + 1 : level)),
    levels,
  };
}

/** The level of an element that the list lacks; 0: of one that was there at first. */
function levelOfMissing(elements: Int32Array, levelOfElement: Int32Array, level: number): number {
  const listed = new Set(elements);
  for (const [each, own] of levelOfElement.entries()) {
    if (own > 0 && own <= level && !listed.has(each)) return own;
  }
  return 0;
}

/** Different lists that were read, those of one answer once; equal sets may be listed in several orders. */
interface ListsRead {
  readonly firstRow: readonly number[];
  readonly members: readonly Int32Array[];
  /** -1: the row is no read. */
  readonly listOfRow: Int32Array;
}

function listsRead(table: OperationTable, { kind, elementOf, elements }: SetRows): ListsRead | SetConflict {
  const { count, result, values } = table;
  const numbers = new Map<number, number>();
  const firstRow: number[] = [];
  const members: Int32Array[] = [];
  const listOfRow = new Int32Array(count).fill(-1);
  const seenBy = new Int32Array(elements).fill(-1);
  for (let row = 0; row < count; row++) {
    if (kind[row] !== wholeRead) continue;
    const answer = result[row] ?? 0;
    const known = numbers.get(answer) ?? numbers.size;
    listOfRow[row] = known;
    if (known < numbers.size) continue;
    numbers.set(answer, known);
    firstRow.push(row);
    const list = values.valueOf(answer);
    const listed = new Int32Array(isJsonList(list) ? list.length : 0);
    for (let i = 0; i < listed.length; i++) {
      const each = isJsonList(list) ? elementOf(list[i] ?? null) : -1;
      if (each < 0) return { rows: [row], rule: 'a read shows an element that nobody added' };
      if (seenBy[each] === known) return { rows: [row], rule: 'a read shows an element twice' };
      seenBy[each] = known;
      listed[i] = each;
    }
    members.push(listed);
  }
  return { firstRow, members, listOfRow };
}
