import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { FtcheckError } from '../core/errors.ts';

const root = new URL('..', import.meta.url);

/** A built program of ours that runs as a child process. Also sources run (tsx) start their children from dist/. */
function built(path: string): string {
  const candidates = [new URL(`${path}.js`, root), new URL(`dist/${path}.js`, root)].map((url) =>
    fileURLToPath(url),
  );
  const found = candidates.find((candidate) => existsSync(candidate));
  if (found === undefined) throw new FtcheckError(`${candidates[0]} is missing: build first (npm run build)`);
  return found;
}

export const nodeEntry = (): string => built('impls/node/main');
export const reaperEntry = (): string => built('harness/reaper-main');
export const checkerEntry = (): string => built('checker/worker-main');
export const mainEntry = (): string => built('cli/main');
