import { describe, expect, test } from '@jest/globals';
import { combineAnswers, judgeFailoverSlos, parseFailoverSlo } from './slo.ts';
import { trial, trialsUpTo } from './test-data.ts';
import type { TrialLine } from './trial.ts';

const answer = (slo: string, lines: readonly TrialLine[], faults: readonly string[] = ['kill:primary']) => {
  const results = judgeFailoverSlos([parseFailoverSlo(slo, '--slo')], faults, lines);
  return { combined: combineAnswers(results), reason: results[0]?.reason };
};

describe('three answers', () => {
  test.each([
    ['outage.p99<301ms', 300, 'met'],
    ['outage.p99<=300ms', 300, 'met'],
    ['outage.p99<300ms', 300, 'undecided'], // its interval is [294, 300]
    ['outage.p99<294ms', 300, 'missed'],
    ['outage.p99<1s', 299, 'met'], // 0.99^299 < 5 %: bounded, though not yet claimed as a value
    ['outage.p99<1s', 298, 'undecided'],
    ['outage.p99<10ms', 20, 'missed'], // from below, few trials tell enough
    ['outage.max<21ms', 20, 'met'],
    ['outage.max<20ms', 20, 'missed'],
    ['outage.max<1s', 0, 'undecided'],
  ] as const)('%s from %i trials: %s', (slo, count, expected) => {
    expect(answer(slo, trialsUpTo(count)).combined).toBe(expected);
  });

  test('an outage that did not end meets no bound, however high', () => {
    const lines = [...trialsUpTo(20), trial(null)];
    expect(answer('outage.max<10m', lines).combined).toBe('missed');
    expect(answer('outage.p50<1s', lines).combined).toBe('met');
  });

  test('every fault is held to it, and a missed one outweighs one left open', () => {
    const lines = [
      ...trialsUpTo(10),
      ...trialsUpTo(10).map((line) => ({ ...line, fault: 'pause', outageMs: 500 })),
    ];
    expect(answer('outage.p50<100ms', lines, ['kill:primary', 'pause']).combined).toBe('missed');
    expect(answer('outage.p50<100ms', lines, ['kill:primary', 'none such']).combined).toBe('undecided');
  });

  test('the reason says how many trials are needed', () => {
    expect(answer('outage.p99<1s', trialsUpTo(20)).reason).toBe('p99 needs 300 trials, there are 20');
  });
});

test.each([
  ['outage.p99', 'no figure, quantile, relation and bound'],
  ['outages.p99<1s', "no figure 'outages'"],
  ['client.p99<1s', "no figure 'client'"],
  ['outage.p98<1s', "no quantile 'p98'"],
  ['outage.p99>1s', "'>' bounds nothing from above"],
  ['outage.p99<1', 'no unit (us, ms, s, m)'],
  ['outage.p99<1h', "no unit 'h'"],
])('%s is a usage error', (text, why) => {
  expect(() => parseFailoverSlo(text, '--slo')).toThrow(why);
  expect(() => parseFailoverSlo(text, '--slo')).toThrow(/^--slo: .*slowest-client/);
});
