import { randomInt } from 'node:crypto';
import { relative, resolve } from 'node:path';
import { exitCodes, messageOf, UsageError, type ExitCode } from '../core/errors.ts';
import type { Plan } from '../core/plan.ts';
import { wallClock } from '../harness/clock.ts';
import { plural } from '../results/units-text.ts';
import { createRunDirectory, pointLatestAt } from '../results/run-directory.ts';
import { chooseRun, planOf } from './choose.ts';
import { interruptedBy, type Context } from './context.ts';
import { failFastSignal } from './fail-fast.ts';
import { exitCodeOf, judgeRun, writeVerdict } from './judge.ts';
import { loadSettings } from './load-settings.ts';
import { printVerdict } from './output.ts';
import { play, type Played } from './play.ts';
import { progressDisplay, type ProgressDisplay } from './progress.ts';
import { registry } from './registry.ts';
import { replayCommand } from './replay-command.ts';
import { beginReport } from './report/after.ts';
import { decidedByPlan, seedMax } from './run-settings.ts';
import { isOn, read, type Settings } from './settings.ts';
import { text, wholeNumber } from './values.ts';

/** One run, from choices to verdict. The plan and whatever was recorded outlive every way in which this can end. */
export async function run(flags: Settings, context: Context): Promise<ExitCode> {
  const settings = await loadSettings(flags, registry, context);
  const plan = await choosePlan(settings, context);
  const out = resolve(context.cwd, read(settings, 'out', text, 'ftcheck-runs'));
  const isJson = isOn(settings, 'json');
  const startedAt = wallClock();
  const runDir = createRunDirectory({ out, plan, startedAt });
  warned(context, () => pointLatestAt(runDir));
  const shownDir = relative(context.cwd, runDir);

  using display = progressDisplay(context.stderr, isOn(settings, 'quiet'));
  const played = await playWithNotice({
    plan,
    runDir,
    context,
    display,
    isFailFast: isOn(settings, 'fail-fast'),
  });
  display.note('judging');
  const judging = judgeRun({
    plan,
    runDir,
    interrupted: played.interrupted,
    trouble: played.trouble === null ? null : messageOf(played.trouble),
    wallMs: played.wallMs,
    date: startedAt,
    shownDir,
    command: replayCommand(plan, registry, `${shownDir}/plan.json`),
    // An interrupted run is still judged; the next signal ends us at once.
    signal: played.interrupted === null ? context.signal : new AbortController().signal,
  });
  const [verdict, writeReport] = await Promise.all([judging, beginReport(runDir, context)]);
  display[Symbol.dispose]();
  if (played.trouble !== null) context.stderr.write(`ftcheck: ${messageOf(played.trouble)}\n`);
  const isWritten = warned(context, () => writeVerdict(runDir, verdict));
  const isEmpty = played.trouble !== null && verdict.operations.invoked === 0;
  if (isJson || !isEmpty) printVerdict(verdict, isJson, context);
  // Last, since nobody waits for it; what goes wrong with it changes no verdict.
  if (isWritten) writeReport(verdict);
  const code = exitCodeOf(verdict);
  return isWritten || code === exitCodes.invalid ? code : exitCodes.internal;
}

/** Trouble that must not keep the verdict from being told. */
function warned(context: Context, task: () => void): boolean {
  try {
    task();
    return true;
  } catch (thrown) {
    context.stderr.write(`ftcheck: ${messageOf(thrown)}\n`);
    return false;
  }
}

/** From `--plan`, which then says everything, or from flags, file and seed. */
async function choosePlan(settings: Settings, context: Context): Promise<Plan> {
  const path = read(settings, 'plan', text, undefined);
  if (path === undefined) {
    const choice = chooseRun(settings, registry);
    const seed = read(settings, 'seed', wholeNumber(0, seedMax), undefined) ?? randomInt(1, 1_000_000);
    return planOf(choice, seed, settings);
  }
  const also = decidedByPlan(registry).find((name) => settings.get(name)?.from === 'flag');
  if (also !== undefined) throw new UsageError(`--${also}: the plan of --plan already decides this`);
  const { readPlan, refuseUnplayable } = await import('./plan-file.ts');
  const plan = readPlan(path, context.cwd);
  refuseUnplayable(plan, registry, path);
  return plan;
}

async function playWithNotice(input: {
  readonly plan: Plan;
  readonly runDir: string;
  readonly context: Context;
  readonly display: ProgressDisplay;
  readonly isFailFast: boolean;
}): Promise<Played> {
  const { plan, runDir, context, display, isFailFast } = input;
  const { signal } = context;
  const notice = (): void => {
    context.stderr.write(
      `\nftcheck: ${interruptedBy(signal)}: healing, stopping and judging what there is; once more ends it at once\n`,
    );
  };
  signal.addEventListener('abort', notice);
  display.note(`starting ${plural(plan.nodes, 'node')} of ${plan.impl.name}, seed ${plan.seed}`);
  const onProgress: Parameters<typeof play>[0]['onProgress'] = (progress) => display.show(progress);
  try {
    if (!isFailFast) return await play({ plan, runDir, signal, registry, onProgress });
    await using stop = failFastSignal({
      plan,
      runDir,
      user: signal,
      onViolation: (key) => display.note(`not linearizable: ${key}; stopping`),
    });
    return await play({ plan, runDir, signal: stop.signal, registry, onProgress });
  } finally {
    signal.removeEventListener('abort', notice);
  }
}
