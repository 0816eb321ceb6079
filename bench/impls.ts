/**
 * Operations a second and latency of each impl under 5 and 50 clients in closed loop, as `run` drives it, and the same without link proxies:
 * nodes and clients reach each other directly. With and without in turn within each round, compared within the round.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type * as entriesModule from '../cli/entries.ts';
import type * as registryModule from '../cli/registry.ts';
import { defined } from '../core/assert.ts';
import { operationsOf } from '../core/history.ts';
import { slots } from '../core/ids.ts';
import { parseHistory, parseTrace } from '../core/parse-run.ts';
import type { Plan } from '../core/plan.ts';
import { millis } from '../core/units.ts';
import { makePlan } from '../harness/plan.ts';
import type * as clusterModule from '../harness/cluster.ts';
import type * as runModule from '../harness/run.ts';
import type * as clientModule from '../impls/client.ts';
import { distributionOf } from '../results/statistics.ts';
import { defaultsOf, interruption } from './bench-cluster.ts';
import { built } from './built.ts';
import { freePorts } from './free-port.ts';
import { median, shown } from './numbers.ts';
import { benchOptions } from './options.ts';
import { circumstances, note, publish, table } from './report.ts';

const { executePlan } = await built<typeof runModule>('harness/run');
const { Cluster } = await built<typeof clusterModule>('harness/cluster');
const { makeClient } = await built<typeof clientModule>('impls/client');
const { registry } = await built<typeof registryModule>('cli/registry');
const { nodeEntry, reaperEntry } = await built<typeof entriesModule>('cli/entries');

const script = 'bench:impls';
const warmUpMs = millis(1500);
const workload = defined(registry.workloads['kv'], 'the workload kv');

const cases = ['simple', 'passive', 'active', 'somersault'].flatMap((name) =>
  [5, 50].map((clients) => ({ impl: defined(registry.impls[name], `the impl ${name}`), clients })),
);
type Case = (typeof cases)[number];

/** One run, its warm-up left out. */
interface Sample {
  readonly opsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Processes started after the launch: on a busy machine a group may exclude a member that is merely late. */
  readonly replacements: number;
  /** Processor time of the harness, in which clients, recorder and proxies are, for one operation. */
  readonly harnessUs: number;
}

function planOf({ impl, clients }: Case, seconds: number, seed: number): Plan {
  const plan = makePlan({
    impl,
    implOptions: defaultsOf(impl.options),
    workload,
    workloadOptions: defaultsOf(workload.options),
    nemesis: 'none',
    choices: [],
    seed,
    clients,
    pinned: false,
  });
  return {
    ...plan,
    phases: { ...plan.phases, warmUpMs, faultsMs: millis(seconds * 1000), settleMs: millis(0) },
  };
}

async function launchDirect(options: clusterModule.ClusterOptions): Promise<runModule.RunCluster> {
  const nodes = slots(options.plan.nodes);
  const ports = await freePorts(nodes.length);
  const directPorts = new Map(nodes.map((slot, i) => [slot, defined(ports[i], `a port for ${slot}`)]));
  return Cluster.launch({ ...options, directPorts });
}

async function sample(plan: Plan, impl: Case['impl'], isDirect: boolean): Promise<Sample> {
  const runDir = mkdtempSync(join(tmpdir(), 'ftcheck-bench-'));
  const harness = new ProcessorTime();
  try {
    const { unexpectedExits } = await executePlan({
      plan,
      runDir,
      impl,
      workload,
      nemeses: registry.nemeses,
      makeClient,
      entries: { node: nodeEntry(), reaper: reaperEntry() },
      signal: interruption.signal,
      onProgress: ({ phase, okTotal }) => harness.see(phase === 'faults', okTotal),
      ...(isDirect ? { launch: launchDirect } : {}),
    });
    if (unexpectedExits.length > 0) throw new Error(`a node ended: ${JSON.stringify(unexpectedExits)}`);
    return { ...figuresOf(runDir), harnessUs: harness.usPerOperation };
  } finally {
    rmSync(runDir, { recursive: true });
  }
}

/** Of this process, from the first to the last sight of the measured phase. */
class ProcessorTime {
  private first: { readonly us: number; readonly operations: number } | null = null;
  usPerOperation = NaN;

  see(isMeasured: boolean, operations: number): void {
    if (!isMeasured) return;
    const { user, system } = process.cpuUsage();
    const us = user + system;
    this.first ??= { us, operations };
    this.usPerOperation = (us - this.first.us) / (operations - this.first.operations);
  }
}

/** Of the operations that ended in the measured phase. */
function figuresOf(runDir: string): Omit<Sample, 'harnessUs'> {
  const read = (name: string): string => readFileSync(join(runDir, name), 'utf8');
  const { events } = parseTrace(read('trace.jsonl'));
  const startOf = (phase: string): number =>
    defined(
      events.find((one) => one.event === 'phase' && one['phase'] === phase),
      `the phase ${phase}`,
    ).time;
  const fromNs = startOf('faults');
  const toNs = startOf('settle');
  const latenciesMs = operationsOf(parseHistory(read('history.jsonl')).events).flatMap(
    ({ invocation, completion }) => {
      const counts = completion?.type === 'ok' && completion.time >= fromNs && completion.time < toNs;
      return counts ? [(completion.time - invocation.time) / 1e6] : [];
    },
  );
  const replacements = events.filter((one) => one.event === 'node-start' && one['why'] !== 'launch').length;
  const { count, p50Ms, p99Ms } = distributionOf(latenciesMs);
  return {
    opsPerSecond: (count * 1e9) / (toNs - fromNs),
    p50Ms: p50Ms ?? NaN,
    p99Ms: p99Ms ?? NaN,
    replacements,
  };
}

const options = benchOptions({ rounds: 5, seconds: 3 });
const header = circumstances(script, options);
const samples = new Map<Case, { readonly proxied: Sample; readonly direct: Sample }[]>(
  cases.map((one) => [one, []]),
);
for (let round = 1; round <= options.rounds; round++) {
  for (const one of cases) {
    const plan = planOf(one, options.seconds, round);
    const proxied = await sample(plan, one.impl, false);
    const direct = await sample(plan, one.impl, true);
    samples.get(one)?.push({ proxied, direct });
    const ops = (figures: Sample): string => shown(figures.opsPerSecond);
    note(
      `round ${round}: ${one.impl.name}, ${one.clients} clients: ${ops(proxied)} ops/s, direct ${ops(direct)}`,
    );
  }
}

const rows = [...samples].map(([{ impl, clients }, taken]) => {
  const cells = (side: 'proxied' | 'direct'): string[] => {
    const middle = (name: keyof Sample): number => median(taken.map((one) => one[side][name]));
    return [
      shown(middle('opsPerSecond')),
      `${shown(middle('p50Ms'), 2)} / ${shown(middle('p99Ms'), 2)}`,
      shown(middle('harnessUs')),
    ];
  };
  const ratio = median(taken.map(({ proxied, direct }) => proxied.opsPerSecond / direct.opsPerSecond));
  return [`${impl.name}, ${clients} clients`, ...cells('proxied'), ...cells('direct'), shown(ratio, 2)];
});
const sideHead = ['ops/s', 'p50 / p99, ms', 'harness, µs/op'];
const head = ['impl', ...sideHead, ...sideHead.map((name) => `direct: ${name}`), 'ops/s over direct'];
const replacements = [...samples.values()]
  .flat()
  .reduce((sum, { proxied, direct }) => sum + proxied.replacements + direct.replacements, 0);
publish(
  script,
  options,
  [
    header,
    '- kv, default mix, closed loop, no pinned clients; simple is 1 node, the others are 3. `direct`: without link proxies. The harness is one',
    '  process with the clients, the recorder and the proxies; it shares the processors with the nodes',
    `- nodes that the group excluded and replaced meanwhile, being late: ${replacements}`,
    '',
    table([head, ...rows]),
  ].join('\n'),
);
