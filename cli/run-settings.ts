import type { OptionSpec } from '../core/impl.ts';
import type { Registry } from './registry.ts';
import type { SettingSpec } from './settings.ts';

/** What decides a run, for `run` and `simulate` alike: each a flag and a key of ftcheck.yaml. */
const planSettings: readonly SettingSpec[] = [
  { name: 'impl', argument: '<name>', description: 'system under test; ftcheck list impls' },
  { name: 'workload', argument: '<name>', description: 'what clients ask for (default: kv)' },
  {
    name: 'nemesis',
    argument: '<spec>',
    description:
      'what breaks it: NAME, NAME:VARIANT,VARIANT or several joined by + (default: none); ftcheck list nemeses',
  },
  {
    name: 'nodes',
    argument: '<n>',
    description:
      'nodes, 1 to 9 (default: as many as options of the impl ask for; else 3, or 1 for an impl without replication)',
  },
  { name: 'clients', argument: '<n>', description: 'clients that ask at the same time (default: 5)' },
  {
    name: 'rate',
    argument: '<n>',
    description: 'operations a second over all clients, open loop (default: closed loop)',
  },
  {
    name: 'faults',
    argument: '<n>',
    description: 'how many, over all nemeses (default: one for each 1.6 s in which there may be faults)',
  },
  { name: 'duration', argument: '<time>', description: 'load, faults and settling together (default: 5s)' },
  {
    name: 'timing',
    argument: '<default|fast>',
    description:
      'time-outs of the nodes; fast: beats of 5 ms, suspicion after 30 ms, for a quiet machine (default: default)',
  },
  {
    name: 'service-time',
    argument: '<time>',
    description:
      'processing time of each execution, one after another at each node, such as 5ms or 0.5ms (default: 0ms)',
  },
  { name: 'op-timeout', argument: '<time>', description: 'a client gives up on an operation (default: 1s)' },
  {
    name: 'slo',
    argument: '<bound>',
    description: "a bound that must hold, such as 'outage.max<1s', 'p99<50ms', 'throughput>100'; repeatable",
    repeated: true,
  },
  { name: 'checker-time', argument: '<time>', description: 'the checkers end after so long (default: 30s)' },
  { name: 'checker-memory', argument: '<MB>', description: 'and beyond so much memory (default: 1024)' },
  {
    name: 'seed',
    argument: '<n>',
    description: 'decides operations and faults (default: a new one each time)',
  },
];

/** What says where results go and what is shown of them. */
const outputSettings: readonly SettingSpec[] = [
  {
    name: 'out',
    argument: '<folder>',
    description: 'where run directories are made (default: ftcheck-runs)',
  },
  { name: 'json', argument: null, description: 'print verdict.json on stdout, and nothing else there' },
  { name: 'quiet', argument: null, description: 'no progress' },
];

const failFastSetting: SettingSpec = {
  name: 'fail-fast',
  argument: null,
  description: 'check linearizability while the run goes on, and stop at the first violation',
};

/** A flag alone: a file cannot name the file that is read. */
export const configSetting: SettingSpec = {
  name: 'config',
  argument: '<file>',
  description: 'YAML with the same settings; flags win (default: ftcheck.yaml, if it is there)',
};

export const seedMax = Number.MAX_SAFE_INTEGER;

const planSetting: SettingSpec = {
  name: 'plan',
  argument: '<file>',
  description: 'play a stored plan.json; it says everything that the other flags would',
};

/** An option of impls or workloads as a setting of the same name: `--acks=all`. */
export interface OptionSetting extends SettingSpec {
  /** The impls and workloads that have it. */
  readonly owners: readonly string[];
}

/** Two may have options of one name, with meanings of their own: one flag, which the chosen one reads. */
export function optionSettings(registry: Registry): readonly OptionSetting[] {
  const found = new Map<string, { readonly spec: OptionSpec; readonly owner: string }[]>();
  for (const owner of [...Object.values(registry.impls), ...Object.values(registry.workloads)]) {
    for (const spec of owner.options) {
      found.set(spec.name, [...(found.get(spec.name) ?? []), { spec, owner: owner.name }]);
    }
  }
  return [...found].map(([name, entries]) => ({
    name,
    argument: argumentOf(entries.map(({ spec }) => spec)),
    description: describe(entries.filter(({ owner }) => !owner.includes('/'))), // a mutant's options are its parent's
    owners: entries.map(({ owner }) => owner),
    group: 'Options of impls and workloads:',
  }));
}

function argumentOf(specs: readonly OptionSpec[]): string {
  const values = specs.flatMap((spec) => (spec.values === 'number' ? ['n'] : spec.values));
  return `<${[...new Set(values)].join('|')}>`;
}

function describe(entries: readonly { readonly spec: OptionSpec; readonly owner: string }[]): string {
  const owners = new Map<string, string[]>();
  for (const { spec, owner } of entries) {
    const meaning = `${spec.description} (default: ${spec.default})`;
    owners.set(meaning, [...(owners.get(meaning) ?? []), owner]);
  }
  return [...owners].map(([meaning, names]) => `${names.join(', ')}: ${meaning}`).join('; ');
}

/** All that `run` takes as flags, `--config` apart, and all that ftcheck.yaml may hold. */
export const runSettings = (registry: Registry): readonly SettingSpec[] => [
  ...planSettings,
  planSetting,
  failFastSetting,
  ...outputSettings,
  ...optionSettings(registry),
];

/** What `simulate` takes: the choices of `run`, and how many schedules. */
export const simulateSettings = (registry: Registry): readonly SettingSpec[] => [
  {
    name: 'seeds',
    argument: '<n>',
    description: 'how many schedules, one for each seed from --seed on (default: 100)',
  },
  ...planSettings.map(forSimulation),
  ...outputSettings.filter(({ name }) => name !== 'out').map(forSimulation),
  ...optionSettings(registry),
];

function forSimulation(spec: SettingSpec): SettingSpec {
  if (spec.name === 'seed') return { ...spec, description: 'the first seed (default: 1)' };
  if (spec.name === 'json') return { ...spec, description: 'print the counts and the failures as JSON' };
  if (spec.name !== 'nemesis') return spec;
  return {
    ...spec,
    description:
      'as for run, or chaos: random faults without a budget, down to single messages (default: chaos)',
  };
}

/** The names of what a plan already decides. */
export const decidedByPlan = (registry: Registry): readonly string[] =>
  [...planSettings, ...optionSettings(registry)].map(({ name }) => name);
