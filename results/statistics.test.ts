import fc from 'fast-check';
import { distributionOf, quantile, trialsMin } from './statistics.ts';

/** Counts instead of computing a rank. */
function naiveQuantile(values: readonly number[], q: number): number | null {
  const candidates = values.filter(
    (value) => values.filter((other) => other <= value).length >= q * values.length - 1e-9,
  );
  return candidates.length === 0 ? null : Math.min(...candidates);
}

test('quantiles agree with counting', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { maxLength: 150 }),
      fc.integer({ min: 1, max: 100 }),
      (values, percent) => {
        const ascending = [...values].sort((a, b) => a - b);
        expect(quantile(ascending, percent / 100)).toBe(naiveQuantile(values, percent / 100));
      },
    ),
  );
});

test('a distribution of a hundred numbers', () => {
  const values = Array.from({ length: 100 }, (_, i) => ((i * 37) % 100) + 1);
  expect(distributionOf(values)).toEqual({ count: 100, p50Ms: 50, p90Ms: 90, p99Ms: 99, maxMs: 100 });
});

test('numbers are ordered as numbers', () => {
  expect(distributionOf([10, 9, 100]).maxMs).toBe(100);
});

test('nothing measured is nothing claimed', () => {
  expect(distributionOf([])).toEqual({ count: 0, p50Ms: null, p90Ms: null, p99Ms: null, maxMs: null });
});

test('a quantile needs trials beyond it', () => {
  expect([trialsMin(0.5), trialsMin(0.9), trialsMin(0.99), trialsMin(1)]).toEqual([6, 30, 300, 1]);
});
