import { trialsMin } from '../statistics.ts';
import type { VerdictFile } from '../verdict-schema.ts';

/** One figure by which systems are compared. */
export interface Metric {
  readonly name: string;
  readonly title: string;
  readonly unit: 'ms' | 'per-second' | 'count' | 'bytes';
  readonly better: 'lower' | 'higher';
  /**
   * Whether it is said who is better by it. Each further comparison makes all of them harder to be sure of, so the ones that say the
   * same again, or that a single operation decides, are shown only.
   */
  readonly isCompared: boolean;
  /** Of all outages of all rounds together, since one round has few; the others are the mean over rounds. */
  readonly outageQuantile?: number;
  readonly description: string;
}

/** In the order in which they are shown. */
export const metrics: readonly Metric[] = [
  metric('p50', 'latency p50', 'ms', 'compared', 'half of the ok operations were as fast'),
  metric('p90', 'latency p90', 'ms', 'compared', 'nine of ten ok operations were as fast'),
  metric(
    'p99',
    'latency p99',
    'ms',
    'compared',
    '99 of 100 were as fast; it takes 300 ok operations in each round',
  ),
  metric('max', 'latency max', 'ms', 'shown', 'the slowest operation of a round'),
  {
    ...metric('throughput', 'throughput', 'per-second', 'compared', 'ok operations a second, of all clients'),
    better: 'higher',
  },
  metric('outage', 'outage mean', 'ms', 'compared', 'mean of the outages of a round'),
  outageMetric('outage.p50', 'outage p50', 0.5),
  outageMetric('outage.p90', 'outage p90', 0.9),
  outageMetric('outage.p99', 'outage p99', 0.99),
  outageMetric('outage.max', 'outage max', 1),
  metric(
    'messages',
    'messages/op',
    'count',
    'compared',
    'frames on all links for each ok operation, heartbeats too',
  ),
  metric('bytes', 'bytes/op', 'bytes', 'compared', 'bytes on all links for each ok operation'),
  metric('cpu', 'CPU/op', 'ms', 'compared', 'processor time of all nodes for each ok operation'),
  metric(
    'memory',
    'memory mean',
    'bytes',
    'compared',
    'resident memory of a node, mean over nodes and samples',
  ),
  metric('memory.peak', 'memory peak', 'bytes', 'shown', 'the most resident memory that any node ever had'),
];

function metric(
  name: string,
  title: string,
  unit: Metric['unit'],
  use: 'compared' | 'shown',
  description: string,
): Metric {
  return { name, title, unit, better: 'lower', isCompared: use === 'compared', description };
}

function outageMetric(name: string, title: string, q: number): Metric {
  const description = q === 1 ? 'the longest of all outages' : 'of all outages of all rounds';
  return { ...metric(name, title, 'ms', 'shown', description), outageQuantile: q };
}

/** The metric of a name that is known to be one. */
export const metricOf = (name: string): Metric | undefined => metrics.find((one) => one.name === name);

/** What one run says of each metric; a quantile from too few values, and what was not measured, is null. */
export function roundValues(verdict: VerdictFile): Record<string, number | null> {
  const { latency, throughput, cost, resources } = verdict;
  const fromEnough = (q: number, value: number | null): number | null =>
    latency.count >= trialsMin(q) ? value : null;
  const nodes = Object.values(resources?.nodes ?? {});
  const operations = cost?.operations ?? 0;
  return {
    p50: fromEnough(0.5, latency.p50Ms),
    p90: fromEnough(0.9, latency.p90Ms),
    p99: fromEnough(0.99, latency.p99Ms),
    max: latency.maxMs,
    throughput: throughput.opsPerSecond === 0 ? null : throughput.opsPerSecond,
    messages: cost?.messagesPerOperation ?? null,
    bytes: cost?.bytesPerOperation ?? null,
    cpu: nodes.length === 0 || operations === 0 ? null : sum(nodes.map(({ cpuMs }) => cpuMs)) / operations,
    memory: nodes.length === 0 ? null : sum(nodes.map(({ rssMeanBytes }) => rssMeanBytes)) / nodes.length,
    'memory.peak': nodes.length === 0 ? null : Math.max(...nodes.map(({ rssMaxBytes }) => rssMaxBytes)),
  };
}

/** Of each fault that took effect; null: it never ended. */
export const outagesOf = (verdict: VerdictFile): (number | null)[] =>
  (verdict.properties.failover?.outages ?? []).map(({ outageMs }) => outageMs);

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
