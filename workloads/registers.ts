import type { HistoryEvent } from '../core/history.ts';
import type { ClientRequest, OptionSpec } from '../core/impl.ts';
import type { Json, JsonObject } from '../core/json.ts';
import type { Random } from '../core/random.ts';
import type { Generator } from '../core/workload.ts';
import { pickWeighted, weightsOf, weightSpecs } from './options.ts';

/** The mix of reads, writes and compare-and-sets, as options of every workload over registers. */
export const mixSpecs: readonly OptionSpec[] = weightSpecs({ read: 4, write: 4, cas: 2 });

/** How often a cas expects the value seen last, which may well be there still, and not some older one. */
const usefulCas = 0.85;
const rememberedValuesMax = 32;

/**
 * Operations on registers. Written values are unique over the run, so that a reader sees where a value came from; a cas expects a value that
 * some client saw before, since one that never succeeds tests little.
 */
export function registersGenerator(input: {
  readonly keys: readonly string[];
  readonly options: JsonObject;
  readonly random: Random;
}): Generator {
  const { keys, options, random } = input;
  const weights = weightsOf(mixSpecs, options, ['read', 'write', 'cas']);
  const seen = new Map<string, number[]>();
  let lastValue = 0;

  const expectedAt = (key: string): number | undefined => {
    const values = seen.get(key) ?? [];
    return random.chance(usefulCas) ? values.at(-1) : values[random.int(0, Math.max(0, values.length - 1))];
  };
  const remember = (key: Json, value: Json | undefined): void => {
    if (typeof key !== 'string' || typeof value !== 'number') return;
    const values = seen.get(key) ?? [];
    if (values.at(-1) === value) return;
    values.push(value);
    if (values.length > rememberedValuesMax) values.shift();
    seen.set(key, values);
  };

  return {
    next: (): ClientRequest => {
      const key = random.pick(keys);
      const f = pickWeighted(random, weights) ?? 'read';
      if (f === 'read') return { f, key, value: null };
      lastValue += 1;
      const expected = f === 'cas' ? expectedAt(key) : undefined;
      return expected === undefined
        ? { f: 'write', key, value: lastValue }
        : { f: 'cas', key, value: [expected, lastValue] };
    },
    completed: (invocation: HistoryEvent, completion: HistoryEvent) => {
      if (completion.type !== 'ok') return;
      const { f, key, value } = invocation;
      if (f === 'read') remember(key, completion.value);
      else if (f === 'write') remember(key, value);
      else if (completion.value === true && Array.isArray(value)) remember(key, value[1] as Json);
    },
    finalReads: () => keys.map((key) => ({ f: 'read', key, value: null })),
  };
}
