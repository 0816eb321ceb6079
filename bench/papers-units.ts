/** Latency of one recovery unit while others run beside it: "general system performance is independent of the number of units" [Somersault, abstract]. */
import { setTimeout as sleep } from 'node:timers/promises';
import { monotonicMs } from '../harness/clock.ts';
import { distributionOf } from '../results/statistics.ts';
import { BenchCluster } from './bench-cluster.ts';
import { median, shown } from './numbers.ts';
import { nullRpc, recoveryUnits, retryMs, setDelay, settled } from './papers-latency.ts';
import { note, table } from './report.ts';

const counts = [1, 4, 8] as const;
const [unit] = recoveryUnits;
const t = 10;
const s = 10;
/** Of each unit, by one client in open loop. */
const operationsPerSecond = 10;

interface Sample {
  readonly nodes: number;
  /** Of the first unit. */
  readonly latenciesMs: readonly number[];
  /** Nodes that a group excluded and replaced, being late. */
  readonly replacements: number;
}

async function launch(): Promise<BenchCluster> {
  const { impl, options: implOptions } = unit;
  return BenchCluster.launch({
    impl,
    implOptions,
    workload: nullRpc,
    serviceMs: s,
    clients: 1,
    opTimeoutMs: 5000,
  });
}

/** What one client in open loop sees of a unit. An operation that would begin while the one before is under way is left out. */
async function latenciesOf(cluster: BenchCluster, phase: number, measureMs: number): Promise<number[]> {
  const generator = cluster.makeGenerator();
  const client = cluster.addClient(generator, retryMs);
  const intervalMs = 1000 / operationsPerSecond;
  await client.perform(generator.next(client.process)); // makes the connections
  const startMs = monotonicMs() + phase * intervalMs;
  const latenciesMs: number[] = [];
  for (let dueMs = startMs; dueMs < startMs + measureMs; dueMs += intervalMs) {
    if (monotonicMs() > dueMs + intervalMs) continue;
    await sleep(dueMs - monotonicMs());
    const beginMs = monotonicMs();
    const { type } = await client.perform(generator.next(client.process));
    if (type === 'ok') latenciesMs.push(monotonicMs() - beginMs);
  }
  return latenciesMs;
}

async function measure(count: number, measureMs: number): Promise<Sample> {
  const clusters: BenchCluster[] = [];
  try {
    for (let i = 0; i < count; i++) clusters.push(await launch());
    for (const cluster of clusters) setDelay(cluster, t, 0);
    for (const cluster of clusters) await settled(cluster, t);
    const before = replacementsOf(clusters);
    const [first = []] = await Promise.all(
      clusters.map((cluster, i) => latenciesOf(cluster, i / count, measureMs)),
    );
    for (const cluster of clusters) cluster.check();
    return {
      nodes: clusters.reduce((sum, { nodes }) => sum + nodes.slots.length, 0),
      latenciesMs: first,
      replacements: replacementsOf(clusters) - before,
    };
  } finally {
    await Promise.all(clusters.map((cluster) => cluster[Symbol.asyncDispose]()));
  }
}

const replacementsOf = (clusters: readonly BenchCluster[]): number =>
  clusters.reduce((sum, { replacements }) => sum + replacements, 0);

/** The table, with what it was measured under. */
export async function unitsSection(rounds: number, seconds: number): Promise<string> {
  const samples = new Map<number, Sample[]>(counts.map((count) => [count, []]));
  for (let round = 1; round <= rounds; round++) {
    for (const count of counts) {
      const taken = await measure(count, seconds * 1000);
      samples.get(count)?.push(taken);
      note(`round ${round}: ${count} units: p50 ${shown(median(taken.latenciesMs), 1)} ms`);
    }
  }
  const alone = samples.get(1) ?? [];
  const rows = [...samples].map(([count, taken]) => {
    const p50 = (one: Sample | undefined): number => median(one?.latenciesMs ?? []);
    const { p90Ms } = distributionOf(taken.flatMap(({ latenciesMs }) => latenciesMs));
    return [
      String(count),
      String(taken[0]?.nodes),
      shown(median(taken.map(p50)), 1),
      shown(p90Ms ?? NaN, 1),
      shown(median(taken.map((one, i) => p50(one) / p50(alone[i]))), 3),
      String(taken.reduce((sum, { replacements }) => sum + replacements, 0)),
    ];
  });
  return [
    `Latency of one ${unit.name} (t = ${t} ms, s = ${s} ms, law ${unit.lawMs(t, s)} ms) while others run beside it on the machine above, each`,
    `asked ${operationsPerSecond} times a second; all proxies and clients are in one process.`,
    '',
    table([['units', 'nodes', 'p50, ms', 'p90, ms', 'p50 over one unit alone', 'nodes replaced'], ...rows]),
  ].join('\n');
}
