import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { cdfOf, latencyWindowsOf } from './latency-windows.ts';
import { rowsBuilder } from './operation-rows.ts';

/** One client: operation i begins at i ms and takes i + 1 microseconds. */
function rowsOf(count: number) {
  const builder = rowsBuilder({ textCharactersMax: 10, allTextCharactersMax: 10 });
  for (let i = 0; i < count; i++) {
    builder.add({ index: 2 * i, time: i * 1e6, process: 0, type: 'invoke', f: 'read', key: 'x' });
    builder.add({
      index: 2 * i + 1,
      time: i * 1e6 + (i + 1) * 1000,
      process: 0,
      type: 'ok',
      f: 'read',
      key: 'x',
    });
  }
  return builder.rows();
}

test('each fault divides what lies between its neighbours', () => {
  const faults = [
    { id: 'f1', begin: 90e6, effect: 100e6, end: 200e6 },
    { id: 'f2', begin: 400e6, effect: null, end: 500e6 },
  ];
  const windows = latencyWindowsOf(rowsOf(1000), faults, { from: 50e6, to: 900e6 });
  expect(windows.map(({ name, count }) => `${name}: ${count}`)).toEqual([
    'whole run: 1000',
    'before f1: 50',
    'during f1: 100',
    'after f1: 200',
    'before f2: 200',
    'during f2: 100',
    'after f2: 400',
  ]);
  // Percentiles only where there are enough values: 30 for p90, 300 for p99.
  expect(windows[2]).toMatchObject({ p50Ms: 0.15, p90Ms: 0.19, p99Ms: null, maxMs: 0.2 });
  expect(windows[6]).toMatchObject({ p99Ms: 0.896, maxMs: 0.9 });
});

test('a distribution has few points, rises, and ends with the slowest', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(5000), { minLength: 1, maxLength: 1000 }), (values) => {
      const points = cdfOf(Float64Array.from(values).sort());
      expect(points.length).toBeLessThanOrEqual(200);
      expect(points.at(-1)).toEqual([Math.max(...values), 1]);
      for (const [i, [ms, share]] of points.entries()) {
        expect(ms).toBeGreaterThanOrEqual(points[i - 1]?.[0] ?? 0);
        expect(share).toBeGreaterThan(points[i - 1]?.[1] ?? 0);
        const noLonger = values.filter((value) => value <= ms).length / values.length;
        expect(share).toBeLessThanOrEqual(noLonger + 1e-6);
      }
    }),
    { numRuns: 50 },
  );
});
