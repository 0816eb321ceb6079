import { expect, test } from '@jest/globals';
import { durationText, niceStep, ticksBetween, timeText } from './ticks.ts';

test('steps are 1, 2 or 5 times a power of ten', () => {
  expect([1, 1.1, 2, 3, 5, 7, 0.03, 200, 100_000].map(niceStep)).toEqual([
    1, 2, 2, 5, 5, 10, 0.05, 200, 100_000,
  ]);
});

test('ticks are multiples of a step within the range, both ends included', () => {
  expect(ticksBetween(0, 10, 5)).toEqual([0, 2, 4, 6, 8, 10]);
  expect(ticksBetween(3, 11, 4)).toEqual([4, 6, 8, 10]);
  expect(ticksBetween(1_000_000, 1_000_010, 2)).toEqual([1_000_000, 1_000_005, 1_000_010]);
});

test('times have the decimals that their step needs, lengths three digits', () => {
  expect([
    timeText(1.5e9, 5e8),
    timeText(1.5e9, 1e9),
    timeText(4_012_800_000, 1e5),
    timeText(1.2e12, 1e9),
  ]).toEqual(['1.5 s', '2 s', '4.0128 s', '1,200 s']);
  expect([0, 999, 1000, 15_500, 731_000, 999_600, 1_180_000_000, 40e9, 3600e9].map(durationText)).toEqual([
    '0 ns',
    '999 ns',
    '1 µs',
    '15.5 µs',
    '731 µs',
    '1 ms',
    '1.18 s',
    '40 s',
    '3,600 s',
  ]);
});
