import { equalJson, type Json } from '../../core/json.ts';
import type { Model, ModelOperation } from '../../core/model.ts';
import { canonicalJson } from '../canonical-json.ts';
import { lookAheadOfRegister } from './register-look-ahead.ts';
import { keyWords, resultWords, shortJson, unknownOperation } from './words.ts';

/** What a register holds, boxed: null is a value, too, while `step` says null for a refusal. */
export interface Held {
  readonly value: Json;
}

/** The two values of a cas: its argument is `[expected, new]`. */
export function casArguments(operation: ModelOperation): readonly [expected: Json, replacement: Json] {
  const { value } = operation;
  if (!Array.isArray(value) || value.length !== 2) throw unknownOf(operation);
  const pair: readonly Json[] = value;
  return [pair[0] ?? null, pair[1] ?? null];
}

const unknownOf = (operation: ModelOperation): Error =>
  unknownOperation('register', operation, 'read, write VALUE and cas [EXPECTED, NEW]');

/** One register for each key: read, write, cas. Holds null at first. */
export const register: Model<Held> = {
  name: 'register',
  initial: () => ({ value: null }),
  step: (state, operation) => {
    switch (operation.f) {
      case 'read':
        return operation.result === undefined || equalJson(operation.result, state.value) ? state : null;
      case 'write':
        return { value: operation.value };
      case 'cas':
        return afterCas(state, operation);
      default:
        throw unknownOf(operation);
    }
  },
  fingerprint: (state) => canonicalJson(state.value),
  partition: (operation) => canonicalJson(operation.key),
  describe: (operation) => {
    const { f, key, value } = operation;
    if (f === 'write') return `write${keyWords(key)} ${shortJson(value)}`;
    if (f !== 'cas') return `${f}${keyWords(key)} -> ${resultWords(operation)}`;
    const [expected, replacement] = casArguments(operation);
    return `cas${keyWords(key)} ${shortJson(expected)} => ${shortJson(replacement)} -> ${resultWords(operation)}`;
  },
  describeState: (state) => shortJson(state.value),
  isPure: (operation) => {
    if (operation.f === 'read') return true;
    if (operation.f !== 'cas') return false;
    const [expected, replacement] = casArguments(operation);
    return operation.result === false || equalJson(expected, replacement);
  },
  lookAhead: lookAheadOfRegister,
};

function afterCas(state: Held, operation: ModelOperation): Held | null {
  const [expected, replacement] = casArguments(operation);
  const holds = equalJson(expected, state.value);
  if (operation.result !== undefined && operation.result !== holds) return null;
  return holds ? { value: replacement } : state;
}
