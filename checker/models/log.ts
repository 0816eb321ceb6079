import { UsageError } from '../../core/errors.ts';
import { isJsonList, type Json } from '../../core/json.ts';
import type { Model, ModelOperation } from '../../core/model.ts';
import { dependentsOfLog } from '../linearizable/units-log.ts';
import { appended, isList, itemsOf, makeEmptyList, type LogNode } from './log-list.ts';
import { lookAheadOfLog } from './log-look-ahead.ts';
import { keyWords, resultWords, shortJson, unknownOperation } from './words.ts';

/** A list for each key: append answers the length after it, or null where the system does not tell; read answers the whole list. */
export const log: Model<LogNode> = {
  name: 'log',
  initial: (given = []) => {
    if (!isJsonList(given)) throw new UsageError(`a log begins with a list, not with ${shortJson(given)}`);
    return given.reduce<LogNode>(appended, makeEmptyList());
  },
  step: (list, operation) => {
    const { f, value, result } = operation;
    if (f === 'append') {
      const isFit = result === undefined || result === null || result === list.length + 1;
      return isFit ? appended(list, value) : null;
    }
    if (f !== 'read') throw unknownOperation('log', operation, 'append VALUE and read');
    return result === undefined || isList(list, result) ? list : null;
  },
  fingerprint: (list) => String(list.id),
  partition: 'key',
  describe: (operation) => {
    const { f, key, value } = operation;
    return f === 'append'
      ? `append${keyWords(key)} ${shortJson(value)} -> ${resultWords(operation)}`
      : `${f}${keyWords(key)} -> ${listWords(operation)}`;
  },
  describeState: (list) => shortList(itemsOf(list)),
  isPure: (operation) => operation.f === 'read',
  lookAhead: lookAheadOfLog,
  dependents: dependentsOfLog,
};

const listWords = (operation: ModelOperation): string =>
  isJsonList(operation.result) ? shortList(operation.result) : resultWords(operation);

/** The end of a list tells more than its beginning. */
const shortList = (items: readonly Json[]): string =>
  items.length <= 8
    ? `[${items.map((item) => shortJson(item)).join(', ')}]`
    : `[... ${items
        .slice(-6)
        .map((item) => shortJson(item))
        .join(', ')}] of ${items.length}`;
