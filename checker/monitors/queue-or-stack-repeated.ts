import { kinds, type Columns, type ListKind } from './queue-or-stack-columns.ts';
import { invalid, type Invalid } from './queue-or-stack-fault.ts';
import type { Pairing } from './queue-or-stack-pairing.ts';

/** All about one value that was put there more than once. */
interface Repeated {
  /** Items, in order of call. */
  readonly items: number[];
  /** Rows, in order of return. */
  readonly removes: number[];
}

/**
 * Finds who got which of several equal values, where there is no choice; the others are left out. Returns whether there are such. What is left
 * of a linearizable history when values are left out is linearizable, so what the others contradict stays contradicted.
 */
export function pairRepeated(columns: Columns, pairing: Pairing, kind: ListKind): boolean | Invalid {
  let isPartial = false;
  for (const repeated of repeatedValues(columns, pairing)) {
    const { items, removes } = repeated;
    if (removes.length > items.length) {
      const rows = [...items.map((item) => pairing.adds[item] ?? -1), ...removes];
      return invalid(`a value was ${kind.removed} more often than it was ${kind.added}`, rows);
    }
    if (livesApart(repeated, columns, pairing) || (kind.isFifo && comeInOrder(repeated, columns, pairing))) {
      for (const [i, row] of removes.entries()) pairing.removes[items[i] ?? 0] = row;
    } else {
      for (const item of items) pairing.isLeftOut[item] = 1;
      isPartial = true;
    }
  }
  return isPartial;
}

function repeatedValues(columns: Columns, { isRepeated, adds }: Pairing): Iterable<Repeated> {
  const { count, kind, slot, returned, given } = columns;
  const bySlot = new Map<number, Repeated>();
  const at = (place: number): Repeated => {
    const known = bySlot.get(place) ?? { items: [], removes: [] };
    if (known.items.length === 0 && known.removes.length === 0) bySlot.set(place, known);
    return known;
  };
  for (let item = 0; item < adds.length; item++) {
    const place = item < given.length ? given[item] : slot[adds[item] ?? 0];
    if (place !== undefined && isRepeated[place] === 1) at(place).items.push(item);
  }
  for (let row = 0; row < count; row++) {
    const place = slot[row] ?? 0;
    if (kind[row] === kinds.remove && isRepeated[place] === 1) at(place).removes.push(row);
  }
  for (const { removes } of bySlot.values()) {
    removes.sort((a, b) => (returned[a] ?? 0) - (returned[b] ?? 0));
  }
  return bySlot.values();
}

const addCalled = (item: number | undefined, { called, end }: Columns, { adds }: Pairing): number => {
  const row = adds[item ?? -1];
  return row === undefined ? end : row < 0 ? 0 : (called[row] ?? 0);
};

/** Each was got before the next was put there: so it was that one which was got. */
const livesApart = ({ items, removes }: Repeated, columns: Columns, pairing: Pairing): boolean =>
  removes.every((row, i) => (columns.returned[row] ?? 0) <= addCalled(items[i + 1], columns, pairing));

/**
 * Adds one after the other and removes one after the other: a queue gives them out in that order, unless a remove without an answer got one of
 * them.
 */
function comeInOrder({ items, removes }: Repeated, columns: Columns, pairing: Pairing): boolean {
  const { called, returned, kind } = columns;
  if (items.length > removes.length && kind.includes(kinds.unknownRemove)) return false;
  const addReturned = (item: number): number => {
    const row = pairing.adds[item] ?? -1;
    return row < 0 ? 0 : (returned[row] ?? 0);
  };
  return (
    items.every(
      (item, i) => i + 1 === items.length || addReturned(item) <= addCalled(items[i + 1], columns, pairing),
    ) &&
    removes.every(
      (row, i) => i + 1 === removes.length || (returned[row] ?? 0) < (called[removes[i + 1] ?? 0] ?? 0),
    )
  );
}

/** Which of several equal values is meant is shown by what happens to the others. */
export function withEquals(fault: Invalid, { slot }: Columns, isRepeated: Uint8Array): Invalid {
  const slots = new Set(fault.rows.map((row) => slot[row] ?? -1).filter((place) => isRepeated[place] === 1));
  if (slots.size === 0) return fault;
  const equals = Array.from(slot.keys()).filter((row) => slots.has(slot[row] ?? -1));
  return invalid(fault.rule, [...fault.rows, ...equals]);
}
