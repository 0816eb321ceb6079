import type { Json } from '../../core/json.ts';
import type { OperationTable } from '../history/operation-table.ts';
import { columnsOf, kinds, type Columns, type ListKind } from './queue-or-stack-columns.ts';
import { invalid, type Invalid } from './queue-or-stack-fault.ts';
import { addsOf, findRemoves, type Pairing } from './queue-or-stack-pairing.ts';
import { pairRepeated, withEquals } from './queue-or-stack-repeated.ts';

/**
 * Items that were put there once, in order of the call that did it (first what was there at first), with the operations on each. Moments of
 * calls and returns are all different. They are tightened: an add returned before its remove did, a remove was called after its add
 * [Henzinger, Sezgin & Vafeiadis 2013]. So an add without an answer whose item somebody got has a return; one whose item nobody got may as well
 * not have happened, and is left out.
 */
export interface Items {
  readonly count: number;
  /** Rows; -1: it was there at first. */
  readonly adds: Int32Array;
  /** Rows; -1: nobody is known to have got it. */
  readonly removes: Int32Array;
  readonly addCalled: Int32Array;
  readonly addReturned: Int32Array;
  /** `end` where there is none. */
  readonly removeCalled: Int32Array;
  readonly removeReturned: Int32Array;
  /** After all moments. */
  readonly end: number;
  readonly columns: Columns;
  /** Rows of removes that found nothing there, in order of call. */
  readonly empties: Int32Array;
  /** Rows of removes without an answer, in order of call. */
  readonly unknown: Int32Array;
  /** Some values repeat, and nobody knows which of them is meant where: they are left out. */
  readonly isPartial: boolean;
  /** The same, with all that shows which of several equal values is meant. */
  readonly explained: (fault: Invalid) => Invalid;
}

/** Throws UsageError where the history is none of such an object. */
export function itemsOf(table: OperationTable, initial: Json | undefined, kind: ListKind): Items | Invalid {
  const columns = columnsOf(table, initial, kind);
  const pairing = addsOf(columns);
  const fault = findRemoves(columns, pairing, kind);
  if (fault !== null) return fault;
  const isPartial = pairing.hasRepeats ? pairRepeated(columns, pairing, kind) : false;
  if (typeof isPartial !== 'boolean') return isPartial;
  const items = tightened(columns, pairing, isPartial);
  for (let item = 0; item < items.count; item++) {
    if ((items.removeReturned[item] ?? 0) > (items.addCalled[item] ?? 0)) continue;
    const rows = [items.adds[item] ?? -1, items.removes[item] ?? -1];
    return items.explained(invalid(`a value was ${kind.removed} before it was ${kind.added}`, rows));
  }
  return items;
}

function tightened(columns: Columns, pairing: Pairing, isPartial: boolean): Items {
  const { called, returned, end } = columns;
  const { isLeftOut } = pairing;
  const size = isLeftOut.length;
  const adds = new Int32Array(size);
  const removes = new Int32Array(size);
  const addCalled = new Int32Array(size);
  const addReturned = new Int32Array(size);
  const removeCalled = new Int32Array(size);
  const removeReturned = new Int32Array(size);
  let count = 0;
  for (let item = 0; item < size; item++) {
    const add = pairing.adds[item] ?? -1;
    const remove = pairing.removes[item] ?? -1;
    const isUnseen = remove < 0 && add >= 0 && returned[add] === end;
    if (isUnseen || isLeftOut[item] === 1) continue;
    const from = add < 0 ? 2 * item : (called[add] ?? 0);
    const to = add < 0 ? 2 * item + 1 : (returned[add] ?? 0);
    const removeTo = remove < 0 ? end : (returned[remove] ?? 0);
    adds[count] = add;
    removes[count] = remove;
    addCalled[count] = from;
    addReturned[count] = Math.min(to, removeTo);
    removeCalled[count] = remove < 0 ? end : Math.max(called[remove] ?? 0, from);
    removeReturned[count] = removeTo;
    count += 1;
  }
  return {
    count,
    adds: adds.subarray(0, count),
    removes: removes.subarray(0, count),
    addCalled: addCalled.subarray(0, count),
    addReturned: addReturned.subarray(0, count),
    removeCalled: removeCalled.subarray(0, count),
    removeReturned: removeReturned.subarray(0, count),
    end,
    columns,
    empties: rowsOfKind(columns, kinds.empty),
    unknown: rowsOfKind(columns, kinds.unknownRemove),
    isPartial,
    explained: (fault) => (pairing.hasRepeats ? withEquals(fault, columns, pairing.isRepeated) : fault),
  };
}

function rowsOfKind({ count, kind }: Columns, wanted: number): Int32Array {
  let found = 0;
  for (let row = 0; row < count; row++) if (kind[row] === wanted) found += 1;
  const rows = new Int32Array(found);
  for (let row = 0, at = 0; at < found; row++) if (kind[row] === wanted) rows[at++] = row;
  return rows;
}
