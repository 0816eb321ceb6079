import type { Verdict } from '../../core/verdict.ts';
import type { RunVerdict } from './run-verdict.ts';

/** What a scenario of a suite must come to. */
export interface Expectation {
  readonly verdict: Verdict;
  /** With `invalid`: the property that must be broken; null: any. */
  readonly property: string | null;
  /** Whether `unknown` will do where `valid` is expected. */
  readonly allowsUnknown: boolean;
}

/** One run of a scenario: what was found, or why nothing was. */
export type Attempt =
  | { readonly type: 'judged'; readonly seed: number; readonly tookMs: number; readonly verdict: RunVerdict }
  | {
      readonly type: 'error';
      readonly seed: number;
      readonly tookMs: number;
      readonly reason: string;
      readonly command: string;
      readonly runDir: string | null;
    };

/** `flaky`: not as expected at first, as expected when repeated; it counts as a failure. */
export type Status = 'passed' | 'failed' | 'flaky' | 'unknown' | 'error';

/** What became of one scenario. */
export interface ScenarioResult {
  readonly id: string;
  readonly expected: Expectation;
  readonly status: Status;
  /** In the order in which they were played; never empty. */
  readonly attempts: readonly Attempt[];
}

/** Whether one run is what was expected of it. */
export function statusOfAttempt(expected: Expectation, attempt: Attempt): Exclude<Status, 'flaky'> {
  if (attempt.type === 'error') return 'error';
  const { verdict, harness, properties } = attempt.verdict;
  if (verdict !== 'invalid' && (harness.trouble !== null || harness.interrupted !== null)) return 'error';
  if (verdict === expected.verdict) {
    const { property } = expected;
    const isBroken = property === null || properties[property]?.verdict === 'invalid';
    return verdict !== 'invalid' || isBroken ? 'passed' : 'failed';
  }
  if (verdict === 'unknown') return expected.allowsUnknown ? 'passed' : 'unknown';
  return 'failed';
}

const worstFirst = ['failed', 'error', 'unknown'] as const;

/**
 * A run that is as expected after one that was not makes the scenario flaky. Where seeds are searched for the one that shows a bug, the
 * earlier ones were no failures.
 */
export function statusOf(
  expected: Expectation,
  attempts: readonly Attempt[],
  how: 'repeated' | 'searched',
): Status {
  const found = attempts.map((attempt) => statusOfAttempt(expected, attempt));
  if (found.includes('passed')) return found[0] === 'passed' || how === 'searched' ? 'passed' : 'flaky';
  return worstFirst.find((status) => found.includes(status)) ?? 'error';
}

/** The run that decided: the one that is as expected where the scenario passed, else the first that shows why it did not. */
export function decidingAttempt({ expected, status, attempts }: ScenarioResult): Attempt {
  const wanted = (attempt: Attempt): boolean => {
    const one = statusOfAttempt(expected, attempt);
    return status === 'flaky' ? one !== 'passed' : one === status;
  };
  const found = attempts.find(wanted) ?? attempts[0];
  if (found === undefined) throw new RangeError('a scenario has at least one attempt');
  return found;
}

/** `unknown` where `valid` was expected, and allowed: told beside the passes. */
export const isAllowedUnknown = (result: ScenarioResult): boolean => {
  const { expected, status } = result;
  const attempt = decidingAttempt(result);
  return (
    status === 'passed' &&
    expected.verdict === 'valid' &&
    attempt.type === 'judged' &&
    attempt.verdict.verdict === 'unknown'
  );
};

/** Why the scenario is as it is, in a sentence or two. */
export function reasonOf(result: ScenarioResult): string {
  const { expected, status, attempts } = result;
  const attempt = decidingAttempt(result);
  if (attempt.type === 'error') return attempt.reason;
  const { verdict, reason, harness } = attempt.verdict;
  if (status === 'error') return harness.trouble ?? reason;
  if (status === 'flaky') {
    const passed = attempts.filter((one) => statusOfAttempt(expected, one) === 'passed').length;
    return `as expected in ${passed} of ${attempts.length} attempts; the first that was not: ${verdict}: ${reason}`;
  }
  if (verdict === expected.verdict && verdict === 'invalid' && status === 'failed') {
    return `${expected.property ?? ''} was to be broken, and was not; what was: ${reason}`;
  }
  if (status === 'passed' || expected.verdict === 'valid') return reason;
  const tried = attempts.length === 1 ? '' : ` in ${attempts.length} seeds`;
  return `expected ${expectationText(expected)}, found ${verdict}${tried}: ${reason}`;
}

/** `valid`, `valid or unknown`, `invalid (linearizable)` */
export const expectationText = ({ verdict, property, allowsUnknown }: Expectation): string =>
  `${verdict}${allowsUnknown ? ' or unknown' : ''}${property === null ? '' : ` (${property})`}`;

export const commandOf = (attempt: Attempt): string =>
  attempt.type === 'error' ? attempt.command : attempt.verdict.command;

export const runDirOf = (attempt: Attempt): string | null =>
  attempt.type === 'error' ? attempt.runDir : attempt.verdict.runDir;
