import { describe, expect, test } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Verdict } from '../../core/verdict.ts';
import type { Plan } from '../../core/plan.ts';
import type { Attempt, Expectation, ScenarioResult } from '../../results/suite/outcome.ts';
import { attemptOf, expectBug, expectValid } from '../../test/suite-fixture.ts';
import { chooseRun, planOf } from '../choose.ts';
import { registry } from '../registry.ts';
import type { SuiteJob } from './job.ts';
import { playJobs } from './play.ts';
import type { Settings } from '../settings.ts';

const settings: Settings = new Map([['impl', { texts: ['simple'], place: '--impl', from: 'flag' }]]);
const planOfSeed = (seed: number): Plan => planOf(chooseRun(settings, registry), seed, settings);

const jobOf = (id: string, expected: Expectation, plans: SuiteJob['plans'] = [planOfSeed(1)]): SuiteJob => ({
  id,
  expected,
  plans,
  isFailFast: false,
  timeoutMs: 1000,
});

/** Plays jobs; each run of a job gives the next of its verdicts. */
async function played(
  jobs: readonly (readonly [SuiteJob, ...Verdict[]])[],
  more: {
    readonly retries?: number;
    readonly sideBySide?: number;
    readonly onPlay?: (job: SuiteJob, plan: Plan) => Promise<Attempt | null | undefined>;
    readonly signal?: AbortSignal;
  } = {},
): Promise<readonly ScenarioResult[]> {
  const results: ScenarioResult[] = [];
  const left = new Map(jobs.map(([job, ...verdicts]) => [job.id, verdicts]));
  await playJobs({
    jobs: jobs.map(([job]) => job),
    sideBySide: more.sideBySide ?? 1,
    retries: more.retries ?? 0,
    play: async (job, plan) => {
      const own = await more.onPlay?.(job, plan);
      return own === undefined ? attemptOf(left.get(job.id)!.shift()!, { linearizable: 'invalid' }) : own;
    },
    onBegin: () => {},
    onResult: (result) => results.push(result),
    signal: more.signal ?? new AbortController().signal,
  });
  return results;
}

const short = (results: readonly ScenarioResult[]) =>
  results.map(({ id, status, attempts }) => [id, status, attempts.length]);

test('each scenario is played once where nothing is repeated', async () => {
  const results = await played([
    [jobOf('a', expectValid), 'valid', 'valid'],
    [jobOf('b', expectValid), 'invalid', 'valid'],
  ]);
  expect(short(results)).toEqual([
    ['a', 'passed', 1],
    ['b', 'failed', 1],
  ]);
});

test('a repetition that succeeds makes a failure flaky, and keeps every attempt', async () => {
  const results = await played(
    [
      [jobOf('a', expectValid), 'invalid', 'unknown', 'valid', 'valid'],
      [jobOf('b', expectValid), 'unknown', 'invalid', 'unknown'],
      [jobOf('c', expectValid), 'valid'],
    ],
    { retries: 2 },
  );
  expect(short(results)).toEqual([
    ['a', 'flaky', 3],
    ['b', 'failed', 3],
    ['c', 'passed', 1],
  ]);
});

test('a bug is looked for seed by seed until it shows', async () => {
  const seeds: number[] = [];
  const search = jobOf('bug', expectBug, [planOfSeed(1), planOfSeed(2), planOfSeed(3)]);
  const results = await played([[search, 'valid', 'invalid', 'valid']], {
    retries: 5,
    onPlay: async (_job, plan) => void seeds.push(plan.seed),
  });
  expect(short(results)).toEqual([['bug', 'passed', 2]]);
  expect(seeds).toEqual([1, 2]);
});

describe('side by side', () => {
  test.each([1, 3])('%i at a time, and no more', async (sideBySide) => {
    let underWay = 0;
    let most = 0;
    const jobs = Array.from({ length: 7 }, (_, i) => [jobOf(String(i), expectValid), 'valid'] as const);
    const results = await played(jobs, {
      sideBySide,
      onPlay: async () => {
        most = Math.max(most, ++underWay);
        await sleep(2);
        underWay--;
      },
    });
    expect(most).toBe(sideBySide);
    expect(results).toHaveLength(7);
  });
});

test('an interruption keeps what has ended and begins nothing more', async () => {
  const controller = new AbortController();
  const begun: string[] = [];
  const results = await played(
    ['a', 'b', 'c'].map((id) => [jobOf(id, expectValid), 'valid'] as const),
    {
      signal: controller.signal,
      onPlay: async ({ id }) => {
        begun.push(id);
        if (id !== 'b') return undefined;
        controller.abort('SIGINT');
        return null;
      },
    },
  );
  expect(short(results)).toEqual([['a', 'passed', 1]]);
  expect(begun).toEqual(['a', 'b']);
});
