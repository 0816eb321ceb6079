import type { Random } from '../../core/random.ts';
import { clusterBootstrap, clustersMin, type BootstrapInterval } from '../bootstrap.ts';
import { quantile, trialsMin } from '../statistics.ts';
import { plural } from '../units-text.ts';
import type { Metric } from './metrics.ts';
import type { Figure, Round } from './schema.ts';

/** What a round says of a metric, as a number: an outage without end is longer than every other. Null: nothing. */
export function valueOf(round: Round, metric: Metric): number | null {
  if (round.trouble !== null) return null;
  if (metric.name !== 'outage') return round.values[metric.name] ?? null;
  const outages = endlessly(round.outagesMs);
  return outages.length === 0 ? null : outages.reduce((sum, ms) => sum + ms, 0) / outages.length;
}

export const endlessly = (outagesMs: readonly (number | null)[]): number[] =>
  outagesMs.map((ms) => ms ?? Infinity);

/**
 * Why a metric of these rounds would mislead; null: it does not. Rounds with few operations have no quantile of their latencies, and they
 * are the slow ones: the mean of the others would flatter.
 */
export function whyNotClaimed(rounds: readonly Round[], metric: Metric): string | null {
  if (!latencyQuantiles.includes(metric.name)) return null;
  const lacking = rounds.filter((round) => round.trouble === null && valueOf(round, metric) === null).length;
  return lacking === 0 ? null : `${plural(lacking, 'round')} had too few ok operations for it`;
}
const latencyQuantiles: readonly string[] = ['p50', 'p90', 'p99'];

/** The metric of some rounds together: null where it cannot be claimed from them. */
export function estimateOf(rounds: readonly Round[], metric: Metric): number | null {
  const { outageQuantile } = metric;
  if (outageQuantile !== undefined) {
    const outages = outagesIn(rounds);
    if (outages.length < trialsMin(outageQuantile)) return null;
    return quantile(Float64Array.from(outages).sort(), outageQuantile);
  }
  return geometricMean(rounds.map((round) => valueOf(round, metric)).filter((value) => value !== null));
}

const outagesIn = (rounds: readonly Round[]): number[] =>
  rounds.flatMap((round) => (round.trouble === null ? endlessly(round.outagesMs) : []));

/** Of ratios, and of what spreads by factors, this is the mean that says the same of a and b as of b and a. */
export function geometricMean(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
}

/** With its bootstrap interval over rounds, of 1 - `alpha`. */
export function figureOf(rounds: readonly Round[], metric: Metric, alpha: number, random: Random): Figure {
  const isOfOutages = metric.outageQuantile !== undefined;
  const measured = rounds.filter((round) =>
    isOfOutages ? round.trouble === null && round.outagesMs.length > 0 : valueOf(round, metric) !== null,
  );
  const from = isOfOutages ? outagesIn(rounds).length : measured.length;
  const none = { estimate: null, low: null, high: null, endless: false, from };
  const misleading = whyNotClaimed(rounds, metric);
  if (misleading !== null) return { ...none, why: misleading };
  const estimate = estimateOf(measured, metric);
  if (estimate === null) return { ...none, why: whyNone(from, metric) };
  if (estimate === Infinity) return { ...none, endless: true, why: 'an outage did not end' };
  // The longest of all is a fact about these rounds; drawing from them again finds none that is longer.
  const interval = metric.outageQuantile === 1 ? null : intervalOf(measured, metric, alpha, random);
  const why =
    interval !== null || metric.outageQuantile === 1
      ? null
      : `${plural(measured.length, 'round')}, at least ${clustersMin} are needed for an interval`;
  const finite = (value: number | undefined): number | null =>
    value === undefined || !Number.isFinite(value) ? null : value;
  return { estimate, low: finite(interval?.low), high: finite(interval?.high), endless: false, from, why };
}

function intervalOf(
  rounds: readonly Round[],
  metric: Metric,
  alpha: number,
  random: Random,
): BootstrapInterval | null {
  if (metric.outageQuantile !== undefined) {
    return clusterBootstrap(rounds, (drawn) => estimateOf(drawn, metric), { alpha, random });
  }
  // The logarithms are taken once, not again for each draw.
  const logs = rounds.map((round) => Math.log(valueOf(round, metric) ?? NaN));
  const interval = clusterBootstrap(logs, meanOf, { alpha, random });
  return interval === null ? null : { low: Math.exp(interval.low), high: Math.exp(interval.high) };
}

const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

function whyNone(from: number, { outageQuantile }: Metric): string {
  if (outageQuantile !== undefined && from > 0) {
    return `from ${plural(from, 'outage')}, at least ${trialsMin(outageQuantile)} are needed`;
  }
  return 'not measured';
}
