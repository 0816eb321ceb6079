import { summariseFaults, resolutionOf, type FailoverSummary } from './summary.ts';
import { combineAnswers, judgeFailoverSlos, parseFailoverSlo } from './slo.ts';
import type { MeasuredTrial, TrialLine } from './trial.ts';

/** A trial whose other figures follow from its outage. */
export const trial = (outageMs: number | null, more: Partial<MeasuredTrial> = {}): MeasuredTrial => ({
  result: 'measured',
  fault: 'kill:primary',
  n: 1,
  target: 'n1',
  detectMs: 170,
  agreeMs: 180,
  recoverMs: outageMs,
  outageMs,
  healMs: 400,
  fullRecoveryMs: 900,
  stallMs: outageMs ?? 10_000,
  rejoinStallMs: 20,
  clientsMs: [outageMs, outageMs],
  probeGapMsP50: 1.1,
  probeGapMsMax: 3,
  due: 200,
  begun: 10,
  ...more,
});

/** Outages of 1, 2, ... ms. */
export const trialsUpTo = (count: number): MeasuredTrial[] =>
  Array.from({ length: count }, (_, i) => trial(i + 1, { n: i + 1 }));

export function summaryOf(
  lines: readonly TrialLine[],
  more: Partial<FailoverSummary> = {},
  ...slos: readonly string[]
): FailoverSummary {
  const faults = more.faults ?? ['kill:primary'];
  const sloResults = judgeFailoverSlos(
    slos.map((slo) => parseFailoverSlo(slo, '--slo')),
    faults,
    lines,
  );
  return {
    format: 'ftcheck-failover-1',
    end: 'complete',
    why: null,
    verdict: combineAnswers(sloResults),
    sloResults,
    results: summariseFaults(faults, lines),
    resolution: resolutionOf(lines),
    wallMs: 1000,
    directory: 'ftcheck-failover/x',
    impl: 'passive',
    implOptions: { acks: 'all' },
    workload: 'kv',
    nodes: 3,
    timing: 'default',
    faults,
    trials: lines.length,
    rate: 1000,
    clients: 2,
    retryMs: 120,
    seed: 1,
    slos,
    claimMs: 2000,
    limitMs: 10_000,
    date: '2026-11-21T00:00:00.000Z',
    environment: { ftcheck: '0.1.0', node: '20.20.2', platform: 'linux x64', cpus: 2 },
    command: 'npx ftcheck failover --impl=passive --fault=kill:primary --seed=1',
    ...more,
  };
}
