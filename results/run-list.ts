import { existsSync, realpathSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { UsageError } from '../core/errors.ts';
import { isRunDirectory, latestName, runFiles } from './run-directory.ts';

/** The directory of a stored run: a path, or its name in the folder of runs, such as `latest`; links are followed. */
export function findRun(
  given: string,
  { cwd, folder }: { readonly cwd: string; readonly folder: string },
): string {
  const candidates = [resolve(cwd, given), resolve(cwd, folder, given)];
  const run = candidates.find((candidate) => isRunDirectory(candidate));
  if (run !== undefined) return realpathSync(run);
  const found = candidates.find((candidate) => existsSync(candidate));
  if (found !== undefined)
    throw new UsageError(
      `${given}: no run directory: there is no ${runFiles.plan} of a run in it (looked at ${join(found, runFiles.plan)})`,
    );
  const hint = given === latestName ? '; ftcheck run makes one' : '';
  throw new UsageError(`${given}: there is no such run directory, here or in ${folder}${hint}`);
}
