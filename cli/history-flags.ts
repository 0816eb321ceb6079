import { formatNames, type FailedCas, type FormatName } from '../checker/formats/format.ts';
import { models } from '../checker/models/models.ts';
import { criterionNames } from '../checker/worker-job.ts';
import { messageOf, UsageError } from '../core/errors.ts';
import type { Json } from '../core/json.ts';
import type { Model } from '../core/model.ts';
import { isOn, read, type Settings, type SettingSpec } from './settings.ts';
import { noSuch } from './suggest.ts';
import { Wrong, type Parse } from './values.ts';

/** How a history file is to be read. */
export const readingSpecs: readonly SettingSpec[] = [
  {
    name: 'initial',
    argument: '<json>',
    description: 'what each object holds at first (default: as the model begins)',
  },
  {
    name: 'failed-cas',
    argument: '<differs|drop>',
    description:
      'what a failed cas of Jepsen proves: that the value differed, or that nothing happened (default: differs in logs, else drop)',
  },
  {
    name: 'independent',
    argument: null,
    description: 'values of EDN and logs are [key value], as jepsen.independent has it',
  },
];

export const formatChoices = ['auto', ...formatNames] as const;
export const formatSpec = (name: string): SettingSpec => ({
  name,
  argument: `<${formatChoices.join('|')}>`,
  description: 'the format of the file (default: auto, by its content)',
});
export const formatOf = (flags: Settings, name: string): FormatName | 'auto' =>
  read(flags, name, oneOf(formatChoices), 'auto');

export interface Reading {
  readonly initial?: Json;
  readonly failedCas?: FailedCas;
  readonly independent: boolean;
}

export function readingOf(flags: Settings): Reading {
  const initial = read(flags, 'initial', json, undefined);
  const failedCas = read(flags, 'failed-cas', oneOf(['differs', 'drop'] as const), undefined);
  return {
    ...(initial === undefined ? {} : { initial }),
    ...(failedCas === undefined ? {} : { failedCas }),
    independent: isOn(flags, 'independent'),
  };
}

/** What may be said of a history file, and what a run directory decides by itself. */
export const historySpecs: readonly SettingSpec[] = [
  { name: 'model', argument: '<name>', description: 'the sequential object; ftcheck list models' },
  formatSpec('format'),
  ...readingSpecs,
  {
    name: 'criterion',
    argument: `<${criterionNames.join('|')}>`,
    description: 'what is asked of it (default: linearizable)',
  },
  {
    name: 'linearization',
    argument: '<file>',
    description: 'write one order that proves a valid history linearizable (docs/HISTORIES.md)',
  },
  { name: 'time-limit', argument: '<time>', description: 'unknown after so long (default: 30s)' },
  { name: 'memory-limit', argument: '<MB>', description: 'and beyond so much memory (default: 1024)' },
  { name: 'checker-time', argument: '<time>', description: 'another name of --time-limit' },
  { name: 'checker-memory', argument: '<MB>', description: 'another name of --memory-limit' },
];

/** The model of this name, which can begin with this value. */
export function modelNamed(name: string, initial: Json | undefined): Model<unknown> {
  const model = Object.hasOwn(models, name) ? models[name] : undefined;
  if (model === undefined) throw new UsageError(`--model: ${noSuch('model', name, Object.keys(models))}`);
  try {
    model.initial(initial);
  } catch (thrown) {
    throw thrown instanceof UsageError ? new UsageError(`--initial: ${messageOf(thrown)}`) : thrown;
  }
  return model;
}

/** One of some words. */
export const oneOf =
  <Name extends string>(names: readonly Name[]): Parse<Name> =>
  (given) => {
    const name = names.find((each) => each === given);
    if (name === undefined) throw new Wrong(`'${given}' is none of ${names.join(', ')}`);
    return name;
  };

const json: Parse<Json> = (given) => {
  try {
    return JSON.parse(given) as Json;
  } catch {
    throw new Wrong(`'${given}' is no JSON; a text has quotation marks of its own: '"${given}"'`);
  }
};
