import type { HistoryEvent } from '../core/history.ts';
import type { ClientRequest, OptionSpec } from '../core/impl.ts';
import type { JsonObject } from '../core/json.ts';
import type { Random } from '../core/random.ts';
import type { Generator, Workload } from '../core/workload.ts';
import { keysOf, keysSpec, pickWeighted, weightsOf, weightSpecs } from './options.ts';

const options: readonly OptionSpec[] = [
  keysSpec(3, 'number of queues'),
  ...weightSpecs({ enqueue: 5, dequeue: 5 }),
];

/** A queue believed to be longer than this is mostly dequeued from: long queues slow the checker and test nothing more. */
const lengthWanted = 10;
const finalDequeuesMax = 300;

/** FIFO queues with unique values, emptied at the end (the example of Guerraoui and Schiper). */
export const queue: Workload = {
  name: 'queue',
  description: 'FIFO queues: enqueue, dequeue; emptied at the end',
  options,
  app: 'queue',
  model: 'queue',
  checkers: ['linearizable', 'at-most-once'],
  operationKinds: ['enqueue', 'dequeue'],
  generator: queueGenerator,
};

function queueGenerator(given: JsonObject, random: Random): Generator {
  const keys = keysOf(options, given, 'q');
  const weights = weightsOf(options, given, ['enqueue', 'dequeue']);
  const emptying = weights.map(([f, weight]) => [f, f === 'dequeue' ? 4 * weight : weight] as const);
  /** What is known to be in each queue, and by how many operations of unknown outcome that may be wrong. */
  const known = new Map(keys.map((key) => [key, { length: 0, unknown: 0 }]));
  let lastValue = 0;

  return {
    next: (): ClientRequest => {
      const key = random.pick(keys);
      const isLong = (known.get(key)?.length ?? 0) > lengthWanted;
      const f = pickWeighted(random, isLong ? emptying : weights);
      if (f === 'dequeue') return { f, key, value: null };
      lastValue += 1;
      return { f: 'enqueue', key, value: lastValue };
    },
    completed: (invocation: HistoryEvent, completion: HistoryEvent) => {
      const state = known.get(invocation.key as string);
      if (state === undefined) return;
      if (completion.type === 'info') state.unknown += 1;
      else if (completion.type === 'ok' && invocation.f === 'enqueue') state.length += 1;
      else if (completion.type === 'ok' && completion.value !== null) state.length -= 1;
    },
    finalReads: () =>
      keys.flatMap((key) => {
        const state = known.get(key) ?? { length: 0, unknown: 0 };
        const dequeues = Math.min(finalDequeuesMax, Math.max(0, state.length) + state.unknown + 1);
        return Array.from({ length: dequeues }, (): ClientRequest => ({ f: 'dequeue', key, value: null }));
      }),
  };
}
