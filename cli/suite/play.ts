import type { Plan } from '../../core/plan.ts';
import { type Attempt, type ScenarioResult, statusOf, statusOfAttempt } from '../../results/suite/outcome.ts';
import type { SuiteJob } from './job.ts';

/** How the scenarios of a suite are played. */
export interface SuitePlay {
  readonly jobs: readonly SuiteJob[];
  readonly sideBySide: number;
  /** How often a scenario that is not as expected is repeated. */
  readonly retries: number;
  /** One run; null: it was interrupted. */
  readonly play: (job: SuiteJob, plan: Plan) => Promise<Attempt | null>;
  readonly onBegin: (job: SuiteJob) => void;
  readonly onResult: (result: ScenarioResult) => void;
  readonly signal: AbortSignal;
}

/** Plays each scenario, in order, so many side by side; an interruption leaves out what has not ended. */
export async function playJobs(input: SuitePlay): Promise<void> {
  const { jobs, sideBySide, onBegin, onResult, signal } = input;
  const waiting = jobs.values();
  const worker = async (): Promise<void> => {
    for (const job of waiting) {
      if (signal.aborted) return;
      onBegin(job);
      const result = await playJob(job, input);
      if (result === null) return;
      onResult(result);
    }
  };
  await Promise.all(Array.from({ length: Math.min(sideBySide, jobs.length) }, worker));
}

/** Ends with the first run that is as expected. Where seeds are searched, the next seed is the next try; else the same plan again. */
async function playJob(job: SuiteJob, { play, retries }: SuitePlay): Promise<ScenarioResult | null> {
  const { id, expected, plans } = job;
  const isSearch = plans.length > 1;
  const tries = isSearch ? plans : Array.from({ length: 1 + retries }, () => plans[0]);
  const attempts: Attempt[] = [];
  for (const plan of tries) {
    const attempt = await play(job, plan);
    if (attempt === null) return null;
    attempts.push(attempt);
    if (statusOfAttempt(expected, attempt) === 'passed') break;
  }
  return { id, expected, attempts, status: statusOf(expected, attempts, isSearch ? 'searched' : 'repeated') };
}
