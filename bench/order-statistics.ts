/** How sure an interval is on each of its sides. */
const errorMax = 0.05;

/**
 * The ranks, counted from 1, between which of `count` ascending independent values the q-quantile lies, whatever they are distributed like:
 * it is below the lower with at most 5 % probability, and above the upper with at most 5 %. Null: these are too few values for that.
 */
export function quantileRanks(
  count: number,
  q: number,
): { readonly low: number; readonly high: number } | null {
  // So many of the values are not above the quantile: binomial, n = count, p = q.
  const atMost = cumulativeBinomial(count, q);
  const low = atMost.findLastIndex((probability) => probability <= errorMax) + 1; // above it if at most low - 1 are not
  const high = atMost.findIndex((probability) => 1 - probability <= errorMax) + 1; // below it if at least high are not
  return low >= 1 && high <= count ? { low, high } : null;
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
