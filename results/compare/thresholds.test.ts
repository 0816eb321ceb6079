import { expect, test } from '@jest/globals';
import { UsageError } from '../../core/errors.ts';
import { parseThreshold } from './thresholds.ts';

const parsed = (text: string) => {
  const { metric, relation, bound, isRelative } = parseThreshold(text, '--threshold');
  return [metric.name, relation, Math.round(bound * 1e6) / 1e6, isRelative];
};

test('relative ones are factors', () => {
  expect(parsed('p99<+10%')).toEqual(['p99', '<', 1.1, true]);
  expect(parsed('throughput>-5%')).toEqual(['throughput', '>', 0.95, true]);
  expect(parsed(' p50 < -2.5 % ')).toEqual(['p50', '<', 0.975, true]);
  expect(parsed('outage.p99<=+50%')).toEqual(['outage.p99', '<', 1.5, true]);
});

test('others are in the unit of the figure', () => {
  expect(parsed('outage.p99<1s')).toEqual(['outage.p99', '<', 1000, false]);
  expect(parsed('p50<250us')).toEqual(['p50', '<', 0.25, false]);
  expect(parsed('throughput>1000')).toEqual(['throughput', '>', 1000, false]);
  expect(parsed('throughput>1000/s')).toEqual(['throughput', '>', 1000, false]);
  expect(parsed('memory<1.5GiB')).toEqual(['memory', '<', 1.5 * 1024 ** 3, false]);
  expect(parsed('messages<13')).toEqual(['messages', '<', 13, false]);
  expect(parsed('cpu<2ms')).toEqual(['cpu', '<', 2, false]);
});

test.each([
  ['p99', /no figure, relation and bound in 'p99'/],
  ['p99=10%', /no figure, relation and bound/],
  ['p98<+10%', /unknown figure 'p98' \(there are p50, p90/],
  ['p99<10%', /neither more nor less \(write \+10% or -10%\)/],
  ['p99<+10ms', /relative, so it is in %/],
  ['p99<10', /no unit \(us, ms, s, m\)/],
  ['messages<3s', /unknown unit 's' \(a bare number\)/],
  ['p99<-100%', /leaves nothing/],
])('%s is refused, with what is wrong', (text, message) => {
  expect(() => parseThreshold(text, '--threshold')).toThrow(UsageError);
  expect(() => parseThreshold(text, '--threshold')).toThrow(message);
  expect(() => parseThreshold(text, '--threshold')).toThrow(/^--threshold: .*a threshold is FIGURE/);
});
