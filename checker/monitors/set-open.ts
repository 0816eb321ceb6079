import { never } from '../history/operation-table.ts';
import {
  added,
  addedOrNot,
  finds,
  isAdd,
  misses,
  removed,
  removedOrNot,
  unknownAdd,
  unknownRemove,
} from './set-rows.ts';

/** Whether an element is there. */
export type Presence = 0 | 1;

/** The operations on one element that are open, each with a slot of its own, and the unknown ones that were called. */
export interface OpenRows {
  /** False: all slots are taken. */
  add(row: number): boolean;
  remove(row: number): void;
  /** The bit of the row's slot. */
  bitOf(row: number): number;
  isObserver(row: number): boolean;
  /** Whether it changed the element for certain. */
  isSure(row: number): boolean;
  /** What the element is after it. */
  after(row: number): Presence;
  /** The next slot from this one on with a row after which the element is so, and whose bit is not set; -1: there is none. */
  nextSlot(slot: number, presence: Presence, bits: number): number;
  rowAt(slot: number): number;
  /**
   * Who can make the element so when it is not: of those who did for certain the one that returns first of those whose bit is not set, and
   * likewise of those who may have; -1: nobody.
   */
  makers(presence: Presence, placed: number): readonly [sure: number, other: number];
  /** Of the unknown ones that make it so, the one that was called as this one, counted from 0; -1: there are not so many. */
  unknown(presence: Presence, number: number): number;
}

const slotCount = 30;

export function makeOpenRows(returned: Int32Array, kind: Uint8Array): OpenRows {
  const slots = new Int32Array(slotCount).fill(-1);
  let end = 0; // no slot from here on is taken
  const unknown: readonly [number[], number[]] = [[], []];
  const isObserver = (row: number): boolean => kind[row] === finds || kind[row] === misses;
  const after = (row: number): Presence => (kind[row] === finds || isAdd(kind[row] ?? 0) ? 1 : 0);
  const soonest = (wanted: number, placed: number): number => {
    let first = -1;
    for (let slot = 0; slot < end; slot++) {
      const row = slots[slot] ?? -1;
      if (row < 0 || kind[row] !== wanted || ((placed >> slot) & 1) === 1) continue;
      if (first < 0 || (returned[row] ?? never) < (returned[first] ?? never)) first = row;
    }
    return first;
  };
  return {
    add: (row) => {
      if (kind[row] === unknownAdd || kind[row] === unknownRemove) {
        unknown[after(row)].push(row);
        return true;
      }
      const slot = slots.indexOf(-1);
      if (slot < 0) return false;
      slots[slot] = row;
      end = Math.max(end, slot + 1);
      return true;
    },
    remove: (row) => {
      slots[slots.indexOf(row)] = -1;
      while (end > 0 && slots[end - 1] === -1) end -= 1;
    },
    bitOf: (row) => 1 << slots.indexOf(row),
    isObserver,
    isSure: (row) => kind[row] === added || kind[row] === removed,
    after,
    nextSlot: (slot, presence, bits) => {
      for (let at = slot; at < end; at++) {
        const row = slots[at] ?? -1;
        if (row >= 0 && ((bits >> at) & 1) === 0 && after(row) === presence) return at;
      }
      return -1;
    },
    rowAt: (slot) => slots[slot] ?? -1,
    makers: (presence, placed) =>
      presence === 1
        ? [soonest(added, placed), soonest(addedOrNot, placed)]
        : [soonest(removed, placed), soonest(removedOrNot, placed)],
    unknown: (presence, number) => unknown[presence][number] ?? -1,
  };
}
