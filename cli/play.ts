import { defined } from '../core/assert.ts';
import { FtcheckError } from '../core/errors.ts';
import type { Plan } from '../core/plan.ts';
import { monotonicMs } from '../harness/clock.ts';
import type { Progress } from '../harness/progress.ts';
import { executePlan } from '../harness/run.ts';
import { makeClient } from '../impls/client.ts';
import { nodeEntry, reaperEntry } from './entries.ts';
import type { Registry } from './registry.ts';

/** How the playing of a plan ended; what the system did meanwhile is in the run directory. */
export interface Played {
  readonly interrupted: string | null;
  /** Of the harness or its surroundings; null when all went well. */
  readonly trouble: FtcheckError | null;
  readonly wallMs: number;
}

/** Plays a plan with real processes. Trouble of the harness is a value, since what was recorded before it can still be judged. */
export async function play(input: {
  readonly plan: Plan;
  readonly runDir: string;
  readonly signal: AbortSignal;
  readonly registry: Registry;
  readonly onProgress: (progress: Progress) => void;
}): Promise<Played> {
  const { plan, runDir, signal, registry, onProgress } = input;
  const startMs = monotonicMs();
  try {
    const { interrupted, wallMs } = await executePlan({
      plan,
      runDir,
      impl: defined(registry.impls[plan.impl.name], `impl ${plan.impl.name}`),
      workload: defined(registry.workloads[plan.workload.name], `workload ${plan.workload.name}`),
      nemeses: registry.nemeses,
      makeClient,
      entries: { node: nodeEntry(), reaper: reaperEntry() },
      signal,
      onProgress,
    });
    return { interrupted, trouble: null, wallMs };
  } catch (thrown) {
    if (!(thrown instanceof FtcheckError)) throw thrown; // a mistake of ours: nothing recorded can be trusted
    return { interrupted: null, trouble: thrown, wallMs: monotonicMs() - startMs };
  }
}
