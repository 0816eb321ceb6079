/**
 * How long clients go without service after a fault: each fault on each role of each impl, again and again on one cluster, as seen by clients that
 * ask all the time. Faults are injected by the same plug-ins as in a run; what is judged there is not judged here.
 */
import type * as registryModule from '../cli/registry.ts';
import { defined } from '../core/assert.ts';
import type { Impl } from '../core/impl.ts';
import type { TimingProfile } from '../core/machine.ts';
import type * as timingModule from '../impls/timing.ts';
import { distributionOf, quantile, trialsMin } from '../results/statistics.ts';
import { BenchCluster } from './bench-cluster.ts';
import { built } from './built.ts';
import { Probe } from './failover-probe.ts';
import { faultKind, Trials, type FaultKind, type Trial } from './failover-trial.ts';
import { shown } from './numbers.ts';
import { parseArguments } from './options.ts';
import { quantileRanks } from './order-statistics.ts';
import { note, publish, recordOf, table } from './report.ts';

const { registry } = await built<typeof registryModule>('cli/registry');
const { timingOf } = await built<typeof timingModule>('impls/timing');

const script = 'bench:failover';
const workload = defined(registry.workloads['kv'], 'the workload kv');
/** A stub asks again after so long: as in a run, and less where failover itself takes less than that. */
const retryMs = { default: 120, fast: 20 } as const;
const tellEvery = 50;

/** All trials of one fault on one role. */
interface Row {
  readonly fault: string;
  readonly role: string;
  readonly measured: Extract<Trial, { type: 'measured' }>[];
  late: number;
  withoutEffect: number;
  /** The group did not come back to full strength after a fault, or lost it before one: a new cluster was started. */
  lostAfterFault: number;
  lostBefore: number;
}

const options = parseArguments({
  impls: 'passive,active,somersault',
  timing: 'both',
  faults: 'kill,crash:host,pause,partition',
  roles: 'all',
  trials: '300',
  rate: '1000',
  clients: '10',
});
const trials = options.positive('trials');
const rate = options.positive('rate');
const clients = options.positive('clients');
const isSelection = options.given.some((argument) => /^--(faults|roles)\b/.test(argument));
if (options.write && isSelection) {
  throw new Error('--write replaces a whole table: it goes with neither --faults nor --roles');
}

function profiles(): readonly TimingProfile[] {
  const name = options.text('timing');
  if (name === 'both') return ['default', 'fast'];
  if (name === 'default' || name === 'fast') return [name];
  throw new Error(`--timing=${name}: one of default, fast, both`);
}

/** Plays trials until so many were measured or the group is lost. */
async function playOnOneCluster(impl: Impl, timing: TimingProfile, kind: FaultKind, row: Row): Promise<void> {
  await using cluster = await BenchCluster.launch({ impl, workload, timing, clients });
  await using probe = new Probe(cluster, { clients, rate, retryMs: retryMs[timing] });
  using series = new Trials(cluster, probe, timingOf(timing).suspectMs);
  const tries = (): number => row.measured.length + row.late + row.withoutEffect + row.lostBefore;
  while (row.measured.length < trials) {
    if (tries() > 2 * trials + 20) throw new Error(`too many trials thrown away: ${told(row)}`);
    const trial = await series.play(kind, tries());
    if (trial.type === 'late') row.late += 1;
    if (trial.type === 'no effect') row.withoutEffect += 1;
    if (trial.type === 'lost') {
      row.lostBefore += 1;
      return;
    }
    if (trial.type !== 'measured') continue;
    row.measured.push(trial);
    if (row.measured.length % tellEvery === 0) note(`  ${told(row)}`);
    if (!trial.isRecovered) {
      row.lostAfterFault += 1;
      return;
    }
  }
}

async function measure(impl: Impl, timing: TimingProfile, fault: string, role: string): Promise<Row> {
  const row: Row = { fault, role, measured: [], late: 0, withoutEffect: 0, lostAfterFault: 0, lostBefore: 0 };
  const kind = faultKind(fault, role, impl, registry.nemeses);
  while (row.measured.length < trials) await playOnOneCluster(impl, timing, kind, row);
  note(`${impl.name}, ${timing}, ${told(row)}`);
  return row;
}

function told({ fault, role, measured, late, withoutEffect, lostBefore }: Row): string {
  const { p50Ms, maxMs } = distributionOf(measured.map(({ outageMs }) => outageMs));
  const figures = `p50 ${shown(p50Ms ?? NaN)} ms, max ${shown(maxMs ?? NaN)} ms`;
  return `${fault} ${role}: ${measured.length} trials, ${figures}, thrown away: ${late} late, ${withoutEffect} without effect, ${lostBefore} without full strength before`;
}

/** A quantile is claimed from enough trials only. */
function claimed(ascending: readonly number[], q: number): string {
  return ascending.length < trialsMin(q) ? '-' : shown(quantile(ascending, q) ?? NaN);
}

/** The 99 % quantile with the interval in which it lies. */
function tail(ascending: readonly number[]): string {
  const ranks = quantileRanks(ascending.length, 0.99);
  if (ranks === null || ascending.length < trialsMin(0.99)) return '-';
  const value = (rank: number): string => shown(ascending[rank - 1] ?? NaN);
  return `${claimed(ascending, 0.99)} [${value(ranks.low)}, ${value(ranks.high)}]`;
}

function cells({ fault, role, measured }: Row): string[] {
  const outages = measured.map(({ outageMs }) => outageMs).sort((a, b) => a - b);
  const stalls = measured.map(({ stallMs }) => stallMs).sort((a, b) => a - b);
  const mean = outages.reduce((sum, ms) => sum + ms, 0) / outages.length;
  return [
    fault,
    role,
    String(outages.length),
    shown(mean),
    claimed(outages, 0.5),
    claimed(outages, 0.9),
    tail(outages),
    shown(outages.at(-1) ?? NaN),
    claimed(stalls, 0.5),
    shown(stalls.at(-1) ?? NaN),
  ];
}

const goals = {
  default: 'goal: p99 below 1,000 ms for every fault and role',
  fast: 'beside it: Raft (Ongaro and Ousterhout, ATC 2014, figure 16, leader crash, election time-outs of 12 to 24 ms): mean 35 ms, max 152 ms',
} as const;

function section(impl: Impl, timing: TimingProfile, record: string, rows: readonly Row[]): string {
  const sum = (count: (row: Row) => number): number => rows.reduce((total, row) => total + count(row), 0);
  const beyond = sum(({ measured }) => measured.filter(({ isBeyondLimit }) => isBeyondLimit).length);
  const { beatMs, suspectMs } = timingOf(timing);
  return [
    record,
    `- ${impl.name}, time-outs \`${timing}\` (beats of ${beatMs} ms, suspicion after ${suspectMs} ms at first); a client asks again after ${retryMs[timing]} ms`,
    `- ${goals[timing]}`,
    `- trials thrown away: ${sum(({ late }) => late)} in which this process stood still for more than 50 ms, ${sum(({ withoutEffect }) => withoutEffect)} without a measured effect`,
    `- outages that had not ended after 10 s, counted as 10 s: ${beyond}; groups that did not come back to full strength: ${sum(({ lostAfterFault }) => lostAfterFault)} after a fault, ${sum(({ lostBefore }) => lostBefore)} without one`,
    '',
    table(
      [
        [
          'outage, ms',
          'role',
          'trials',
          'mean',
          'p50',
          'p90',
          'p99 [90 % interval]',
          'max',
          'longest stall: p50',
          'max',
        ],
        ...rows.map(cells),
      ],
      2,
    ),
  ].join('\n');
}

const record = recordOf(
  script,
  options.given,
  `${trials} trials of each row, ${rate} operations/s in open loop from ${clients} clients`,
);
for (const timing of profiles()) {
  for (const name of options.words('impls')) {
    const impl = defined(registry.impls[name], `the impl ${name}`);
    const roles = options.text('roles') === 'all' ? impl.roles : options.words('roles');
    const rows: Row[] = [];
    for (const fault of options.words('faults')) {
      for (const role of roles) {
        if (impl.roles.includes(role)) rows.push(await measure(impl, timing, fault, role));
      }
    }
    if (rows.length > 0) {
      publish(`${script} ${impl.name} ${timing}`, options, section(impl, timing, record, rows));
    }
  }
}
