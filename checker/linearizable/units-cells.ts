import type { Json } from '../../core/json.ts';
import type { TimedOperation } from '../../core/model.ts';
import { canonicalJson } from '../canonical-json.ts';
import type { Dependents } from './units.ts';
import { makeUses, timesOf, type Times, type Uses } from './units-uses.ts';

/** Told of all that an operation has to do with the cells of an object's state. */
export interface Touches {
  /** It met the value, if it took effect. */
  observes(cell: string, value: ValueName): void;
  /** It leaves the value, if it took effect. */
  writes(cell: string, value: ValueName): void;
  /** It did not meet the value. */
  misses(cell: string, value: ValueName): void;
}

/** A value as something that a Map tells apart from others. */
export type ValueName = string | number | boolean | null;

/** Texts are told apart from the JSON of what has no name of its own. */
export const valueName = (value: Json): ValueName =>
  typeof value === 'object' && value !== null ? `\u0000${canonicalJson(value)}` : value;

/** Looks at pairs of a write and another operation; beyond, writes have to stay. */
const pairsMax = 5_000_000;
const none: readonly number[] = [];

type Together = (readonly number[] | null)[];

/**
 * For objects that are made of cells, each with one value that some operation wrote. A write goes with all that may have met its value: those
 * that observe this value, may come after the write, and have no other write between it and them that certainly happened. With them and what
 * they wrote away, the cell holds the value before, which none notices that is left: they met what somebody else wrote. But for one that
 * missed a value: it goes as well, unless it missed what was written here, or nobody can have written before what it missed.
 */
export function dependentsOfCells(
  operations: readonly TimedOperation[],
  touch: (operation: TimedOperation, touches: Touches) => void,
  initialOf: (cell: string) => ValueName | undefined,
): Dependents {
  const dependents: Together = operations.map(() => none);
  const found = touchesIn(operations, touch);
  const { times, observers, openObservers, sureWrites } = found;
  const addMissers = missersIn(found, initialOf, dependents);
  const isExplained = new Uint8Array(observers.end(found.valueCount - 1));
  let pairs = 0;
  for (let i = 0; i < found.writers.length; i++) {
    const operation = found.writers[i] ?? 0;
    const value = found.written[i] ?? 0;
    const called = times.called[operation] ?? 0;
    const until = sureWrites.endAfter(found.cellOf[value] ?? 0, times.returned[operation] ?? Infinity);
    const met: number[] = [];
    pairs += observers.eachBetween(value, called, until, (other, use) => {
      if (other === operation) return;
      isExplained[use] = 1;
      met.push(other);
    });
    pairs += openObservers.eachBetween(value, called, until, (other) => {
      if (other !== operation) met.push(other);
    });
    pairs += addMissers(operation, value, until, met);
    if (pairs > pairsMax) dependents[operation] = null;
    else if (met.length > 0) goesWith(dependents, operation, met);
  }
  keepLatest(found, isExplained, dependents);
  return dependents;
}

function goesWith(dependents: Together, operation: number, met: readonly number[]): void {
  const known = dependents[operation] ?? null;
  if (known !== null) dependents[operation] = known.length === 0 ? met : [...known, ...met];
}

/** Values by number, different ones for different cells. */
interface Found {
  readonly times: Times;
  readonly valueCount: number;
  readonly cellOf: readonly number[];
  readonly cellNames: readonly string[];
  readonly nameOf: readonly ValueName[];
  /** Each write and its value, in order of call. */
  readonly writers: readonly number[];
  readonly written: readonly number[];
  /** By value; those without an answer are open for ever. */
  readonly writes: Uses;
  readonly observers: Uses;
  readonly openObservers: Uses;
  /** By cell. */
  readonly sureWrites: Uses;
  readonly misses: Uses;
  /** The value that each operation missed. */
  readonly missed: ReadonlyMap<number, number>;
}

function touchesIn(
  operations: readonly TimedOperation[],
  touch: (operation: TimedOperation, touches: Touches) => void,
): Found {
  const cells = new Map<string, { readonly number: number; readonly values: Map<ValueName, number> }>();
  const cellOf: number[] = [];
  const nameOf: ValueName[] = [];
  const numberOf = (cell: string, value: ValueName): number => {
    let known = cells.get(cell);
    if (known === undefined) cells.set(cell, (known = { number: cells.size, values: new Map() }));
    let number = known.values.get(value);
    if (number === undefined) {
      number = nameOf.push(value) - 1;
      cellOf.push(known.number);
      known.values.set(value, number);
    }
    return number;
  };
  const lists = {
    observers: pairs(),
    openObservers: pairs(),
    writes: pairs(),
    sure: pairs(),
    misses: pairs(),
  };
  const missed = new Map<number, number>();
  let operation = 0;
  let isOpen = false;
  const touches: Touches = {
    observes: (cell, value) =>
      add(isOpen ? lists.openObservers : lists.observers, operation, numberOf(cell, value)),
    writes: (cell, value) => {
      const number = numberOf(cell, value);
      add(lists.writes, operation, number);
      if (!isOpen) add(lists.sure, operation, cellOf[number] ?? 0);
    },
    misses: (cell, value) => {
      const number = numberOf(cell, value);
      add(lists.misses, operation, cellOf[number] ?? 0);
      missed.set(operation, number);
    },
  };
  for (; operation < operations.length; operation++) {
    const each = operations[operation];
    if (each === undefined) continue;
    isOpen = each.returned === Infinity;
    touch(each, touches);
  }
  const times = timesOf(operations);
  const uses = ({ operations: of, things }: Pairs, count: number): Uses => makeUses(of, things, count, times);
  return {
    times,
    valueCount: nameOf.length,
    cellOf,
    cellNames: [...cells.keys()],
    nameOf,
    writers: lists.writes.operations,
    written: lists.writes.things,
    writes: uses(lists.writes, nameOf.length),
    observers: uses(lists.observers, nameOf.length),
    openObservers: uses(lists.openObservers, nameOf.length),
    sureWrites: uses(lists.sure, cells.size),
    misses: uses(lists.misses, cells.size),
    missed,
  };
}

interface Pairs {
  readonly operations: number[];
  readonly things: number[];
}
const pairs = (): Pairs => ({ operations: [], things: [] });

function add({ operations, things }: Pairs, operation: number, thing: number): void {
  operations.push(operation);
  things.push(thing);
}

/** Adds to `met` those who missed a value, and would have met it without the write; how many were looked at. */
function missersIn(
  { times, cellOf, cellNames, nameOf, writes, misses, missed }: Found,
  initialOf: (cell: string) => ValueName | undefined,
  dependents: Together,
): (operation: number, value: number, until: number, met: number[]) => number {
  const groups = new Map<number, number>();
  /** Those who were called after a position, as a group: of writes without an answer there may be many, and all go with nearly all of these. */
  const addLater = (cell: number, position: number, met: number[]): void => {
    const first = misses.firstAfter(cell, position);
    const [start, end] = [misses.start(cell), misses.end(cell)];
    if (first === end) return;
    let group = groups.get(cell);
    if (group === undefined) {
      groups.set(cell, (group = dependents.length));
      for (let use = start; use < end; use++) {
        const more = use + 1 < end ? [group + use + 1 - start] : [];
        dependents.push([misses.operationOf(use), ...more]);
      }
    }
    met.push(group + first - start);
  };
  const firstWrite = (value: number): number =>
    writes.start(value) === writes.end(value)
      ? Infinity
      : (times.called[writes.operationOf(writes.start(value))] ?? Infinity);
  return (operation, value, until, met) => {
    const cell = cellOf[value] ?? 0;
    const called = times.called[operation] ?? 0;
    const returned = times.returned[operation] ?? Infinity;
    if (returned === Infinity) addLater(cell, called, met);
    return misses.eachBetween(cell, called, returned === Infinity ? called : until, (other) => {
      const number = missed.get(other) ?? -1;
      if (number === value || other === operation) return;
      const isInitial = nameOf[number] === initialOf(cellNames[cell] ?? '');
      if (isInitial || firstWrite(number) < returned) met.push(other);
    });
  };
}

/** Whoever met a value that can only have been overwritten keeps the last write of it, so that everybody sees what was overwritten. */
function keepLatest(
  { times, valueCount, observers, writes }: Found,
  isExplained: Uint8Array,
  dependents: Together,
): void {
  for (let value = 0; value < valueCount; value++) {
    const first = writes.start(value);
    for (let use = observers.start(value); use < observers.end(value); use++) {
      if (isExplained[use] === 1) continue;
      const operation = observers.operationOf(use);
      let last = writes.firstAfter(value, times.returned[operation] ?? Infinity) - 1;
      if (last >= first && writes.operationOf(last) === operation) last -= 1;
      if (last >= first) goesWith(dependents, writes.operationOf(last), [operation]);
    }
  }
}
