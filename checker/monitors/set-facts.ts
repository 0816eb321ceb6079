import { never, type OperationTable } from '../history/operation-table.ts';
import { added, finds, isAdd, isRemove, misses, removed, type SetRows } from './set-rows.ts';

/** Rows of each element, of which there may be none: -1. */
export interface Sightings {
  /** The one called last, and the one that returned first. */
  readonly latest: Int32Array;
  readonly soonest: Int32Array;
}

/** Rows of each element that may change it in one direction. */
export interface Changes {
  readonly count: Int32Array;
  /** The one called first. */
  readonly first: Int32Array;
  /** The one that returned first. */
  readonly soonest: Int32Array;
  /** The one that was told that it did, and another one. */
  readonly sure: Int32Array;
  readonly sureToo: Int32Array;
}

/** What operations say of each element. */
export interface SetFacts {
  readonly finds: Sightings;
  readonly misses: Sightings;
  readonly adds: Changes;
  readonly removes: Changes;
}

export function setFacts({ returned, count }: OperationTable, rows: SetRows): SetFacts {
  const { kind, element, elements } = rows;
  const column = (): Int32Array => new Int32Array(elements).fill(-1);
  const sightings = (): Sightings => ({ latest: column(), soonest: column() });
  const changes = (): Changes => ({
    count: new Int32Array(elements),
    first: column(),
    soonest: column(),
    sure: column(),
    sureToo: column(),
  });
  const facts = { finds: sightings(), misses: sightings(), adds: changes(), removes: changes() };
  const setSoonest = (soonest: Int32Array, each: number, row: number): void => {
    const known = soonest[each] ?? -1;
    if (known < 0 || (returned[row] ?? never) < (returned[known] ?? never)) soonest[each] = row;
  };
  for (let row = 0; row < count; row++) {
    const of = kind[row] ?? 0;
    const each = element[row] ?? -1;
    if (of === finds || of === misses) {
      const { latest, soonest } = of === finds ? facts.finds : facts.misses;
      latest[each] = row; // rows come in order of call
      setSoonest(soonest, each, row);
    } else if (isAdd(of) || isRemove(of)) {
      const side = isAdd(of) ? facts.adds : facts.removes;
      side.count[each] = (side.count[each] ?? 0) + 1;
      if (side.first[each] === -1) side.first[each] = row;
      setSoonest(side.soonest, each, row);
      if (of === added || of === removed) (side.sure[each] === -1 ? side.sure : side.sureToo)[each] = row;
    }
  }
  return facts;
}
