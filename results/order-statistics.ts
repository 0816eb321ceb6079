import { quantile, trialsMin } from './statistics.ts';

/** How sure an interval is on each of its sides. */
export const errorMax = 0.05;

/** Ranks in ascending values, counted from 1; null: so few values bound the quantile on this side by nothing. */
export interface QuantileRanks {
  readonly low: number | null;
  readonly high: number | null;
}

/**
 * Between which of `count` ascending independent values the q-quantile lies, whatever they are distributed like: it is below the lower with
 * at most 5 % probability, and above the upper with at most 5 % [David and Nagaraja, Order Statistics, 7.1].
 */
export function quantileRanks(count: number, q: number): QuantileRanks {
  // So many of the values are not above the quantile: binomial, n = count, p = q.
  const atMost = cumulativeBinomial(count, q);
  const low = atMost.findLastIndex((probability) => probability <= errorMax) + 1; // above it if at most low - 1 are not
  const high = atMost.findIndex((probability) => 1 - probability <= errorMax) + 1; // below it if at least high are not
  return { low: low >= 1 ? low : null, high: high >= 1 && high <= count ? high : null };
}

/** P(at most k of n) for k from 0 to n. */
function cumulativeBinomial(n: number, p: number): number[] {
  let logTerm = n * Math.log1p(-p);
  let sum = 0;
  return Array.from({ length: n + 1 }, (_, k) => {
    if (k > 0) logTerm += Math.log((n - k + 1) / k) + Math.log(p) - Math.log1p(-p);
    sum += Math.exp(logTerm);
    return sum;
  });
}

/** A quantile as far as a sample tells of it. All null: it tells nothing. Values are whatever was measured, Infinity among them. */
export interface QuantileEstimate {
  /** From enough trials only; null: from fewer it would be a name for the maximum. */
  readonly value: number | null;
  /** The true value is below this with at most 5 % probability; null: no value bounds it. */
  readonly low: number | null;
  /** The true value is above this with at most 5 % probability; null: no value bounds it. */
  readonly high: number | null;
  /** How many trials `value` needs. */
  readonly trialsNeeded: number;
}

/** Of ascending independent values. */
export function estimateQuantile(ascending: readonly number[], q: number): QuantileEstimate {
  const ranks = quantileRanks(ascending.length, q);
  const at = (rank: number | null): number | null => (rank === null ? null : (ascending[rank - 1] ?? null));
  const trialsNeeded = trialsMin(q);
  return {
    value: ascending.length < trialsNeeded ? null : quantile(ascending, q),
    low: at(ranks.low),
    high: at(ranks.high),
    trialsNeeded,
  };
}
