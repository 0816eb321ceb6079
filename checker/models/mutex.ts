import { UsageError } from '../../core/errors.ts';
import type { Json } from '../../core/json.ts';
import type { Model, ModelOperation } from '../../core/model.ts';
import { dependentsOfMutex } from '../linearizable/units-register.ts';
import { keyWords, resultWords, shortJson, unknownOperation } from './words.ts';

/**
 * A mutex for each key (Jepsen's): `acquire` takes it if it is free, `release` frees it if it is held, whoever asks. An answer of false says
 * that it was not so; any other, that it was done. Free at first, unless true is given.
 */
export const mutex: Model<boolean> = {
  name: 'mutex',
  initial: (given = null) => {
    if (given !== null && typeof given !== 'boolean') {
      throw new UsageError(`a mutex begins as true (held) or false (free), not as ${shortJson(given)}`);
    }
    return given === true;
  },
  step: (isHeld, operation) => {
    const { f, result } = operation;
    if (f !== 'acquire' && f !== 'release') throw unknownOf(operation);
    const wanted = f === 'acquire';
    const canBeDone = isHeld !== wanted;
    if (result === undefined) return wanted;
    return canBeDone === (result !== false) ? (canBeDone ? wanted : isHeld) : null;
  },
  fingerprint: (isHeld) => (isHeld ? 'held' : 'free'),
  partition: 'key',
  describe: (operation) => {
    const { f, key, result } = operation;
    const answer = result === undefined || result === false ? ` -> ${resultWords(operation)}` : '';
    return `${f}${keyWords(key)}${answer}`;
  },
  describeState: (isHeld) => (isHeld ? 'held' : 'free'),
  isPure: ({ result }: { readonly result: Json | undefined }) => result === false,
  dependents: dependentsOfMutex,
};

const unknownOf = (operation: ModelOperation): Error =>
  unknownOperation('mutex', operation, 'acquire and release');
