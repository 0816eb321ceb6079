import { isJsonList, type Json } from '../../core/json.ts';
import type { TimedOperation } from '../../core/model.ts';
import { valueName, type ValueName } from './units-cells.ts';
import type { Dependents } from './units.ts';

/**
 * For queues and stacks: the operations on one value, put and taken as often as they were, go together, and the others keep their order; that
 * it was empty is noticed alone. A take without an answer took nothing, or a value that is put more often than it is known to be taken, which
 * then stays and is in the way; so it goes with all of these.
 */
function dependentsOfCollection(
  operations: readonly TimedOperation[],
  { put, initial = null }: { readonly put: string; readonly initial?: Json | undefined },
): Dependents {
  const dependents: (readonly number[] | null)[] = operations.map(() => none);
  const values = new Map<ValueName, number>();
  const first: number[] = [];
  const last: number[] = [];
  const untaken: number[] = [];
  const openTakes: number[] = [];
  for (const [number, { f, value, result }] of operations.entries()) {
    const isPut = f === put;
    if (!isPut && result === undefined) openTakes.push(number);
    if (!isPut && (result === undefined || result === null)) continue;
    const name = valueName(isPut ? value : (result ?? null));
    let known = values.get(name);
    if (known === undefined) {
      values.set(name, (known = first.length));
      first.push(number);
      untaken.push(0);
    } else dependents[last[known] ?? 0] = [number];
    last[known] = number;
    untaken[known] = (untaken[known] ?? 0) + (isPut ? 1 : -1);
  }
  // A ring of each value's operations: one goes with the next.
  for (const [value, number] of first.entries()) {
    if (last[value] !== number) dependents[last[value] ?? 0] = [number];
  }
  // What it began with cannot go, nor can what takes it.
  const beginning = isJsonList(initial) ? initial : initial === null ? [] : [initial];
  for (const item of beginning) {
    const known = values.get(valueName(item));
    if (known !== undefined) dependents[first[known] ?? 0] = null;
  }
  const remainder = dependents.length;
  dependents.push(beginning.length > 0 ? null : first.filter((_, value) => (untaken[value] ?? 0) > 0));
  const withRemainder = [remainder];
  for (const take of openTakes) dependents[take] = withRemainder;
  return dependents;
}

const none: readonly number[] = [];

export const dependentsOfQueue = (operations: readonly TimedOperation[], initial?: Json): Dependents =>
  dependentsOfCollection(operations, { put: 'enqueue', initial });

export const dependentsOfStack = (operations: readonly TimedOperation[], initial?: Json): Dependents =>
  dependentsOfCollection(operations, { put: 'push', initial });
