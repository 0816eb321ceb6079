import { expect, test } from '@jest/globals';
import { lateness, paceOf } from './failover-pace.ts';

/** Moments at which one operation was due, milliseconds; a client was free for those before 20. */
const asksAt = (...ms: readonly number[]) =>
  ms.map((at) => ({ time: at * 1e6, due: 1, begun: at < 20 ? 1 : 0 }));
const tempo = { suspectMs: 200, askEveryMs: 1 };
const span = { from: 10e6, served: 100e6, to: 200e6 };
const every = (fromMs: number, toMs: number): number[] =>
  Array.from({ length: toMs - fromMs }, (_, i) => fromMs + i);

test('the probe may be late by 20 ms in an outage and by 50 ms after it, whatever it does before the fault and after the end', () => {
  expect(lateness(asksAt(...every(0, 250)), span, tempo)).toBeNull();
  expect(lateness(asksAt(...every(0, 30), ...every(50, 250)), span, tempo)).toBeNull();
  expect(lateness(asksAt(...every(0, 30), ...every(52, 250)), span, tempo)).toBe(
    'the probe asked 22 ms too late',
  );
  expect(lateness(asksAt(...every(0, 120), ...every(165, 250)), span, tempo)).toBeNull();
  expect(lateness(asksAt(...every(0, 120), ...every(172, 250)), span, tempo)).toMatch(/52 ms/);
  expect(lateness(asksAt(0, 9, ...every(10, 201), 290), span, tempo)).toBeNull();
});

test('a slow probe is not late because it is slow, and a quick detector allows less', () => {
  const slow = asksAt(0, 30, 60, 90, 120, 150, 180, 210);
  expect(lateness(slow, span, tempo)).not.toBeNull();
  expect(lateness(slow, span, { ...tempo, askEveryMs: 30 })).toBeNull();
  const gap = asksAt(...every(0, 30), ...every(44, 250));
  expect(lateness(gap, span, tempo)).toBeNull();
  expect(lateness(gap, span, { ...tempo, suspectMs: 30 })).not.toBeNull();
});

test('a probe that stood still through an outage is seen to, though it asked at neither end', () => {
  expect(lateness(asksAt(0, 5, 195, 199, 205), span, tempo)).toMatch(/189 ms/);
});

test('the pace has the gaps of the outage, and how much was left out', () => {
  expect(paceOf(asksAt(9, 11, 18, 22, 104, 300), 10e6, 100e6)).toEqual({
    gapsMs: [2, 7, 4, 82],
    due: 3,
    begun: 2,
  });
});
