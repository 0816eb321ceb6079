/** An interval for a difference, with the confidence that it really has: ranks are discrete, so it is at least what was asked for. */
export interface RankInterval {
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
  readonly confidence: number;
}

/**
 * The interval that inverts Wilcoxon's signed-rank test, with the Hodges-Lehmann estimate [Hollander & Wolfe 1973, sections 3.2 and 3.3].
 * It holds for every distribution that is symmetric about the difference, however wide its tails: and the difference of two runs of the
 * same build, made in the same round, is as likely to be x as -x. Null where so few differences can never be so sure: the surest
 * thing that n of them can say is that all have one sign, which chance says with probability 2^(1-n).
 */
export function signedRankInterval(differences: readonly number[], alpha: number): RankInterval | null {
  return cut(walshAverages(differences), signedRankCounts(differences.length), alpha);
}

/** The means of all pairs, each value with itself among them; their median is the Hodges-Lehmann estimate. */
export function walshAverages(differences: readonly number[]): number[] {
  const averages: number[] = [];
  for (const [i, one] of differences.entries()) {
    for (let j = i; j < differences.length; j++) averages.push(middle(one, differences[j] ?? NaN));
  }
  return averages;
}

/**
 * The interval that inverts the rank-sum test of Wilcoxon, Mann and Whitney for two samples that have nothing to do with each other, as a
 * comparison of today and a stored one [Hollander & Wolfe 1973, sections 4.2 and 4.3]. Null where the samples are too small.
 */
export function rankSumInterval(
  sample: readonly number[],
  from: readonly number[],
  alpha: number,
): RankInterval | null {
  const differences = sample.flatMap((a) => from.map((b) => difference(a, b)));
  return cut(differences, rankSumCounts(sample.length, from.length), alpha);
}

/** How many differences it takes to be so sure at all: nine for 0.05 over eight comparisons. */
export const pairsMin = (alpha: number): number => Math.ceil(1 - Math.log2(alpha) - 1e-9);

/** Two outages that never ended differ by nothing. */
export const difference = (a: number, b: number): number => (a === b ? 0 : a - b);

const middle = (a: number, b: number): number => (a === -b ? 0 : (a + b) / 2);

/** Leaves away as many values on each side as the statistic, which counts those on one side of the truth, may be extreme. */
function cut(values: readonly number[], counts: readonly number[], alpha: number): RankInterval | null {
  const total = counts.reduce((sum, count) => sum + count, 0);
  let tail = 0;
  let confidence: number | null = null;
  let k = 0;
  for (;;) {
    tail += counts[k] ?? 0;
    if (2 * tail > alpha * total || k >= values.length / 2) break;
    k++;
    confidence = 1 - (2 * tail) / total;
  }
  const ascending = Float64Array.from(values).sort();
  const low = ascending[k - 1];
  const high = ascending[values.length - k];
  if (confidence === null || low === undefined || high === undefined) return null;
  return { estimate: medianOf(ascending), low, high, confidence };
}

/** counts[w]: the subsets of 1..n with the sum w, which are the ways of the signs to give that statistic. */
export function signedRankCounts(n: number): number[] {
  let counts = [1];
  for (let rank = 1; rank <= n; rank++) {
    const next = Array.from({ length: counts.length + rank }, () => 0);
    for (const [sum, count] of counts.entries()) {
      next[sum] = (next[sum] ?? 0) + count;
      next[sum + rank] = (next[sum + rank] ?? 0) + count;
    }
    counts = next;
  }
  return counts;
}

/** counts[u]: the ways to lay m and n values in one row such that u pairs stand in the wrong order. */
export function rankSumCounts(m: number, n: number): number[] {
  // Gaussian binomial coefficients: the product of (1 - q^(n+i)) / (1 - q^i) for i = 1..m.
  const length = m * n + 1;
  const counts = Array.from({ length }, (_, u) => Number(u === 0));
  for (let i = 1; i <= m; i++) {
    for (let u = length - 1; u >= n + i; u--) counts[u] = (counts[u] ?? 0) - (counts[u - n - i] ?? 0);
    for (let u = i; u < length; u++) counts[u] = (counts[u] ?? 0) + (counts[u - i] ?? 0);
  }
  return counts;
}

export function medianOf(ascending: ArrayLike<number>): number {
  const half = ascending.length / 2;
  const low = ascending[Math.ceil(half) - 1] ?? NaN;
  const high = ascending[Math.floor(half)] ?? NaN;
  return low === high ? low : (low + high) / 2;
}
