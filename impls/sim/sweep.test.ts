import { millis } from '../../core/units.ts';
import { makeRandom } from '../../core/random.ts';
import { makeClient } from '../client.ts';
import { loadReplica } from '../replica-registry.ts';
import { chaosOfSeed, schedulePlan } from './schedule.ts';
import { type SimulationOptions, simulate } from './simulate.ts';
import { sweep } from './sweep.ts';

/** Reads and writes of two keys. */
function generatorOf(seed: number): SimulationOptions['generator'] {
  const random = makeRandom(seed).fork('operations');
  let written = 0;
  return {
    next: () => {
      const key = random.pick(['x', 'y']);
      return random.chance(0.5) ? { f: 'read', key, value: null } : { f: 'write', key, value: ++written };
    },
    completed: () => {},
    finalReads: () => ['x', 'y'].map((key) => ({ f: 'read', key, value: null })),
  };
}

async function optionsFor(layer: string, nodes: number, clientMode: SimulationOptions['clientMode']) {
  const makeMachine = await loadReplica(layer);
  const claims = { tolerates: 'majority', outageMsMax: millis(2_000), text: '' } as const;
  const workload = { name: 'kv', options: {}, model: 'kv', app: 'kv' };
  return (seed: number): SimulationOptions => ({
    plan: schedulePlan({ seed, nodes, impl: { name: layer, options: {}, claims }, workload }),
    makeMachine,
    makeClient,
    clientMode,
    generator: generatorOf(seed),
    ...(layer === 'simple' ? {} : { chaos: chaosOfSeed(seed) }),
  });
}

test.each([
  ['simple', 1, 'any'],
  ['passive', 3, 'all'],
  ['active', 3, 'any'],
] as const)(
  '%s on %d nodes keeps its promises',
  async (layer, nodes, clientMode) => {
    const optionsOf = await optionsFor(layer, nodes, clientMode);
    const result = await sweep({ from: 1, seeds: 30, optionsOf });
    expect(result.failures).toEqual([]);
    expect(result.schedules).toBe(30);
    expect(result.owed).toBeGreaterThan(7);
    expect(result.answered).toBeGreaterThan(30 * 50);
    expect(simulate(optionsOf(7)).traceHash).toBe(simulate(optionsOf(7)).traceHash);
  },
  60_000,
);

test('reports the seed of a failed schedule, with what a judge says, and stops when told to', async () => {
  const optionsOf = await optionsFor('simple', 1, 'any');
  const result = await sweep({
    from: 5,
    seeds: 10,
    optionsOf,
    judge: (_, { plan }) => (plan.seed === 7 ? ['seven'] : []),
    failuresMax: 1,
  });
  expect(result.schedules).toBe(3);
  expect(result.failures).toEqual([
    { seed: 7, traceHash: expect.any(String) as string, violations: ['seven'] },
  ]);
  const aborted = await sweep({ from: 1, seeds: 10, optionsOf, signal: AbortSignal.abort() });
  expect(aborted.schedules).toBe(0);
});
