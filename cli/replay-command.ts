import { isDeepStrictEqual } from 'node:util';
import { FtcheckError } from '../core/errors.ts';
import type { OptionSpec } from '../core/impl.ts';
import type { JsonObject } from '../core/json.ts';
import type { Plan } from '../core/plan.ts';
import { nominalMs, planDefaults } from '../harness/plan.ts';
import { chooseRun, planOf } from './choose.ts';
import type { Registry } from './registry.ts';
import type { Given, Settings, SettingSpec } from './settings.ts';
import { durationText } from './values.ts';

/** npx finds ftcheck in a clone, in a project that depends on it, and where it is installed globally. */
export const program = 'npx ftcheck';

/**
 * The command that repeats a run: in flags, where these make the same plan again, else by the stored plan (one that was edited, or made
 * by another version).
 */
export function replayCommand(plan: Plan, registry: Registry, planPath: string): string {
  const given = flagsOf(plan, registry);
  // A number of faults is not in the plan: it shows in what comes of it.
  const counted = new Map(given).set('faults', flag('faults', String(plan.faults.length)));
  const again = [given, counted].find((settings) => madeAgain(plan, registry, settings));
  if (again === undefined) return `${program} run ${quoted(`--plan=${planPath}`)}`;
  const flags = [...again].flatMap(([name, { texts }]) => texts.map((text) => `--${name}=${text}`));
  return [`${program} run`, ...flags.map(quoted)].join(' ');
}

const flag = (name: string, ...texts: readonly string[]): Given => ({
  texts,
  place: `--${name}`,
  from: 'flag',
});

/** The command that plays one schedule of a simulation again. */
export function simulateCommand(settings: Settings, specs: readonly SettingSpec[], seed: number): string {
  const given = specs
    .filter(({ name, argument }) => argument !== null && name !== 'seed' && name !== 'seeds')
    .flatMap(({ name }) => (settings.get(name)?.texts ?? []).map((text) => `--${name}=${text}`));
  return [`${program} simulate`, ...given.map(quoted), '--seeds=1', `--seed=${seed}`].join(' ');
}

/** What was chosen, and of everything else what differs from its default. */
export function flagsOf(plan: Plan, registry: Registry): Settings {
  const flags = new Map<string, Given>();
  const add = (name: string, ...texts: readonly string[]): void => {
    if (texts.length > 0) flags.set(name, flag(name, ...texts));
  };
  const impl = registry.impls[plan.impl.name];
  const workload = registry.workloads[plan.workload.name];
  add('impl', plan.impl.name);
  addOptions(add, impl?.options ?? [], plan.impl.options);
  add('workload', plan.workload.name);
  addOptions(add, workload?.options ?? [], plan.workload.options);
  add('nemesis', plan.nemesis);
  add('nodes', String(plan.nodes));
  add('clients', String(plan.clients));
  if (plan.rate !== null) add('rate', String(plan.rate));
  add('duration', durationText(nominalMs(plan)));
  if (plan.timing !== planDefaults.timing) add('timing', plan.timing);
  if (plan.serviceMs !== planDefaults.serviceMs) add('service-time', durationText(plan.serviceMs));
  if (plan.opTimeoutMs !== planDefaults.opTimeoutMs) add('op-timeout', durationText(plan.opTimeoutMs));
  add('slo', ...plan.slos);
  const { timeMs, memoryMb } = plan.checkerLimits;
  if (timeMs !== planDefaults.checkerLimits.timeMs) add('checker-time', durationText(timeMs));
  if (memoryMb !== planDefaults.checkerLimits.memoryMb) add('checker-memory', String(memoryMb));
  add('seed', String(plan.seed));
  return flags;
}

function addOptions(
  add: (name: string, text: string) => void,
  specs: readonly OptionSpec[],
  options: JsonObject,
): void {
  for (const spec of specs) {
    const value = options[spec.name];
    if (typeof value === 'string' || typeof value === 'number') {
      if (value !== spec.default) add(spec.name, String(value));
    }
  }
}

function madeAgain(plan: Plan, registry: Registry, flags: Settings): boolean {
  try {
    const again = planOf(chooseRun(flags, registry), plan.seed, flags);
    return isDeepStrictEqual(JSON.parse(JSON.stringify(again)), JSON.parse(JSON.stringify(plan)));
  } catch (thrown) {
    if (thrown instanceof FtcheckError) return false; // an impl that is not here, a number that is no longer allowed
    throw thrown;
  }
}

/** As a POSIX shell reads it back. */
export const quoted = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
