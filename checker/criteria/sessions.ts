import { never, type OperationTable } from '../history/operation-table.ts';

/** What each process did, one after the other. */
export interface Sessions {
  /** Rows of each process in its order, at last the one without an answer. */
  readonly rowsOf: readonly Int32Array[];
  /** How many of them have an answer. */
  readonly answered: readonly number[];
}

/**
 * The order of each process. A process stops at an operation without an answer; where a history says otherwise, that operation is taken for a
 * process of its own, since it may take effect at any later point.
 */
export function sessionsOf(table: OperationTable, isLeftOut: (row: number) => boolean): Sessions {
  const numbers = new Map<number, number>();
  const lists: number[][] = [];
  const alone: number[][] = [];
  for (let row = 0; row < table.count; row++) {
    const process = table.process[row] ?? 0;
    let number = numbers.get(process);
    if (number === undefined) {
      number = lists.length;
      numbers.set(process, number);
      lists.push([]);
    }
    const list = lists[number];
    const last = list?.at(-1);
    if (list !== undefined && last !== undefined && table.returned[last] === never) {
      list.pop();
      alone.push([last]);
    }
    list?.push(row);
  }
  const rowsOf = [...lists, ...alone]
    .map((rows) => Int32Array.from(rows.filter((row) => !isLeftOut(row))))
    .filter((rows) => rows.length > 0);
  const answered = rowsOf.map((rows) => rows.length - (table.returned[rows.at(-1) ?? 0] === never ? 1 : 0));
  return { rowsOf, answered };
}
