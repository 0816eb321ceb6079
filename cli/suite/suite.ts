import { createHash, randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { defined } from '../../core/assert.ts';
import { exitCodes, FtcheckError, systemErrorCode, UsageError, type ExitCode } from '../../core/errors.ts';
import { version } from '../../core/version.ts';
import { monotonicMs } from '../../harness/clock.ts';
import { Reaper } from '../../harness/reaper.ts';
import type { ScenarioResult } from '../../results/suite/outcome.ts';
import { itemsOfShard } from '../../results/suite/shards.ts';
import { suiteExitCode, type SuiteReport } from '../../results/suite/suite-report.ts';
import { minutesText } from '../../results/suite/suite-summary.ts';
import { plural } from '../../results/units-text.ts';
import { interruptedBy, type Context } from '../context.ts';
import { reaperEntry } from '../entries.ts';
import { registry } from '../registry.ts';
import { runSettings } from '../run-settings.ts';
import { isOn, read, type Settings } from '../settings.ts';
import { playChild } from './child.ts';
import { expandSuite, type Expansion } from './expand.ts';
import { parseSuiteFile, type SuiteFile } from './file.ts';
import { nominalJobMs, type SuiteJob } from './job.ts';
import { listSuite } from './list.ts';
import { matches, suiteCommand, type SuiteOptions, suiteOptions } from './options.ts';
import { writeSuiteOutputs } from './outputs.ts';
import { playJobs } from './play.ts';
import { suiteProgress, type SuiteProgress } from './progress.ts';
import { appendState, beginState, endState, plansName, readState, type SuiteState } from './state.ts';
import { text } from '../values.ts';

/** Plays every scenario of a suite file and says which are not as expected. */
export async function suite(path: string, flags: Settings, context: Context): Promise<ExitCode> {
  const options = suiteOptions(flags);
  const file = readSuite(path, context);
  const out = resolve(context.cwd, read(flags, 'out', text, 'ftcheck-runs'));
  const jobsFor = (seed: number): readonly SuiteJob[] => chosenJobs({ path, file, seed, options, context });
  const ownSeed = options.seed ?? file.seed;
  if (options.isList) return listSuite(jobsFor(ownSeed ?? 1), isOn(flags, 'json'), context);

  const folder = join(out, `suite-${file.name.replaceAll(/[^\w.-]+/g, '_')}`);
  const statePath = join(folder, `${keyOf(jobsFor(ownSeed ?? 0), options)}.jsonl`);
  const earlier = options.isFresh ? null : readState(statePath);
  const seed = ownSeed ?? earlier?.seed ?? randomInt(1, 1_000_000);
  const jobs = jobsFor(seed);
  if (earlier === null) beginState(statePath, seed);

  const startMs = monotonicMs();
  const found = earlierResults(jobs, earlier);
  const resumed = found.size;
  using progress = suiteProgress({
    stream: context.stderr,
    isQuiet: options.isQuiet,
    total: jobs.length,
    done: resumed,
  });
  const isResumed = earlier !== null;
  tellBeginning(progress, { name: file.name, jobs, isResumed, resumed, seed, sideBySide: options.jobs });
  await playAll({
    jobs,
    found,
    options: { ...options, retries: options.retries ?? file.retries },
    folder,
    out,
    statePath,
    progress,
    context,
  });
  progress[Symbol.dispose]();
  const report: SuiteReport = {
    name: file.name,
    seed,
    shard: options.shard,
    jobs: options.jobs,
    planned: jobs.length,
    resumed,
    results: jobs.flatMap(({ id }) => found.get(id) ?? []),
    interrupted: interruptedBy(context.signal),
    wallMs: monotonicMs() - startMs,
    command: suiteCommand(path, flags, seed),
  };
  const { GITHUB_ACTIONS, GITHUB_STEP_SUMMARY } = process.env;
  writeSuiteOutputs(
    report,
    {
      junit: options.junit,
      markdown: options.markdown,
      isJson: isOn(flags, 'json'),
      github: { isActions: GITHUB_ACTIONS === 'true', stepSummary: GITHUB_STEP_SUMMARY || null },
    },
    context,
  );
  // Only now: where a report could not be written, the same command writes it without playing anything again.
  if (report.interrupted === null) endState(statePath);
  else context.stderr.write('ftcheck: the same command goes on from here; --fresh begins anew\n');
  return suiteExitCode(report);
}

function readSuite(path: string, context: Context): SuiteFile {
  let source: string;
  try {
    source = readFileSync(resolve(context.cwd, path), 'utf8');
  } catch (cause) {
    if (systemErrorCode(cause) === 'ENOENT') throw new UsageError(`there is no suite ${path}`);
    throw new FtcheckError(`cannot read ${path}`, { cause, exitCode: exitCodes.usage });
  }
  return parseSuiteFile(source, path, runSettings(registry));
}

function chosenJobs(input: {
  readonly path: string;
  readonly file: SuiteFile;
  readonly seed: number;
  readonly options: SuiteOptions;
  readonly context: Context;
}): readonly SuiteJob[] {
  const { path, file, seed, options, context } = input;
  const { seeds, only } = options;
  const expansion: Expansion = {
    file,
    registry,
    seed,
    seeds: seeds === null ? null : { count: seeds },
    folder: dirname(resolve(context.cwd, path)),
    cwd: context.cwd,
  };
  const all = expandSuite(expansion);
  if (all.length === 0)
    throw new UsageError(`${path}: nothing is left to play: \`exclude\` takes out everything`);
  const named = only === null ? all : all.filter(({ id }) => matches(id, only));
  if (named.length === 0)
    throw new UsageError(`--only: no scenario of ${path} has '${only}' in its name; --list shows all`);
  return options.shard === null ? named : itemsOfShard(named, options.shard, nominalJobMs);
}

/** What is played, to the last option of each plan: with the same key, earlier results still stand. */
const keyOf = (jobs: readonly SuiteJob[], { shard, only }: SuiteOptions): string =>
  createHash('sha256').update(JSON.stringify({ version, shard, only, jobs })).digest('hex').slice(0, 16);

function earlierResults(jobs: readonly SuiteJob[], earlier: SuiteState | null): Map<string, ScenarioResult> {
  return new Map(
    jobs.flatMap(({ id }) => {
      const result = earlier?.results.get(id);
      return result === undefined ? [] : [[id, result] as const];
    }),
  );
}

function tellBeginning(
  progress: SuiteProgress,
  input: {
    readonly name: string;
    readonly jobs: readonly SuiteJob[];
    readonly isResumed: boolean;
    readonly resumed: number;
    readonly seed: number;
    readonly sideBySide: number;
  },
): void {
  const { name, jobs, isResumed, resumed, seed, sideBySide } = input;
  const nominalMs = jobs.reduce((sum, job) => sum + nominalJobMs(job), 0) / sideBySide;
  progress.note(`${name}: ${plural(jobs.length, 'scenario')}, about ${minutesText(nominalMs)}, seed ${seed}`);
  if (isResumed) {
    progress.note(
      `going on where an earlier invocation was interrupted: ${resumed} of ${jobs.length} are done (--fresh begins anew)`,
    );
  }
}

async function playAll(input: {
  readonly jobs: readonly SuiteJob[];
  /** Gets what is found. */
  readonly found: Map<string, ScenarioResult>;
  readonly options: SuiteOptions & { readonly retries: number };
  readonly folder: string;
  readonly out: string;
  readonly statePath: string;
  readonly progress: SuiteProgress;
  readonly context: Context;
}): Promise<void> {
  const { jobs, found, options, folder, out, statePath, progress, context } = input;
  const notice = (): void =>
    progress.note(`${interruptedBy(context.signal)}: ending what is under way; once more ends it at once`);
  context.signal.addEventListener('abort', notice);
  try {
    await using reaper = await Reaper.start(reaperEntry());
    const positions = new Map(jobs.map(({ id }, position) => [id, position + 1]));
    await playJobs({
      jobs: jobs.filter(({ id }) => !found.has(id)),
      sideBySide: options.jobs,
      retries: options.retries,
      play: (job, plan) =>
        playChild({
          plan,
          planPath: join(folder, plansName, `${defined(positions.get(job.id), job.id)}-${plan.seed}.json`),
          out,
          cwd: context.cwd,
          isFailFast: job.isFailFast,
          timeoutMs: job.timeoutMs,
          reaper,
          signal: context.signal,
        }),
      onBegin: ({ id }) => progress.begin(id),
      onResult: (result) => {
        found.set(result.id, result);
        appendState(statePath, result);
        progress.end(result);
      },
      signal: context.signal,
    });
  } finally {
    context.signal.removeEventListener('abort', notice);
  }
}
