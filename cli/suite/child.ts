import { rmSync } from 'node:fs';
import { devNull } from 'node:os';
import { dirname, relative } from 'node:path';
import { execa } from 'execa';
import { exitCodes, messageOf } from '../../core/errors.ts';
import type { Plan } from '../../core/plan.ts';
import { monotonicMs } from '../../harness/clock.ts';
import type { Reaper } from '../../harness/reaper.ts';
import { makeFolder, writeWhole } from '../../results/run-directory.ts';
import type { Attempt } from '../../results/suite/outcome.ts';
import { type RunVerdict, runVerdictSchema } from '../../results/suite/run-verdict.ts';
import { minutesText } from '../../results/suite/suite-summary.ts';
import { mainEntry } from '../entries.ts';
import { jsonText } from '../output.ts';
import { registry } from '../registry.ts';
import { replayCommand } from '../replay-command.ts';

/** One run of a suite. */
export interface ChildRun {
  readonly plan: Plan;
  /** Where the plan is written for the child; it stays only if the run leaves none of its own. */
  readonly planPath: string;
  readonly out: string;
  readonly cwd: string;
  readonly isFailFast: boolean;
  readonly timeoutMs: number;
  /** Ends the child if we die first. */
  readonly reaper: Reaper;
  /** Ends the run; the result is then null. */
  readonly signal: AbortSignal;
}

/** A run that was asked to end heals, stops and judges; after so long it is killed. */
const graceMs = 10_000;
const stderrTailChars = 2_000;

/** Plays a plan by `ftcheck run` in a process of its own, whose crash or hanging is its own. Null: interrupted. */
export async function playChild(run: ChildRun): Promise<Attempt | null> {
  const { plan, planPath, cwd, timeoutMs, signal } = run;
  if (signal.aborted) return null;
  makeFolder(dirname(planPath));
  writeWhole(planPath, jsonText(plan));
  const startMs = monotonicMs();
  const { said, isLate } = await saidBy(run);
  if (signal.aborted) {
    rmSync(planPath, { force: true });
    return null;
  }
  const tookMs = monotonicMs() - startMs;
  const verdict = verdictOf(said.stdout);
  const shownPlan = relative(cwd, planPath);
  const error = (reason: string): Attempt => ({
    type: 'error',
    seed: plan.seed,
    tookMs,
    reason,
    command: verdict?.command ?? replayCommand(plan, registry, shownPlan),
    runDir: verdict?.runDir ?? null,
  });
  if (verdict !== null) rmSync(planPath, { force: true });
  if (isLate) return error(`the run did not end within ${minutesText(timeoutMs)} and was stopped`);
  const isSound = said.code !== exitCodes.internal || verdict?.harness.trouble !== null;
  if (verdict !== null && isSound) return { type: 'judged', seed: plan.seed, tookMs, verdict };
  const why = said.stderr.trim().replaceAll(/^ftcheck: /gm, '') || 'it said nothing';
  return error(`ftcheck run ended with ${said.code}: ${why}`);
}

interface Said {
  readonly code: number | string;
  readonly stdout: string;
  readonly stderr: string;
}

const start = ({ planPath, out, cwd, isFailFast }: ChildRun) =>
  execa(
    process.execPath,
    [
      mainEntry(),
      'run',
      `--plan=${planPath}`,
      `--out=${out}`,
      `--config=${devNull}`, // a suite says everything itself
      '--json',
      '--quiet',
      ...(isFailFast ? ['--fail-fast'] : []),
    ],
    {
      cwd,
      detached: true, // the terminal's Ctrl-C is for us, who ask the child once
      cleanup: false,
      reject: false,
      stdin: 'ignore',
      maxBuffer: 64 * 1024 * 1024,
    },
  );

async function saidBy(run: ChildRun): Promise<{ readonly said: Said; readonly isLate: boolean }> {
  const { timeoutMs, reaper, signal } = run;
  const child = start(run);
  const { pid } = child;
  if (pid === undefined) {
    const { cause } = await child;
    return {
      said: { code: 'no process', stdout: '', stderr: `cannot start it: ${messageOf(cause)}` },
      isLate: false,
    };
  }
  reaper.register(pid);
  let isLate = false;
  let killTimer: NodeJS.Timeout | undefined;
  const end = (by: 'SIGINT' | 'SIGTERM'): void => {
    child.kill(by);
    killTimer ??= setTimeout(() => killGroup(pid), graceMs);
  };
  const interrupt = (): void => end('SIGINT');
  const timer = setTimeout(() => {
    isLate = true;
    end('SIGTERM');
  }, timeoutMs);
  signal.addEventListener('abort', interrupt);
  if (signal.aborted) interrupt();
  try {
    const { exitCode, signal: killedBy, stdout, stderr } = await child;
    return {
      said: { code: exitCode ?? killedBy ?? 'no code', stdout, stderr: stderr.slice(-stderrTailChars) },
      isLate,
    };
  } finally {
    clearTimeout(timer);
    clearTimeout(killTimer);
    signal.removeEventListener('abort', interrupt);
    killGroup(pid);
    reaper.unregister(pid);
  }
}

function verdictOf(stdout: string): RunVerdict | null {
  let value: unknown;
  try {
    value = JSON.parse(stdout);
  } catch {
    return null; // it came to none, which its exit code and stderr explain
  }
  const parsed = runVerdictSchema.safeParse(value);
  return parsed.success ? parsed.data : null;
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    return; // it is gone
  }
}
