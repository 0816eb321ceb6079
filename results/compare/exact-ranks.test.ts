import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  medianOf,
  pairsMin,
  rankSumCounts,
  rankSumInterval,
  signedRankCounts,
  signedRankInterval,
} from './exact-ranks.ts';

describe('signed ranks', () => {
  test('the statistic has the distribution that trying all signs gives', () => {
    for (let n = 1; n <= 10; n++) {
      const counts = signedRankCounts(n);
      const tried = counts.map(() => 0);
      for (let signs = 0; signs < 2 ** n; signs++) {
        let sum = 0;
        for (let rank = 1; rank <= n; rank++) if (((signs >> (rank - 1)) & 1) === 1) sum += rank;
        tried[sum]!++;
      }
      expect(counts).toEqual(tried);
    }
  });

  test('critical values as in tables: n = 10, two-sided 0.05 rejects up to 8; n = 12, 0.01 up to 7', () => {
    const upTo = (n: number, w: number): number =>
      (2 *
        signedRankCounts(n)
          .slice(0, w + 1)
          .reduce((a, b) => a + b)) /
      2 ** n;
    expect(upTo(10, 8)).toBeLessThanOrEqual(0.05);
    expect(upTo(10, 9)).toBeGreaterThan(0.05);
    expect(upTo(12, 7)).toBeLessThanOrEqual(0.01);
    expect(upTo(12, 8)).toBeGreaterThan(0.01);
  });

  // Hollander & Wolfe, table 3.1: depression scores before and after a tranquilizer; R's wilcox.test gives these figures.
  test('the example of Hollander and Wolfe', () => {
    const before = [1.83, 0.5, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.3];
    const after = [0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29];
    const interval = signedRankInterval(
      after.map((value, i) => value - before[i]!),
      0.05,
    )!;
    expect(interval.estimate).toBeCloseTo(-0.46, 3);
    expect(interval.low).toBeCloseTo(-0.786, 3);
    expect(interval.high).toBeCloseTo(-0.01, 3);
    expect(interval.confidence).toBeCloseTo(1 - 20 / 512, 10);
  });

  test('it excludes zero exactly where trying all signs finds the sum of ranks too extreme', () => {
    const differences = fc.uniqueArray(
      fc.integer({ min: -1000, max: 1000 }).filter((x) => x !== 0),
      {
        minLength: 3,
        maxLength: 9,
        selector: Math.abs,
      },
    );
    fc.assert(
      fc.property(differences, fc.constantFrom(0.3, 0.1, 0.05, 0.02), (given, alpha) => {
        const interval = signedRankInterval(given, alpha);
        const excludes = interval !== null && (interval.low > 0 || interval.high < 0);
        expect(excludes).toBe(pValue(given) <= alpha);
      }),
    );
  });

  test('too few differences give no interval, and pairsMin says how many do', () => {
    for (const alpha of [0.05, 0.05 / 8, 0.05 / 54]) {
      const n = pairsMin(alpha);
      const ones = (length: number): number[] => Array.from({ length }, (_, i) => 1 + i);
      expect(signedRankInterval(ones(n), alpha)?.low).toBeGreaterThan(0);
      expect(signedRankInterval(ones(n - 1), alpha)).toBeNull();
    }
    expect(pairsMin(0.05)).toBe(6);
    expect(pairsMin(0.05 / 8)).toBe(9);
  });

  test('no difference at all is none, and an endless one is no number to choke on', () => {
    expect(signedRankInterval([0, 0, 0, 0, 0, 0, 0], 0.05)).toMatchObject({ estimate: 0, low: 0, high: 0 });
    const endless = signedRankInterval([Infinity, Infinity, 1, 2, 3, 4, 5, Infinity], 0.05)!;
    expect(endless.low).toBeGreaterThan(0);
    expect(endless.high).toBe(Infinity);
    expect(signedRankInterval([Infinity, -Infinity, 1, -1, 2, -2, 0], 0.05)!.estimate).toBe(0);
  });
});

describe('rank sums', () => {
  test('the statistic has the distribution that trying all orders gives', () => {
    for (const [m, n] of [
      [1, 1],
      [3, 4],
      [5, 2],
      [5, 5],
    ] as const) {
      const counts = rankSumCounts(m, n);
      const tried = counts.map(() => 0);
      for (let chosen = 0; chosen < 2 ** (m + n); chosen++) {
        let [u, seen, ones] = [0, 0, 0];
        for (let place = 0; place < m + n; place++) {
          if (((chosen >> place) & 1) === 1) {
            u += seen;
            ones++;
          } else seen++;
        }
        if (ones === m) tried[u]!++;
      }
      expect(counts).toEqual(tried);
    }
  });

  // Hollander & Wolfe, table 4.1: permeability of membranes at term and earlier; R gives W = 35, interval -0.76 to 0.15 (95.28 %).
  test('the example of Hollander and Wolfe', () => {
    const term = [0.8, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46];
    const early = [1.15, 0.88, 0.9, 0.74, 1.21];
    const interval = rankSumInterval(early, term, 0.05)!;
    expect(interval.estimate).toBeCloseTo(-0.305, 3);
    expect(interval.low).toBeCloseTo(-0.76, 3);
    expect(interval.high).toBeCloseTo(0.15, 3);
  });

  test('four and four say nothing at 1 %, five and five do', () => {
    expect(rankSumInterval([5, 6, 7, 8], [1, 2, 3, 4], 0.01)).toBeNull();
    expect(rankSumInterval([6, 7, 8, 9, 10], [1, 2, 3, 4, 5], 0.01)?.low).toBe(1);
  });
});

test('the median', () => {
  expect(medianOf([1, 2, 10])).toBe(2);
  expect(medianOf([1, 2, 4, 10])).toBe(3);
  expect(medianOf([1, Infinity, Infinity])).toBe(Infinity);
});

/** By trying every assignment of signs to the ranks. */
function pValue(differences: readonly number[]): number {
  const ranked = [...differences].sort((a, b) => Math.abs(a) - Math.abs(b));
  const sumOf = (isPositive: (i: number) => boolean): number =>
    ranked.reduce((sum, _, i) => sum + (isPositive(i) ? i + 1 : 0), 0);
  const seen = sumOf((i) => ranked[i]! > 0);
  const most = (ranked.length * (ranked.length + 1)) / 2;
  const extreme = Math.min(seen, most - seen);
  let count = 0;
  for (let signs = 0; signs < 2 ** ranked.length; signs++) {
    if (sumOf((i) => ((signs >> i) & 1) === 1) <= extreme) count++;
  }
  return Math.min(1, (2 * count) / 2 ** ranked.length);
}
