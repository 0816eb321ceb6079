import type { ClientRequest, OptionSpec } from '../core/impl.ts';
import type { Json, JsonObject } from '../core/json.ts';
import type { Random } from '../core/random.ts';
import type { Generator, Workload } from '../core/workload.ts';
import { makeLockClients } from './lock-clients.ts';
import { keysOf, keysSpec, pickWeighted, weightsOf, weightSpecs } from './options.ts';

const options: readonly OptionSpec[] = [
  keysSpec(3, 'number of locks'),
  ...weightSpecs({ acquire: 4, release: 5, read: 1 }),
];

/** How often somebody who is to release, and holds nothing, tries a token that was released before. */
const uselessReleases = 0.25;
/** After so many operations others end a hold: its holder may not be asked again for long. */
const holdOperationsMax = 60;

/** A lock manager under contention (Somersault §5): who holds a lock lets go of it soon, and others do so for a holder that is gone. */
export const lock: Workload = {
  name: 'lock',
  description: 'locks: acquire, release with the token that was given, read the holder',
  options,
  app: 'lock',
  model: 'lock',
  checkers: ['linearizable', 'at-most-once'],
  operationKinds: ['acquire', 'release', 'read'],
  generator: lockGenerator,
};

function lockGenerator(given: JsonObject, random: Random): Generator {
  const keys = keysOf(options, given, 'l');
  const weights = weightsOf(options, given, ['acquire', 'release', 'read']);
  const otherwise = weights.filter(([f]) => f !== 'release');
  const clients = makeLockClients(keys);
  let operations = 0;

  const choose = (process: number): { f: string; key: string; value: Json } => {
    const release = ({ key, token }: { key: string; token: number }) => ({ f: 'release', key, value: token });
    const forsaken = clients.holdToEnd(operations - holdOperationsMax);
    if (forsaken !== undefined) return release(forsaken);
    const own = clients.holdOf(process);
    let f = pickWeighted(random, weights) ?? 'read';
    if (f === 'release' && own !== undefined) return release(own);
    const key = random.pick(keys);
    if (f === 'release') {
      const tokens = clients.released(key);
      if (tokens.length > 0 && random.chance(uselessReleases))
        return release({ key, token: random.pick(tokens) });
      f = pickWeighted(random, otherwise) ?? 'read';
    }
    if (f === 'acquire' && clients.isMystery(key)) f = 'read';
    return { f, key, value: null };
  };

  return {
    next: (process): ClientRequest => {
      operations += 1;
      const request = choose(process);
      clients.asked(process, request.f, request.key, request.value);
      return request;
    },
    completed: (invocation, completion) => clients.completed(invocation, completion, operations),
    finalReads: () => keys.map((key) => ({ f: 'read', key, value: null })),
  };
}
