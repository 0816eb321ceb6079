import { exitCodes, type ExitCode } from '../../core/errors.ts';
import {
  commandOf,
  decidingAttempt,
  isAllowedUnknown,
  reasonOf,
  runDirOf,
  type ScenarioResult,
  type Status,
  statusOfAttempt,
} from './outcome.ts';
import type { Shard } from './shards.ts';

/** What a suite came to. */
export interface SuiteReport {
  readonly name: string;
  /** The seed that those of the scenarios are counted from. */
  readonly seed: number;
  readonly shard: Shard | null;
  readonly jobs: number;
  /** How many scenarios were to be played: those of the shard, if there is one. */
  readonly planned: number;
  /** How many of the results are of an earlier invocation that was interrupted. */
  readonly resumed: number;
  readonly results: readonly ScenarioResult[];
  /** The signal that ended the suite early. */
  readonly interrupted: string | null;
  readonly wallMs: number;
  /** Repeats the suite, with the same seeds. */
  readonly command: string;
}

/** A scenario that is not as expected, in words. */
export interface Problem {
  readonly id: string;
  readonly status: Exclude<Status, 'passed'>;
  readonly reason: string;
  readonly command: string;
  readonly runDir: string | null;
}

const worstFirst = ['failed', 'flaky', 'error', 'unknown'] as const;

/** What is not as expected, the worst first. */
export const problemsOf = ({ results }: Pick<SuiteReport, 'results'>): readonly Problem[] =>
  worstFirst.flatMap((status) =>
    results
      .filter((result) => result.status === status)
      .map((result) => {
        const attempt = decidingAttempt(result);
        return {
          id: result.id,
          status,
          reason: reasonOf(result),
          command: commandOf(attempt),
          runDir: runDirOf(attempt),
        };
      }),
  );

export type Counts = Readonly<Record<Status | 'allowed' | 'notPlayed', number>>;

/** `allowed` counts among `passed`. */
export function countsOf({ results, planned }: Pick<SuiteReport, 'results' | 'planned'>): Counts {
  const count = (status: Status): number => results.filter((result) => result.status === status).length;
  return {
    passed: count('passed'),
    failed: count('failed'),
    flaky: count('flaky'),
    error: count('error'),
    unknown: count('unknown'),
    allowed: results.filter(isAllowedUnknown).length,
    notPlayed: planned - results.length,
  };
}

/** The worst decides; an interruption is what the user asked for, and says nothing of the rest. */
export function suiteExitCode(report: SuiteReport): ExitCode {
  const { failed, flaky, error, unknown } = countsOf(report);
  if (report.interrupted !== null) return exitCodes.interrupted;
  if (failed + flaky > 0) return exitCodes.invalid;
  if (error > 0) return exitCodes.internal;
  return unknown > 0 ? exitCodes.unknown : exitCodes.valid;
}

/** Of all its attempts. */
export const tookMsOf = ({ attempts }: ScenarioResult): number =>
  attempts.reduce((sum, { tookMs }) => sum + tookMs, 0);

const slowestShown = 3;

export const slowestOf = ({ results }: Pick<SuiteReport, 'results'>): readonly ScenarioResult[] =>
  [...results].sort((a, b) => tookMsOf(b) - tookMsOf(a)).slice(0, slowestShown);

/** What `--json` prints. */
export const suiteJson = (report: SuiteReport): unknown => ({
  format: 'ftcheck-suite-1',
  suite: report.name,
  seed: report.seed,
  shard: report.shard,
  jobs: report.jobs,
  exitCode: suiteExitCode(report),
  interrupted: report.interrupted,
  counts: countsOf(report),
  resumed: report.resumed,
  wallMs: Math.round(report.wallMs),
  command: report.command,
  scenarios: report.results.map((result) => ({
    id: result.id,
    status: result.status,
    expected: result.expected,
    reason: reasonOf(result),
    attempts: result.attempts.map((attempt) => ({
      status: statusOfAttempt(result.expected, attempt),
      verdict: attempt.type === 'judged' ? attempt.verdict.verdict : null,
      seed: attempt.seed,
      reason: attempt.type === 'judged' ? attempt.verdict.reason : attempt.reason,
      tookMs: Math.round(attempt.tookMs),
      command: commandOf(attempt),
      runDir: runDirOf(attempt),
    })),
  })),
});
