/** Results of suites, made by hand. */
import type { PropertyVerdict, Verdict } from '../core/verdict.ts';
import type { Attempt, Expectation, ScenarioResult, Status } from '../results/suite/outcome.ts';
import type { RunVerdict } from '../results/suite/run-verdict.ts';
import type { SuiteReport } from '../results/suite/suite-report.ts';

export const expectValid: Expectation = { verdict: 'valid', property: null, allowsUnknown: false };
export const expectBug: Expectation = { verdict: 'invalid', property: 'linearizable', allowsUnknown: false };

export const runVerdictOf = (
  verdict: Verdict,
  properties: Readonly<Record<string, PropertyVerdict>> = {},
  harness: Partial<RunVerdict['harness']> = {},
): RunVerdict => ({
  verdict,
  reason: `the run is ${verdict}. And this is why.`,
  seed: 7,
  impl: 'passive',
  workload: 'kv',
  nemesis: 'kill',
  properties: Object.fromEntries(
    Object.entries(properties).map(([name, found]) => [
      name,
      { verdict: found, reason: `${name} is ${found}` },
    ]),
  ),
  harness: { interrupted: null, trouble: null, checkersMs: { linearizable: 12.5 }, ...harness },
  environment: { ftcheck: '0.1.0', date: '2026-11-21T20:32:03.123Z' },
  durationMs: 4500,
  wallMs: 4750,
  runDir: 'ftcheck-runs/one',
  command: 'npx ftcheck run --impl=passive --seed=7',
});

export const attemptOf = (...verdict: Parameters<typeof runVerdictOf>): Attempt => ({
  type: 'judged',
  seed: 7,
  tookMs: 5000,
  verdict: runVerdictOf(...verdict),
});

export const errorAttempt = {
  type: 'error',
  seed: 7,
  tookMs: 1000,
  reason: 'ftcheck run ended with 255: it said nothing',
  command: 'npx ftcheck run --impl=passive --seed=7',
  runDir: null,
} as const satisfies Attempt;

export const resultOf = (
  id: string,
  expected: Expectation,
  attempts: readonly Attempt[],
  status: Status,
): ScenarioResult => ({ id, expected, attempts, status });

export const reportOf = (
  results: readonly ScenarioResult[],
  more: Partial<SuiteReport> = {},
): SuiteReport => ({
  name: 'smoke',
  seed: 7,
  shard: null,
  jobs: 1,
  planned: results.length,
  resumed: 0,
  results,
  interrupted: null,
  wallMs: 92_000,
  command: 'npx ftcheck suite smoke.yaml --seed=7',
  ...more,
});
