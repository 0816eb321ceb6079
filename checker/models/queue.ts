import type { Model, ModelOperation } from '../../core/model.ts';
import { canonicalJson } from '../canonical-json.ts';
import { dependentsOfQueue } from '../linearizable/units-collection.ts';
import { lookAheadOfQueue } from './queue-look-ahead.ts';
import { ended, givenItems } from './queue-or-stack-items.ts';
import { keyWords, resultWords, shortJson, unknownOperation } from './words.ts';

/**
 * A FIFO queue for each key (the running example of Herlihy & Wing 1990 and of Guerraoui & Schiper): enqueue, dequeue; dequeue answers null
 * when it finds the queue empty, so null is no item. The state is its items, the head first.
 */
export const queue: Model<string> = {
  name: 'queue',
  /** `given`: a list, in the order of the enqueues. */
  initial: (given) =>
    givenItems(given, 'queue').reduce<string>((items, item) => items + ended(canonicalJson(item)), ''),
  step: (items, operation) => {
    if (operation.f === 'enqueue') return items + ended(enqueued(operation));
    if (operation.f !== 'dequeue') throw unknownOf(operation);
    const { result } = operation;
    if (result === null) return items === '' ? items : null;
    if (result === undefined) return items.slice(items.indexOf('\n') + 1);
    const head = ended(canonicalJson(result));
    return items.startsWith(head) ? items.slice(head.length) : null;
  },
  fingerprint: (items) => items,
  partition: 'key',
  describe: (operation) =>
    operation.f === 'enqueue'
      ? `enqueue${keyWords(operation.key)} ${shortJson(operation.value)}`
      : `${operation.f}${keyWords(operation.key)} -> ${operation.result === null ? 'empty' : resultWords(operation)}`,
  describeState: (items) => {
    const list = items.split('\n').slice(0, -1);
    return list.length <= 8
      ? `[${list.join(', ')}]`
      : `[${list.slice(0, 6).join(', ')}, ... ${list.length} items]`;
  },
  isPure: (operation) => operation.f === 'dequeue' && operation.result === null,
  lookAhead: lookAheadOfQueue,
  dependents: dependentsOfQueue,
};

function enqueued(operation: ModelOperation): string {
  if (operation.value === null) throw unknownOf(operation);
  return canonicalJson(operation.value);
}

const unknownOf = (operation: ModelOperation): Error =>
  unknownOperation('queue', operation, 'enqueue VALUE (not null) and dequeue');
