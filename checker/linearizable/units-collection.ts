import { isJsonList, type Json } from '../../core/json.ts';
import type { TimedOperation } from '../../core/model.ts';
import { valueName, type ValueName } from './units-cells.ts';
import type { Dependents } from './units.ts';

/** What is known of one value of a queue or a stack. */
interface Group {
  readonly members: number[];
  puts: number;
  takes: number;
}

/**
 * For queues and stacks: the operations on one value, put and taken as often as they were, go together, and the others keep their order; that
 * it was empty is noticed alone. A take without an answer took nothing, or a value that is put more often than it is known to be taken, which
 * then stays and is in the way; so it goes with all of these.
 */
function dependentsOfCollection(
  operations: readonly TimedOperation[],
  { put, initial = null }: { readonly put: string; readonly initial?: Json | undefined },
): Dependents {
  const groups = new Map<ValueName, Group>();
  const openTakes: number[] = [];
  for (const [number, { f, value, result }] of operations.entries()) {
    if (f === put) addTo(groups, valueName(value), number).puts += 1;
    else if (result === undefined) openTakes.push(number);
    else if (result !== null) addTo(groups, valueName(result), number).takes += 1;
  }
  // What it began with cannot go, nor can what takes it.
  const first = isJsonList(initial) ? initial : initial === null ? [] : [initial];
  const staying = new Set(first.map(valueName));
  const dependents: (readonly number[] | null)[] = operations.map(() => none);
  const untaken: number[] = [];
  for (const [name, { members, puts, takes }] of groups) {
    const group = dependents.length;
    dependents.push(staying.has(name) ? null : members);
    const together = [group];
    for (const member of members) dependents[member] = together;
    if (puts > takes) untaken.push(group);
  }
  const remainder = dependents.length;
  dependents.push(first.length > 0 ? null : untaken);
  for (const take of openTakes) dependents[take] = [remainder];
  return dependents;
}

const none: readonly number[] = [];

function addTo(groups: Map<ValueName, Group>, name: ValueName, member: number): Group {
  let group = groups.get(name);
  if (group === undefined) groups.set(name, (group = { members: [], puts: 0, takes: 0 }));
  group.members.push(member);
  return group;
}

export const dependentsOfQueue = (operations: readonly TimedOperation[], initial?: Json): Dependents =>
  dependentsOfCollection(operations, { put: 'enqueue', initial });

export const dependentsOfStack = (operations: readonly TimedOperation[], initial?: Json): Dependents =>
  dependentsOfCollection(operations, { put: 'push', initial });
