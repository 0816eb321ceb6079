import { ascendingOf, type Figure } from './figures.ts';
import { estimateQuantile, type QuantileEstimate } from '../order-statistics.ts';
import type { MeasuredTrial, TrialLine } from './trial.ts';
import type { FailoverSloResult, SloAnswer } from './slo.ts';
import { quantile, rounded } from '../statistics.ts';

/** Quantiles that are shown. */
export const shownQuantiles = { p50: 0.5, p90: 0.9, p99: 0.99 } as const;

/** How one figure is distributed over the trials of a fault. Milliseconds; Infinity, in JSON null: beyond the limit. */
export interface FigureSummary {
  /** The trials that had it: a fault that changes no view has no `agree`. */
  readonly seen: number;
  readonly minMs: number | null;
  readonly meanMs: number | null;
  readonly p50: QuantileEstimate;
  readonly p90: QuantileEstimate;
  readonly p99: QuantileEstimate;
  readonly maxMs: number | null;
}

/** All trials of one fault. */
export interface FaultSummary {
  readonly fault: string;
  readonly trials: number;
  readonly thrownAway: { readonly late: number; readonly noEffect: number; readonly lost: number };
  /** Outages that had not ended within the limit, and groups that were not whole again within theirs. */
  readonly unended: number;
  readonly unrecovered: number;
  /** How long the fault itself lasted. */
  readonly faultMs: { readonly min: number | null; readonly max: number | null };
  readonly figures: Readonly<Record<Figure, FigureSummary>>;
  /** The distributions themselves: each value of each trial that had it, ascending. */
  readonly distributions: {
    readonly outage: readonly number[];
    readonly detect: readonly number[];
    readonly agree: readonly number[];
  };
}

/** How finely time was seen. */
export interface Resolution {
  /** Between two moments at which the probe asked, over all outages. */
  readonly gapMsP50: number | null;
  readonly gapMsMax: number | null;
  /** Of the operations due during outages, the share that no client was free for. */
  readonly leftOut: number | null;
}

/** What a series was made from. */
export interface SeriesFacts {
  readonly impl: string;
  readonly implOptions: Readonly<Record<string, unknown>>;
  readonly workload: string;
  readonly nodes: number;
  readonly timing: string;
  readonly faults: readonly string[];
  readonly trials: number;
  readonly rate: number;
  readonly clients: number;
  /** A client asks again after so long without an answer. */
  readonly retryMs: number;
  readonly seed: number;
  readonly slos: readonly string[];
  /** What the impl promises, for comparison: it is judged by `ftcheck run`. */
  readonly claimMs: number;
  readonly limitMs: number;
  readonly date: string;
  readonly environment: {
    readonly ftcheck: string;
    readonly node: string;
    readonly platform: string;
    readonly cpus: number;
  };
  readonly command: string;
}

/** summary.json of a series. */
export interface FailoverSummary extends SeriesFacts {
  readonly format: 'ftcheck-failover-1';
  readonly end: 'complete' | 'interrupted' | 'given up' | 'trouble';
  readonly why: string | null;
  /** Of all SLOs; null: none was asked for. */
  readonly verdict: SloAnswer | null;
  readonly sloResults: readonly FailoverSloResult[];
  readonly results: readonly FaultSummary[];
  readonly resolution: Resolution;
  readonly wallMs: number;
  readonly directory: string;
}

/** Of each fault, in the order given. */
export function summariseFaults(
  faults: readonly string[],
  lines: readonly TrialLine[],
): readonly FaultSummary[] {
  return faults.map((fault) =>
    summarise(
      fault,
      lines.filter((line) => line.fault === fault),
    ),
  );
}

function summarise(fault: string, lines: readonly TrialLine[]): FaultSummary {
  const measured = lines.filter((line) => line.result === 'measured');
  const count = (result: TrialLine['result']): number =>
    lines.filter((line) => line.result === result).length;
  const heals = measured.map(({ healMs }) => healMs);
  return {
    fault,
    trials: measured.length,
    thrownAway: { late: count('late'), noEffect: count('no effect'), lost: count('lost') },
    unended: measured.filter(({ outageMs }) => outageMs === null).length,
    unrecovered: measured.filter(({ fullRecoveryMs }) => fullRecoveryMs === null).length,
    faultMs: {
      min: heals.length === 0 ? null : Math.min(...heals),
      max: heals.length === 0 ? null : Math.max(...heals),
    },
    figures: {
      outage: figureOf(measured, 'outage'),
      detect: figureOf(measured, 'detect'),
      agree: figureOf(measured, 'agree'),
      recover: figureOf(measured, 'recover'),
      'full-recovery': figureOf(measured, 'full-recovery'),
      stall: figureOf(measured, 'stall'),
      'rejoin-stall': figureOf(measured, 'rejoin-stall'),
      'slowest-client': figureOf(measured, 'slowest-client'),
      client: figureOf(measured, 'client'),
    },
    distributions: {
      outage: ascendingOf(measured, 'outage'),
      detect: ascendingOf(measured, 'detect'),
      agree: ascendingOf(measured, 'agree'),
    },
  };
}

function figureOf(measured: readonly MeasuredTrial[], figure: Figure): FigureSummary {
  const ascending = ascendingOf(measured, figure);
  const estimate = (q: number): QuantileEstimate => {
    const estimated = estimateQuantile(ascending, q);
    if (figure !== 'client') return estimated;
    const isEnough = measured.length >= estimated.trialsNeeded;
    return { ...estimated, value: isEnough ? estimated.value : null, low: null, high: null };
  };
  const sum = ascending.reduce((total, ms) => total + ms, 0);
  return {
    seen: ascending.length,
    minMs: ascending[0] ?? null,
    meanMs: ascending.length === 0 ? null : rounded(sum / ascending.length),
    p50: estimate(shownQuantiles.p50),
    p90: estimate(shownQuantiles.p90),
    p99: estimate(shownQuantiles.p99),
    maxMs: ascending.at(-1) ?? null,
  };
}

export function resolutionOf(lines: readonly TrialLine[]): Resolution {
  const measured = lines.filter((line) => line.result === 'measured');
  const medians = measured.map(({ probeGapMsP50 }) => probeGapMsP50).sort((a, b) => a - b);
  const total = (of: (trial: MeasuredTrial) => number): number =>
    measured.reduce((sum, trial) => sum + of(trial), 0);
  const due = total((trial) => trial.due);
  return {
    gapMsP50: rounded(quantile(medians, 0.5)),
    gapMsMax: measured.length === 0 ? null : Math.max(...measured.map(({ probeGapMsMax }) => probeGapMsMax)),
    leftOut: due === 0 ? null : rounded(1 - total((trial) => trial.begun) / due),
  };
}
