import type { Checker, RecordedRun } from '../core/checker.ts';
import type { Operation } from '../core/history.ts';
import type { PropertyResult } from '../core/verdict.ts';
import { canonicalJson } from './canonical-json.ts';
import { judgeClaim } from './claim.ts';
import { eventsNamed, operationsIn } from './run-index.ts';
import { lagMsMax, numberOf, phaseStart, tracedFaults, worstLagMs } from './trace-facts.ts';
import { counted, listed, milliseconds } from './words.ts';

/** Once faults are healed and within what the impl claims, operations finish again: asked only where it is owed. */
export const liveness = {
  name: 'liveness',
  description:
    'after the last fault has healed, operations succeed again and every final read is answered, where the impl owes it',
  check: (run) => judgeLiveness(run),
} satisfies Checker;

export function judgeLiveness(run: RecordedRun): PropertyResult {
  const { trace, history, plan } = run;
  const finalReads = phaseStart(trace, 'final-reads');
  if (finalReads === undefined || phaseStart(trace, 'stop') === undefined || wasInterrupted(run)) {
    return { verdict: 'unknown', reason: 'the run ended before its final reads' };
  }
  const { isOwed, why } = judgeClaim(run).liveness;
  if (!isOwed) return { verdict: 'not-owed', reason: why };
  const faults = tracedFaults(trace);
  const healed = Math.max(phaseStart(trace, 'warm-up') ?? 0, ...faults.map(({ end, begin }) => end ?? begin));
  const operations = operationsIn(history);
  const problem =
    unansweredReads(operations, run) ??
    noSuccess(operations, healed, finalReads, plan.impl.claims.outageMsMax);
  if (problem === null)
    return { verdict: 'valid', reason: `operations succeeded again, and so did every final read; ${why}` };
  if (problem.isUnknown) return { verdict: 'unknown', reason: problem.what };
  const lagMs = worstLagMs(trace, healed, history.at(-1)?.time ?? healed);
  if (isOverloaded(run)) {
    return {
      verdict: 'unknown',
      reason: `${problem.what}, but the service was still at work on what the open loop had asked before`,
    };
  }
  if (lagMs <= lagMsMax) return { verdict: 'invalid', reason: `${problem.what}, though ${why}` };
  return {
    verdict: 'unknown',
    reason: `${problem.what}, but event loops stood still for up to ${milliseconds(lagMs)} at that time`,
  };
}

/** More was offered than it could do, and it went on doing it: slow is not dead. */
function isOverloaded({ trace }: RecordedRun): boolean {
  const finalReads = phaseStart(trace, 'final-reads') ?? Infinity;
  const isBehind = eventsNamed(trace, 'unstarted').some((event) => numberOf(event['count']) > 0);
  return isBehind && eventsNamed(trace, 'executed').some(({ time }) => time > finalReads);
}

const wasInterrupted = ({ trace }: RecordedRun): boolean => eventsNamed(trace, 'interrupted').length > 0;

interface Problem {
  readonly what: string;
  readonly isUnknown: boolean;
}

/**
 * Each final read is asked until it is answered, so for each question one answer is enough. One that was asked too late for a whole time-out
 * to pass before the end may have been about to be answered.
 */
function unansweredReads(operations: readonly Operation[], { plan, trace }: RecordedRun): Problem | null {
  const stop = phaseStart(trace, 'stop') ?? Infinity;
  const asked = new Map<string, { since: number; isAnswered: boolean }>();
  for (const { invocation, completion } of operations) {
    if (invocation.final !== true) continue;
    const question = `${invocation.f} ${canonicalJson(invocation.key)}`;
    const { since, isAnswered } = asked.get(question) ?? { since: invocation.time, isAnswered: false };
    asked.set(question, { since, isAnswered: isAnswered || completion?.type === 'ok' });
  }
  const silent = [...asked].filter(([, { isAnswered }]) => !isAnswered);
  if (silent.length === 0) return null;
  const what = `${counted(silent.length, 'final read')} of ${asked.size} never answered: ${listed(silent.map(([question]) => question))}`;
  const longestMs = Math.max(...silent.map(([, { since }]) => (stop - since) / 1e6));
  return { what, isUnknown: longestMs < 0.9 * plan.opTimeoutMs };
}

/** Service came back before the final reads; where there was less time for it than an outage may last, nothing is said. */
function noSuccess(
  operations: readonly Operation[],
  healed: number,
  finalReads: number,
  outageMsMax: number,
): Problem | null {
  const later = operations.filter(({ invocation }) => invocation.time > healed);
  if (later.some(({ completion }) => completion?.type === 'ok')) return null;
  const waitedMs = Math.max(0, (finalReads - healed) / 1e6);
  const what = `none of ${counted(later.length, 'operation')} invoked after the last fault healed succeeded`;
  return { what, isUnknown: later.length === 0 || waitedMs < outageMsMax };
}
