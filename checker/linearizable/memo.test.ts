import { makeMemo, makeWindowedMemo } from './memo.ts';

const row = (...numbers: number[]): Int32Array => Int32Array.from(numbers);

test('a row is new once', () => {
  const memo = makeMemo(2, 2);
  for (let i = 0; i < 1000; i++) expect(memo.add(row(i % 7, i))).toBe(true);
  for (let i = 0; i < 1000; i++) expect(memo.add(row(i % 7, i))).toBe(false);
  expect(memo.bytes()).toBeGreaterThan(8000);
});

test('what used fewer unknown operations covers what used more', () => {
  const memo = makeMemo(1, 3);
  expect(memo.add(row(1, 2, 2))).toBe(true);
  expect(memo.add(row(1, 2, 3))).toBe(false);
  expect(memo.add(row(1, 1, 3))).toBe(true); // neither covers the other
  expect(memo.add(row(1, 1, 1))).toBe(true); // covers both
  expect(memo.add(row(1, 1, 2))).toBe(false);
  expect(memo.add(row(2, 9, 9))).toBe(true);
});

test('old blocks are forgotten, their gates are not', () => {
  const memo = makeWindowedMemo(1, 1, 100_000);
  expect(memo.add(row(-1), 1, true)).toBe(true);
  for (let i = 0; i < 200_000; i++) memo.add(row(i), Math.floor(i / 4096), false);
  expect(memo.bytes()).toBeLessThan(400_000);
  expect(memo.add(row(3), 0, false)).toBe(true);
  expect(memo.add(row(199_999), Math.floor(199_999 / 4096), false)).toBe(false);
  expect(memo.add(row(-1), 1, true)).toBe(false);
});
