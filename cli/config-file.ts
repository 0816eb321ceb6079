import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { core } from 'zod';
import { FtcheckError, systemErrorCode, UsageError } from '../core/errors.ts';
import type { Given, Settings, SettingSpec } from './settings.ts';
import { noSuch } from './suggest.ts';
import type { PlaceOf } from './yaml-places.ts';

const defaultName = 'ftcheck.yaml';

/** The settings in the file of `--config`, else in ftcheck.yaml of the working directory, else none. */
export async function readConfigFile(
  given: string | undefined,
  cwd: string,
  specs: readonly SettingSpec[],
): Promise<Settings> {
  const name = given ?? defaultName;
  let source: string;
  try {
    source = readFileSync(resolve(cwd, name), 'utf8');
  } catch (cause) {
    const missing = systemErrorCode(cause) === 'ENOENT';
    if (missing && given === undefined) return new Map();
    if (missing) throw new UsageError(`--config: there is no file ${name}`);
    throw new FtcheckError(`cannot read ${name}`, { cause, exitCode: 254 });
  }
  return parseConfigFile(source, name, specs);
}

/** Every error names `file:line:column`. */
export async function parseConfigFile(
  source: string,
  fileName: string,
  specs: readonly SettingSpec[],
): Promise<Settings> {
  const [{ parseWithPlaces }, { z }] = await Promise.all([import('./yaml-places.ts'), import('zod')]);
  const { value, placeOf } = parseWithPlaces(source, fileName);
  const scalar = z.union([z.string(), z.number(), z.boolean()], 'must be one value, not a list or a map');
  const valueSchema = ({ argument, repeated }: SettingSpec) => {
    if (argument === null) return z.boolean('must be true or false');
    if (repeated !== true) return scalar;
    return z.union([scalar, z.array(scalar)], 'must be a value or a list of values');
  };
  const result = z
    .strictObject(
      Object.fromEntries(specs.map((spec) => [spec.name, valueSchema(spec).optional()])),
      'must be a map of settings, such as "impl: active"',
    )
    .safeParse(value ?? {});
  if (!result.success) throw problem(result.error.issues[0], placeOf, specs);
  return new Map(
    Object.entries(result.data).flatMap(([name, given]): [string, Given][] => {
      if (given === undefined) return [];
      const texts = (Array.isArray(given) ? given : [given]).map(String);
      return [[name, { texts, place: placeOf([name], 'value'), from: 'file' }]];
    }),
  );
}

function problem(
  issue: core.$ZodIssue | undefined,
  placeOf: PlaceOf,
  specs: readonly SettingSpec[],
): UsageError {
  if (issue?.code === 'unrecognized_keys') {
    const [key = ''] = issue.keys;
    const names = specs.map(({ name }) => name);
    return new UsageError(`${placeOf([key], 'key')}: ${noSuch('setting', key, names)}`);
  }
  const path = issue?.path ?? [];
  const name = path.length === 0 ? '' : `${String(path[0])}: `;
  return new UsageError(`${placeOf(path, 'value')}: ${name}${issue?.message ?? 'wrong'}`);
}
