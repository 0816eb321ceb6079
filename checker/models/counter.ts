import { UsageError } from '../../core/errors.ts';
import type { Model, ModelOperation } from '../../core/model.ts';
import { lookAheadOfCounter } from './counter-look-ahead.ts';
import { amountOf, initialCount, isIncrement, unknownOf } from './counter-operations.ts';
import { keyWords, resultWords } from './words.ts';

/**
 * A counter for each key: `increment N` (or `add N`; null is 1, N may be negative) answers null or the new value, `read` the value. Zero at
 * first, or the whole number given.
 */
export const counter: Model<number> = {
  name: 'counter',
  initial: (given = null) => initialCount(given),
  step: (count, operation) => {
    const { f, result } = operation;
    if (f === 'read') return result === undefined || result === count ? count : null;
    if (!isIncrement(f)) throw unknownOf(operation);
    const after = count + amountOf(operation);
    if (!Number.isSafeInteger(after)) throw new UsageError(`a counter cannot count to ${after}`);
    return result === undefined || result === null || result === after ? after : null;
  },
  fingerprint: (count) => String(count),
  partition: 'key',
  describe: (operation) => {
    const { f, key } = operation;
    const argument = isIncrement(f) ? ` ${amountOf(operation)}` : '';
    return `${f}${keyWords(key)}${argument} -> ${resultWords(operation)}`;
  },
  describeState: (count) => String(count),
  isPure: (operation: ModelOperation) => operation.f === 'read' || amountOf(operation) === 0,
  lookAhead: lookAheadOfCounter,
};
