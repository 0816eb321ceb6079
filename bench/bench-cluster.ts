import type * as entriesModule from '../cli/entries.ts';
import type { OptionSpec } from '../core/impl.ts';
import type { JsonObject } from '../core/json.ts';
import { makePlan, type PlanInput } from '../harness/plan.ts';
import type * as probeClusterModule from '../harness/probe-cluster.ts';
import type * as clientModule from '../impls/client.ts';
import { built } from './built.ts';

const { ProbeCluster } = await built<typeof probeClusterModule>('harness/probe-cluster');
const { makeClient } = await built<typeof clientModule>('impls/client');
const { nodeEntry, reaperEntry } = await built<typeof entriesModule>('cli/entries');

/** What a cluster is made from, besides what `makePlan` fills in. */
export type BenchPlan = Pick<PlanInput, 'impl' | 'workload'> &
  Partial<
    Pick<PlanInput, 'implOptions' | 'nodes' | 'seed' | 'timing' | 'serviceMs' | 'clients' | 'opTimeoutMs'>
  >;

export const defaultsOf = (options: readonly OptionSpec[]): JsonObject =>
  Object.fromEntries(options.map((option) => [option.name, option.default]));

/** Aborted by the signals that end a bench; what it has started then ends with it. */
export const interruption = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => interruption.abort(signal));
}

/** A cluster with clients of a bench's own, for measurements that no plan describes. Neither history nor trace is kept. */
export type BenchCluster = probeClusterModule.ProbeCluster;

export const BenchCluster = {
  launch: (input: BenchPlan): Promise<BenchCluster> =>
    ProbeCluster.launch({
      plan: makePlan({
        seed: 1,
        nemesis: 'none',
        choices: [],
        pinned: false,
        ...input,
        implOptions: { ...defaultsOf(input.impl.options), ...input.implOptions },
        workloadOptions: defaultsOf(input.workload.options),
      }),
      impl: input.impl,
      workload: input.workload,
      makeClient,
      entries: { node: nodeEntry(), reaper: reaperEntry() },
      keepsTrace: false,
      signal: interruption.signal,
    }),
} as const;
