import { UsageError } from '../../core/errors.ts';
import type { Impl } from '../../core/impl.ts';
import type { FaultClass } from '../../core/fault.ts';
import type { Nemesis } from '../../core/nemesis.ts';
import { slots } from '../../core/ids.ts';
import type { Plan } from '../../core/plan.ts';
import { makeRandom } from '../../core/random.ts';
import { millis } from '../../core/units.ts';
import { parseNemesisSpec, variantsOf, type NemesisChoice } from '../../harness/nemesis-spec.ts';
import { parseFailoverSlo, type FailoverSlo } from '../../results/failover/slo.ts';
import { chooseRun, planOf } from '../choose.ts';
import type { Registry } from '../registry.ts';
import { program, quoted } from '../replay-command.ts';
import { optionSettings, runSettings } from '../run-settings.ts';
import { read, type Settings, type SettingSpec } from '../settings.ts';
import { noSuch } from '../suggest.ts';
import { positiveNumber, wholeNumber } from '../values.ts';

const defaults = { trials: 300, rate: 1000, clients: 10 } as const;
export const outDefault = 'ftcheck-failover';
const trialsMax = 100_000;

/** Of what `run` takes, what means the same here. */
const shared = ['impl', 'workload', 'nodes', 'timing', 'service-time', 'op-timeout', 'quiet'];

const own: readonly SettingSpec[] = [
  {
    name: 'fault',
    argument: '<spec>',
    description:
      'what is tried, such as kill:primary, pause:backup, crash:primary or partition:isolate-primary,hold; repeatable: rounds of one trial each',
    repeated: true,
  },
  {
    name: 'trials',
    argument: '<n>',
    description: `of each fault (default: ${defaults.trials}, from which a p99 can be claimed)`,
  },
  {
    name: 'rate',
    argument: '<n>',
    description: `operations a second that fall due, over all clients, open loop (default: ${defaults.rate})`,
  },
  {
    name: 'clients',
    argument: '<n>',
    description: `clients; what falls due while all of them wait is left out (default: ${defaults.clients})`,
  },
  {
    name: 'slo',
    argument: '<bound>',
    description:
      "met, missed or left undecided by its interval: 'outage.p99<1s', 'slowest-client.max<2s', 'rejoin-stall.p90<100ms'; repeatable",
    repeated: true,
  },
  {
    name: 'seed',
    argument: '<n>',
    description: 'decides victims, lengths and quiet times (default: a new one each time)',
  },
  { name: 'out', argument: '<folder>', description: `where the trials are kept (default: ${outDefault})` },
  { name: 'json', argument: null, description: 'print summary.json on stdout, and nothing else there' },
  {
    name: 'html',
    argument: '<file>',
    description: 'write one page with distributions and tables, for offline use',
  },
  { name: 'csv', argument: '<file>', description: 'write one row for each trial' },
];

export const failoverSettings = (registry: Registry): readonly SettingSpec[] => {
  const known = runSettings(registry).filter(({ name }) => shared.includes(name));
  return [
    ...known.filter(({ name }) => name === 'impl'),
    ...own,
    ...known.filter(({ name }) => name !== 'impl'),
    ...optionSettings(registry),
  ];
};

/** One kind of fault, by the name that the user gave it. */
export interface FaultChoice {
  readonly name: string;
  readonly choice: NemesisChoice;
}

/** Everything that decides a series but its seed. */
export interface FailoverChoice {
  readonly impl: Impl;
  readonly faults: readonly FaultChoice[];
  readonly trials: number;
  readonly rate: number;
  readonly clients: number;
  readonly slos: readonly FailoverSlo[];
  readonly planWith: (seed: number) => Plan;
}

/** Makes a choice of settings, or throws UsageError with the flag that is wrong. */
export function chooseFailover(settings: Settings, registry: Registry): FailoverChoice {
  const clients = read(settings, 'clients', wholeNumber(1, 1000), defaults.clients);
  const foreign = ['slo', 'rate', 'clients'];
  const base = new Map([...settings].filter(([name]) => !foreign.includes(name)));
  const choice = { ...chooseRun(base, registry), clients, pinned: false };
  return {
    impl: choice.impl,
    faults: faultsOf(settings, registry, choice.impl),
    trials: read(settings, 'trials', wholeNumber(1, trialsMax), defaults.trials),
    rate: read(settings, 'rate', positiveNumber(100_000), defaults.rate),
    clients,
    slos: (settings.get('slo')?.texts ?? []).map((text) => parseFailoverSlo(text, '--slo')),
    planWith: (seed) => planOf(choice, seed, settings),
  };
}

/** What takes service away at once and gives it back. */
const classes: readonly FaultClass[] = ['crash', 'crash-pause', 'omission'];
/** A group does not come back from these, or they choose their own time. */
const unsuitable = ['majority', 'never', 'in-turn'];

function faultsOf(settings: Settings, registry: Registry, impl: Impl): readonly FaultChoice[] {
  const nemeses = suitableIn(registry);
  const specs = [...new Set(settings.get('fault')?.texts ?? [])];
  if (specs.length === 0) {
    throw new UsageError(
      `--fault is missing: ${Object.keys(nemeses).join(', ')}, each with a role after a colon, such as ${exampleOf(nemeses, impl)}`,
    );
  }
  return specs.map((spec) => ({ name: spec, choice: faultChoice(spec, registry, impl) }));
}

const suitableIn = (registry: Registry): Readonly<Record<string, Nemesis>> =>
  Object.fromEntries(
    Object.entries(registry.nemeses)
      .filter(([, nemesis]) => classes.includes(nemesis.class))
      .map(([name, nemesis]) => [
        name,
        { ...nemesis, variants: nemesis.variants.filter((variant) => !unsuitable.includes(variant.name)) },
      ]),
  );

/** Reads one `--fault`, or throws UsageError, which says what there is. */
export function faultChoice(spec: string, registry: Registry, impl: Impl): NemesisChoice {
  const nemeses = suitableIn(registry);
  if (spec.includes('+')) throw new UsageError(`--fault ${spec}: one fault each; repeat --fault for others`);
  const name = (spec.split(':')[0] ?? '').trim();
  if (!Object.hasOwn(nemeses, name)) {
    const why = Object.hasOwn(registry.nemeses, name)
      ? `${name} takes no service away at once; there are ${Object.keys(nemeses).join(', ')}`
      : noSuch('fault', name, Object.keys(nemeses));
    throw new UsageError(`--fault ${spec}: ${why}`);
  }
  const given = spec.slice(name.length + 1).split(',');
  const taboo = given.find((variant) => unsuitable.includes(variant));
  const nemesis = nemeses[name];
  if (taboo !== undefined && nemesis !== undefined) {
    throw new UsageError(
      `--fault ${spec}: "${taboo}" cannot be tried again and again on one group; after "${name}:" may stand ${variantsOf(nemesis, impl.roles).join(', ')}`,
    );
  }
  try {
    const [choice] = parseNemesisSpec(spec, nemeses, impl.roles);
    if (choice === undefined) throw new UsageError(`--fault ${spec}: is empty`);
    refuseContradiction(choice, impl);
    return choice;
  } catch (thrown) {
    if (!(thrown instanceof UsageError)) throw thrown;
    throw new UsageError(thrown.message.replace(/^--nemesis/, '--fault'));
  }
}

/** Variants that go not together are refused by the plug-in where it plans with them: here, and not in the middle of a series. */
function refuseContradiction({ nemesis, variants }: NemesisChoice, { roles }: Impl): void {
  const windows = [{ atMs: millis(0), forMs: millis(1000) }];
  nemesis.schedule({ slots: slots(3), roles, windows, random: makeRandom(0), variants });
}

function exampleOf(nemeses: Readonly<Record<string, Nemesis>>, impl: Impl): string {
  const [first = ''] = Object.keys(nemeses).filter((name) => nemeses[name]?.takesRole === true);
  return `${first}:${impl.roles[0] ?? 'any'}`;
}

/** The command that repeats a series. */
export function failoverCommand(settings: Settings, registry: Registry, seed: number): string {
  const words = failoverSettings(registry)
    .filter(({ name, argument }) => argument !== null && !['seed', 'out', 'html', 'csv'].includes(name))
    .flatMap(({ name, repeated }) => {
      const texts = settings.get(name)?.texts ?? [];
      return (repeated === true ? texts : texts.slice(-1)).map((text) => `--${name}=${text}`);
    });
  return [`${program} failover`, ...[...words, `--seed=${seed}`].map(quoted)].join(' ');
}
