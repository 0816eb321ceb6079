import { expect, test } from '@jest/globals';
import type { VerdictFile } from '../verdict-schema.ts';
import { roundValues } from './metrics.ts';

const distribution = (count: number) => ({ count, p50Ms: 1.5, p90Ms: 3, p99Ms: 9, maxMs: 30 });
const traffic = { messages: 0, bytes: 0 };
const verdict = {
  latency: { ...distribution(300), byKind: {} },
  throughput: { opsPerSecond: 2000, measuredMs: 3000 },
  cost: {
    operations: 6000,
    betweenNodes: traffic,
    withClients: traffic,
    links: {},
    messagesPerOperation: 12.3,
    bytesPerOperation: 904,
  },
  resources: {
    nodes: {
      n1: { cpuMs: 2000, rssMeanBytes: 60e6, rssMaxBytes: 70e6, samples: 12 },
      n2: { cpuMs: 1000, rssMeanBytes: 50e6, rssMaxBytes: 80e6, samples: 12 },
    },
  },
} as unknown as VerdictFile;

test('what a run says of each metric', () => {
  expect(roundValues(verdict)).toEqual({
    p50: 1.5,
    p90: 3,
    p99: 9,
    max: 30,
    throughput: 2000,
    messages: 12.3,
    bytes: 904,
    cpu: 0.5,
    memory: 55e6,
    'memory.peak': 80e6,
  });
});

test('no p99 from fewer than 300 operations, no p90 from fewer than 30', () => {
  const from = (count: number) =>
    roundValues({ ...verdict, latency: { ...distribution(count), byKind: {} } });
  expect(from(299)).toMatchObject({ p50: 1.5, p90: 3, p99: null });
  expect(from(29)).toMatchObject({ p50: 1.5, p90: null, p99: null });
});

test('a verdict from before costs and resources were in it has neither', () => {
  const { cost, resources, ...older } = verdict;
  expect([cost, resources]).not.toContain(undefined);
  expect(roundValues(older)).toMatchObject({ p50: 1.5, messages: null, cpu: null, memory: null });
});
