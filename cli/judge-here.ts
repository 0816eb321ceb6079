import { judgeRun } from '../checker/judge.ts';
import type { RecordedRun } from '../core/checker.ts';
import { combineVerdicts, type Verdict } from '../core/verdict.ts';
import { monotonicMs } from '../harness/clock.ts';

/** Chaos is no planned fault: there is no evidence to ask for, and progress is judged by the simulator, which knows what it did. */
const notUnderChaos: ReadonlySet<string> = new Set(['vacuity', 'liveness', 'failover']);

/** Judges a simulated schedule in this process: short, and by the thousand. */
export function judgeHere(
  { plan, ...record }: RecordedRun,
  isChaos: boolean,
): { readonly verdict: Verdict; readonly reason: string } {
  const checkers = isChaos ? plan.checkers.filter((name) => !notUnderChaos.has(name)) : plan.checkers;
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
