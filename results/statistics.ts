/** Of a set of measured lengths; all null when there were none. */
export interface Distribution {
  readonly count: number;
  readonly p50Ms: number | null;
  readonly p90Ms: number | null;
  readonly p99Ms: number | null;
  readonly maxMs: number | null;
}

/** The value of nearest rank in ascending values: the smallest that at least the share `q` of them does not exceed. */
export function quantile(ascending: ArrayLike<number>, q: number): number | null {
  const rank = Math.max(1, Math.ceil(q * ascending.length - 1e-9)); // 0.07 * 100 is a little above 7
  return ascending[rank - 1] ?? null;
}

/** By an exact sort: runs are short enough that no histogram has to approximate. */
export function distributionOf(valuesMs: readonly number[]): Distribution {
  const ascending = Float64Array.from(valuesMs).sort();
  const at = (q: number): number | null => rounded(quantile(ascending, q));
  return { count: ascending.length, p50Ms: at(0.5), p90Ms: at(0.9), p99Ms: at(0.99), maxMs: at(1) };
}

/** Three decimals: microseconds, which is finer than anything here can be measured. */
export function rounded(value: number): number;
export function rounded(value: number | null): number | null;
export function rounded(value: number | null): number | null {
  return value === null ? null : Math.round(value * 1000) / 1000;
}

/**
 * How many trials a claimed quantile needs. The largest of n values exceeds the q-quantile with probability 1 - q^n, so with
 * 3 / (1 - q) values it does with 95 %: from fewer, "p99" would be a name for the maximum. 300 for p99, 30 for p90, 6 for p50.
 */
export const trialsMin = (q: number): number => (q >= 1 ? 1 : Math.ceil(3 / (1 - q) - 1e-9));
