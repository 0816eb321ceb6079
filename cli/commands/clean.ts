import { existsSync, readdirSync, readlinkSync, rmSync, statSync, unlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { exitCodes, FtcheckError, type ExitCode } from '../../core/errors.ts';
import { wallClock } from '../../harness/clock.ts';
import { isRunDirectory, latestName, runFiles } from '../../results/run-directory.ts';
import type { CommandModule } from '../command-module.ts';
import type { Context } from '../context.ts';
import { flagSettings } from '../flags.ts';
import { isOn, read, type SettingSpec, type Settings } from '../settings.ts';
import { duration, text, wholeNumber } from '../values.ts';

const keepDefault = 10;
/** A run without a verdict may still be under way, if its files changed so recently. */
const underWayMs = 60_000;

const specs: readonly SettingSpec[] = [
  { name: 'out', argument: '<folder>', description: 'the folder of run directories (default: ftcheck-runs)' },
  {
    name: 'keep',
    argument: '<n>',
    description: `the newest n stay (default: ${keepDefault}, or 0 with --older-than)`,
  },
  { name: 'older-than', argument: '<time>', description: 'only what is older than this, such as 12h or 7d' },
  { name: 'dry-run', argument: null, description: 'say what would be removed' },
];

export const define: CommandModule['define'] = (command, context, finish) => {
  const settings = flagSettings(command, specs);
  command.action(() => finish(clean(settings(), context)));
};

/** Removes run directories, and nothing that is not one: each has our plan.json. */
function clean(settings: Settings, context: Context): ExitCode {
  const out = resolve(context.cwd, read(settings, 'out', text, 'ftcheck-runs'));
  const olderThanMs = read(settings, 'older-than', duration(0, 3650 * 86_400_000), null);
  const keep = read(settings, 'keep', wholeNumber(0, 1_000_000), olderThanMs === null ? keepDefault : 0);
  const isDry = isOn(settings, 'dry-run');
  const nowMs = wallClock().getTime();
  const removed = runsOf(out)
    .slice(keep)
    .filter((run) => olderThanMs === null || nowMs - run.changedMs > olderThanMs)
    .filter((run) => run.isJudged || nowMs - run.changedMs > underWayMs);
  for (const { path } of removed) {
    if (!isDry) remove(path);
    context.stdout.write(`${isDry ? 'would remove' : 'removed'} ${path}\n`);
  }
  if (!isDry) dropDanglingLatest(out);
  context.stdout.write(
    `${removed.length} run ${removed.length === 1 ? 'directory' : 'directories'} in ${out}\n`,
  );
  return exitCodes.valid;
}

interface StoredRun {
  readonly path: string;
  readonly changedMs: number;
  readonly isJudged: boolean;
}

/** Newest first. Links are not followed. */
function runsOf(out: string): StoredRun[] {
  if (!existsSync(out)) return [];
  return readdirSync(out, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(out, entry.name))
    .filter(isRunDirectory)
    .map((path) => {
      const files = Object.values(runFiles).map((file) => join(path, file));
      const changedMs = Math.max(
        ...files.filter((file) => existsSync(file)).map((file) => statSync(file).mtimeMs),
      );
      return { path, changedMs, isJudged: existsSync(join(path, runFiles.verdict)) };
    })
    .sort((a, b) => b.changedMs - a.changedMs);
}

function remove(path: string): void {
  try {
    rmSync(path, { recursive: true });
  } catch (cause) {
    throw new FtcheckError(`cannot remove ${path}`, { cause });
  }
}

function dropDanglingLatest(out: string): void {
  const link = join(out, latestName);
  try {
    readlinkSync(link);
  } catch {
    return; // no link there
  }
  if (!existsSync(link)) unlinkSync(link);
}
