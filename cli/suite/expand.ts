import { isDeepStrictEqual } from 'node:util';
import { exitCodes, FtcheckError, UsageError } from '../../core/errors.ts';
import type { Plan } from '../../core/plan.ts';
import type { Expectation } from '../../results/suite/outcome.ts';
import { chooseRun, planOf } from '../choose.ts';
import type { Registry } from '../registry.ts';
import { optionSettings, seedMax } from '../run-settings.ts';
import { type Given, isOn, type Settings } from '../settings.ts';
import { noSuch } from '../suggest.ts';
import type { Matrix, ScenarioSpec, Seeds, SuiteFile } from './file.ts';
import { type SuiteJob, timeoutMsOf } from './job.ts';
import { type PlanPlaces, storedPlans } from './plans.ts';

/** What a suite is expanded with. */
export interface Expansion extends PlanPlaces {
  readonly file: SuiteFile;
  readonly registry: Registry;
  /** The seed that counts of seeds begin with. */
  readonly seed: number;
  /** Of the command line: in the place of the suite's own. */
  readonly seeds: Seeds | null;
}

/** Every scenario of a suite: stored plans first, then the matrices, then what is written out. UsageError with the place of what is wrong. */
export function expandSuite(input: Expansion): readonly SuiteJob[] {
  const { file, registry } = input;
  const jobs = new Map<string, SuiteJob>();
  const add = (place: string, job: SuiteJob): void => {
    const other = jobs.get(job.id);
    if (other !== undefined && !isDeepStrictEqual(other, job)) {
      throw new UsageError(`${place}: a second scenario is called '${job.id}': give it a name of its own`);
    }
    jobs.set(job.id, job);
  };
  for (const given of file.plans) {
    for (const path of given.texts) {
      for (const { name, plan } of placedAt(given.place, () => storedPlans(path, input, registry))) {
        add(given.place, jobOf(input, { name: `plan ${name}`, plans: [plan] }));
      }
    }
  }
  for (const { place, name, settings } of combinationsOf(file, registry)) {
    const planFor = planMaker(place, settings, registry);
    for (const seed of seedsOf(input, null)) {
      const plans = [planFor(seed)] as const;
      add(place, jobOf(input, { name: `${name}, seed ${seed}`, plans, settings }));
    }
  }
  for (const spec of file.scenarios) for (const job of jobsOf(spec, input)) add(spec.place, job);
  return [...jobs.values()];
}

/** A combination of a matrix, with the name that tells it from the others. */
interface Combination {
  readonly place: string;
  readonly name: string;
  readonly settings: Settings;
}

const mainAxes: readonly string[] = ['impl', 'workload', 'nemesis'];

function combinationsOf(file: SuiteFile, registry: Registry): readonly Combination[] {
  const unused = new Set(file.exclude);
  const all = file.matrices.flatMap((matrix) =>
    productOf(matrix).flatMap((chosen): Combination[] => {
      const settings = ownOnly(new Map([...base(file, 'valid'), ...chosen]), registry);
      const hit = file.exclude.filter(({ values }) =>
        [...values].every(([name, texts]) => texts.includes(textOf(settings, name))),
      );
      for (const exclusion of hit) unused.delete(exclusion);
      if (hit.length > 0) return [];
      const isTold = ({ name, values }: Matrix['axes'][number]): boolean =>
        settings.has(name) && !mainAxes.includes(name) && (values.length > 1 || isOption(name, registry));
      const told = matrix.axes.filter(isTold).map(({ name }) => name);
      return [{ place: matrix.place, name: nameOf(settings, told), settings }];
    }),
  );
  const [useless] = unused;
  if (useless !== undefined) {
    throw new UsageError(`${useless.place}: exclude: no combination is like this`);
  }
  return all;
}

const isOption = (name: string, registry: Registry): boolean =>
  optionSettings(registry).some((option) => option.name === name);

function productOf({ axes }: Matrix): readonly Settings[] {
  const none: readonly (readonly (readonly [string, Given])[])[] = [[]];
  return axes
    .reduce(
      (rows, { name, values }) =>
        rows.flatMap((row) => values.map((value) => [...row, [name, value] as const])),
      none,
    )
    .map((row) => new Map(row));
}

/** The settings of every scenario. Bounds are for those that shall hold them. */
function base({ defaults, slos }: SuiteFile, expect: Expectation['verdict']): Settings {
  const own = defaults.get('slo');
  if (expect !== 'valid') return new Map([...defaults].filter(([name]) => name !== 'slo'));
  if (slos === null) return defaults;
  return new Map([...defaults, ['slo', { ...slos, texts: [...(own?.texts ?? []), ...slos.texts] }]]);
}

/** Without options of other impls and workloads, which a matrix and its defaults hold for those that have them. */
function ownOnly(settings: Settings, registry: Registry): Settings {
  const chosen = [textOf(settings, 'impl'), textOf(settings, 'workload')];
  const foreign = optionSettings(registry)
    .filter(({ owners }) => !chosen.some((one) => owners.includes(one)))
    .map(({ name }) => name);
  return new Map([...settings].filter(([name]) => !foreign.includes(name)));
}

/** As `run` would read it where nothing is given. */
const textOf = (settings: Settings, name: string): string =>
  settings.get(name)?.texts.at(-1) ?? { workload: 'kv', nemesis: 'none' }[name] ?? '';

const nameOf = (settings: Settings, told: readonly string[]): string =>
  [
    ...mainAxes.map((name) => textOf(settings, name)),
    ...told.map((name) => `${name}=${textOf(settings, name)}`),
  ].join(', ');

/** What a setting of a scenario says about time and limits is not what tells it from others. */
const untold: readonly string[] = [
  ...mainAxes,
  'duration',
  'slo',
  'fail-fast',
  'checker-time',
  'checker-memory',
];

function jobsOf(spec: ScenarioSpec, input: Expansion): readonly SuiteJob[] {
  const { file, registry } = input;
  const { place, expect, within } = spec;
  if (spec.plan !== null) {
    const { texts } = spec.plan;
    const found = placedAt(spec.plan.place, () =>
      texts.flatMap((path) => storedPlans(path, input, registry)),
    );
    return found.map(({ name, plan }) =>
      jobOf(input, {
        name: spec.name === null || found.length > 1 ? `plan ${name}` : spec.name,
        plans: [plan],
        settings: spec.settings,
        spec,
      }),
    );
  }
  const given = ownOnly(new Map([...base(file, expect), ...mainOf(spec.settings)]), registry);
  const settings: Settings = new Map([...given, ...spec.settings]);
  const told = [...spec.settings.keys()].filter((name) => !untold.includes(name));
  const name = spec.name ?? nameOf(settings, told);
  const planFor = planMaker(place, settings, registry);
  if (within !== null) {
    const [first = input.seed] = seedsOf(input, spec.seeds ?? { count: 1 });
    const rest = Array.from({ length: within - 1 }, (_, i) => planFor(first + i + 1));
    const plans = [planFor(first), ...rest] as const;
    return [
      jobOf(input, { name: `${name}, seeds ${first} to ${first + within - 1}`, plans, settings, spec }),
    ];
  }
  return seedsOf(input, spec.seeds).map((seed) =>
    jobOf(input, { name: `${name}, seed ${seed}`, plans: [planFor(seed)], settings, spec }),
  );
}

/** Which impl and workload a scenario has decides which of the defaults are its own. */
const mainOf = (settings: Settings): Settings =>
  new Map([...settings].filter(([name]) => mainAxes.includes(name)));

function seedsOf({ file, seed, seeds }: Expansion, own: Seeds | null): readonly number[] {
  const wanted = own ?? seeds ?? file.seeds ?? { count: 1 };
  return 'list' in wanted ? wanted.list : Array.from({ length: wanted.count }, (_, i) => seed + i);
}

function planMaker(place: string, settings: Settings, registry: Registry): (seed: number) => Plan {
  if (!settings.has('impl')) throw new UsageError(`${place}: impl is missing`);
  const choice = placedAt(place, () => chooseRun(settings, registry));
  return (seed) => {
    if (seed > seedMax) throw new UsageError(`${place}: seed ${seed}: above ${seedMax}`);
    return placedAt(place, () => planOf(choice, seed, settings));
  };
}

function jobOf(
  { file }: Expansion,
  {
    name,
    plans,
    settings = new Map(),
    spec = null,
  }: {
    readonly name: string;
    readonly plans: SuiteJob['plans'];
    readonly settings?: Settings;
    readonly spec?: ScenarioSpec | null;
  },
): SuiteJob {
  const [plan] = plans;
  const property = spec?.property ?? null;
  const expect = spec?.expect ?? 'valid';
  if (property !== null) refuseUnjudged(property, plan);
  return {
    id: name,
    expected: {
      verdict: expect,
      property: property?.texts[0] ?? null,
      allowsUnknown: expect === 'valid' && (spec?.allowsUnknown === true || file.allowsUnknown),
    },
    plans,
    isFailFast: isOn(settings, 'fail-fast'),
    timeoutMs: spec?.timeoutMs ?? file.timeoutMs ?? timeoutMsOf(plan),
  };
}

/** A property that nobody judges can never be broken. */
function refuseUnjudged({ place, texts }: Given, { checkers, slos }: Plan): void {
  const known = [...checkers, ...(slos.length > 0 ? ['slo'] : [])];
  const [name = ''] = texts;
  if (!known.includes(name)) throw new UsageError(`${place}: property: ${noSuch('property', name, known)}`);
}

/** An error that does not say where it comes from gets the place of the scenario. */
function placedAt<T>(place: string, make: () => T): T {
  try {
    return make();
  } catch (thrown) {
    if (!(thrown instanceof FtcheckError) || thrown.exitCode !== exitCodes.usage) throw thrown;
    if (/^[^\s:]+:\d+:\d+: /.test(thrown.message)) throw thrown;
    throw new UsageError(`${place}: ${thrown.message.replace(/^--/, '')}`, thrown.cause);
  }
}
