import { describe, expect, test } from '@jest/globals';
import { makeRandom, type Random } from '../core/random.ts';
import { normalCdf, studentCdf, studentQuantile } from './bootstrap-quantiles.ts';
import { clusterBootstrap, expandedTail, percentiles } from './bootstrap.ts';

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

describe('quantiles', () => {
  test('of Student as in tables', () => {
    for (const [p, degrees, t] of [
      [0.975, 1, 12.7062047],
      [0.975, 4, 2.7764451],
      [0.975, 9, 2.2621572],
      [0.995, 9, 3.2498355],
      [0.9995, 14, 4.1404541],
      [0.975, 1000, 1.9623391],
    ] as const) {
      expect(studentQuantile(p, degrees)).toBeCloseTo(t, 5);
      expect(studentQuantile(1 - p, degrees)).toBeCloseTo(-t, 5);
    }
    expect(studentQuantile(0.5, 3)).toBe(0);
  });

  test('of the normal distribution as in tables', () => {
    expect(normalCdf(0)).toBeCloseTo(0.5, 9);
    expect(normalCdf(-1.959964)).toBeCloseTo(0.025, 5);
    expect(normalCdf(2.575829)).toBeCloseTo(0.995, 5);
  });

  test('the distribution is the area under its density', () => {
    for (const degrees of [1, 2, 5, 30]) {
      const density = (t: number): number => (1 + (t * t) / degrees) ** (-(degrees + 1) / 2);
      const area = (from: number, to: number): number => {
        const steps = 200_000;
        const width = (to - from) / steps;
        return mean(Array.from({ length: steps }, (_, i) => density(from + (i + 0.5) * width))) * (to - from);
      };
      const whole = 2 * area(0, 4000);
      for (const t of [0.3, 1, 2.5]) expect(studentCdf(t, degrees)).toBeCloseTo(0.5 + area(0, t) / whole, 3);
    }
  });
});

describe('cluster bootstrap', () => {
  test('fewer than five clusters give no interval', () => {
    expect(clusterBootstrap([1, 2, 3, 4], mean, { alpha: 0.05, random: makeRandom(1) })).toBeNull();
    expect(clusterBootstrap([1, 2, 3, 4, 5], mean, { alpha: 0.05, random: makeRandom(1) })).not.toBeNull();
  });

  test('a seed decides it', () => {
    const of = (seed: number) =>
      clusterBootstrap([3, 1, 4, 1, 5, 9], mean, { alpha: 0.05, random: makeRandom(seed), resamples: 500 });
    expect(of(7)).toEqual(of(7));
  });

  test('close to every resample that there is, counted out', () => {
    const clusters = [3, 1, 4, 1.5, 5];
    const all: number[] = [];
    for (let code = 0; code < 5 ** 5; code++) {
      all.push(mean([0, 1, 2, 3, 4].map((i) => clusters[Math.floor(code / 5 ** i) % 5]!)));
    }
    const exact = percentiles(all, expandedTail(5, 0.2))!;
    const drawn = clusterBootstrap(clusters, mean, { alpha: 0.2, random: makeRandom(3), resamples: 20_000 })!;
    expect(Math.abs(drawn.low - exact.low)).toBeLessThan(0.11);
    expect(Math.abs(drawn.high - exact.high)).toBeLessThan(0.11);
  });

  test('whole clusters are drawn: rounds that differ make it wider than their many like values would', () => {
    const rounds = [10, 12, 14, 16, 18, 20].map((centre) => Array.from({ length: 100 }, () => centre));
    const interval = clusterBootstrap(rounds, (drawn) => mean(drawn.flat()), {
      alpha: 0.05,
      random: makeRandom(5),
    })!;
    expect(interval.high - interval.low).toBeGreaterThan(5);
  });

  test('the mean of a few normal values is covered as often as it says', () => {
    const random = makeRandom(11);
    const covered = Array.from({ length: 400 }, () => {
      const clusters = Array.from({ length: 8 }, () => normal(random));
      const { low, high } = clusterBootstrap(clusters, mean, { alpha: 0.05, random, resamples: 400 })!;
      return low <= 0 && high >= 0 ? 1 : 0;
    });
    expect(mean(covered)).toBeGreaterThan(0.91);
    expect(mean(covered)).toBeLessThan(0.99);
  });
});

const normal = (random: Random): number =>
  Math.sqrt(-2 * Math.log(1 - random.unit())) * Math.cos(2 * Math.PI * random.unit());
