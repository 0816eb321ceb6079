import { expect, test } from '@jest/globals';
import { makeRandom } from '../../core/random.ts';
import { estimateOf, figureOf, geometricMean } from './figures.ts';
import { metricOf } from './metrics.ts';
import { round } from './synthetic.test-data.ts';

const figure = (rounds: Parameters<typeof figureOf>[0], name = 'p50') =>
  figureOf(rounds, metricOf(name)!, 0.05, makeRandom(1));

test('the mean of factors', () => {
  expect(geometricMean([1, 100])).toBeCloseTo(10);
  expect(geometricMean([])).toBeNull();
});

test('a figure is the mean over rounds, with an interval that holds it', () => {
  const found = figure([1, 1.1, 0.9, 1.2, 1, 1.05].map((value, i) => round(i + 1, { p50: value })));
  expect(found).toMatchObject({ from: 6, endless: false, why: null });
  expect(found.low!).toBeLessThan(found.estimate!);
  expect(found.high!).toBeGreaterThan(found.estimate!);
  expect(found.low!).toBeGreaterThanOrEqual(0.9);
});

test('fewer than five rounds have no interval, and say so', () => {
  const found = figure([1, 1.1, 0.9, 1.2].map((value, i) => round(i + 1, { p50: value })));
  expect(found).toMatchObject({ low: null, high: null, from: 4 });
  expect(found.why).toBe('4 rounds, at least 5 are needed for an interval');
});

test('a round without the figure, or with trouble, does not count', () => {
  const rounds = [
    round(1, { cpu: 2 }),
    round(2, { cpu: null }),
    round(3, { cpu: 9 }, { trouble: 'disk full' }),
  ];
  expect(estimateOf(rounds, metricOf('cpu')!)).toBeCloseTo(2);
  expect(figure(rounds, 'cpu').from).toBe(1);
});

test('a quantile that the slow rounds lack is not claimed from the fast ones', () => {
  const rounds = [round(1, { p99: 2 }), round(2, { p99: 3 }), round(3, { p99: null })];
  expect(figure(rounds, 'p99')).toMatchObject({
    estimate: null,
    why: '1 round had too few ok operations for it',
  });
  const troubled = [...rounds.slice(0, 2), round(3, {}, { trouble: 'disk full' })];
  expect(figure(troubled, 'p99').estimate).not.toBeNull();
});

test('quantiles of outages are those of all rounds together, from enough of them', () => {
  const rounds = Array.from({ length: 15 }, (_, i) => round(i + 1, {}, { outagesMs: [100 + i, 200 + i] }));
  expect(figure(rounds, 'outage.p50')).toMatchObject({ estimate: 114, from: 30 });
  expect(figure(rounds, 'outage.p90').estimate).toBe(211);
  expect(figure(rounds, 'outage.p99')).toMatchObject({
    estimate: null,
    why: 'from 30 outages, at least 300 are needed',
  });
  expect(figure(rounds, 'outage.max')).toMatchObject({ estimate: 214, low: null, high: null, why: null });
});

test('an outage without end is no number', () => {
  const rounds = Array.from({ length: 6 }, (_, i) => round(i + 1, {}, { outagesMs: [null] }));
  expect(figure(rounds, 'outage.p50')).toMatchObject({ estimate: null, endless: true });
  expect(figure(rounds, 'outage')).toMatchObject({ estimate: null, endless: true });
});
