/** Faults timed so that one rule of the unit decides: schedules that went wrong without it. Seeds move messages and clients about. */
import { describe, expect, test } from '@jest/globals';
import { slotNamed } from '../../core/ids.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import type { Plan } from '../../core/plan.ts';
import { makeRandom } from '../../core/random.ts';
import type { TraceEvent } from '../../core/trace.ts';
import { millis } from '../../core/units.ts';
import { kv } from '../../workloads/kv.ts';
import { makeClient } from '../client.ts';
import { loadReplica } from '../replica-registry.ts';
import type { ChaosAction } from '../sim/chaos-plan.ts';
import { violationsOf } from '../sim/invariants.ts';
import { schedulePlan } from '../sim/schedule.ts';
import { simulate } from '../sim/simulate.ts';
import { somersault } from './impl.ts';

const [n1, n2, n3, n4] = [slotNamed('n1'), slotNamed('n2'), slotNamed('n3'), slotNamed('n4')];
const crash = { kind: 'crash', how: 'process', keptShare: 0.5, isRestarted: true } as const;
const slowLink = { kind: 'slow-link' } as const;

interface Schedule {
  readonly nodes?: number;
  readonly options?: JsonObject;
  readonly changes?: Partial<Plan>;
  readonly actions: readonly ChaosAction[];
  /** Executions so long that outputs wait for others for longer than is told of. */
  readonly isSlow?: boolean;
}

/** Everything that goes wrong in a schedule. */
async function wrongIn(
  { nodes = 5, options = {}, changes, actions, isSlow = false }: Schedule,
  seed: number,
): Promise<string[]> {
  const make = await loadReplica(somersault.layer);
  const plan = schedulePlan(
    {
      seed,
      impl: { name: somersault.name, options, claims: somersault.claims(nodes, options, 'default') },
      workload: { name: kv.name, options: {}, model: kv.model, app: kv.app },
      nodes,
    },
    changes,
  );
  const result = simulate({
    plan,
    layer: somersault.layer,
    makeMachine: make,
    makeClient,
    clientMode: somersault.clientMode(),
    generator: kv.generator({}, makeRandom(seed).fork('workload')),
    chaos: { faultsMin: 0, faultsMax: 0, actions },
  });
  const views = result.trace.filter(({ event }) => event === 'view').map(({ view }) => Number(view));
  // The faults did what they were meant to do.
  expect(Math.max(...views)).toBeGreaterThan(1);
  const judged = isSlow
    ? { ...result, trace: result.trace.filter(({ event }) => event !== 'queued') }
    : result;
  return [
    ...violationsOf(judged, nodes, plan.impl.claims),
    ...lostInputs(result.trace),
    ...contradictions(result.trace),
  ];
}

/** Inputs that a peer has an acknowledgement of, and a primary of a later view has not. */
function lostInputs(trace: readonly TraceEvent[]): string[] {
  const acked = new Map<string, number>();
  const lost: string[] = [];
  let latest = 0;
  for (const line of trace) {
    const key = `${line['peer'] as string}/${Number(line['ep'])}`;
    const { inputs } = line as { inputs?: Record<string, readonly [ep: number, n: number]> };
    if (line.event === 'view') latest = Math.max(latest, Number(line['view']));
    if (line.event === 'acked') acked.set(key, Math.max(acked.get(key) ?? 0, Number(line['upTo'])));
    if (line.event !== 'took-over' || Number(line['view']) < latest) continue;
    for (const [connection, upTo] of acked) {
      const [peer = '', life] = connection.split('/');
      const [ep, n] = inputs?.[peer] ?? [0, 0];
      if (ep < Number(life) || (ep === Number(life) && n < upTo))
        lost.push(`${line.node} took over without ${connection}..${upTo}: it has ${n} of life ${ep}`);
    }
  }
  return lost;
}

/** Outputs that left twice and did not say the same. */
function contradictions(trace: readonly TraceEvent[]): string[] {
  const digests = new Map<string, Json | undefined>();
  return trace.flatMap((line) => {
    if (line.event !== 'emitted') return [];
    const output = `${line['peer'] as string}/${Number(line['ep'])}/${Number(line['n'])}`;
    const before = digests.get(output) ?? line['digest'];
    digests.set(output, before);
    return before === line['digest'] ? [] : [`two outputs ${output}`];
  });
}

const fanOut = { topology: 'fan-out' };

describe('nothing acknowledged is lost in a fan-out', () => {
  const senderThenPrimary: Schedule = {
    options: fanOut,
    actions: [
      { atMs: 400, forMs: 600, ...slowLink, from: n1, to: n3, delayMs: 60 },
      {
        atMs: 600,
        forMs: 400,
        kind: 'crash-at-send',
        slot: n2,
        frame: 'log',
        nth: 1,
        isBefore: true,
        isRestarted: true,
      },
      { atMs: 650, forMs: 500, ...crash, slots: [n1] },
    ],
  };
  test.each([3, 4, 5])(
    'if the primary dies, and whoever follows before it aligned the third (seed %i)',
    async (seed) => {
      expect(await wrongIn(senderThenPrimary, seed)).toEqual([]);
    },
  );

  const primaryWhileChanging: Schedule = {
    options: fanOut,
    actions: [
      { atMs: 300, forMs: 900, ...slowLink, from: n1, to: n3, delayMs: 110 },
      {
        atMs: 640,
        forMs: 200,
        kind: 'crash-at-send',
        slot: n1,
        frame: 'flush',
        nth: 4,
        isBefore: false,
        isRestarted: true,
      },
      { atMs: 650, forMs: 1, ...crash, slots: [n2] },
    ],
  };
  test.each([1, 13, 23])(
    'if the sender dies, and the primary while the third is behind (seed %i)',
    async (seed) => {
      expect(await wrongIn(primaryWhileChanging, seed)).toEqual([]);
    },
  );

  const beforeAlignment: Schedule = {
    options: fanOut,
    actions: [
      { atMs: 400, forMs: 400, ...slowLink, from: n1, to: n2, delayMs: 60 },
      { atMs: 400, forMs: 900, ...slowLink, from: n3, to: n2, delayMs: 40 },
      { atMs: 650, forMs: 1, ...crash, slots: [n1] },
    ],
  };
  test.each([1, 2, 3])(
    'if a joiner comes before a promoted primary has heard of all survivors (seed %i)',
    async (seed) => {
      expect(await wrongIn(beforeAlignment, seed)).toEqual([]);
    },
  );
});

describe('a line goes on', () => {
  const phases = {
    warmUpMs: millis(200),
    faultsMs: millis(2500),
    settleMs: millis(4000),
    finalReadsMs: millis(15_000),
  };
  const middleOfThree: Schedule = {
    isSlow: true,
    changes: { clients: 1, pinned: false, serviceMs: millis(400), opTimeoutMs: millis(4000), phases },
    actions: [{ atMs: 650, forMs: 1, ...crash, slots: [n2] }],
  };
  test.each([1, 3, 6])('if its middle dies while the primary executes (seed %i)', async (seed) => {
    expect(await wrongIn(middleOfThree, seed)).toEqual([]);
  });

  const twoOfFour: Schedule = {
    nodes: 7,
    changes: { clients: 8 },
    actions: [
      { atMs: 400, forMs: 900, ...slowLink, from: n3, to: n4, delayMs: 100 },
      {
        atMs: 640,
        forMs: 900,
        kind: 'crash-at-send',
        slot: n3,
        frame: 'flush',
        nth: 7,
        isBefore: false,
        isRestarted: true,
      },
      { atMs: 650, forMs: 1, ...crash, slots: [n2] },
    ],
  };
  test.each([5, 22])(
    'if two die one after the other, and the last lacks what they had (seed %i)',
    async (seed) => {
      expect(await wrongIn(twoOfFour, seed)).toEqual([]);
    },
  );
});
