import { expect, test } from '@jest/globals';
import { makeRandom } from '../core/random.ts';
import { estimateQuantile, quantileRanks } from './order-statistics.ts';
import { trialsMin } from './statistics.ts';

const ranksUpTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1);

test('ranks are those of the sign test on the median', () => {
  // Conover, Practical Nonparametric Statistics, table A3: of 20 values the 6th and the 15th bound the median, each side at most 2.07 %;
  // at most 5 % a side leaves the same, since the next ranks have 5.77 %.
  expect(quantileRanks(20, 0.5)).toEqual({ low: 6, high: 15 });
});

test('a quantile is bounded from above from as many trials as it may be claimed from', () => {
  for (const q of [0.5, 0.9, 0.95, 0.99]) {
    const enough = trialsMin(q);
    expect(quantileRanks(enough, q).high).not.toBeNull();
    expect(quantileRanks(Math.floor(enough * 0.8), q).high).toBeNull();
  }
});

test('few values bound a high quantile from below, and do not claim it', () => {
  expect(estimateQuantile(ranksUpTo(20), 0.99)).toEqual({
    value: null,
    low: 19,
    high: null,
    trialsNeeded: 300,
  });
  expect(estimateQuantile(ranksUpTo(300), 0.99)).toMatchObject({ value: 297, low: 294, high: 300 });
  expect(estimateQuantile([], 0.5)).toMatchObject({ value: null, low: null, high: null });
});

test('each side misses the true quantile in about 5 % of samples and no more', () => {
  const random = makeRandom(1);
  const samples = 2000;
  const missed = { low: 0, high: 0 };
  for (let i = 0; i < samples; i++) {
    const ascending = Array.from({ length: 60 }, () => random.unit()).sort((a, b) => a - b);
    const { low, high } = estimateQuantile(ascending, 0.9);
    if (low !== null && low > 0.9) missed.low += 1;
    if (high !== null && high < 0.9) missed.high += 1;
  }
  for (const side of [missed.low, missed.high]) {
    expect(side / samples).toBeLessThan(0.065);
    expect(side / samples).toBeGreaterThan(0.01); // an interval that never misses claims less than it could
  }
});
