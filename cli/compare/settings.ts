import { UsageError } from '../../core/errors.ts';
import type { Registry } from '../registry.ts';
import { optionSettings, runSettings } from '../run-settings.ts';
import { type Given, type Settings, type SettingSpec } from '../settings.ts';
import { noSuch } from '../suggest.ts';

/** What only `compare` takes. */
const ownSettings: readonly SettingSpec[] = [
  {
    name: 'impls',
    argument: '<list>',
    description:
      'systems to compare, such as simple,passive,active or passive,passive:acks=majority:service-time=1ms',
  },
  {
    name: 'rounds',
    argument: '<n>',
    description: 'how often each runs, in turn (default: enough to find differences, 15 for two systems)',
  },
  {
    name: 'baseline',
    argument: '<file>',
    description: 'a comparison stored by --save, or a verdict.json, that thresholds are relative to',
  },
  {
    name: 'threshold',
    argument: '<bound>',
    description: "a bound that must hold, such as 'p99<+10%', 'throughput>-5%', 'outage.p99<1s'; repeatable",
    repeated: true,
  },
  { name: 'strict', argument: null, description: 'a threshold that stays undecided fails as well' },
  { name: 'save', argument: '<file>', description: 'store the comparison, as a baseline for later ones' },
  { name: 'markdown', argument: '<file>', description: 'write it as Markdown, for a pull request' },
  { name: 'html', argument: '<file>', description: 'write it as a page with plots' },
  {
    name: 'json',
    argument: null,
    description: 'print the comparison as JSON on stdout, and nothing else there',
  },
];

/** What of a run has no place in a comparison: each is one system, judged by itself. */
const notTaken: ReadonlySet<string> = new Set(['impl', 'plan', 'fail-fast', 'slo', 'json']);

/** What a comparison of stored runs takes: they are what they are. */
const forStored: ReadonlySet<string> = new Set([
  ...['baseline', 'threshold', 'strict', 'save', 'markdown', 'html', 'json', 'seed', 'out'],
]);

export const compareSettings = (registry: Registry): readonly SettingSpec[] => [
  ...ownSettings,
  ...runSettings(registry)
    .filter(({ name }) => !notTaken.has(name))
    .map((spec) =>
      spec.name === 'duration'
        ? { ...spec, description: 'of each run (default: 3s, or 5s with a nemesis)' }
        : spec,
    ),
];

/** Of ftcheck.yaml, what a comparison takes. */
export const comparable = (file: Settings): Settings =>
  new Map([...file].filter(([name]) => !notTaken.has(name)));

/** Flags that say how to run, beside runs that are stored. */
export function refuseRunFlags(flags: Settings): void {
  const wrong = [...flags.keys()].find((name) => !forStored.has(name));
  if (wrong !== undefined)
    throw new UsageError(`--${wrong}: says how to run, and the runs to compare are stored ones`);
}

/** One of `--impls`, as it was written, and the settings that it stands for. */
export interface Entry {
  readonly text: string;
  readonly impl: string;
  /** What it says beside the name. */
  readonly options: Readonly<Record<string, string>>;
}

/** What of a run may differ between systems, besides options of the impl. */
const mayDiffer: readonly string[] = ['nodes', 'clients', 'rate', 'timing', 'service-time', 'op-timeout'];

/** `NAME[:OPTION=VALUE]...,...`; a name may have colons itself, `somersault:composed`. */
export function parseEntries(list: string, registry: Registry): Entry[] {
  const texts = list.split(',').map((text) => text.trim());
  if (texts.includes('')) throw new UsageError(`--impls: a name is missing in '${list}'`);
  const entries = texts.map((text) => parseEntry(text, registry));
  if (entries.length < 2) {
    throw new UsageError(
      `--impls: '${list}' is one system; it takes two to compare (the same may stand twice)`,
    );
  }
  return entries;
}

function parseEntry(text: string, registry: Registry): Entry {
  const parts = text.split(':');
  const at = parts.findIndex((part) => part.includes('='));
  const name = (at < 0 ? parts : parts.slice(0, at)).join(':');
  const impl = Object.hasOwn(registry.impls, name) ? registry.impls[name] : undefined;
  if (impl === undefined) {
    const names = Object.keys(registry.impls);
    const shown = names.filter((one) => !one.startsWith('mutants/'));
    throw new UsageError(
      `--impls: ${noSuch('impl', name, names, [...shown, 'mutants/... (ftcheck list mutants)'])}`,
    );
  }
  const known = [...impl.options.map((option) => option.name), ...mayDiffer];
  const options: Record<string, string> = {};
  for (const part of at < 0 ? [] : parts.slice(at)) {
    const [key = '', ...rest] = part.split('=');
    if (rest.length === 0) throw new UsageError(`--impls: '${part}' in '${text}' is no OPTION=VALUE`);
    if (!known.includes(key)) throw new UsageError(`--impls: ${text}: ${noSuch('option', key, known)}`);
    options[key] = rest.join('=');
  }
  return { text, impl: name, options };
}

/** The settings of one system: what it says itself, over what all share. */
export function settingsOf(
  entry: Entry,
  entries: readonly Entry[],
  shared: Settings,
  registry: Registry,
): Settings {
  const own = Object.entries(entry.options).map(([name, value]): [string, Given] => [
    name,
    { texts: [value], place: `--impls ${entry.text}`, from: 'file' },
  ]);
  const ofOthers = new Set(
    optionSettings(registry)
      .filter(
        ({ owners }) => !owners.includes(entry.impl) && entries.some(({ impl }) => owners.includes(impl)),
      )
      .map(({ name }) => name),
  );
  const workload = shared.get('workload')?.texts.at(-1) ?? 'kv';
  const ofWorkload = new Set(registry.workloads[workload]?.options.map(({ name }) => name));
  return new Map<string, Given>([
    ...[...shared].filter(([name]) => !ofOthers.has(name) || ofWorkload.has(name)),
    ['impl', { texts: [entry.impl], place: '--impls', from: 'flag' }],
    ...own,
  ]);
}

/** `passive`, or `passive#1` and `passive#2` where it stands twice. */
export function uniqueLabels(texts: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return texts.map((text) => {
    if (texts.filter((one) => one === text).length === 1) return text;
    const number = (seen.get(text) ?? 0) + 1;
    seen.set(text, number);
    return `${text}#${number}`;
  });
}
