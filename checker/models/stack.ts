import type { Model, ModelOperation } from '../../core/model.ts';
import { canonicalJson } from '../canonical-json.ts';
import { dependentsOfStack } from '../linearizable/units-collection.ts';
import { ended, givenItems } from './queue-or-stack-items.ts';
import { lookAheadOfStack } from './stack-look-ahead.ts';
import { keyWords, resultWords, shortJson, unknownOperation } from './words.ts';

/**
 * A stack for each key: push, pop; pop answers null when it finds the stack empty, so null is no item. The state is its items, top first.
 */
export const stack: Model<string> = {
  name: 'stack',
  /** `given`: a list, in the order of the pushes. */
  initial: (given) =>
    givenItems(given, 'stack').reduce<string>((items, item) => ended(canonicalJson(item)) + items, ''),
  step: (items, operation) => {
    if (operation.f === 'push') return ended(pushed(operation)) + items;
    if (operation.f !== 'pop') throw unknownOf(operation);
    const { result } = operation;
    if (result === null) return items === '' ? items : null;
    if (result === undefined) return items.slice(items.indexOf('\n') + 1);
    const top = ended(canonicalJson(result));
    return items.startsWith(top) ? items.slice(top.length) : null;
  },
  fingerprint: (items) => items,
  partition: 'key',
  describe: (operation) =>
    operation.f === 'push'
      ? `push${keyWords(operation.key)} ${shortJson(operation.value)}`
      : `${operation.f}${keyWords(operation.key)} -> ${operation.result === null ? 'empty' : resultWords(operation)}`,
  describeState: (items) => {
    const list = items.split('\n').slice(0, -1).reverse();
    return list.length <= 8
      ? `[${list.join(', ')}]`
      : `[... ${list.length} items, on top: ${list.slice(-6).join(', ')}]`;
  },
  isPure: (operation) => operation.f === 'pop' && operation.result === null,
  lookAhead: lookAheadOfStack,
  dependents: dependentsOfStack,
};

function pushed(operation: ModelOperation): string {
  if (operation.value === null) throw unknownOf(operation);
  return canonicalJson(operation.value);
}

const unknownOf = (operation: ModelOperation): Error =>
  unknownOperation('stack', operation, 'push VALUE (not null) and pop');
