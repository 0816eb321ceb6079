import { makeMemo, makeWindowedMemo } from './memo.ts';

const row = (...numbers: number[]): Int32Array => Int32Array.from(numbers);
/** As if a number of used counts were itself a count. */
const isWithin = (a: number, b: number): boolean => a <= b;

test('a row is new once', () => {
  const memo = makeMemo({ keyLength: 2, rowLength: 3, isWithin });
  for (let i = 0; i < 5000; i++) expect(memo.add(row(i % 7, i, 0))).toBe(true);
  for (let i = 0; i < 5000; i++) expect(memo.add(row(i % 7, i, 0))).toBe(false);
  expect(memo.bytes()).toBeGreaterThan(5000 * 12);
  expect(memo.bytes()).toBeLessThan(5000 * 12 * 3);
  memo.clear();
  expect(memo.add(row(1, 1, 0))).toBe(true);
});

test('what used fewer unknown operations covers what used more', () => {
  const memo = makeMemo({ keyLength: 1, rowLength: 2, isWithin });
  expect(memo.add(row(1, 2))).toBe(true);
  expect(memo.add(row(1, 3))).toBe(false);
  expect(memo.add(row(1, 1))).toBe(true);
  expect(memo.add(row(1, 2))).toBe(false);
  expect(memo.add(row(2, 9))).toBe(true);
});

test('fewer burdens cover more, in all words and the counts', () => {
  const memo = makeMemo({ keyLength: 1, rowLength: 4, isWithin });
  expect(memo.add(row(1, 0b0110, 0, 5))).toBe(true);
  expect(memo.add(row(1, 0b1110, 0, 5))).toBe(false);
  expect(memo.add(row(1, 0b0110, 1, 6))).toBe(false);
  expect(memo.add(row(1, 0b0101, 0, 5))).toBe(true); // neither covers the other
  expect(memo.add(row(1, 0b1111, 0, 4))).toBe(true);
  expect(memo.add(row(1, 0b0100, 0, 4))).toBe(true); // covers all
  expect(memo.add(row(1, 0b0110, 0, 5))).toBe(false);
  expect(memo.add(row(1, 1 << 31, 0, 9))).toBe(true);
});

test('many rows of one key that cover none of each other are all remembered', () => {
  const memo = makeMemo({ keyLength: 1, rowLength: 3, isWithin });
  const count = 1000;
  for (let i = 0; i < count; i++) expect(memo.add(row(7, 1 << (i % 30), count - i))).toBe(i < 30 || i >= 0);
  for (let i = count - 30; i < count; i++) expect(memo.add(row(7, 1 << (i % 30), count - i))).toBe(false);
});

test('old blocks are forgotten, their gates are not', () => {
  const memo = makeWindowedMemo({ keyLength: 1, rowLength: 2, isWithin }, 100_000);
  expect(memo.add(row(-1, 0), 1, true)).toBe(true);
  for (let i = 0; i < 200_000; i++) memo.add(row(i, 0), Math.floor(i / 4096), false);
  expect(memo.bytes()).toBeLessThan(400_000);
  expect(memo.add(row(3, 0), 0, false)).toBe(true);
  expect(memo.add(row(199_999, 0), Math.floor(199_999 / 4096), false)).toBe(false);
  expect(memo.add(row(-1, 0), 1, true)).toBe(false);
  memo.clear();
  expect(memo.add(row(-1, 0), 1, true)).toBe(true);
});
