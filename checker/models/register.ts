import { equalJson } from '../../core/json.ts';
import type { Model, ModelOperation } from '../../core/model.ts';
import { canonicalJson } from '../canonical-json.ts';
import { dependentsOfRegister } from '../linearizable/units-register.ts';
import { lookAheadOfRegister } from './register-look-ahead.ts';
import { casArguments, unknownOf, type Held } from './register-operations.ts';
import { keyWords, resultWords, shortJson } from './words.ts';

/** One register for each key: read, write, cas. Holds null at first. */
export const register: Model<Held> = {
  name: 'register',
  initial: (given = null) => ({ value: given }),
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
  partition: 'key',
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
  dependents: dependentsOfRegister,
};

/** Several registers are judged one by one, and so is one. */
export const kv: Model<Held> = { ...register, name: 'kv' };
/** The name that Knossos gives it. */
export const casRegister: Model<Held> = { ...register, name: 'cas-register' };

function afterCas(state: Held, operation: ModelOperation): Held | null {
  const [expected, replacement] = casArguments(operation);
  const holds = equalJson(expected, state.value);
  if (operation.result !== undefined && operation.result !== holds) return null;
  return holds ? { value: replacement } : state;
}
