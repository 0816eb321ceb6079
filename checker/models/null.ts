import type { Model } from '../../core/model.ts';
import { keyWords, resultWords, unknownOperation } from './words.ts';

/** An object without a state: every order will do, and `call` answers null, so that only an answer by itself can be wrong. */
export const nullObject: Model<string> = {
  name: 'null',
  initial: () => '',
  step: (state, operation) => {
    if (operation.f !== 'call') throw unknownOperation('null', operation, 'call');
    return operation.result === undefined || operation.result === null ? state : null;
  },
  fingerprint: (state) => state,
  describe: (operation) => `${operation.f}${keyWords(operation.key)} -> ${resultWords(operation)}`,
  describeState: () => 'nothing',
  isPure: () => true,
};
