import {
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { FtcheckError, systemErrorCode } from '../core/errors.ts';
import { isJsonObject } from '../core/json.ts';
import type { Plan } from '../core/plan.ts';

/** What a run leaves behind, by name. */
export const runFiles = {
  plan: 'plan.json',
  history: 'history.jsonl',
  trace: 'trace.jsonl',
  /** When each frame came to a proxy and left it: results/frame-log.ts. */
  frames: 'frames.bin',
  verdict: 'verdict.json',
  /** An order of operations that explains the history, where there is one. */
  linearization: 'linearization.json',
  report: 'report.html',
  nodes: 'nodes',
} as const;

/** The link in the folder of runs that points at the newest. */
export const latestName = 'latest';

/** Makes a directory of its own for a run, plan.json in it, also when another run begins in the same second. Gives its path. */
export function createRunDirectory(input: {
  readonly out: string;
  readonly plan: Plan;
  readonly startedAt: Date;
}): string {
  const { out, plan, startedAt } = input;
  const name = runName(plan, startedAt);
  try {
    makeFolder(out);
    for (let attempt = 1; ; attempt++) {
      const path = join(out, attempt === 1 ? name : `${name}-${attempt}`);
      if (!madeDirectory(path)) continue;
      writeFileSync(join(path, runFiles.plan), `${JSON.stringify(plan, null, 2)}\n`);
      return path;
    }
  } catch (cause) {
    throw new FtcheckError(`cannot make a run directory in ${out}`, { cause });
  }
}

/** With its parents. Node's own `recursive` never ends where the system denies the existence of what exists, as in /proc. */
export function makeFolder(path: string): void {
  try {
    if (!madeDirectory(path) && !statSync(path).isDirectory()) throw new FtcheckError(`${path} is no folder`);
  } catch (error) {
    if (systemErrorCode(error) !== 'ENOENT' || existsSync(dirname(path))) throw error;
    makeFolder(dirname(path));
    mkdirSync(path);
  }
}

/** False when somebody else was first. */
function madeDirectory(path: string): boolean {
  try {
    mkdirSync(path);
    return true;
  } catch (error) {
    if (systemErrorCode(error) === 'EEXIST') return false;
    throw error;
  }
}

/** `20261121-114207-passive-kv-partition-42`: sorts by time, and is a file name everywhere. */
export function runName(plan: Plan, startedAt: Date): string {
  const time = startedAt.toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-');
  const parts = [plan.impl.name, plan.workload.name, plan.nemesis].map((part) =>
    part.replaceAll(/[^A-Za-z0-9]+/g, '_').slice(0, 40),
  );
  return [time, ...parts, plan.seed].join('-');
}

/** Points `latest` at this run; a reader sees the old target or the new one, never none. */
export function pointLatestAt(runDir: string): void {
  const link = join(dirname(runDir), latestName);
  const next = join(dirname(runDir), `.${latestName}-${basename(runDir)}`);
  try {
    if (lstatSync(link, { throwIfNoEntry: false })?.isSymbolicLink() === false) return; // somebody's own file or folder
    symlinkSync(basename(runDir), next);
    renameSync(next, link);
  } catch (cause) {
    if (lstatSync(next, { throwIfNoEntry: false }) !== undefined) unlinkSync(next);
    throw new FtcheckError(`cannot point ${link} at the newest run`, { cause });
  }
}

/** Replaces a file as a whole, so that nobody reads half a verdict. */
export function writeWhole(path: string, text: string): void {
  try {
    writeFileSync(`${path}.new`, text);
    renameSync(`${path}.new`, path);
  } catch (cause) {
    throw new FtcheckError(`cannot write ${path}`, { cause });
  }
}

/** True for a directory that ftcheck made for a run: only such ones are ever removed. */
export function isRunDirectory(path: string): boolean {
  try {
    const plan: unknown = JSON.parse(readFileSync(join(path, runFiles.plan), 'utf8'));
    return isJsonObject(plan) && plan['format'] === 'ftcheck-plan-1';
  } catch {
    return false; // unreadable, missing, not JSON: not ours
  }
}
