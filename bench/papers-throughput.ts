/** Throughput where processing dominates: a recovery unit is a pipeline, which gives what its slowest stage does, as a single process would. */
import { monotonicMs } from '../harness/clock.ts';
import { distributionOf } from '../results/statistics.ts';
import { BenchCluster } from './bench-cluster.ts';
import { median, shown } from './numbers.ts';
import { nullRpc, recoveryUnits, retryMs, settled, simpleUnit, type Subject } from './papers-latency.ts';
import { note, table } from './report.ts';

/** The processing time, and far more clients than an unloaded round trip is longer than it. */
const load = { serviceMs: 10, clients: 8 } as const;
const warmUpMs = 1000;
const subjects: readonly Subject[] = [simpleUnit, ...recoveryUnits];

interface Sample {
  readonly opsPerSecond: number;
  readonly p50Ms: number;
}

async function measure({ impl, options }: Subject, measureMs: number): Promise<Sample> {
  const { serviceMs, clients } = load;
  await using cluster = await BenchCluster.launch({
    impl,
    implOptions: options,
    workload: nullRpc,
    serviceMs,
    clients,
    opTimeoutMs: 10_000,
  });
  await settled(cluster, 0);
  const generator = cluster.makeGenerator();
  const fromMs = monotonicMs() + warmUpMs;
  const toMs = fromMs + measureMs;
  const latenciesMs: number[] = [];
  const ask = async (): Promise<void> => {
    const client = cluster.addClient(generator, retryMs);
    for (;;) {
      const startMs = monotonicMs();
      const { type } = await client.perform(generator.next(client.process));
      const endMs = monotonicMs();
      if (endMs > toMs) return;
      if (type === 'ok' && endMs >= fromMs) latenciesMs.push(endMs - startMs);
    }
  };
  await Promise.all(Array.from({ length: clients }, ask));
  cluster.check();
  return {
    opsPerSecond: (latenciesMs.length * 1000) / measureMs,
    p50Ms: distributionOf(latenciesMs).p50Ms ?? NaN,
  };
}

/** The table, with what it was measured under. */
export async function throughputSection(rounds: number, seconds: number): Promise<string> {
  const samples = new Map<Subject, Sample[]>(subjects.map((one) => [one, []]));
  for (let round = 1; round <= rounds; round++) {
    for (const one of subjects) {
      const taken = await measure(one, seconds * 1000);
      samples.get(one)?.push(taken);
      note(`round ${round}: ${one.name}: ${shown(taken.opsPerSecond, 1)} ops/s`);
    }
  }
  const ofSimple = samples.get(simpleUnit) ?? [];
  const rows = [...samples].map(([{ name }, taken]) => [
    name,
    shown(median(taken.map(({ opsPerSecond }) => opsPerSecond)), 1),
    shown(median(taken.map(({ p50Ms }) => p50Ms)), 1),
    shown(median(taken.map(({ opsPerSecond }, i) => opsPerSecond / (ofSimple[i]?.opsPerSecond ?? NaN))), 3),
  ]);
  const { serviceMs, clients } = load;
  return [
    `Throughput, s = ${serviceMs} ms, links not delayed, ${clients} clients in closed loop. A server that does nothing else gives ${1000 / serviceMs} ops/s.`,
    'Goal: at least 0.95 of a simple unit.',
    '',
    table([['unit', 'ops/s', 'p50, ms', 'over simple'], ...rows]),
  ].join('\n');
}
