import { isJsonList, type Json } from '../../core/json.ts';
import type { TimedOperation } from '../../core/model.ts';
import { valueName, type ValueName } from './units-cells.ts';
import type { Dependents } from './units.ts';

/** An operation that tells a length: whoever takes away something before that must take it away, too. */
interface Told {
  readonly operation: number;
  readonly length: number;
}

/**
 * For lists that only grow: whoever tells how long the list was goes with everything that stood in it then. So an append goes with the longer
 * part of the history; what is left are the operations on the beginning of the list.
 */
export function dependentsOfLog(operations: readonly TimedOperation[], initial: Json = null): Dependents {
  const dependents: (readonly number[] | null)[] = operations.map(() => none);
  const told = operations.flatMap(({ f, result }, operation): Told[] => {
    if (f === 'read') return isJsonList(result) ? [{ operation, length: result.length }] : [];
    return typeof result === 'number' ? [{ operation, length: result - 1 }] : [];
  });
  const fromLength = chainOf(told, dependents);
  const appendsFromLength = chainOf(
    told.filter(({ operation }) => operations[operation]?.f === 'append'),
    dependents,
  );
  const lengthBefore = lengthsBefore(operations);
  const places = placesIn(operations, isJsonList(initial) ? initial : []);
  for (const [number, { f, value, result, called }] of operations.entries()) {
    if (f !== 'append') continue;
    const place = places.get(valueName(value));
    if (typeof result === 'number') dependents[number] = fromLength(result);
    else if (place === undefined) dependents[number] = fromLength(lengthBefore(called) + 1);
    else if (place === Infinity) dependents[number] = appendsFromLength(lengthBefore(called) + 1);
    else dependents[number] = fromLength(place);
  }
  return dependents;
}

const none: readonly number[] = [];

/** Adds groups to the dependents; gives the one of those who tell this length or more. */
function chainOf(
  told: readonly Told[],
  dependents: (readonly number[] | null)[],
): (length: number) => readonly number[] {
  const sorted = [...told].sort((a, b) => a.length - b.length);
  const first = dependents.length;
  for (const [i, { operation }] of sorted.entries()) {
    dependents.push(i + 1 < sorted.length ? [operation, first + i + 1] : [operation]);
  }
  return (length) => {
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((sorted[middle]?.length ?? Infinity) < length) low = middle + 1;
      else high = middle;
    }
    return low < sorted.length ? [first + low] : [];
  };
}

/** For a position the greatest length that was told before it. */
function lengthsBefore(operations: readonly TimedOperation[]): (position: number) => number {
  const answers = operations
    .filter(({ returned }) => returned !== Infinity)
    .map(({ returned, result }) => ({
      returned,
      length: typeof result === 'number' ? result : isJsonList(result) ? result.length : 0,
    }))
    .sort((a, b) => a.returned - b.returned);
  let greatest = 0;
  const greatestSoFar = answers.map(({ length }) => (greatest = Math.max(greatest, length)));
  return (position) => {
    let low = 0;
    let high = answers.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((answers[middle]?.returned ?? Infinity) < position) low = middle + 1;
      else high = middle;
    }
    return greatestSoFar[low - 1] ?? 0;
  };
}

/** Where a value stands, counted from one, if it was appended once; Infinity: no read has it. */
function placesIn(operations: readonly TimedOperation[], initial: readonly Json[]): Map<ValueName, number> {
  const places = new Map<ValueName, number>();
  const repeated = new Set<ValueName>(initial.map(valueName));
  for (const { f, value } of operations) {
    if (f !== 'append') continue;
    const name = valueName(value);
    if (places.has(name)) repeated.add(name);
    places.set(name, Infinity);
  }
  for (const name of repeated) places.delete(name);
  for (const { f, result } of operations) {
    if (f !== 'read' || !isJsonList(result)) continue;
    for (const [i, item] of result.entries()) {
      const name = valueName(item);
      const place = places.get(name);
      if (place !== undefined && i + 1 < place) places.set(name, i + 1);
    }
  }
  return places;
}
