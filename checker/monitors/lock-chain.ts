import { never, type OperationTable } from '../history/operation-table.ts';
import { witnessOf, type Conflict, type Holds } from './lock-holds.ts';

/**
 * Where a lock is taken and freed, in turn: boundary 2h takes it for hold h, and 2h + 1 frees it. A moment is the position of the event
 * before it, and `never` one that does not come.
 */
export interface Chain {
  readonly count: number;
  /** The row that does it. */
  readonly row: Int32Array;
  /** Its first and last moment by itself, and the rows that say so by when they were called or returned. */
  readonly from: Int32Array;
  readonly fromRow: Int32Array;
  readonly to: Int32Array;
  readonly toRow: Int32Array;
}

/** The boundaries of all holds, and of one more at the end, if an acquire without an answer is left for it, which nobody ever meets. */
export function chainOf(table: OperationTable, holds: Holds): Chain | Conflict {
  const { called, returned } = table;
  const { acquire, release, unknownRelease, firstRead, lastRead, unknownAcquires } = holds;
  const chain = emptyChain(2 * holds.count + 1);
  let unseen = 0;
  const start = (i: number, row: number): void => {
    chain.row[i] = row;
    chain.fromRow[i] = row;
    chain.from[i] = called[row] ?? 0;
  };
  const notAfter = (i: number, row: number): void => {
    if (row < 0 || (returned[row] ?? never) - 1 >= (chain.to[i] ?? 0)) return;
    chain.to[i] = (returned[row] ?? never) - 1;
    chain.toRow[i] = row;
  };
  for (let hold = 0; hold < holds.count; hold++) {
    const taken = 2 * hold;
    const freed = taken + 1;
    const acquirer = acquire[hold] ?? -1;
    if (acquirer < 0 && unseen === unknownAcquires.length) return unacquired(holds, hold);
    start(taken, acquirer >= 0 ? acquirer : (unknownAcquires[unseen++] ?? 0));
    for (const row of [acquirer, firstRead[hold] ?? -1, release[hold] ?? -1]) notAfter(taken, row);
    const releaser = (release[hold] ?? -1) >= 0 ? (release[hold] ?? -1) : (unknownRelease[hold] ?? -1);
    if (releaser < 0 && hold < holds.count - 1) {
      const rule = 'the lock was given to another, and nobody had released it';
      return { rows: [witnessOf(holds, hold), witnessOf(holds, hold + 1)], rule };
    }
    if (releaser < 0) chain.from[freed] = never;
    else start(freed, releaser);
    notAfter(freed, release[hold] ?? -1);
    if (releaser >= 0 && hold < holds.count - 1) chain.to[freed] = Math.min(chain.to[freed] ?? 0, never - 1);
    const reader = lastRead[hold] ?? -1;
    if (reader >= 0 && (called[reader] ?? 0) > (chain.from[freed] ?? 0)) {
      chain.from[freed] = called[reader] ?? 0;
      chain.fromRow[freed] = reader;
    }
  }
  if (unseen === unknownAcquires.length) return { ...chain, count: 2 * holds.count };
  start(2 * holds.count, unknownAcquires[unseen] ?? 0);
  return chain;
}

const emptyChain = (count: number): Chain => ({
  count,
  row: new Int32Array(count).fill(-1),
  from: new Int32Array(count),
  fromRow: new Int32Array(count).fill(-1),
  to: new Int32Array(count).fill(never),
  toRow: new Int32Array(count).fill(-1),
});

/** More holds were met than acquires can have begun. */
function unacquired({ acquire, unknownAcquires, ...holds }: Holds, last: number): Conflict {
  const unseen = Array.from(acquire.subarray(0, last + 1).keys()).filter((hold) => acquire[hold] === -1);
  const witnesses = unseen.map((hold) => witnessOf({ acquire, unknownAcquires, ...holds }, hold));
  return {
    rows: [...unknownAcquires, ...witnesses],
    rule: 'a token was shown that no acquire can have been given',
  };
}
