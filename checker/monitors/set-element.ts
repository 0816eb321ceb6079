import { never, type OperationTable } from '../history/operation-table.ts';
import type { Changes, SetFacts, Sightings } from './set-facts.ts';
import {
  addedOrNot,
  finds,
  misses,
  removedOrNot,
  unknownAdd,
  unknownRemove,
  type SetRows,
} from './set-rows.ts';

/**
 * When each element changes: from what it was at first to the other, and back. A moment is the position of the event before it, and `never`
 * one that does not come; rows are -1 where there is none.
 */
export interface ElementMoments {
  readonly change: Int32Array;
  readonly changeRow: Int32Array;
  readonly back: Int32Array;
  readonly backRow: Int32Array;
}

export const emptyMoments = (elements: number): ElementMoments => ({
  change: new Int32Array(elements).fill(never),
  changeRow: new Int32Array(elements).fill(-1),
  back: new Int32Array(elements).fill(never),
  backRow: new Int32Array(elements).fill(-1),
});

/** All that there is to judge elements by. */
export interface SetQuestion {
  readonly table: OperationTable;
  readonly rows: SetRows;
  readonly facts: SetFacts;
  /** Whether each element is there at first: 1 or 0. */
  readonly atFirst: Uint8Array;
}

/** `repeated`: it may be both added and removed, and one of that more than once. */
export type ElementVerdict = 'valid' | 'repeated' | { readonly rows: readonly number[] };

/**
 * An element that is added once at most and removed once at most, or only added, or only removed, however often: it changes twice at most,
 * and those who saw it set bounds to the moments (Gibbons & Korach 1997, a register that is written twice). Exact.
 */
export function judgeElement(
  element: number,
  question: SetQuestion,
  moments: ElementMoments,
): ElementVerdict {
  const { facts, atFirst } = question;
  const isThere = atFirst[element] === 1;
  const sides: Sides = {
    changes: isThere ? facts.removes : facts.adds,
    backs: isThere ? facts.adds : facts.removes,
    same: isThere ? facts.finds : facts.misses,
    other: isThere ? facts.misses : facts.finds,
    sameKind: isThere ? finds : misses,
  };
  const changes = sides.changes.count[element] ?? 0;
  const backs = sides.backs.count[element] ?? 0;
  if (changes === 0) return judgeUnchanged(element, sides);
  if (backs === 0) return judgeOneWay(element, sides, question, moments);
  return changes > 1 || backs > 1 ? 'repeated' : judgeBothWays(element, sides, question, moments);
}

/** Seen from what an element was at first: what changes it, what changes it back, who saw it as it was, and who the other way. */
interface Sides {
  readonly changes: Changes;
  readonly backs: Changes;
  readonly same: Sightings;
  readonly other: Sightings;
  readonly sameKind: number;
}

function judgeUnchanged(element: number, { backs, other }: Sides): ElementVerdict {
  const wrong = [backs.sure[element] ?? -1, other.latest[element] ?? -1].filter((row) => row >= 0);
  return wrong.length === 0 ? 'valid' : { rows: wrong.slice(0, 1) };
}

/** Nobody changes it back: so the first change is the one that counts, and all others find it done. */
function judgeOneWay(
  element: number,
  { changes, same, other }: Sides,
  { table, rows }: SetQuestion,
  moments: ElementMoments,
): ElementVerdict {
  const { called } = table;
  const sure = changes.sure[element] ?? -1;
  const sureToo = changes.sureToo[element] ?? -1;
  if (sureToo >= 0) return { rows: [sure, sureToo] };
  const by = sure >= 0 ? sure : (changes.first[element] ?? -1);
  const soonest = earlierReturn(changes.soonest[element] ?? -1, other.soonest[element] ?? -1, table);
  if (isUnknown(rows.kind[soonest])) return 'valid'; // nobody needs any of them
  const before = same.latest[element] ?? -1;
  const from = Math.max(called[by] ?? 0, before < 0 ? -1 : (called[before] ?? 0));
  if (from > lastMoment(soonest, table)) return { rows: different([by, before, soonest]) };
  moments.change[element] = from;
  moments.changeRow[element] = by;
  return 'valid';
}

/** One operation changes it, one changes it back; either may have found nothing to do, or may not have happened, where it was not told. */
function judgeBothWays(
  element: number,
  { changes, backs, same, other, sameKind }: Sides,
  { table, rows }: SetQuestion,
  moments: ElementMoments,
): ElementVerdict {
  const { called } = table;
  const { kind } = rows;
  const by = changes.first[element] ?? -1;
  const back = backs.first[element] ?? -1;
  const before = same.latest[element] ?? -1;
  const isSureBack = (backs.sure[element] ?? -1) >= 0;
  const seen = other.soonest[element] ?? -1;
  if (isUnknown(kind[by]) && seen < 0 && !isSureBack) return 'valid';
  const lastChange = lastMoment(earlierReturn(by, seen, table), table);
  if (!isSureBack) {
    // It was not changed back: unless that did not happen, it came before the change and found nothing to do.
    const mustPrecede = mayDoNothing(kind[back]) ? (called[back] ?? 0) : -1;
    const from = Math.max(called[by] ?? 0, before < 0 ? -1 : (called[before] ?? 0), mustPrecede);
    if (from <= lastChange) {
      moments.change[element] = from;
      moments.changeRow[element] = by;
      return 'valid';
    }
  }
  const firstChange = called[by] ?? 0;
  const lastSeen = other.latest[element] ?? -1;
  const firstBack = Math.max(called[back] ?? 0, lastSeen < 0 ? -1 : (called[lastSeen] ?? 0));
  const lastBack = lastMoment(back, table);
  const all = [by, back, seen, lastSeen];
  if (firstChange > lastChange || firstBack > lastBack || firstChange > lastBack)
    return { rows: different(all) };
  const isApart = lastChange < firstBack;
  const misfit = isApart ? whollyBetween(lastChange, firstBack, sameKind, element, { table, rows }) : -1;
  if (misfit >= 0) return { rows: different([...all, misfit]) };
  moments.change[element] = isApart ? lastChange : Math.max(firstChange, firstBack);
  moments.changeRow[element] = by;
  moments.back[element] = isApart ? firstBack : Math.max(firstChange, firstBack);
  moments.backRow[element] = back;
  return 'valid';
}

/** Somebody who saw it as it was at first, and who was called after the change at the latest and returned before it could be undone. */
function whollyBetween(
  lastChange: number,
  firstBack: number,
  sameKind: number,
  element: number,
  { table, rows: { kind, rows, from } }: Pick<SetQuestion, 'table' | 'rows'>,
): number {
  for (let at = from[element] ?? 0; at < (from[element + 1] ?? 0); at++) {
    const row = rows[at] ?? 0;
    if (kind[row] !== sameKind || (table.called[row] ?? 0) <= lastChange) continue;
    if ((table.returned[row] ?? never) <= firstBack) return row;
  }
  return -1;
}

const isUnknown = (kind: number | undefined): boolean => kind === unknownAdd || kind === unknownRemove;
const mayDoNothing = (kind: number | undefined): boolean => kind === addedOrNot || kind === removedOrNot;

/** The last moment at which the row's operation can happen. */
const lastMoment = (row: number, { returned }: OperationTable): number => (returned[row] ?? never) - 1;

function earlierReturn(a: number, b: number, { returned }: OperationTable): number {
  if (b < 0) return a;
  return (returned[b] ?? never) < (returned[a] ?? never) ? b : a;
}

const different = (rows: readonly number[]): number[] => [...new Set(rows)].filter((row) => row >= 0);
