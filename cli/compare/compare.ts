import { randomInt } from 'node:crypto';
import { cpus } from 'node:os';
import { resolve } from 'node:path';
import { exitCodes, FtcheckError, UsageError, type ExitCode } from '../../core/errors.ts';
import { isJsonObject } from '../../core/json.ts';
import { makeRandom } from '../../core/random.ts';
import { wallClock } from '../../harness/clock.ts';
import { nominalMs } from '../../harness/plan.ts';
import { columnOf, comparisonOf, type ComparisonFacts } from '../../results/compare/comparison.ts';
import { judgeThresholds } from '../../results/compare/judge-thresholds.ts';
import { roundsByDefault } from '../../results/compare/rounds.ts';
import type { Column, Comparison } from '../../results/compare/schema.ts';
import { parseThreshold, type Threshold } from '../../results/compare/thresholds.ts';
import { chooseRun, planOf, type RunChoice } from '../choose.ts';
import { printComparison, refuseUnwritable, writeComparison } from './output.ts';
import { playRounds } from './rounds.ts';
import {
  comparable,
  parseEntries,
  refuseRunFlags,
  settingsOf,
  uniqueLabels,
  type Entry,
} from './settings.ts';
import { readBaseline, storedComparison } from './stored.ts';
import type { Context } from '../context.ts';
import { loadSettings } from '../load-settings.ts';
import { registry } from '../registry.ts';
import { program, quoted } from '../replay-command.ts';
import { seedMax } from '../run-settings.ts';
import { isOn, merge, read, type Given, type Settings } from '../settings.ts';
import { text, wholeNumber } from '../values.ts';

const roundsMax = 200;

/** Compares systems that it runs, or runs that are stored; tells, writes and judges. */
export async function compare(runs: readonly string[], flags: Settings, context: Context): Promise<ExitCode> {
  const thresholds = thresholdsIn(flags);
  refuseUnwritable(flags, context);
  const out = read(flags, 'out', text, 'ftcheck-runs');
  const baselinePath = read(flags, 'baseline', text, undefined);
  const baseline = baselinePath === undefined ? null : readBaseline(baselinePath, out, context);
  if (baseline !== null && !thresholds.some(({ isRelative }) => isRelative)) {
    throw new UsageError("--baseline: nothing is relative to it: give --threshold, such as 'p99<+10%'");
  }
  if (isOn(flags, 'strict') && thresholds.length === 0) {
    throw new UsageError('--strict: there is no --threshold that could stay undecided');
  }
  const made = runs.length === 0 ? await played(flags, context) : stored(runs, out, flags, context);
  const comparison = {
    ...made,
    thresholds: judgeThresholds({
      comparison: made,
      thresholds,
      baseline,
      random: makeRandom(made.seed),
    }),
  };
  printComparison(comparison, isOn(flags, 'json'), context);
  writeComparison(comparison, flags, context);
  return codeOf(comparison, isOn(flags, 'strict'));
}

const thresholdsIn = (flags: Settings): Threshold[] =>
  (flags.get('threshold')?.texts ?? []).map((given) => parseThreshold(given, '--threshold'));

function codeOf({ interrupted, columns, thresholds }: Comparison, isStrict: boolean): ExitCode {
  if (interrupted !== null) return exitCodes.interrupted;
  const rounds = columns.flatMap((column) => column.rounds);
  const failing = thresholds.filter(
    ({ verdict }) => verdict === 'violated' || (isStrict && verdict === 'undecided'),
  );
  if (failing.length > 0 || rounds.some(({ verdict }) => verdict === 'invalid')) return exitCodes.invalid;
  if (rounds.some(({ trouble }) => trouble !== null)) return exitCodes.internal;
  return rounds.some(({ verdict }) => verdict === 'unknown') ? exitCodes.unknown : exitCodes.valid;
}

function stored(runs: readonly string[], out: string, flags: Settings, context: Context): Comparison {
  refuseRunFlags(flags);
  const seed = read(flags, 'seed', wholeNumber(0, seedMax), 1);
  return storedComparison({
    runs,
    seed,
    out,
    hasBaseline: flags.has('baseline'),
    facts: factsNow(seed, flags, runs),
    context,
  });
}

/** What of a comparison does not come from its runs. */
const factsNow = (
  seed: number,
  flags: Settings,
  runs: readonly string[],
): Pick<ComparisonFacts, 'date' | 'environment' | 'seed' | 'command'> => ({
  date: wallClock().toISOString(),
  environment: {
    node: process.versions.node,
    platform: `${process.platform} ${process.arch}`,
    cpus: cpus().length,
  },
  seed,
  command: commandOf(seed, flags, runs),
});

/** The command that makes the same comparison again, in new runs. */
function commandOf(seed: number, flags: Settings, runs: readonly string[]): string {
  const given = [...flags].filter(([name]) => name !== 'seed');
  const words = given.flatMap(([name, { texts }]) =>
    texts.map((value) => (switches.has(name) ? `--${name}` : `--${name}=${value}`)),
  );
  return [`${program} compare`, ...[...runs, ...words, `--seed=${seed}`].map(quoted)].join(' ');
}
const switches: ReadonlySet<string> = new Set(['json', 'quiet', 'strict']);

async function played(flags: Settings, context: Context): Promise<Comparison> {
  const shared = sharedSettings(
    merge(comparable(await loadSettings(fileOnly(flags), registry, context)), flags),
  );
  const list = read(shared, 'impls', text, undefined);
  if (list === undefined) {
    throw new UsageError(
      '--impls is missing: systems to compare, such as --impls simple,passive (or give stored runs)',
    );
  }
  const entries = parseEntries(list, registry);
  const seed =
    read(shared, 'seed', wholeNumber(0, seedMax - roundsMax), undefined) ?? randomInt(1, 1_000_000);
  const choices = entries.map((entry) => chosen(entry, entries, shared));
  const [first] = choices;
  if (first === undefined) throw new FtcheckError('two systems or more are chosen');
  const hasFaults = first.choice.choices.some(({ nemesis }) => nemesis.class !== 'none');
  const rounds = read(
    shared,
    'rounds',
    wholeNumber(1, roundsMax),
    roundsByDefault(entries.length, hasFaults),
  );
  const labels = uniqueLabels(entries.map((entry) => entry.text));
  // Every system meets the same operations and faults in a round: what these decide falls out of their difference.
  const planFor = ({ entry, choice, settings }: Chosen, round: number) =>
    forEntry(entry, () => planOf(choice, seed + round - 1, settings));
  const plan = planFor(first, 1);
  for (const other of choices) planFor(other, 1); // what makes no run is told before anything runs
  const done = await playRounds({
    systems: choices.map((one, i) => ({
      label: labels[i] ?? '',
      plan: (round) => planFor(one, round),
    })),
    rounds,
    seed,
    out: resolve(context.cwd, read(shared, 'out', text, 'ftcheck-runs')),
    isQuiet: isOn(shared, 'quiet'),
    context,
  });
  if ((done.rounds[0] ?? []).length === 0) {
    throw new FtcheckError(`interrupted by ${done.interrupted ?? ''} before the first round was complete`, {
      exitCode: exitCodes.interrupted,
    });
  }
  const columns = choices.map(({ choice, entry }, i): Column => {
    const options = { ...withoutUndefined(choice.implOptions), ...entry.options };
    const label = labels[i] ?? '';
    return columnOf({ label, impl: entry.impl, options, source: null, rounds: done.rounds[i] ?? [] }, seed);
  });
  const { workload, nemesis, clients, rate } = plan;
  return comparisonOf({
    kind: 'paired',
    columns,
    facts: {
      ...factsNow(seed, flags, []),
      setting: { workload: workload.name, nemesis, clients, rate, durationMs: nominalMs(plan) },
      interrupted: done.interrupted,
    },
  });
}

const withoutUndefined = (options: RunChoice['implOptions']): Record<string, unknown> =>
  isJsonObject(options) ? { ...options } : {};

/** `--config` alone, for the file; its other settings come after. */
const fileOnly = (flags: Settings): Settings => {
  const config = flags.get('config');
  return config === undefined ? new Map() : new Map([['config', config]]);
};

/** Many short runs tell more than a few long ones: what disturbs one then disturbs its neighbour alike, or is one of many. */
function sharedSettings(settings: Settings): Settings {
  if (settings.has('duration')) return settings;
  const hasFaults = !['none', undefined].includes(settings.get('nemesis')?.texts.at(-1));
  const duration: Given = { texts: [hasFaults ? '5s' : '3s'], place: '--duration', from: 'flag' };
  return new Map([...settings, ['duration', duration]]);
}

interface Chosen {
  readonly entry: Entry;
  readonly settings: Settings;
  readonly choice: RunChoice;
}

function chosen(entry: Entry, entries: readonly Entry[], shared: Settings): Chosen {
  const settings = settingsOf(entry, entries, shared, registry);
  return forEntry(entry, () => ({ entry, settings, choice: chooseRun(settings, registry) }));
}

/** What is right for one system may be wrong for another: an error says for which. */
function forEntry<T>({ text: name }: Entry, make: () => T): T {
  try {
    return make();
  } catch (thrown) {
    if (!(thrown instanceof UsageError) || thrown.message.includes(name)) throw thrown;
    throw new UsageError(`${thrown.message} (for ${name})`);
  }
}
