import { kinds, type Columns, type ListKind } from './queue-or-stack-columns.ts';
import { invalid, type Invalid } from './queue-or-stack-fault.ts';

/** Whose item was got by which row, before anything is left out. */
export interface Pairing {
  /** The first item of a slot, -1: none. */
  readonly itemOf: Int32Array;
  /** Slots of which there are several items. */
  readonly isRepeated: Uint8Array;
  readonly hasRepeats: boolean;
  /** Rows by item: what was there at first, then the adds. */
  readonly adds: Int32Array;
  readonly removes: Int32Array;
  readonly isLeftOut: Uint8Array;
}

/** All that was put there, without removes. */
export function addsOf({ count, kind, slot, slotCount, given }: Columns): Pairing {
  let itemCount = given.length;
  for (let row = 0; row < count; row++) if (kind[row] === kinds.add) itemCount += 1;
  const itemOf = new Int32Array(slotCount).fill(-1);
  const isRepeated = new Uint8Array(slotCount);
  const adds = new Int32Array(itemCount).fill(-1);
  let hasRepeats = false;
  let item = 0;
  const put = (place: number): void => {
    if (itemOf[place] === -1) itemOf[place] = item;
    else {
      isRepeated[place] = 1;
      hasRepeats = true;
    }
    item += 1;
  };
  for (const place of given) put(place);
  for (let row = 0; row < count; row++) {
    if (kind[row] !== kinds.add) continue;
    adds[item] = row;
    put(slot[row] ?? 0);
  }
  const removes = new Int32Array(itemCount).fill(-1);
  return { itemOf, isRepeated, hasRepeats, adds, removes, isLeftOut: new Uint8Array(itemCount) };
}

/** Finds the removes of values that were put there once. */
export function findRemoves(
  { count, kind, slot }: Columns,
  pairing: Pairing,
  words: ListKind,
): Invalid | null {
  const { itemOf, isRepeated, adds, removes } = pairing;
  for (let row = 0; row < count; row++) {
    if (kind[row] !== kinds.remove) continue;
    const place = slot[row] ?? 0;
    if (isRepeated[place] === 1) continue;
    const item = itemOf[place] ?? -1;
    if (item < 0) return invalid(`a value was ${words.removed} that was never ${words.added}`, [row]);
    const other = removes[item] ?? -1;
    if (other >= 0) return invalid(`a value was ${words.removed} twice`, [adds[item] ?? -1, other, row]);
    removes[item] = row;
  }
  return null;
}
