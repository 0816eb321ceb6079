import { UsageError } from '../../core/errors.ts';
import type { Json } from '../../core/json.ts';
import type { Model, ModelOperation } from '../../core/model.ts';
import { dependentsOfKvAppend } from '../linearizable/units-kv-append.ts';
import type { Foreseen } from './kv-append-horizon.ts';
import { lookAheadOfKvAppend } from './kv-append-look-ahead.ts';
import { endOf, extended, isText, makeEmptyText, type TextNode } from './kv-append-text.ts';
import { keyWords, resultWords, shortJson, unknownOperation } from './words.ts';

/** A text for each key, empty at first, as in Porcupine's tests: get, put TEXT, append TEXT. */
export const kvAppend: Model<TextNode> = {
  name: 'kv-append',
  initial: (given = '') => extended(makeEmptyText(), textOf(given)),
  step: (text, operation: ModelOperation & Foreseen) => {
    const { f, result } = operation;
    if (f === 'get') return result === undefined || isGiven(text, result) ? text : null;
    const piece = pieceOf(operation);
    const { horizon, isUnread = false } = operation;
    if (horizon === undefined) return extended(f === 'put' ? text.book().empty() : text, piece);
    if (f === 'put') return isUnread ? text.book().unread() : horizon.put(text, piece);
    return isUnread ? horizon.appendUnread(text) : horizon.append(text, piece);
  },
  fingerprint: (text) => String(text.id),
  partition: 'key',
  describe: (operation) => {
    const { f, key, value, result } = operation;
    if (f !== 'get') return `${f}${keyWords(key)} ${shortJson(value)}`;
    return `get${keyWords(key)} -> ${typeof result === 'string' ? shortText(result) : resultWords(operation)}`;
  },
  describeState: (text) => {
    if (text.id === -1) return 'a text that no get begins with';
    return shortText(endOf(text, shownMax + 1), text.length);
  },
  isPure: ({ f, value }) => f === 'get' || (f === 'append' && value === ''),
  lookAhead: lookAheadOfKvAppend,
  dependents: dependentsOfKvAppend,
};

const isGiven = (text: TextNode, result: Json): boolean => typeof result === 'string' && isText(text, result);

function textOf(given: Json): string {
  if (typeof given === 'string') return given;
  throw new UsageError(`a key of kv-append begins with a text, not with ${shortJson(given)}`);
}

function pieceOf(operation: ModelOperation): string {
  const { f, value } = operation;
  if ((f === 'put' || f === 'append') && typeof value === 'string') return value;
  throw unknownOperation('kv-append', operation, 'get, put TEXT and append TEXT');
}

const shownMax = 60;

/** The end of a text tells more than its beginning. */
const shortText = (end: string, length = end.length): string =>
  length <= shownMax ? JSON.stringify(end) : `...${JSON.stringify(end.slice(-48))} of ${length} characters`;
