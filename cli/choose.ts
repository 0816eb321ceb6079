import { UsageError } from '../core/errors.ts';
import type { Impl, OptionSpec } from '../core/impl.ts';
import type { JsonObject } from '../core/json.ts';
import type { TimingProfile } from '../core/machine.ts';
import type { Plan } from '../core/plan.ts';
import { millis } from '../core/units.ts';
import type { Workload } from '../core/workload.ts';
import { parseNemesisSpec, type NemesisChoice } from '../harness/nemesis-spec.ts';
import { makePlan, nodesByDefault, planDefaults, serviceMsMax, type PlanInput } from '../harness/plan.ts';
import { parseSlo } from '../results/slo.ts';
import type { Registry } from './registry.ts';
import { optionSettings } from './run-settings.ts';
import { read, wrongAt, type Settings } from './settings.ts';
import { closest, noSuch } from './suggest.ts';
import { duration, fineDuration, type Parse, positiveNumber, text, wholeNumber, Wrong } from './values.ts';

/** Everything that decides a run but its seed. */
export type RunChoice = Omit<PlanInput, 'seed'>;

const dayMs = 86_400_000;
const timingProfiles: readonly TimingProfile[] = ['default', 'fast'];

/** Makes a choice of settings, or throws UsageError with the place of the first that is wrong. */
export function chooseRun(settings: Settings, registry: Registry): RunChoice {
  const impl = named(settings, 'impl', 'impl', registry.impls, undefined);
  const workload = named(settings, 'workload', 'workload', registry.workloads, 'kv');
  const owners = [impl, workload];
  refuseForeignOptions(settings, registry, owners);
  const implOptions = optionsOf(settings, impl);
  const nodes = read(settings, 'nodes', wholeNumber(1, 9), nodesByDefault(impl, implOptions));
  return {
    impl,
    implOptions,
    workload,
    workloadOptions: optionsOf(settings, workload),
    ...chooseNemesis(settings, registry, impl),
    nodes,
    clients: read(settings, 'clients', wholeNumber(1, 1000), planDefaults.clients),
    rate: read(settings, 'rate', positiveNumber(100_000), null),
    faults: read(settings, 'faults', wholeNumber(1, 10_000), null),
    durationMs: read(settings, 'duration', duration(1000, dayMs), planDefaults.durationMs),
    opTimeoutMs: read(settings, 'op-timeout', duration(10, 3_600_000), planDefaults.opTimeoutMs),
    timing: read(settings, 'timing', oneOf(timingProfiles), planDefaults.timing),
    serviceMs: read(settings, 'service-time', fineDuration(0, serviceMsMax), planDefaults.serviceMs),
    checkerLimits: {
      timeMs: millis(read(settings, 'checker-time', duration(1, dayMs), planDefaults.checkerLimits.timeMs)),
      memoryMb: read(
        settings,
        'checker-memory',
        wholeNumber(64, 1_048_576),
        planDefaults.checkerLimits.memoryMb,
      ),
    },
    slos: chooseSlos(settings, workload),
  };
}

/** The plan of a choice; what makePlan refuses is told with the place that it came from. */
export function planOf(choice: RunChoice, seed: number, settings: Settings): Plan {
  return placed(settings, () => makePlan({ ...choice, seed }));
}

function named<T>(
  settings: Settings,
  setting: string,
  what: string,
  known: Readonly<Record<string, T>>,
  fallback: string | undefined,
): T {
  const mutants = Object.keys(known).filter((name) => name.startsWith('mutants/'));
  const shown = [
    ...Object.keys(known).filter((name) => !mutants.includes(name)),
    ...(mutants.length === 0 ? [] : ['mutants/... (ftcheck list mutants)']),
  ];
  const parse = (name: string): T => {
    const found = Object.hasOwn(known, name) ? known[name] : undefined;
    if (found === undefined) throw new Wrong(noSuch(what, name, Object.keys(known), shown));
    return found;
  };
  const found = read(settings, setting, parse, undefined);
  if (found !== undefined) return found;
  if (fallback === undefined) {
    throw new UsageError(`--${setting} is missing: one of ${shown.join(', ')}`);
  }
  return parse(fallback);
}

/** Every option that the owner has, the defaults written out, so that a plan explains itself and outlives them. */
function optionsOf(settings: Settings, owner: Impl | Workload): JsonObject {
  return Object.fromEntries(
    owner.options.map((spec) => [spec.name, read(settings, spec.name, optionValue(spec), spec.default)]),
  );
}

const optionValue =
  (spec: OptionSpec) =>
  (given: string): string | number => {
    if (spec.values === 'number') {
      const value = given.trim() === '' ? NaN : Number(given);
      if (Number.isFinite(value) && value >= 0) return value;
      throw new Wrong(`'${given}' is not a number`);
    }
    return oneOf(spec.values)(given);
  };

const oneOf =
  <T extends string>(values: readonly T[]): Parse<T> =>
  (given) => {
    const found = values.find((value) => value === given);
    if (found !== undefined) return found;
    const meant = closest(given, values);
    const hint = meant === null ? '' : ` (did you mean ${meant}?)`;
    throw new Wrong(`'${given}' is none of ${values.join(', ')}${hint}`);
  };

/** A flag for an option that the chosen ones do not have is a mistake; a file may hold it for another impl that it names less often. */
function refuseForeignOptions(
  settings: Settings,
  registry: Registry,
  chosen: readonly (Impl | Workload)[],
): void {
  const implFrom = settings.get('impl')?.from;
  const workloadFrom = settings.get('workload')?.from;
  const overridden = implFrom === 'flag' || workloadFrom === 'flag';
  for (const { name, owners } of optionSettings(registry)) {
    const given = settings.get(name);
    if (given === undefined || chosen.some((one) => owners.includes(one.name))) continue;
    if (given.from === 'file' && overridden) continue;
    const has = chosen
      .map((one) => `${one.name} has ${one.options.map((option) => option.name).join(', ') || 'no options'}`)
      .join(', ');
    const originals = owners.filter((owner) => registry.impls[owner]?.parent === undefined);
    throw wrongAt(given, name, `is an option of ${originals.join(', ')}; ${has}`);
  }
}

function chooseNemesis(
  settings: Settings,
  registry: Registry,
  impl: Impl,
): { readonly nemesis: string; readonly choices: readonly NemesisChoice[] } {
  const nemesis = read(settings, 'nemesis', text, 'none');
  for (const part of nemesis.split('+')) {
    const name = (part.split(':')[0] ?? '').trim();
    const given = settings.get('nemesis');
    if (given !== undefined && !Object.hasOwn(registry.nemeses, name)) {
      throw wrongAt(given, 'nemesis', noSuch('nemesis', name, Object.keys(registry.nemeses)));
    }
  }
  return placed(settings, () => ({
    nemesis,
    choices: parseNemesisSpec(nemesis, registry.nemeses, impl.roles),
  }));
}

function chooseSlos(settings: Settings, workload: Workload): readonly string[] {
  const given = settings.get('slo');
  if (given === undefined) return [];
  const place = given.from === 'flag' ? '--slo' : `${given.place}: slo`;
  return given.texts.map((slo) => parseSlo(slo, place, workload.operationKinds).text);
}

/** Errors of the harness speak of flags; where the value came from a file, the place in it is said as well. */
function placed<T>(settings: Settings, make: () => T): T {
  try {
    return make();
  } catch (thrown) {
    if (!(thrown instanceof UsageError)) throw thrown;
    const flag = /^--([a-z-]+)/.exec(thrown.message)?.[1] ?? '';
    const given = settings.get(flag);
    if (given?.from !== 'file') throw thrown;
    throw new UsageError(`${given.place}: ${thrown.message.slice(2)}`);
  }
}
