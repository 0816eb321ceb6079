import { never, type OperationTable } from '../history/operation-table.ts';
import { sortedByKey } from './register-sort.ts';
import { stretchBefore, type FlipsVerdict } from './set-flips.ts';
import { makeOpenRows, type OpenRows, type Presence } from './set-open.ts';
import { makeTrails, type Trails } from './set-trails.ts';

/** How the operations on an element can have gone so far. */
interface Configuration {
  /** Whether it is there. */
  readonly presence: Presence;
  /** The open operations that are placed: the bits of their slots. */
  readonly placed: number;
  /** Those that can have found nothing to do, since it was so already, and that may yet do something instead. */
  readonly idle: number;
  /** How many unknown removes and unknown adds took effect. */
  readonly removes: number;
  readonly adds: number;
  /** All rows in order; an idle one that did something later is there twice. */
  readonly trail: number;
}

/** What configurations are about. */
interface World {
  readonly open: OpenRows;
  readonly trails: Trails;
}

/** More at a time are too many. */
const configurationsMax = 512;

/**
 * One element, added and removed any number of times, where some were not told whether they did. Just-in-time linearization [Lowe 2017,
 * section 5], all configurations at a time: when an operation returns, whoever has not placed it places it as the element is, or changes the
 * element once and then places it; whatever else could come before it can as well come after. Who saw the element as it is, is placed at
 * once, and who was told nothing can have found it so at once, which need not be decided before it returns. Of operations that can do the
 * same the one that returns first goes first, and it is better to have used fewer unknown ones. Null: too many are open, or too much is
 * possible.
 */
export function judgeFrontier(
  rowsOfElement: Int32Array,
  isThere: boolean,
  { called, returned }: OperationTable,
  kind: Uint8Array,
): FlipsVerdict | null {
  const world: World = { open: makeOpenRows(returned, kind), trails: makeTrails() };
  const { open, trails } = world;
  const byReturn = sortedByKey(rowsOfElement.map((row) => returned[row] ?? never));
  let frontier: readonly Configuration[] = [
    { presence: isThere ? 1 : 0, placed: 0, idle: 0, removes: 0, adds: 0, trail: trails.empty },
  ];
  let next = 0;
  for (const at of byReturn) {
    const row = rowsOfElement[at] ?? 0;
    const now = returned[row] ?? never;
    if (now === never) break;
    for (; next < rowsOfElement.length && (called[rowsOfElement[next] ?? 0] ?? never) < now; next++) {
      const each = rowsOfElement[next] ?? 0;
      if (!open.add(each)) return null;
      frontier = frontier.map((from) => settled(from, world));
    }
    const bit = open.bitOf(row);
    const after = frontier.flatMap((from) => placing(row, bit, from, world));
    frontier = withoutNeedless(after.map((each) => without(bit, each)));
    open.remove(row);
    if (frontier.length === 0) return { rows: stretchBefore(row, rowsOfElement, { called, returned }, kind) };
    if (frontier.length > configurationsMax) return null;
  }
  return { order: trails.rowsOf(frontier[0]?.trail ?? trails.empty) };
}

/** All that can be when the row has returned and is placed. */
function placing(row: number, bit: number, from: Configuration, world: World): readonly Configuration[] {
  const { open } = world;
  if ((from.placed & bit) !== 0) return [from];
  const isAsMade = open.after(row) === from.presence;
  if (open.isObserver(row)) return changes(from, world);
  if (!isAsMade && open.isSure(row)) return [withRow(row, bit, from, world)];
  const changed = isAsMade ? changes(from, world).map((each) => withRow(row, bit, each, world)) : [];
  if (open.isSure(row)) return changed;
  if ((from.idle & bit) === 0) return changes(from, world);
  return [from, ...(isAsMade ? changed : [withRow(row, bit, from, world)])];
}

const opposite = (presence: Presence): Presence => (presence === 1 ? 0 : 1);

/** All that can be after the element has changed once. */
function changes(from: Configuration, world: World): readonly Configuration[] {
  const { open, trails } = world;
  const presence = opposite(from.presence);
  const after: Configuration[] = [];
  for (const row of open.makers(presence, from.placed)) {
    if (row >= 0) after.push(withRow(row, open.bitOf(row), from, world));
  }
  const unknown = open.unknown(presence, presence === 1 ? from.adds : from.removes);
  if (unknown < 0) return after;
  const { placed, idle } = from;
  const removes = from.removes + (presence === 0 ? 1 : 0);
  const adds = from.adds + (presence === 1 ? 1 : 0);
  const trail = trails.add(from.trail, unknown);
  return [...after, settled({ presence, placed, idle, removes, adds, trail }, world)];
}

/** The row changes the element. */
function withRow(row: number, bit: number, from: Configuration, world: World): Configuration {
  const { removes, adds } = from;
  const presence = opposite(from.presence);
  const trail = world.trails.add(from.trail, row);
  return settled(
    { presence, placed: from.placed | bit, idle: from.idle & ~bit, removes, adds, trail },
    world,
  );
}

function without(
  bit: number,
  { presence, placed, idle, removes, adds, trail }: Configuration,
): Configuration {
  return { presence, placed: placed & ~bit, idle: idle & ~bit, removes, adds, trail };
}

/** With all who saw the element as it is, or may have found it as they would have made it. */
function settled(from: Configuration, { open, trails }: World): Configuration {
  const { presence, removes, adds } = from;
  let { placed, idle, trail } = from;
  let slot = open.nextSlot(0, presence, placed | idle);
  if (slot < 0) return from;
  for (; slot >= 0; slot = open.nextSlot(slot + 1, presence, placed | idle)) {
    const row = open.rowAt(slot);
    if (open.isSure(row)) continue;
    if (open.isObserver(row)) placed |= 1 << slot;
    else idle |= 1 << slot;
    trail = trails.add(trail, row);
  }
  return { presence, placed, idle, removes, adds, trail };
}

/** Without those from which nothing is possible that is not possible from another. */
function withoutNeedless(configurations: readonly Configuration[]): readonly Configuration[] {
  if (configurations.length < 2) return configurations;
  let kept: Configuration[] = [];
  for (const each of configurations) {
    if (kept.some((other) => makesNeedless(other, each))) continue;
    if (kept.length > 0) kept = kept.filter((other) => !makesNeedless(each, other));
    kept.push(each);
  }
  return kept;
}

const makesNeedless = (a: Configuration, b: Configuration): boolean =>
  a.presence === b.presence &&
  a.placed === b.placed &&
  a.adds <= b.adds &&
  a.removes <= b.removes &&
  (b.idle & ~a.idle) === 0;
