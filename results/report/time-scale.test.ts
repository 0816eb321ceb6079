import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { eventScale, roundSteps } from './time-scale.ts';

test('places keep the order of times and stay inside', () => {
  const times = fc.array(fc.nat(1_000_000), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(times, fc.nat(1_000_000), fc.nat(1_000_000), (some, a, b) => {
      const scale = eventScale(some, 10, 100);
      const [before, after] = [scale(Math.min(a, b)), scale(Math.max(a, b))];
      expect(before).toBeLessThanOrEqual(after + 1e-9);
      expect(before).toBeGreaterThanOrEqual(10);
      expect(after).toBeLessThanOrEqual(100 + 1e-9);
    }),
  );
});

test('a millisecond between seconds still has room', () => {
  const scale = eventScale([0, 1_000_000, 1_001_000, 2_000_000], 0, 100);
  expect(scale(0)).toBe(0);
  expect(scale(2_000_000)).toBeCloseTo(100);
  expect(scale(1_001_000) - scale(1_000_000)).toBeGreaterThan(10);
});

test.each([
  [5.3, 10, [0, 1, 2, 3, 4, 5]],
  [0.7, 4, [0, 0.2, 0.4, 0.6]],
  [4000, 4, [0, 1000, 2000, 3000, 4000]],
  [0, 4, [0]],
])('round steps to %d, at most %d', (to, max, steps) => {
  expect(roundSteps(to, max)).toEqual(steps);
});
