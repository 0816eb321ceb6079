/** Round trips of one client beside what the Somersault paper says they take (§3.4, §3.5, §5), t being a link's delay and s the processing time. */
import type * as registryModule from '../cli/registry.ts';
import { defined } from '../core/assert.ts';
import type { Impl } from '../core/impl.ts';
import type { JsonObject } from '../core/json.ts';
import type { Direction } from '../core/nemesis.ts';
import { millis } from '../core/units.ts';
import { monotonicMs } from '../harness/clock.ts';
import { BenchCluster } from './bench-cluster.ts';
import { built } from './built.ts';
import { median, shown } from './numbers.ts';
import { note, table } from './report.ts';

const { registry } = await built<typeof registryModule>('cli/registry');

/** A unit and how long it takes to answer. */
export interface Subject {
  readonly name: string;
  readonly impl: Impl;
  readonly options: JsonObject;
  readonly law: string;
  readonly lawMs: (t: number, s: number) => number;
}

const subject = (impl: string, options: JsonObject, rest: Omit<Subject, 'impl' | 'options'>): Subject => ({
  impl: defined(registry.impls[impl], `the impl ${impl}`),
  options,
  ...rest,
});

const chain = { replicas: 3, witnesses: 2 };

export const simpleUnit = subject(
  'simple',
  {},
  { name: 'simple unit', law: '2t + s', lawMs: (t, s) => 2 * t + s },
);
export const recoveryUnits = [
  subject(
    'somersault',
    { logging: 'late' },
    { name: 'recovery unit, late logging', law: '3t + 2s', lawMs: (t, s) => 3 * t + 2 * s },
  ),
  subject(
    'somersault',
    { logging: 'early' },
    { name: 'recovery unit, early logging', law: '3t + s', lawMs: (t, s) => 3 * t + s },
  ),
] as const;
const chains = [
  subject(
    'somersault',
    { logging: 'late', ...chain },
    { name: 'chain of three replicas, late', law: '4t + 2s', lawMs: (t, s) => 4 * t + 2 * s },
  ),
  subject(
    'somersault',
    { logging: 'early', ...chain },
    { name: 'chain of three replicas, early', law: '4t + s', lawMs: (t, s) => 4 * t + s },
  ),
] as const;
const subjects: readonly Subject[] = [simpleUnit, ...recoveryUnits, ...chains];

export const nullRpc = defined(registry.workloads['null-rpc'], 'the workload null-rpc');

/** Far beyond every round trip here: a repeated request would be measured too. */
export const retryMs = 10_000;
const opTimeoutMs = 30_000;
/** A connection is made by the first operation, and where the unit's receiver is, the client has to learn. */
const warmUpOperations = 2;
const settleMsMax = 30_000;

/** What is measured: each pair of t and s. */
export interface Grid {
  readonly delaysMs: readonly number[];
  readonly servicesMs: readonly number[];
  readonly rounds: number;
  /** In each round. */
  readonly operations: number;
}

/** The round trips of each subject by t and s, over all rounds. */
class RoundTrips {
  private readonly ms = new Map<string, number[]>();

  add(subject: Subject, t: number, s: number, roundTripsMs: readonly number[]): void {
    const key = `${subject.name}/${t}/${s}`;
    this.ms.set(key, [...(this.ms.get(key) ?? []), ...roundTripsMs]);
  }

  median(subject: Subject, t: number, s: number): number {
    return median(this.ms.get(`${subject.name}/${t}/${s}`) ?? []);
  }
}

/** Every direction in which anybody here sends. */
export function directionsOf({ nodes: { slots } }: BenchCluster): readonly Direction[] {
  const between = slots.flatMap((from) => slots.filter((to) => to !== from).map((to) => ({ from, to })));
  const withClients = slots.flatMap((slot): Direction[] => [
    { from: 'clients', to: slot },
    { from: slot, to: 'clients' },
  ]);
  return [...between, ...withClients];
}

/** From now on every link takes so long, instead of what it took before. */
export function setDelay(cluster: BenchCluster, delayMs: number, formerMs: number): void {
  for (const direction of directionsOf(cluster)) {
    if (formerMs > 0) cluster.nodes.undelay(direction);
    if (delayMs > 0) cluster.nodes.delay(direction, { delayMs: millis(delayMs), jitterMs: millis(0) });
  }
}

/** After new delays: failure detectors have to learn them, and who was excluded meanwhile has to come back. */
export async function settled(cluster: BenchCluster, delayMs: number): Promise<void> {
  if (await cluster.settles(Math.max(300, 12 * delayMs), settleMsMax)) return;
  throw new Error(`not at full strength within ${settleMsMax} ms, every link delayed by ${delayMs} ms`);
}

async function measure(subject: Subject, s: number, grid: Grid, roundTrips: RoundTrips): Promise<void> {
  const { impl, options: implOptions } = subject;
  await using cluster = await BenchCluster.launch({
    impl,
    implOptions,
    workload: nullRpc,
    serviceMs: s,
    clients: 1,
    opTimeoutMs,
  });
  const generator = cluster.makeGenerator();
  const client = cluster.addClient(generator, retryMs);
  const ask = async (): Promise<number> => {
    const startMs = monotonicMs();
    const { type, error } = await client.perform(generator.next(client.process));
    if (type !== 'ok') throw new Error(`${subject.name} did not answer: ${error}`);
    return monotonicMs() - startMs;
  };
  let formerMs = 0;
  for (const t of grid.delaysMs.toSorted((a, b) => a - b)) {
    setDelay(cluster, t, formerMs);
    formerMs = t;
    await settled(cluster, t);
    for (let i = 0; i < warmUpOperations; i++) await ask();
    const ms: number[] = [];
    for (let i = 0; i < grid.operations; i++) ms.push(await ask());
    roundTrips.add(subject, t, s, ms);
    note(`${subject.name}, t = ${t}, s = ${s}: ${shown(median(ms), 1)} ms, law ${subject.lawMs(t, s)} ms`);
  }
}

/** The table of all subjects over the grid. */
export async function latencySection(grid: Grid): Promise<string> {
  const roundTrips = new RoundTrips();
  for (let round = 1; round <= grid.rounds; round++) {
    for (const s of grid.servicesMs) for (const one of subjects) await measure(one, s, grid, roundTrips);
  }
  const cells = grid.servicesMs.flatMap((s) => grid.delaysMs.map((t) => ({ t, s })));
  const rows = subjects.map((one) => {
    const errors = cells.map(({ t, s }) => 100 * (roundTrips.median(one, t, s) / one.lawMs(t, s) - 1));
    const worst = errors.toSorted((a, b) => Math.abs(b) - Math.abs(a))[0] ?? NaN;
    const measured = cells.map(
      ({ t, s }, i) => `${shown(roundTrips.median(one, t, s), 1)} (${percent(errors[i] ?? NaN)})`,
    );
    return [one.name, one.law, ...measured, percent(worst)];
  });
  const head = ['round trip, ms (error)', 'law', ...cells.map(({ t, s }) => `t ${t}, s ${s}`), 'worst error'];
  return table([head, ...rows], 2);
}

const percent = (value: number): string => `${value < 0 ? '-' : '+'}${shown(Math.abs(value), 1)} %`;
