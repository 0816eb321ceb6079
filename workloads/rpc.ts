import type { ClientRequest, OptionSpec } from '../core/impl.ts';
import type { JsonObject } from '../core/json.ts';
import type { Random } from '../core/random.ts';
import type { Generator, Workload } from '../core/workload.ts';
import { keyCount, keysSpec, numberOption, pickWeighted, weightsOf, weightSpecs } from './options.ts';

const options: readonly OptionSpec[] = [
  keysSpec(3, 'lists in use at a time'),
  {
    name: 'length',
    values: 'number',
    default: 100,
    description: 'appends to a list before a new one takes its place',
  },
  ...weightSpecs({ append: 9, read: 1 }),
];

/** Non-idempotent calls: each appends its unique id, so that a call executed twice, or not at all, stays visible (van Steen, ch. 8). */
export const rpc: Workload = {
  name: 'rpc',
  description: 'at-most-once calls: append a unique id to a list, read a list',
  options,
  app: 'log',
  model: 'log',
  checkers: ['linearizable', 'at-most-once'],
  operationKinds: ['append', 'read'],
  generator: rpcGenerator,
};

function rpcGenerator(given: JsonObject, random: Random): Generator {
  const keysInUse = keyCount(options, given);
  const lengthMax = Math.max(1, numberOption(options, given, 'length'));
  const weights = weightsOf(options, given, ['append', 'read']);
  const keys: string[] = [];
  const appended = new Map<string, number>();
  let lastId = 0;

  const addKey = (): string => {
    const key = `l${keys.length + 1}`;
    keys.push(key);
    return key;
  };
  // A read answers the whole list: without an end to lists a history would grow with the square of the run.
  const inUse = Array.from({ length: keysInUse }, addKey);

  return {
    next: (): ClientRequest => {
      const place = random.int(0, keysInUse - 1);
      const key = inUse[place] ?? 'l1';
      const count = (appended.get(key) ?? 0) + 1;
      if (pickWeighted(random, weights) === 'read') return { f: 'read', key, value: null };
      appended.set(key, count);
      if (count >= lengthMax) inUse[place] = addKey();
      lastId += 1;
      return { f: 'append', key, value: lastId };
    },
    completed: () => {},
    finalReads: () => keys.filter((key) => appended.has(key)).map((key) => ({ f: 'read', key, value: null })),
  };
}
