import { expect, test } from '@jest/globals';
import { operationsOf } from '../../core/history.ts';
import type { ClientMode } from '../../core/machine.ts';
import type { Plan } from '../../core/plan.ts';
import { makeRandom } from '../../core/random.ts';
import { millis } from '../../core/units.ts';
import { kv } from '../../workloads/kv.ts';
import { makeClient } from '../client.ts';
import { loadReplica } from '../replica-registry.ts';
import { violationsOf } from './invariants.ts';
import { chaosOfSeed, schedulePlan } from './schedule.ts';
import { type SimulationOptions, simulate } from './simulate.ts';

const impls = [
  ['simple', 1, 'any'],
  ['passive', 3, 'all'],
  ['active', 3, 'any'],
] as const;

async function optionsFor(
  layer: string,
  nodes: number,
  clientMode: ClientMode,
): Promise<(seed: number, changes: Partial<Plan>) => SimulationOptions> {
  const makeMachine = await loadReplica(layer);
  const claims = { tolerates: 'majority', outageMsMax: millis(2_000), text: '' } as const;
  const workload = { name: 'kv', options: {}, model: 'kv', app: 'kv' };
  return (seed, changes) => ({
    plan: schedulePlan({ seed, nodes, impl: { name: layer, options: {}, claims }, workload }, changes),
    makeMachine,
    makeClient,
    clientMode,
    generator: kv.generator({}, makeRandom(seed).fork('workload')),
  });
}

/** How often each node executed each request: `n1.0 c1/1/7`. */
function executionsOf({ trace }: ReturnType<typeof simulate>): ReadonlyMap<string, number> {
  const executions = new Map<string, number>();
  for (const { event, node, request } of trace) {
    if (event !== 'executed') continue;
    const key = `${node} ${JSON.stringify(request)}`;
    executions.set(key, (executions.get(key) ?? 0) + 1);
  }
  return executions;
}

test.each(impls)(
  '%s on %d nodes: executions take their time, one after another',
  async (layer, nodes, clientMode) => {
    const optionsOf = await optionsFor(layer, nodes, clientMode);
    const result = simulate({
      ...optionsOf(1, { serviceMs: millis(5), clients: 6 }),
      pace: { thinkMsMax: 1, settleThinkMsMax: 1 },
    });
    expect(violationsOf(result, nodes)).toEqual([]);
    const operations = operationsOf(result.history);
    const answered = operations.filter(({ completion }) => completion?.type === 'ok');
    expect(answered.length).toBeGreaterThan(operations.length * 0.9);
    for (const { invocation, completion } of answered) {
      expect((completion?.time ?? 0) - invocation.time).toBeGreaterThanOrEqual(5e6);
    }
    // More clients than it can serve: the queue is never empty, and the time of one execution is that of no other.
    const lengthMs = result.virtualMs;
    const executed = executionsOf(result).size / nodes;
    expect(executed).toBeLessThanOrEqual(lengthMs / 5);
    expect(executed).toBeGreaterThan((lengthMs / 5) * 0.8);
  },
);

test.each(impls)(
  '%s on %d nodes: what is repeated meanwhile is executed once',
  async (layer, nodes, clientMode) => {
    const optionsOf = await optionsFor(layer, nodes, clientMode);
    const result = simulate(optionsOf(2, { serviceMs: millis(200), clients: 1, pinned: false }));
    expect(violationsOf(result, nodes)).toEqual([]);
    const operations = operationsOf(result.history);
    expect(operations.length).toBeGreaterThan(10);
    expect(operations.every(({ completion }) => completion?.type === 'ok')).toBe(true);
    const executions = executionsOf(result);
    expect(new Set([...executions.keys()].map((key) => key.split(' ')[1])).size).toBe(operations.length);
    expect([...executions.values()].every((times) => times === 1)).toBe(true);
  },
);

test.each(impls.filter(([layer]) => layer !== 'simple'))(
  '%s on %d nodes keeps its promises while executions wait',
  async (layer, nodes, clientMode) => {
    const optionsOf = await optionsFor(layer, nodes, clientMode);
    let exits = 0;
    for (let seed = 1; seed <= 15; seed++) {
      const options = {
        ...optionsOf(seed, { serviceMs: millis(8), clients: 6 }),
        chaos: chaosOfSeed(seed),
        pace: { thinkMsMax: 20 },
      };
      const result = simulate(options);
      expect([seed, violationsOf(result, nodes)]).toEqual([seed, []]);
      exits += result.trace.filter(({ event }) => event === 'node-exit').length;
    }
    expect(exits).toBeGreaterThan(5);
  },
  60_000,
);
