import type { Checker, RecordedRun } from '../core/checker.ts';
import type { Operation } from '../core/history.ts';
import type { JsonObject } from '../core/json.ts';
import type { PropertyResult } from '../core/verdict.ts';
import { isReached, type Goal } from './goals.ts';
import { layerGoals } from './layer-goals.ts';
import { operationsIn } from './run-index.ts';
import { faultGoals } from './vacuity-faults.ts';
import { phaseStart } from './trace-facts.ts';
import { counted, findings } from './words.ts';

/** A pass means something only if enough was asked, enough succeeded, and every fault had an effect. */
export const vacuity = {
  name: 'vacuity',
  description:
    'enough operations of each kind succeeded in each phase, every fault had a measured effect, and both sides of a cut were asked',
  check: (run) => judgeVacuity(run),
} satisfies Checker;

const okPerPhaseMin = 5;

export function judgeVacuity(run: RecordedRun): PropertyResult {
  const operations = operationsIn(run.history);
  const goals = [
    ...phaseGoals(run, operations),
    ...kindGoals(operations),
    ...faultGoals(run, operations),
    ...layerGoals(run),
  ];
  const details: JsonObject = {
    goals: goals.map((goal) => ({
      name: goal.name,
      required: goal.required,
      reached: isReached(goal),
      count: goal.count,
      minimum: goal.minimum,
    })),
  };
  const missed = goals.filter((goal) => goal.required && !isReached(goal));
  if (missed.length > 0) {
    const words = missed.map(
      ({ name, count, minimum, why }) => why ?? `${name}: ${count}, at least ${minimum} wanted`,
    );
    return { verdict: 'unknown', reason: findings(words, 4), details };
  }
  if (run.plan.faults.length === 0) {
    return {
      verdict: 'valid',
      reason: 'no fault was injected: this run proves nothing about faults',
      details,
    };
  }
  const reason = `${counted(goals.filter(({ required }) => required).length, 'goal')} reached: enough succeeded, and every fault had an effect`;
  return { verdict: 'valid', reason, details };
}

const phases = [
  { name: 'warm-up', next: 'faults', length: 'warmUpMs' },
  { name: 'faults', next: 'settle', length: 'faultsMs' },
  { name: 'settle', next: 'final-reads', length: 'settleMs' },
] as const;

/**
 * Successful operations in each phase, by when they ended. A slow open loop is asked for what it can give. A group that lost its majority
 * answers nothing afterwards, as it should, but such a run is no pass either.
 */
function phaseGoals({ plan, trace }: RecordedRun, operations: readonly Operation[]): Goal[] {
  return phases.flatMap(({ name, next, length }): Goal[] => {
    const ms = plan.phases[length];
    if (ms === 0) return [];
    const offered = plan.rate === null ? Infinity : (plan.rate * ms) / 1000;
    const minimum = Math.max(1, Math.min(okPerPhaseMin, Math.floor(offered / 4)));
    const from = phaseStart(trace, name);
    const to = phaseStart(trace, next) ?? phaseStart(trace, 'stop');
    const goal = { name: `ok in ${name}`, required: true, minimum };
    if (from === undefined || to === undefined) {
      return [{ ...goal, count: 0, why: `the record does not show the whole phase ${name}` }];
    }
    const count = operations.filter(
      ({ completion }) => completion?.type === 'ok' && completion.time >= from && completion.time < to,
    ).length;
    return [{ ...goal, count }];
  });
}

function kindGoals(operations: readonly Operation[]): Goal[] {
  const succeeded = new Map<string, number>();
  for (const { invocation, completion } of operations) {
    succeeded.set(invocation.f, (succeeded.get(invocation.f) ?? 0) + (completion?.type === 'ok' ? 1 : 0));
  }
  if (succeeded.size === 0) return [{ name: 'ok', required: true, count: 0, minimum: 1 }];
  return [...succeeded].map(([f, count]) => ({ name: `ok ${f}`, required: true, count, minimum: 1 }));
}
