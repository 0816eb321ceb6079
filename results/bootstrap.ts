import type { Random } from '../core/random.ts';
import { normalCdf, studentQuantile } from './bootstrap-quantiles.ts';
import { quantile } from './statistics.ts';

export interface BootstrapInterval {
  readonly low: number;
  readonly high: number;
}

/** Fewer give no interval: what five rounds have not shown, drawing from them again does not show either. */
export const clustersMin = 5;

const resamplesByDefault = 2000;

/**
 * A bootstrap interval of a statistic over clusters: whole rounds are drawn, with replacement, since operations of one round depend on each
 * other and rounds do not. Percentiles of a few clusters come out too narrow; they are taken further out, as far as Student's t is
 * wider than the normal distribution [Hesterberg 2015, "What Teachers Should Know About the Bootstrap", section 5.3: the expanded
 * percentile interval]. Null below `clustersMin` clusters, and where the statistic is not defined.
 */
export function clusterBootstrap<T>(
  clusters: readonly T[],
  statistic: (drawn: readonly T[]) => number | null,
  options: { readonly alpha: number; readonly random: Random; readonly resamples?: number },
): BootstrapInterval | null {
  const n = clusters.length;
  if (n < clustersMin) return null;
  const { alpha, random, resamples = resamplesByDefault } = options;
  const values: number[] = [];
  const drawn = [...clusters];
  for (let i = 0; i < resamples; i++) {
    for (let at = 0; at < n; at++) drawn[at] = random.pick(clusters);
    const value = statistic(drawn);
    // A draw without what is measured (rounds in which no fault took effect) says nothing.
    if (value !== null && !Number.isNaN(value)) values.push(value);
  }
  return percentiles(values, expandedTail(n, alpha));
}

/** The values between which all but a share `tail` on each side lie. */
export function percentiles(values: readonly number[], tail: number): BootstrapInterval | null {
  const ascending = Float64Array.from(values).sort();
  const low = quantile(ascending, tail);
  const high = quantile(ascending, 1 - tail);
  return low === null || high === null ? null : { low, high };
}

/** The share that lies beyond each end, for n clusters and two-sided `alpha`. */
export function expandedTail(n: number, alpha: number): number {
  return normalCdf(Math.sqrt(n / (n - 1)) * studentQuantile(alpha / 2, n - 1));
}
