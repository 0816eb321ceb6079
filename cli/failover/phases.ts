import { judgeFailover } from '../../checker/failover.ts';
import { isJsonObject, type Json } from '../../core/json.ts';
import type { Plan } from '../../core/plan.ts';
import type { TrialRecord } from '../../harness/failover-trial.ts';
import { clientFigures, type MeasuredTrial } from '../../results/failover/trial.ts';
import { quantile, rounded } from '../../results/statistics.ts';

/** The figures of one trial. Outage and phases are those of the checker `failover`, so that they mean here what they mean in a run. */
export function measuredTrial(
  plan: Plan,
  fault: { readonly name: string; readonly n: number },
  record: TrialRecord,
): MeasuredTrial {
  const { history, trace, targets, effectNs, healNs, wholeNs, endNs, isServed, pace } = record;
  const { details } = judgeFailover({
    plan: { ...plan, faults: [record.fault] },
    history,
    trace,
    damage: { history: [], trace: [] },
  });
  const outages = details?.['outages'];
  const outage: unknown = Array.isArray(outages) ? outages[0] : undefined;
  const given = isJsonObject(outage) ? outage : {};
  const phases = isJsonObject(given['phases']) ? given['phases'] : {};
  const ms = (value: Json | undefined): number | null => (typeof value === 'number' ? value : null);
  const gaps = [...pace.gapsMs].sort((a, b) => a - b);
  return {
    result: 'measured',
    fault: fault.name,
    n: fault.n,
    target: targets.join(','),
    detectMs: ms(phases['detectMs']),
    agreeMs: ms(phases['agreeMs']),
    recoverMs: ms(phases['recoverMs']),
    outageMs: isServed ? ms(given['outageMs']) : null,
    healMs: rounded((healNs - effectNs) / 1e6),
    // Where no view changed the trace tells of no way back: then it is when every node served again.
    fullRecoveryMs:
      wholeNs === null ? null : (ms(phases['fullStrengthMs']) ?? rounded((wholeNs - effectNs) / 1e6)),
    ...clientFigures(history, plan.clients, { effectNs, healNs, endNs }),
    probeGapMsP50: rounded(quantile(gaps, 0.5) ?? 0),
    probeGapMsMax: rounded(gaps.at(-1) ?? 0),
    due: pace.due,
    begun: pace.begun,
  };
}
