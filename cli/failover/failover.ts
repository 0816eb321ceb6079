import { randomInt } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cpus } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { exitCodes, FtcheckError, messageOf, UsageError, type ExitCode } from '../../core/errors.ts';
import type { Plan } from '../../core/plan.ts';
import { version } from '../../core/version.ts';
import { monotonicMs, wallClock } from '../../harness/clock.ts';
import { forTimeouts, outageMsMax } from '../../harness/failover-trial.ts';
import { timingOf } from '../../impls/timing.ts';
import { appendTrial, createSeriesDirectory, seriesFiles, trialsCsv } from '../../results/failover/files.ts';
import { renderFailoverPage } from '../../results/failover/page.ts';
import { combineAnswers, judgeFailoverSlos } from '../../results/failover/slo.ts';
import {
  resolutionOf,
  summariseFaults,
  type FailoverSummary,
  type SeriesFacts,
} from '../../results/failover/summary.ts';
import { renderFailover } from '../../results/failover/text.ts';
import type { TrialLine } from '../../results/failover/trial.ts';
import { writeWhole } from '../../results/run-directory.ts';
import { rounded } from '../../results/statistics.ts';
import { interruptedBy, type Context } from '../context.ts';
import { failoverProgress } from './progress.ts';
import { playFailover, retryMs } from './series.ts';
import { chooseFailover, failoverCommand, outDefault, type FailoverChoice } from './settings.ts';
import { jsonText, paintFor } from '../output.ts';
import { progressDisplay } from '../progress.ts';
import { registry } from '../registry.ts';
import { seedMax } from '../run-settings.ts';
import { isOn, read, type Settings } from '../settings.ts';
import { text, wholeNumber } from '../values.ts';

/** A series of trials, from choices to distribution. What was measured outlives every way in which this can end. */
export async function failover(settings: Settings, context: Context): Promise<ExitCode> {
  const choice = chooseFailover(settings, registry);
  const seed = read(settings, 'seed', wholeNumber(0, seedMax), undefined) ?? randomInt(1, 1_000_000);
  const plan = choice.planWith(seed);
  const files = {
    html: outputFile(settings, 'html', context),
    csv: outputFile(settings, 'csv', context),
  };
  const startedAt = wallClock();
  const faults = choice.faults.map(({ name }) => name);
  const out = resolve(context.cwd, read(settings, 'out', text, outDefault));
  const directory = createSeriesDirectory({ out, impl: plan.impl.name, faults, seed, startedAt });
  const facts = factsOf(choice, plan, startedAt, failoverCommand(settings, registry, seed));
  writeWhole(join(directory, seriesFiles.series), jsonText({ format: 'ftcheck-failover-1', ...facts }));

  const startMs = monotonicMs();
  const { lines, end, why } = await measure({ choice, plan, directory, settings, context });
  const sloResults = judgeFailoverSlos(choice.slos, faults, lines);
  const summary: FailoverSummary = {
    format: 'ftcheck-failover-1',
    ...facts,
    end,
    why,
    verdict: combineAnswers(sloResults),
    sloResults,
    results: summariseFaults(faults, lines),
    resolution: resolutionOf(lines),
    wallMs: rounded(monotonicMs() - startMs),
    directory: shownPath(context.cwd, directory),
  };
  writeWhole(join(directory, seriesFiles.summary), jsonText(summary));
  if (files.html !== null) writeWhole(files.html, renderFailoverPage(summary));
  if (files.csv !== null) writeWhole(files.csv, trialsCsv(lines));
  context.stdout.write(
    isOn(settings, 'json')
      ? jsonText(summary)
      : renderFailover(
          summary,
          paintFor(context.stdout),
          context.stdout.isTTY === true ? context.stdout.columns : undefined,
        ),
  );
  return exitCodeOf(summary);
}

type Measured = Pick<FailoverSummary, 'end' | 'why'> & { readonly lines: readonly TrialLine[] };

async function measure(input: {
  readonly choice: FailoverChoice;
  readonly plan: Plan;
  readonly directory: string;
  readonly settings: Settings;
  readonly context: Context;
}): Promise<Measured> {
  const { choice, plan, directory, settings, context } = input;
  const { signal } = context;
  const lines: TrialLine[] = [];
  using display = progressDisplay(context.stderr, isOn(settings, 'quiet'));
  const progress = failoverProgress({
    display,
    isLive: context.stderr.isTTY === true,
    faults: choice.faults.map(({ name }) => name),
    trials: choice.trials,
    trialMs: trialMsOf(plan),
  });
  const notice = (): void => {
    context.stderr.write(
      `\nftcheck: ${interruptedBy(signal)}: stopping, and reporting on what there is; once more ends it at once\n`,
    );
  };
  signal.addEventListener('abort', notice);
  try {
    const end = await playFailover({
      plan,
      registry,
      faults: choice.faults,
      trials: choice.trials,
      rate: choice.rate,
      signal,
      onLaunch: () => progress.launching(),
      onTrial: (line) => {
        lines.push(line);
        appendTrial(directory, line);
        progress.told(line);
      },
    });
    const why = end.type === 'given up' ? end.why : interruptedBy(signal);
    return { lines, end: end.type, why };
  } catch (thrown) {
    if (!(thrown instanceof FtcheckError)) throw thrown; // a mistake of ours: nothing measured can be trusted
    display[Symbol.dispose]();
    context.stderr.write(`ftcheck: ${messageOf(thrown)}\n`);
    if (lines.length === 0) throw thrown;
    return { lines, end: 'trouble', why: messageOf(thrown) };
  } finally {
    signal.removeEventListener('abort', notice);
  }
}

function factsOf(choice: FailoverChoice, plan: Plan, startedAt: Date, command: string): SeriesFacts {
  return {
    impl: plan.impl.name,
    implOptions: { ...plan.impl.options },
    workload: plan.workload.name,
    nodes: plan.nodes,
    timing: plan.timing,
    faults: choice.faults.map(({ name }) => name),
    trials: choice.trials,
    rate: choice.rate,
    clients: choice.clients,
    retryMs: retryMs[plan.timing],
    seed: plan.seed,
    slos: choice.slos.map((slo) => slo.text),
    claimMs: plan.impl.claims.outageMsMax,
    limitMs: outageMsMax,
    date: startedAt.toISOString(),
    environment: {
      ftcheck: version,
      node: process.versions.node,
      platform: `${process.platform} ${process.arch}`,
      cpus: cpus().length,
    },
    command,
  };
}

/** Calm, fault, and the way back, as they come on a quiet machine; only for the first estimate of the time that is needed. */
function trialMsOf({ timing }: Plan): number {
  const quietMs = 150;
  const backMs = timing === 'fast' ? 380 : 600;
  return quietMs + backMs + (timingOf(timing).suspectMs * (forTimeouts.min + forTimeouts.max)) / 2;
}

/** From where the user is, unless that leads upwards. */
function shownPath(cwd: string, path: string): string {
  const shown = relative(cwd, path);
  return shown.startsWith('..') ? path : shown;
}

/** Refused before minutes of measuring, not after. */
function outputFile(settings: Settings, name: 'html' | 'csv', context: Context): string | null {
  const given = read(settings, name, text, null);
  if (given === null) return null;
  const path = resolve(context.cwd, given);
  if (!existsSync(dirname(path)))
    throw new UsageError(`--${name} ${given}: there is no folder ${dirname(path)}`);
  return path;
}

function exitCodeOf({ end, verdict }: FailoverSummary): ExitCode {
  if (end === 'interrupted') return exitCodes.interrupted;
  if (verdict === 'missed') return exitCodes.invalid;
  if (end === 'trouble') return exitCodes.internal;
  return end === 'given up' || verdict === 'undecided' ? exitCodes.unknown : exitCodes.valid;
}
