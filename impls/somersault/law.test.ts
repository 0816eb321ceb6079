/** The paper's law of latency (§3.4, Figure 6), exact in virtual time: t to cross a link, s to process a message. */
import { operationsOf } from '../../core/history.ts';
import { millis } from '../../core/units.ts';
import type { ReplicaConfig } from '../../core/machine.ts';
import { makeClient } from '../client.ts';
import { loadReplica } from '../replica-registry.ts';
import { schedulePlan } from '../sim/schedule.ts';
import { simulate } from '../sim/simulate.ts';
import { calm } from '../sim/weather.ts';
import { somersault } from './impl.ts';

/** Round trips of one client, milliseconds, once it knows its way. */
async function roundTrips(
  { t, s, choosing = false }: { t: number; s: number; choosing?: boolean },
  options: Readonly<Record<string, string | number>>,
  nodes = 3,
): Promise<ReadonlySet<number>> {
  const make = await loadReplica(nodes === 1 ? 'simple' : 'somersault');
  const clientMode = nodes === 1 ? 'primary' : 'unit';
  let calls = 0;
  const result = simulate({
    plan: schedulePlan(
      {
        seed: 1,
        impl: { name: 'somersault', options, claims: somersault.claims(nodes, options, 'default') },
        workload: { name: 'law', options: {}, model: 'kv', app: choosing ? 'lock' : 'null' },
        nodes,
      },
      { clients: 1, pinned: false, serviceMs: millis(s), opTimeoutMs: millis(2000) },
    ),
    layer: nodes === 1 ? 'simple' : 'somersault',
    makeMachine: (config: ReplicaConfig, chance) => make(config, chance),
    makeClient,
    clientMode,
    weather: { ...calm, latencyMsMin: t, latencyMsMax: t, timersLateMsMax: 0 },
    pace: { retryMs: 5000 },
    generator: {
      next: () =>
        choosing ? { f: 'acquire', key: `x${calls++}`, value: null } : { f: 'call', key: 'x', value: null },
      completed: () => undefined,
      finalReads: () => [],
    },
  });
  expect(result.violations).toEqual([]);
  const operations = operationsOf(result.history).slice(3);
  expect(operations.length).toBeGreaterThan(5);
  return new Set(
    operations.map(({ invocation, completion }) =>
      completion?.type === 'ok' ? Math.round((completion.time - invocation.time) / 1000) / 1000 : NaN,
    ),
  );
}

describe.each([
  { t: 3, s: 8 },
  { t: 8, s: 3 },
  { t: 5, s: 0 },
  { t: 1, s: 20 },
])('a message takes $t ms to cross a link and $s ms to process', ({ t, s }) => {
  test('a simple unit answers after 2t+s', async () => {
    expect(await roundTrips({ t, s }, {}, 1)).toEqual(new Set([2 * t + s]));
  });

  test('a unit with late logging after 3t+2s', async () => {
    expect(await roundTrips({ t, s }, { logging: 'late' })).toEqual(new Set([3 * t + 2 * s]));
  });

  test('a unit with early logging after 3t+s', async () => {
    expect(await roundTrips({ t, s }, { logging: 'early' })).toEqual(new Set([3 * t + s]));
  });

  test('a choice in early logging costs nothing, since it leaves as it is made', async () => {
    expect(await roundTrips({ t, s, choosing: true }, { logging: 'early' })).toEqual(new Set([3 * t + s]));
  });

  test('a chain of three adds a link, and with late logging nothing else', async () => {
    expect(await roundTrips({ t, s }, { logging: 'late' }, 5)).toEqual(new Set([4 * t + 2 * s]));
    expect(await roundTrips({ t, s }, { logging: 'early' }, 5)).toEqual(new Set([4 * t + s]));
  });

  test('in a fan-out the sender is one link away, however many replicas there are', async () => {
    const topology = 'fan-out';
    expect(await roundTrips({ t, s }, { topology, logging: 'late' }, 5)).toEqual(new Set([3 * t + 2 * s]));
    expect(await roundTrips({ t, s }, { topology, logging: 'early' }, 5)).toEqual(new Set([3 * t + s]));
  });
});
