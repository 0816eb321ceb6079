import type { Plan } from '../../core/plan.ts';
import { playSeries, type SeriesEnd } from '../../harness/failover-series.ts';
import { makeClient } from '../../impls/client.ts';
import { timingOf } from '../../impls/timing.ts';
import { defined } from '../../core/assert.ts';
import type { TrialLine } from '../../results/failover/trial.ts';
import { nodeEntry, reaperEntry } from '../entries.ts';
import { measuredTrial } from './phases.ts';
import type { FaultChoice } from './settings.ts';
import type { Registry } from '../registry.ts';

/** A stub asks again after so long: as in a run, and less where failover itself takes less than that. */
export const retryMs = { default: 120, fast: 20 } as const;

/** A series with real processes, and what it is made of. */
export interface FailoverSeries {
  readonly plan: Plan;
  readonly registry: Registry;
  readonly faults: readonly FaultChoice[];
  readonly trials: number;
  readonly rate: number;
  readonly signal: AbortSignal;
  readonly onTrial: (line: TrialLine) => void;
  readonly onLaunch: () => void;
}

/** Plays a series; every trial is told of as it ends. */
export function playFailover(series: FailoverSeries): Promise<SeriesEnd> {
  const { plan, registry, faults, trials, rate, signal, onTrial, onLaunch } = series;
  const impl = defined(registry.impls[plan.impl.name], `impl ${plan.impl.name}`);
  const workload = defined(registry.workloads[plan.workload.name], `workload ${plan.workload.name}`);
  return playSeries({
    cluster: {
      plan,
      impl,
      workload,
      makeClient,
      entries: { node: nodeEntry(), reaper: reaperEntry() },
      keepsTrace: true,
      signal,
    },
    probe: { clients: plan.clients, rate, retryMs: retryMs[plan.timing] },
    faults: faults.map(({ choice }) => choice),
    trials,
    seed: plan.seed,
    rules: {
      roles: impl.roles,
      suspectMs: timingOf(plan.timing).suspectMs,
      askEveryMs: 1000 / rate,
      outlastsOutage: plan.impl.claims.tolerates !== 'none',
      signal,
    },
    onLaunch,
    onTrial: (place, n, trial) => {
      const { name } = defined(faults[place], `fault ${place}`);
      onTrial(
        trial.type === 'measured'
          ? measuredTrial(plan, { name, n }, trial.record)
          : { result: trial.type, fault: name, n, why: trial.why },
      );
    },
  });
}
