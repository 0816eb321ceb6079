import type { Checker, RecordedRun } from '../core/checker.ts';
import type { PropertyResult } from '../core/verdict.ts';
import { judgeAppends } from './at-most-once-appends.ts';
import { judgeExecutions } from './at-most-once-executions.ts';
import { operationsIn } from './run-index.ts';
import { findings } from './words.ts';

/**
 * What a request did, counted: once if it was answered, never if it failed, once or never if nobody knows [van Steen, semantics of RPC in
 * the presence of failures]. From the lists that clients read, where the workload appends, and from what replicas say they executed.
 */
export const atMostOnce = {
  name: 'at-most-once',
  description:
    'an answered request took effect exactly once, a failed one never, an unknown one at most once',
  check: (run) => judgeAtMostOnce(run),
} satisfies Checker;

export function judgeAtMostOnce(run: RecordedRun): PropertyResult {
  const operations = operationsIn(run.history);
  const counts = [judgeAppends(run, operations), judgeExecutions(run, operations)].filter(
    (count) => count !== null,
  );
  if (counts.length === 0) {
    return {
      verdict: 'not-applicable',
      reason: 'neither does the workload append nor does the trace tell of executions',
    };
  }
  const violations = counts.flatMap((count) => count.violations);
  const gaps = counts.flatMap((count) => count.gaps);
  const numbers = Object.fromEntries(counts.flatMap((count) => Object.entries(count.details)));
  const details = { ...numbers, violations: violations.slice(0, 20) };
  if (violations.length > 0) return { verdict: 'invalid', reason: findings(violations), details };
  if (gaps.length > 0) return { verdict: 'unknown', reason: findings(gaps), details };
  return { verdict: 'valid', reason: counts.map((count) => count.counted).join('; '), details };
}
