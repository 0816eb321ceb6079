import { judgeRun } from '../checker/judge.ts';
import type { RecordedRun } from '../core/checker.ts';
import { combineVerdicts, type Verdict } from '../core/verdict.ts';
import { monotonicMs } from '../harness/clock.ts';

/**
 * Judges a simulated schedule in this process: short, and by the thousand. Schedules of chaos have no planned faults of which evidence
 * could be asked, so `vacuity` does not apply to them.
 */
export function judgeHere(
  { plan, ...record }: RecordedRun,
  isChaos: boolean,
): { readonly verdict: Verdict; readonly reason: string } {
  const checkers = isChaos ? plan.checkers.filter((name) => name !== 'vacuity') : plan.checkers;
  const { timeMs, memoryMb } = plan.checkerLimits;
  const { properties } = judgeRun(
    { ...record, plan: { ...plan, checkers } },
    { now: monotonicMs, deadline: monotonicMs() + timeMs, memoryBytesMax: memoryMb * 2 ** 20 },
  );
  const verdict = combineVerdicts(Object.values(properties).map((property) => property.verdict));
  const reasons = Object.entries(properties)
    .filter(([, property]) => property.verdict === verdict)
    .map(([name, { reason }]) => `${name}: ${reason}`);
  return { verdict, reason: verdict === 'valid' ? '' : reasons.join('; ') };
}
