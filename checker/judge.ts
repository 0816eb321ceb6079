import type { Checker, CheckerLimits, KeepEvidence, RecordedRun } from '../core/checker.ts';
import { messageOf, UsageError } from '../core/errors.ts';
import { combineVerdicts, type PropertyResult, type Verdict } from '../core/verdict.ts';
import { judgeClaim } from './claim.ts';
import { checkers } from './registry.ts';
import { counted } from './words.ts';

/** What is said of a run: the whole verdict with its one sentence, and every property by name. */
export interface Judgement {
  readonly verdict: Verdict;
  readonly reason: string;
  /** Whether all faults were within what the impl claims to tolerate; safety is judged in any case. */
  readonly withinClaim: boolean;
  readonly properties: Readonly<Record<string, PropertyResult>>;
  /** Milliseconds that each of them took. */
  readonly tookMs: Readonly<Record<string, number>>;
}

/** These read the trace alone, so that they can be trusted where the history cannot. */
const traceOnly: ReadonlySet<string> = new Set(['group', 'mirroring', 'processes']);

/** Judges a run by the checkers that its plan names. The same run gets the same judgement, but for limits that it runs into. */
export function judgeRun(run: RecordedRun, limits: CheckerLimits, keep?: KeepEvidence): Judgement {
  const properties: Record<string, PropertyResult> = {};
  const tookMs: Record<string, number> = {};
  const judge = (name: string): PropertyResult => {
    const startedAt = limits.now();
    const result = guarded(name, run, limits, keep);
    properties[name] = result;
    tookMs[name] = limits.now() - startedAt;
    return result;
  };
  const assumptions = judge('well-formed');
  for (const name of run.plan.checkers) {
    if (name in properties) continue;
    if (assumptions.verdict === 'valid' || traceOnly.has(name)) judge(name);
    else
      properties[name] = {
        verdict: 'unknown',
        reason: 'not judged, since the history is not well-formed',
      };
  }
  return { ...concluded(properties), withinClaim: withinClaim(run), properties, tookMs };
}

/** A checker that throws is our bug, and no bug of ours is a verdict about the system. */
function guarded(name: string, run: RecordedRun, limits: CheckerLimits, keep?: KeepEvidence): PropertyResult {
  const checker: Checker | undefined = checkers[name];
  if (checker === undefined)
    return { verdict: 'unknown', reason: `there is no checker ${name} in this version` };
  try {
    return doubted(name, run, checker.check(run, limits, keep));
  } catch (error) {
    const reason = error instanceof UsageError ? messageOf(error) : `checker failed: ${messageOf(error)}`;
    return { verdict: 'unknown', reason };
  }
}

/** These compare who was alive when: a lost line of the trace can turn their answer over, in either direction. */
const wantsWholeTrace: ReadonlySet<string> = new Set(['failover', 'liveness']);

function doubted(name: string, { damage }: RecordedRun, result: PropertyResult): PropertyResult {
  const isDecided = result.verdict === 'invalid' || result.verdict === 'not-owed';
  if (damage.trace.length === 0 || !isDecided || !wantsWholeTrace.has(name)) return result;
  return {
    ...result,
    verdict: 'unknown',
    reason: `${result.reason}; but the trace is damaged: ${damage.trace[0] ?? ''}`,
  };
}

function withinClaim(run: RecordedRun): boolean {
  try {
    return judgeClaim(run).withinClaim;
  } catch {
    return false; // the checkers that need it have said why
  }
}

function concluded(properties: Readonly<Record<string, PropertyResult>>): {
  readonly verdict: Verdict;
  readonly reason: string;
} {
  const verdict = combineVerdicts(Object.values(properties).map((property) => property.verdict));
  const deciding = Object.entries(properties).filter(([, property]) => property.verdict === verdict);
  if (verdict !== 'valid') {
    const [name, property] = deciding[0] ?? ['', undefined];
    const more =
      deciding.length > 1 ? ` (and ${counted(deciding.length - 1, 'more property', 'more properties')})` : '';
    return { verdict, reason: `${name}: ${property?.reason ?? ''}${more}` };
  }
  const remark =
    properties['vacuity']?.reason.startsWith('no fault') === true ? `; ${properties['vacuity'].reason}` : '';
  return {
    verdict,
    reason: `${counted(deciding.length, 'property', 'properties')} hold: ${deciding.map(([name]) => name).join(', ')}${remark}`,
  };
}
