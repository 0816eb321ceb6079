import { basename } from 'node:path';
import { UsageError } from '../../core/errors.ts';
import { type Given, type Settings, type SettingSpec, wrongAt } from '../settings.ts';
import {
  axisName,
  checked,
  type Path,
  type SuiteSchemas,
  suiteSchemas,
  type Values,
  type ValuesByName,
} from './schema.ts';
import { duration, Wrong } from '../values.ts';
import { parseWithPlaces, type PlaceOf } from '../yaml-places.ts';

/** A suite as its file says it, each value with its place; what its settings mean is decided when it is expanded. */
export interface SuiteFile {
  readonly name: string;
  readonly seed: number | null;
  readonly seeds: Seeds | null;
  readonly retries: number;
  readonly timeoutMs: number | null;
  readonly allowsUnknown: boolean;
  readonly defaults: Settings;
  readonly slos: Given | null;
  /** `matrix`, and each of `include`. */
  readonly matrices: readonly Matrix[];
  readonly exclude: readonly Exclusion[];
  readonly scenarios: readonly ScenarioSpec[];
  /** Stored plans, or folders of them. */
  readonly plans: readonly Given[];
}

/** So many, counted from the suite's seed, or these. */
export type Seeds = { readonly count: number } | { readonly list: readonly number[] };

/** Every combination of one value from each axis. */
export interface Matrix {
  readonly place: string;
  readonly axes: readonly { readonly name: string; readonly values: readonly Given[] }[];
}

/** Takes out the combinations that have, for each of its names, one of the values. */
export interface Exclusion {
  readonly place: string;
  readonly values: ReadonlyMap<string, readonly string[]>;
}

/** One scenario that is written out. */
export interface ScenarioSpec {
  readonly place: string;
  readonly name: string | null;
  readonly settings: Settings;
  readonly plan: Given | null;
  readonly expect: 'valid' | 'invalid' | 'unknown';
  readonly property: Given | null;
  readonly allowsUnknown: boolean;
  readonly seeds: Seeds | null;
  /** How many seeds may be tried until one shows the bug; null: each seed must. */
  readonly within: number | null;
  readonly timeoutMs: number | null;
}

const timeoutMsMax = 86_400_000;

/** Every error names `file:line:column`. `specs`: the settings of `run`. */
export function parseSuiteFile(source: string, fileName: string, specs: readonly SettingSpec[]): SuiteFile {
  const { value, placeOf } = parseWithPlaces(source, fileName);
  const file = { placeOf, schemas: suiteSchemas(specs) };
  const data = checked(file.schemas.top, value ?? {}, [], file);
  const suite: SuiteFile = {
    name: data.name ?? basename(fileName).replace(/\.ya?ml$/, ''),
    seed: data.seed ?? null,
    seeds: seedsOf(data.seeds),
    retries: data.retries ?? 0,
    timeoutMs: timeoutOf(data.timeout, ['timeout'], file),
    allowsUnknown: data.allow === 'unknown',
    defaults: data.defaults === undefined ? new Map() : settingsOf(data.defaults, ['defaults'], file),
    slos: data.slos === undefined ? null : givenOf(data.slos, placeOf(['slos'], 'value')),
    matrices: [
      ...(data.matrix === undefined ? [] : [matrixOf(data.matrix, ['matrix'], file)]),
      ...(data.include ?? []).map((one, i) => matrixOf(one, ['include', i], file)),
    ],
    exclude: (data.exclude ?? []).map((one, i) => exclusionOf(one, ['exclude', i], file)),
    scenarios: (data.scenarios ?? []).map((one, i) => scenarioOf(one, ['scenarios', i], file)),
    plans: (data.plans ?? []).map((path, i) => givenOf(path, placeOf(['plans', i], 'value'))),
  };
  if ((data.matrix ?? data.include ?? data.scenarios ?? data.plans) === undefined) {
    throw new UsageError(
      `${placeOf([], 'value')}: the suite is empty: it needs matrix, include, scenarios or plans`,
    );
  }
  return suite;
}

interface File {
  readonly placeOf: PlaceOf;
  readonly schemas: SuiteSchemas;
}

const listOf = (values: Values): readonly (string | number | boolean)[] =>
  typeof values === 'object' ? values : [values];

const givenOf = (values: Values, place: string): Given => ({
  texts: listOf(values).map(String),
  place,
  from: 'file',
});

function seedsOf(given: number | readonly number[] | undefined): Seeds | null {
  if (given === undefined) return null;
  return typeof given === 'number' ? { count: given } : { list: given };
}

function timeoutOf(text: string | undefined, path: Path, { placeOf }: File): number | null {
  if (text === undefined) return null;
  try {
    return duration(100, timeoutMsMax)(text);
  } catch (thrown) {
    if (!(thrown instanceof Wrong)) throw thrown;
    throw wrongAt(givenOf(text, placeOf(path, 'value')), 'timeout', thrown.message);
  }
}

const settingsOf = (value: unknown, path: Path, file: File): Settings =>
  new Map(
    presentIn(checked(file.schemas.settings, value, path, file)).map(([name, values]) => [
      name,
      givenOf(values, file.placeOf([...path, name], 'value')),
    ]),
  );

const presentIn = (map: ValuesByName): readonly (readonly [string, Values])[] =>
  Object.entries(map).flatMap(([name, values]) => (values === undefined ? [] : [[name, values] as const]));

function matrixOf(value: unknown, path: Path, file: File): Matrix {
  const { placeOf, schemas } = file;
  const axes = presentIn(checked(schemas.axes, value, path, file)).map(([key, values]) => ({
    name: axisName(key),
    values: listOf(values).map((one, i) =>
      givenOf(one, placeOf(typeof values === 'object' ? [...path, key, i] : [...path, key], 'value')),
    ),
  }));
  const names = axes.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) {
    throw new UsageError(`${placeOf(path, 'value')}: ${twice}: given twice, once by another name`);
  }
  return { place: placeOf(path, 'value'), axes };
}

const exclusionOf = (value: unknown, path: Path, file: File): Exclusion => ({
  place: file.placeOf(path, 'value'),
  values: new Map(
    presentIn(checked(file.schemas.axes, value, path, file)).map(([name, values]) => [
      axisName(name),
      listOf(values).map(String),
    ]),
  ),
});

function scenarioOf(value: unknown, path: Path, file: File): ScenarioSpec {
  const { placeOf, schemas } = file;
  const own = checked(schemas.own, value, path, file);
  const keys = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  const rest = Object.fromEntries(keys.filter(([name]) => !(name in schemas.own.shape)));
  const settings = settingsOf(rest, path, file);
  const place = placeOf(path, 'value');
  const { plan, expect = 'valid', property } = own;
  const given = (text: string | undefined, name: string): Given | null =>
    text === undefined ? null : givenOf(text, placeOf([...path, name], 'value'));
  const wrong = whatIsWrong(own, settings);
  if (wrong !== null) {
    throw new UsageError(`${placeOf([...path, wrong.name], 'value')}: ${wrong.name}: ${wrong.why}`);
  }
  return {
    place,
    name: own.name ?? null,
    settings,
    plan: given(plan, 'plan'),
    expect,
    property: given(property, 'property'),
    allowsUnknown: own.allow === 'unknown',
    seeds: own.seed === undefined ? seedsOf(own.seeds) : { list: [own.seed] },
    within: own.within ?? null,
    timeoutMs: timeoutOf(own.timeout, [...path, 'timeout'], file),
  };
}

/** Keys that do not go together. */
function whatIsWrong(
  own: Readonly<Record<string, unknown>> & { readonly plan?: unknown; readonly expect?: unknown },
  settings: Settings,
): { readonly name: string; readonly why: string } | null {
  const { plan, expect = 'valid' } = own;
  const has = (name: string): boolean => own[name] !== undefined;
  const rules: readonly (readonly [string, boolean, string])[] = [
    ['property', expect !== 'invalid', 'goes with expect: invalid'],
    ['within', expect !== 'invalid', 'goes with expect: invalid'],
    ['allow', expect !== 'valid', 'goes with expect: valid'],
    ['seeds', has('seed'), 'goes without seed'],
    ['seeds', has('within'), 'goes without within, which counts seeds from `seed` on'],
    ...['seed', 'seeds', 'within'].map(
      (name) => [name, plan !== undefined, 'the plan already decides this'] as const,
    ),
  ];
  const broken = rules.find(([name, isWrong]) => has(name) && isWrong);
  if (broken !== undefined) return { name: broken[0], why: broken[2] };
  const also = plan === undefined ? undefined : [...settings.keys()].find((name) => name !== 'fail-fast');
  return also === undefined ? null : { name: also, why: 'the plan already decides this' };
}
