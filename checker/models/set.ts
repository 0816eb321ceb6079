import { UsageError } from '../../core/errors.ts';
import { isJsonList, type Json } from '../../core/json.ts';
import type { Model, ModelOperation } from '../../core/model.ts';
import { canonicalJson } from '../canonical-json.ts';
import { dependentsOfSet } from '../linearizable/units-set.ts';
import { lookAheadOfSet } from './set-look-ahead.ts';
import { keyWords, resultWords, shortJson, unknownOperation } from './words.ts';

/** Elements by their canonical JSON. */
type Elements = ReadonlySet<string>;

/**
 * A set for each key: `add V` answers null or whether V was new, `remove V` null or whether V was there, `contains V` a boolean, `read` the
 * whole set as a list in any order, each element once (Jepsen's set). Empty at first, or what a list gives.
 */
export const set: Model<Elements> = {
  name: 'set',
  initial: (given = null) => {
    if (given === null) return new Set();
    if (!isJsonList(given)) throw new UsageError(`a set begins as a list, not as ${shortJson(given)}`);
    return new Set(given.map((element) => canonicalJson(element)));
  },
  step: (elements, operation) => {
    const { f, value, result } = operation;
    if (f === 'read') return result === undefined || isSet(elements, result) ? elements : null;
    const element = canonicalJson(value);
    const isThere = elements.has(element);
    switch (f) {
      case 'add':
        if (!isAnswer(result, !isThere)) return null;
        return isThere ? elements : new Set(elements).add(element);
      case 'remove':
        if (!isAnswer(result, isThere)) return null;
        return isThere ? without(elements, element) : elements;
      case 'contains':
        return result === undefined || result === isThere ? elements : null;
      default:
        throw unknownOf(operation);
    }
  },
  fingerprint: (elements) => [...elements].sort().join('\n'),
  partition: 'key',
  describe: (operation) => {
    const { f, key, value } = operation;
    const argument = f === 'read' ? '' : ` ${shortJson(value)}`;
    return `${f}${keyWords(key)}${argument} -> ${resultWords(operation)}`;
  },
  describeState: (elements) => {
    const sorted = [...elements].sort();
    return sorted.length <= 8
      ? `{${sorted.join(', ')}}`
      : `{${sorted.slice(0, 6).join(', ')}, ... ${sorted.length} elements}`;
  },
  isPure: ({ f, result }) => f === 'read' || f === 'contains' || result === false,
  lookAhead: lookAheadOfSet,
  dependents: dependentsOfSet,
};

/** Whether an operation that changes the set, or finds that it need not, may answer so. */
const isAnswer = (result: Json | undefined, hasChanged: boolean): boolean =>
  result === undefined || result === null || result === hasChanged;

const isSet = (elements: Elements, list: Json): boolean =>
  isJsonList(list) &&
  list.length === elements.size &&
  new Set(list.map((element) => canonicalJson(element))).size === list.length &&
  list.every((element) => elements.has(canonicalJson(element)));

function without(elements: Elements, element: string): Elements {
  const others = new Set(elements);
  others.delete(element);
  return others;
}

const unknownOf = (operation: ModelOperation): Error =>
  unknownOperation('set', operation, 'add VALUE, remove VALUE, contains VALUE and read');
