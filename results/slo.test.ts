import { UsageError } from '../core/errors.ts';
import { judgeSlo, parseSlo, type SloFigures } from './slo.ts';

const figures = (some: Partial<SloFigures>): SloFigures => ({
  outagesMs: [],
  latenciesMs: new Map(),
  opsPerSecond: null,
  distrust: null,
  ...some,
});
const judged = (text: string, some: Partial<SloFigures>) => judgeSlo(parseSlo(text, '--slo'), figures(some));

test.each([
  ['outage.max<1s', { figure: 'outage', q: 1, relation: '<', bound: 1000 }],
  [' p99 <= 50ms ', { figure: 'latency', kind: null, q: 0.99, relation: '<=', bound: 50 }],
  ['latency.p90<500us', { figure: 'latency', kind: null, q: 0.9, bound: 0.5 }],
  ['read.max<0.5s', { figure: 'latency', kind: 'read', q: 1, bound: 500 }],
  ['latency.write.p50<1ms', { figure: 'latency', kind: 'write', q: 0.5 }],
  ['throughput>100', { figure: 'throughput', relation: '>', bound: 100 }],
  ['throughput>=100/s', { figure: 'throughput', relation: '>=', bound: 100 }],
])('parses %s', (text, expected) => {
  expect(parseSlo(text, '--slo')).toMatchObject(expected);
});

test.each([
  ['outage.max<1', 'no unit'],
  ['outage.max<1h', "unknown unit 'h'"],
  ['outage.mean<1s', "unknown figure 'outage.mean'"],
  ['p99', 'no figure, relation and bound'],
  ['p99<1.2.3ms', "'1.2.3' is not a number"],
  ['throughput>100ms', "not 'ms'"],
  ['foo.bar.p99<1s', "unknown figure 'foo.bar.p99'"],
])('refuses %s', (text, why) => {
  expect(() => parseSlo(text, '--slo')).toThrow(UsageError);
  expect(() => parseSlo(text, 'ftcheck.yaml:3:7')).toThrow(why);
  expect(() => parseSlo(text, 'ftcheck.yaml:3:7')).toThrow('ftcheck.yaml:3:7');
});

test('refuses a kind that the workload does not have', () => {
  expect(() => parseSlo('reed.p99<1s', '--slo', ['read', 'write'])).toThrow('read, write');
});

test('bounds are judged', () => {
  expect(judged('outage.max<1s', { outagesMs: [300, 999] }).verdict).toBe('valid');
  expect(judged('outage.max<1s', { outagesMs: [300, 1000] })).toMatchObject({
    verdict: 'invalid',
    actual: 1000,
  });
  expect(judged('throughput>100', { opsPerSecond: 100 }).verdict).toBe('invalid');
  expect(judged('throughput>=100', { opsPerSecond: 100 }).verdict).toBe('valid');
  const latenciesMs = new Map([['read', [1, 2, 3, 4, 5, 6]]]);
  expect(judged('read.p50<=3ms', { latenciesMs })).toMatchObject({ verdict: 'valid', actual: 3 });
});

test('no percentile is claimed from too few trials', () => {
  const few = judged('outage.p99<1s', { outagesMs: Array.from({ length: 299 }, () => 10) });
  expect(few.verdict).toBe('unknown');
  expect(few.reason).toContain('at least 300 are needed');
  expect(judged('outage.p99<1s', { outagesMs: Array.from({ length: 300 }, () => 10) }).verdict).toBe('valid');
});

test('an outage that had not ended is not shorter than anything', () => {
  expect(judged('outage.max<1s', { outagesMs: [10, null] }).verdict).toBe('unknown');
  expect(judged('outage.max<1s', { outagesMs: [1200, null] }).verdict).toBe('invalid');
  expect(judged('outage.max>1s', { outagesMs: [1200, null] }).verdict).toBe('valid');
});

test('without a measurement nothing is claimed', () => {
  expect(judged('outage.max<1s', {}).verdict).toBe('unknown');
  expect(judged('throughput>1', {}).verdict).toBe('unknown');
});

test('what a starved harness may have caused is not blamed on the system, what held in spite of it holds', () => {
  const distrust = 'the event loop of ftcheck stood still for 900 ms';
  expect(judged('outage.max<1s', { outagesMs: [1001], distrust })).toMatchObject({
    verdict: 'unknown',
    actual: null,
  });
  expect(judged('outage.max<1s', { outagesMs: [999], distrust }).verdict).toBe('valid');
  expect(judged('outage.max>1s', { outagesMs: [1001], distrust }).verdict).toBe('unknown');
  expect(judged('throughput>100', { opsPerSecond: 99, distrust }).reason).toContain('900 ms');
  expect(judged('throughput>100', { opsPerSecond: 101, distrust }).verdict).toBe('valid');
  expect(judged('throughput<100', { opsPerSecond: 99, distrust }).verdict).toBe('unknown');
});
