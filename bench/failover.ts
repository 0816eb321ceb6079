/**
 * How long clients go without service after a fault: each fault on each role of each impl, again and again on one cluster, as seen by clients that
 * ask all the time. Faults are injected by the same plug-ins as in a run; what is judged there is not judged here.
 */
import type * as seriesModule from '../cli/failover/series.ts';
import type * as settingsModule from '../cli/failover/settings.ts';
import type * as registryModule from '../cli/registry.ts';
import { defined } from '../core/assert.ts';
import type { Impl } from '../core/impl.ts';
import type { TimingProfile } from '../core/machine.ts';
import { makePlan } from '../harness/plan.ts';
import type * as timingModule from '../impls/timing.ts';
import { summariseFaults, type FaultSummary } from '../results/failover/summary.ts';
import { estimateText, figureText } from '../results/failover/text.ts';
import type { TrialLine } from '../results/failover/trial.ts';
import { built } from './built.ts';
import { defaultsOf, interruption } from './bench-cluster.ts';
import { parseArguments } from './options.ts';
import { note, publish, recordOf, table } from './report.ts';

const { registry } = await built<typeof registryModule>('cli/registry');
const { timingOf } = await built<typeof timingModule>('impls/timing');
const { playFailover, retryMs } = await built<typeof seriesModule>('cli/failover/series');
const { faultChoice } = await built<typeof settingsModule>('cli/failover/settings');

const script = 'bench:failover';
const workload = defined(registry.workloads['kv'], 'the workload kv');
const tellEvery = 50;

/** How `ftcheck failover --fault` names each fault on a role. */
const specs: Readonly<Record<string, (role: string) => string>> = {
  kill: (role) => `kill:${role}`,
  'crash:host': (role) => `crash:host,${role}`,
  pause: (role) => `pause:${role}`,
  partition: (role) => `partition:isolate-${role},hold`,
  'partition:cut': (role) => `partition:isolate-${role},cut`,
};

/** All trials of one fault on one role. */
interface Row {
  readonly fault: string;
  readonly role: string;
  readonly summary: FaultSummary;
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

async function measure(impl: Impl, timing: TimingProfile, fault: string, role: string): Promise<Row> {
  const specOf = defined(
    specs[fault],
    `the fault ${fault}, which is one of ${Object.keys(specs).join(', ')}`,
  );
  const spec = specOf(role);
  const lines: TrialLine[] = [];
  const summary = (): FaultSummary => defined(summariseFaults([spec], lines)[0], spec);
  const end = await playFailover({
    plan: makePlan({
      impl,
      implOptions: defaultsOf(impl.options),
      workload,
      workloadOptions: defaultsOf(workload.options),
      seed: 1,
      nemesis: 'none',
      choices: [],
      pinned: false,
      clients,
      timing,
    }),
    registry,
    faults: [{ name: spec, choice: faultChoice(spec, registry, impl) }],
    trials,
    rate,
    signal: interruption.signal,
    onLaunch: () => {},
    onTrial: (line) => {
      lines.push(line);
      if (lines.length % tellEvery === 0) note(`  ${told(fault, role, summary())}`);
    },
  });
  if (end.type === 'interrupted') throw new Error('interrupted');
  if (end.type === 'given up') throw new Error(`${spec}: ${end.why}`);
  note(`${impl.name}, ${timing}, ${told(fault, role, summary())}`);
  return { fault, role, summary: summary() };
}

function told(fault: string, role: string, { trials: count, figures, thrownAway }: FaultSummary): string {
  const { p50, maxMs } = figures.outage;
  const { late, noEffect, lost } = thrownAway;
  return `${fault} ${role}: ${count} trials, p50 ${figureText(p50.value)} ms, max ${figureText(maxMs)} ms, thrown away: ${late} late, ${noEffect} without effect, ${lost} without full strength before`;
}

function cells({ fault, role, summary }: Row): string[] {
  const { outage, stall } = summary.figures;
  return [
    fault,
    role,
    String(summary.trials),
    figureText(outage.meanMs),
    figureText(outage.p50.value),
    figureText(outage.p90.value),
    estimateText(outage.p99),
    figureText(outage.maxMs),
    figureText(stall.p50.value),
    figureText(stall.maxMs),
  ];
}

const goals = {
  default: 'goal: p99 below 1,000 ms for every fault and role',
  fast: 'beside it: Raft (Ongaro and Ousterhout, ATC 2014, figure 16, leader crash, election time-outs of 12 to 24 ms): mean 35 ms, max 152 ms',
} as const;

function section(impl: Impl, timing: TimingProfile, record: string, rows: readonly Row[]): string {
  const sum = (count: (summary: FaultSummary) => number): number =>
    rows.reduce((total, { summary }) => total + count(summary), 0);
  const thrown = (why: keyof FaultSummary['thrownAway']): number => sum(({ thrownAway }) => thrownAway[why]);
  const { beatMs, suspectMs } = timingOf(timing);
  return [
    record,
    `- ${impl.name}, time-outs \`${timing}\` (beats of ${beatMs} ms, suspicion after ${suspectMs} ms at first); a client asks again after ${retryMs[timing]} ms`,
    `- ${goals[timing]}`,
    `- trials thrown away: ${thrown('late')} in which the probe ran late, ${thrown('noEffect')} without a measured effect`,
    `- outages that had not ended after 10 s: ${sum(({ unended }) => unended)}; groups that did not come back to full strength: ${sum(({ unrecovered }) => unrecovered)} after a fault, ${thrown('lost')} without one`,
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
