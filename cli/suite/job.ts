import type { Plan } from '../../core/plan.ts';
import { nominalMs } from '../../harness/plan.ts';
import type { Expectation } from '../../results/suite/outcome.ts';

/** One scenario of a suite, ready to be played. */
export interface SuiteJob {
  /** Tells it from all others of the suite, seed included. */
  readonly id: string;
  readonly expected: Expectation;
  /** One; or several of different seeds, one after another until one shows the bug. */
  readonly plans: readonly [Plan, ...Plan[]];
  readonly isFailFast: boolean;
  /** A run that takes longer is ended. */
  readonly timeoutMs: number;
}

/** Start, stop and judgement of a run, roughly; only shards and forecasts are made of it. */
const overheadMs = 1_500;

export const nominalJobMs = ({ plans }: SuiteJob): number =>
  plans.reduce((sum, plan) => sum + nominalMs(plan) + overheadMs, 0);

/** What a run may take beyond what its plan says, on a machine that is busy. */
const slackMs = 30_000;

/** So long that only a run which hangs is ended by it. */
export const timeoutMsOf = (plan: Plan): number =>
  nominalMs(plan) + plan.phases.finalReadsMs + plan.checkerLimits.timeMs + slackMs;
