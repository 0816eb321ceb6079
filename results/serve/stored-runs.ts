import { lstatSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { systemErrorCode } from '../../core/errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import { runFiles } from '../run-directory.ts';

/** `unfinished`: there is no verdict, since it is under way or was ended. `broken`: what is there cannot be read. */
export type RunState = 'valid' | 'invalid' | 'unknown' | 'unfinished' | 'broken';
export const runStates: readonly RunState[] = ['valid', 'invalid', 'unknown', 'unfinished', 'broken'];

/** A run directory, as far as it can be read; texts are empty where it does not say. */
export interface StoredRun {
  /** Of its directory. */
  readonly name: string;
  readonly path: string;
  readonly state: RunState;
  readonly reason: string;
  readonly impl: string;
  readonly workload: string;
  readonly nemesis: string;
  readonly seed: string;
  readonly startedAt: Date;
  /** verdict.json, of whatever version; null: none, or broken. */
  readonly verdict: JsonObject | null;
}

/** A file of a run that may be read, by its path from the run's directory. */
export interface RunFile {
  readonly path: string;
  readonly bytes: number;
}

/** All runs in a folder, newest first. Links are not followed, and what holds no file of a run is none. */
export function listRuns(folder: string): readonly StoredRun[] {
  return directoriesIn(folder)
    .flatMap((name) => storedRun(folder, name))
    .sort((a, b) => b.startedAt.getTime() - a.startedAt.getTime() || (a.name < b.name ? 1 : -1));
}

/** The run of this name, or null. The name is looked up in the folder and never made a path of: nothing outside can be meant. */
export function findRun(folder: string, name: string): StoredRun | null {
  if (!directoriesIn(folder).includes(name)) return null;
  return storedRun(folder, name)[0] ?? null;
}

/** Regular files in a run's directory and in `nodes/`, in order of their names. */
export function filesOf({ path }: StoredRun): readonly RunFile[] {
  const nodes = directoriesIn(path).includes(runFiles.nodes) ? regularFilesIn(path, runFiles.nodes) : [];
  return [...regularFilesIn(path, ''), ...nodes];
}

function regularFilesIn(root: string, folder: string): RunFile[] {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => (folder === '' ? name : `${folder}/${name}`))
    .sort()
    .flatMap((path) => {
      const stat = lstatSync(join(root, path), { throwIfNoEntry: false });
      return stat === undefined ? [] : [{ path, bytes: stat.size }];
    });
}

function directoriesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);
  } catch (thrown) {
    if (systemErrorCode(thrown) === 'ENOENT') return []; // no run has been stored yet, or it was removed meanwhile
    throw thrown;
  }
}

function storedRun(folder: string, name: string): readonly StoredRun[] {
  const path = join(folder, name);
  const plan = readDocument(path, runFiles.plan, 'ftcheck-plan-1');
  const verdict = readDocument(path, runFiles.verdict, 'ftcheck-verdict-1');
  if (plan === 'missing' && verdict === 'missing') return [];
  const startedAt = startOf(path, verdict);
  if (startedAt === null) return [];
  return [{ name, path, startedAt, ...chosen(plan, verdict), ...stateOf(plan, verdict) }];
}

type Document = JsonObject | 'missing' | 'broken';

function readDocument(directory: string, file: string, format: string): Document {
  const path = join(directory, file);
  try {
    if (lstatSync(path, { throwIfNoEntry: false })?.isFile() !== true) return 'missing';
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return isJsonObject(value) && value['format'] === format ? value : 'broken';
  } catch {
    return 'broken'; // which the list says: a damaged file is no trouble of ours
  }
}

function stateOf(plan: Document, verdict: Document): Pick<StoredRun, 'state' | 'reason' | 'verdict'> {
  const broken = (reason: string) => ({ state: 'broken', reason, verdict: null }) as const;
  if (verdict === 'broken') return broken(`${runFiles.verdict} cannot be read`);
  if (verdict === 'missing') {
    if (plan === 'broken') return broken(`${runFiles.plan} cannot be read`);
    return {
      state: 'unfinished',
      reason: 'no verdict: under way, or ended before it was judged',
      verdict: null,
    };
  }
  const word = verdict['verdict'];
  if (word !== 'valid' && word !== 'invalid' && word !== 'unknown') {
    return broken(`${runFiles.verdict} has no verdict`);
  }
  return { state: word, reason: textOf(verdict['reason']), verdict };
}

function chosen(
  plan: Document,
  verdict: Document,
): Pick<StoredRun, 'impl' | 'workload' | 'nemesis' | 'seed'> {
  const [ofPlan, ofVerdict] = [plan, verdict].map((document) => (isJsonObject(document) ? document : {}));
  const named = (value: Json | undefined): string =>
    isJsonObject(value) ? textOf(value['name']) : textOf(value);
  const either = (name: string): string => named(ofVerdict?.[name]) || named(ofPlan?.[name]);
  return {
    impl: either('impl'),
    workload: either('workload'),
    nemesis: either('nemesis'),
    seed: either('seed'),
  };
}

const textOf = (value: Json | undefined): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '';

/** What the verdict says, else when its directory was made. Null: it is gone again. */
function startOf(path: string, verdict: Document): Date | null {
  const environment = isJsonObject(verdict) ? verdict['environment'] : undefined;
  const said = new Date(isJsonObject(environment) ? textOf(environment['date']) : '');
  if (!Number.isNaN(said.getTime())) return said;
  const file = [runFiles.plan, runFiles.verdict].find(
    (name) => lstatSync(join(path, name), { throwIfNoEntry: false }) !== undefined,
  );
  return statSync(join(path, file ?? ''), { throwIfNoEntry: false })?.mtime ?? null;
}
