import type { Json } from '../../core/json.ts';
import type { Model } from '../../core/model.ts';
import type { ReadOptions } from './format.ts';

/** Operations of our models that answer what Jepsen's completions, which repeat the argument, cannot tell. */
const mustAnswer: Readonly<Record<string, readonly string[]>> = {
  log: ['append'],
  lock: ['acquire', 'release'],
};

/** What a model says of how histories in Jepsen's formats are to be read. */
export const optionsForModel = (
  model: Model<unknown>,
  initial: Json | undefined,
): Pick<ReadOptions, 'mayAnswerNil' | 'mustAnswer'> => ({
  mayAnswerNil: (f) => mayAnswerNil(model, f, initial),
  mustAnswer: new Set(mustAnswer[model.name]),
});

/** Whether nil is something that the object holds as it begins: it is then what was read, and not a word for what nobody knows. */
function mayAnswerNil(model: Model<unknown>, f: string, initial: Json | undefined): boolean {
  try {
    return model.step(model.initial(initial), { f, key: null, value: null, result: null }) !== null;
  } catch {
    return true; // an operation that the model does not have, which whoever judges will say
  }
}
