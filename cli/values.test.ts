import { duration, durationText, fineDuration, positiveNumber, wholeNumber, Wrong } from './values.ts';

test.each([
  ['500ms', 500],
  ['5s', 5000],
  ['1.5m', 90_000],
  ['2h', 7_200_000],
])('%s is %d ms', (text, ms) => {
  expect(duration(0, 1e9)(text)).toBe(ms);
});

test.each(['5', 's', '-1s', '1.s', '1 year', '', '1e3s', '5s5'])("'%s' is no duration", (text) => {
  expect(() => duration(0, 1e9)(text)).toThrow(Wrong);
});

test('durations have limits, which the error names', () => {
  expect(() => duration(1000, 60_000)('500ms')).toThrow("'500ms' is not between 1s and 1m");
});

test('a duration written is the duration read', () => {
  for (const ms of [0, 1, 999, 1000, 1500, 1234, 60_000, 90_000, 3_600_000, 86_400_000, 61_234]) {
    expect(duration(0, 1e9)(durationText(ms))).toBe(ms);
  }
});

test('fine durations keep fractions of a millisecond', () => {
  const fine = fineDuration(0, 60_000);
  expect(fine('0.25ms')).toBe(0.25);
  expect(fine('0.0105s')).toBe(10.5);
  expect(fine('0.0001ms')).toBe(0);
  expect(duration(0, 60_000)('0.25ms')).toBe(0);
  for (const ms of [0, 0.001, 0.25, 2.5, 5, 1500, 1234.567]) expect(fine(durationText(ms))).toBe(ms);
  expect(() => fine('61s')).toThrow("'61s' is not between 0ms and 1m");
});

test('whole numbers', () => {
  expect(wholeNumber(1, 9)('3')).toBe(3);
  expect(wholeNumber(0, 1e6)('100_000')).toBe(100_000);
  for (const text of ['0', '10', '3.5', '0x3', '', ' ', 'three', '1e0']) {
    expect(() => wholeNumber(1, 9)(text)).toThrow(Wrong);
  }
});

test('positive numbers', () => {
  expect(positiveNumber(100)('0.5')).toBe(0.5);
  for (const text of ['0', '-1', '101', 'NaN', '', 'Infinity']) {
    expect(() => positiveNumber(100)(text)).toThrow(Wrong);
  }
});
