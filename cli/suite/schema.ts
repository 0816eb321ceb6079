import { type core, z } from 'zod';
import { UsageError } from '../../core/errors.ts';
import { seedMax } from '../run-settings.ts';
import type { SettingSpec } from '../settings.ts';
import { noSuch } from '../suggest.ts';
import type { PlaceOf } from '../yaml-places.ts';

/** One value of a setting, or several, as YAML has them. */
export type Scalar = string | number | boolean;
export type Values = Scalar | Scalar[];
export type ValuesByName = Readonly<Record<string, Values | undefined>>;
export type Path = readonly (string | number)[];

const seedsMax = 10_000;

/** What people call the axes of a matrix, beside the names of the flags. */
const plurals: Readonly<Record<string, string>> = {
  impls: 'impl',
  workloads: 'workload',
  nemeses: 'nemesis',
};

/** The flag that an axis stands for. */
export const axisName = (name: string): string => plurals[name] ?? name;

/** Settings of `run` that a suite has no place for: they are decided by its own flags and keys. */
const decidedElsewhere: Readonly<Record<string, string>> = {
  out: '`ftcheck suite --out` says where runs go',
  json: '`ftcheck suite --json` says what is printed',
  quiet: '`ftcheck suite --quiet` says what is printed',
  config: 'a suite reads no ftcheck.yaml',
  seed: 'the suite has a `seed` and `seeds`, and so may each of its `scenarios`',
  plan: 'stored plans stand under `plans`, or as `plan` of one of the `scenarios`',
};

const scalar = z.union([z.string(), z.number(), z.boolean()], 'must be one value, not a list or a map');
const listWrong = 'must be a value or a list of values';
const valueOrList = z.union([scalar, z.array(scalar).min(1, listWrong)], listWrong);
const whole = (min: number, max: number, wrong: string) => z.int(wrong).min(min, wrong).max(max, wrong);
const seedsWrong = `must be a count of seeds, 1 to ${seedsMax}, or a list of seeds`;
const seeds = z.union(
  [whole(1, seedsMax, seedsWrong), z.array(z.int().min(0).max(seedMax)).min(1)],
  seedsWrong,
);
const allow = z.literal('unknown', 'must be unknown: nothing else can be allowed');
const text = z.string('must be a text').min(1, 'is empty');
const time = z.string('must be a duration such as 30s');
const seed = whole(0, seedMax, 'must be a whole number, 0 or above');

/** What may stand in a suite, at every level of it. */
export function suiteSchemas(specs: readonly SettingSpec[]) {
  const settings = specs.filter(({ name }) => !(name in decidedElsewhere));
  // A list is alternatives in a matrix, so that a setting which is a list itself cannot be an axis.
  const axes = settings.filter(({ argument, repeated }) => argument !== null && repeated !== true);
  const axisNames = [...axes.map(({ name }) => name), ...Object.keys(plurals)];
  return {
    top,
    own,
    settings: z.strictObject(
      shapeOf(settings.map((spec) => [spec.name, settingSchema(spec)])),
      'must be a map of settings, such as "duration: 3s"',
    ),
    axes: z.strictObject(
      shapeOf(axisNames.map((name) => [name, valueOrList])),
      'must be a map of settings, each a value or a list of them',
    ),
    /** What may stand where something unknown was found. */
    namesAt: (path: readonly PropertyKey[]): readonly string[] => {
      if (path.length === 0) return Object.keys(top.shape);
      if (path[0] === 'scenarios') return [...Object.keys(own.shape), ...settings.map(({ name }) => name)];
      return path[0] === 'defaults' ? settings.map(({ name }) => name) : axisNames;
    },
  };
}

export type SuiteSchemas = ReturnType<typeof suiteSchemas>;

const top = z.strictObject(
  {
    name: text.optional(),
    seed: seed.optional(),
    seeds: seeds.optional(),
    retries: whole(0, 100, 'must be a whole number from 0 to 100').optional(),
    timeout: time.optional(),
    allow: allow.optional(),
    slos: valueOrList.optional(),
    defaults: z.unknown().optional(),
    matrix: z.unknown().optional(),
    include: z.array(z.unknown(), 'must be a list of maps').optional(),
    exclude: z.array(z.unknown(), 'must be a list of maps').optional(),
    scenarios: z.array(z.unknown(), 'must be a list of scenarios').optional(),
    plans: z.array(text, 'must be a list of files and folders').optional(),
  },
  'must be a map, such as "matrix: {impl: [passive, active]}"',
);

/** What a scenario has besides settings of `run`, which this leaves out. */
const own = z.object(
  {
    name: text.optional(),
    plan: text.optional(),
    seed: seed.optional(),
    seeds: seeds.optional(),
    expect: z.enum(['valid', 'invalid', 'unknown'], 'must be valid, invalid or unknown').optional(),
    property: text.optional(),
    allow: allow.optional(),
    within: whole(1, seedsMax, `must be a count of seeds, 1 to ${seedsMax}`).optional(),
    timeout: time.optional(),
  },
  'must be a map of settings, such as "impl: active"',
);

const settingSchema = ({ argument, repeated }: SettingSpec): z.ZodType<Values> => {
  if (argument === null) return z.boolean('must be true or false');
  return repeated === true ? valueOrList : scalar;
};

const shapeOf = (
  entries: readonly (readonly [string, z.ZodType<Values>])[],
): Record<string, z.ZodOptional<z.ZodType<Values>>> =>
  Object.fromEntries(entries.map(([name, schema]) => [name, schema.optional()]));

/** What a part of the file holds, or UsageError with the place of the first thing that is wrong in it. */
export function checked<T>(
  schema: z.ZodType<T>,
  value: unknown,
  path: Path,
  { placeOf, schemas }: { readonly placeOf: PlaceOf; readonly schemas: SuiteSchemas },
): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw problem(result.error.issues[0], path, placeOf, schemas);
}

function problem(
  issue: core.$ZodIssue | undefined,
  prefix: Path,
  placeOf: PlaceOf,
  schemas: SuiteSchemas,
): UsageError {
  const path = [...prefix, ...(issue?.path ?? [])];
  if (issue?.code === 'unrecognized_keys') {
    const [key = ''] = issue.keys;
    const place = placeOf([...path, key], 'key');
    const elsewhere = decidedElsewhere[key];
    return new UsageError(
      elsewhere === undefined
        ? `${place}: ${noSuch(path.length === 0 ? 'key' : 'setting', key, schemas.namesAt(path))}`
        : `${place}: ${key}: not here: ${elsewhere}`,
    );
  }
  const name = path.filter((part) => typeof part === 'string').at(-1);
  return new UsageError(
    `${placeOf(path, 'value')}: ${name === undefined ? '' : `${name}: `}${issue?.message ?? 'wrong'}`,
  );
}
