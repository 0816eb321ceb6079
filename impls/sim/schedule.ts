import type { Plan } from '../../core/plan.ts';
import { makeRandom } from '../../core/random.ts';
import { millis } from '../../core/units.ts';
import { version } from '../../core/version.ts';
import { type ChaosOptions, defaultChaos } from './chaos-plan.ts';
import { wild } from './weather.ts';

/** A plan for one schedule of chaos: short phases, few clients, no planned faults. What it is about is the caller's. */
export function schedulePlan(
  subject: Pick<Plan, 'seed' | 'impl' | 'workload' | 'nodes'>,
  changes: Partial<Plan> = {},
): Plan {
  return {
    format: 'ftcheck-plan-1',
    version,
    nemesis: 'chaos',
    clients: 3,
    rate: null,
    pinned: true,
    opTimeoutMs: millis(600),
    timing: 'default',
    serviceMs: millis(0),
    phases: {
      warmUpMs: millis(200),
      faultsMs: millis(2_500),
      settleMs: millis(4_000),
      finalReadsMs: millis(1_500),
    },
    faults: [],
    checkers: [],
    checkerLimits: { timeMs: millis(10_000), memoryMb: 512 },
    slos: [],
    ...subject,
    ...changes,
  };
}

/** Faults by seed: every third schedule also has wild weather. */
export function chaosOfSeed(seed: number, base: ChaosOptions = defaultChaos): ChaosOptions {
  return makeRandom(seed)
    .fork('weather')
    .chance(1 / 3)
    ? { ...base, weather: wild }
    : base;
}
