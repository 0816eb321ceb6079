import { join, relative } from 'node:path';
import { readFileSync } from 'node:fs';
import type { RecordedRun } from '../../core/checker.ts';
import { messageOf } from '../../core/errors.ts';
import { parseHistory, parseTrace } from '../../core/parse-run.ts';
import type { Plan } from '../../core/plan.ts';
import { makeRandom } from '../../core/random.ts';
import { monotonicMs, wallClock } from '../../harness/clock.ts';
import type { MeasuredRound } from '../../results/compare/comparison.ts';
import { measuredRound } from '../../results/compare/measured-round.ts';
import { orderOf } from '../../results/compare/rounds.ts';
import { loadOf } from '../../results/load.ts';
import { createRunDirectory, pointLatestAt, runFiles } from '../../results/run-directory.ts';
import { msText } from '../../results/units-text.ts';
import type { VerdictFile } from '../../results/verdict-schema.ts';
import { interruptedBy, type Context } from '../context.ts';
import { judgeRun, writeVerdict } from '../judge.ts';
import { play } from '../play.ts';
import { progressDisplay } from '../progress.ts';
import { registry } from '../registry.ts';
import { replayCommand } from '../replay-command.ts';

/** A system to run, with its plan for a round. */
export interface System {
  readonly label: string;
  readonly plan: (round: number) => Plan;
}

export interface PlayedRounds {
  /** By system; of complete rounds only. */
  readonly rounds: readonly (readonly MeasuredRound[])[];
  readonly interrupted: string | null;
}

/** Plays every system in every round, one run after the other; ends early when it is interrupted, with the rounds that were complete. */
export async function playRounds(input: {
  readonly systems: readonly System[];
  readonly rounds: number;
  readonly seed: number;
  readonly out: string;
  readonly isQuiet: boolean;
  readonly context: Context;
}): Promise<PlayedRounds> {
  const { systems, rounds, seed, out, isQuiet, context } = input;
  using display = progressDisplay(context.stderr, isQuiet);
  using _notice = interruptionNotice(context);
  const complete: MeasuredRound[][] = systems.map(() => []);
  const startMs = monotonicMs();
  for (let number = 1; number <= rounds; number++) {
    const played = new Map<number, MeasuredRound>();
    for (const [place, index] of orderOf(
      systems.length,
      number - 1,
      makeRandom(seed).fork('order'),
    ).entries()) {
      const system = systems[index];
      if (system === undefined) continue;
      const done = (number - 1) * systems.length + place;
      const left =
        done === 0
          ? ''
          : `, ${msText(Math.round((((monotonicMs() - startMs) / done) * (rounds * systems.length - done)) / 1000) * 1000)} left`;
      display.note(`round ${number} of ${rounds}: ${system.label}${left}`);
      const round = await playOne(system.plan(number), number, out, context);
      if (context.signal.aborted) return { rounds: complete, interrupted: interruptedBy(context.signal) };
      if (round.round.verdict === 'invalid') display.note(`${system.label}: INVALID: ${round.round.reason}`);
      played.set(index, round);
    }
    for (const [index, round] of played) complete[index]?.push(round);
  }
  return { rounds: complete, interrupted: null };
}

/** One run, as `ftcheck run` makes it: played, judged and stored. */
async function playOne(plan: Plan, number: number, out: string, context: Context): Promise<MeasuredRound> {
  const startedAt = wallClock();
  const runDir = createRunDirectory({ out, plan, startedAt });
  pointLatestAt(runDir);
  const shownDir = relative(context.cwd, runDir) || '.';
  const { signal } = context;
  const { interrupted, trouble, wallMs } = await play({
    plan,
    runDir,
    signal,
    registry,
    onProgress: () => {},
  });
  const verdict = await judgeRun({
    plan,
    runDir,
    interrupted,
    trouble: trouble === null ? null : messageOf(trouble),
    wallMs,
    date: startedAt,
    shownDir,
    command: replayCommand(plan, registry, `${shownDir}/${runFiles.plan}`),
    signal: interrupted === null ? signal : new AbortController().signal,
  });
  writeVerdict(runDir, verdict);
  return roundIn(runDir, number, verdict);
}

/** A stored run as a round. */
export function roundIn(runDir: string, number: number, verdict: VerdictFile): MeasuredRound {
  const { history, trace } = recordOf(runDir);
  return measuredRound(number, verdict, loadOf(history, trace).latenciesMs);
}

/** What a stored run recorded; nothing, where it recorded nothing. */
export function recordOf(runDir: string): Pick<RecordedRun, 'history' | 'trace'> {
  const contents = (file: string): string => {
    try {
      return readFileSync(join(runDir, file), 'utf8');
    } catch {
      return ''; // a run that died at its very start, which its verdict tells
    }
  };
  return {
    history: parseHistory(contents(runFiles.history)).events,
    trace: parseTrace(contents(runFiles.trace)).events,
  };
}

function interruptionNotice({ signal, stderr }: Context): Disposable {
  const notice = (): void => {
    stderr.write(
      `\nftcheck: ${interruptedBy(signal)}: stopping, and telling of the rounds that are complete; once more ends it at once\n`,
    );
  };
  signal.addEventListener('abort', notice);
  return { [Symbol.dispose]: () => signal.removeEventListener('abort', notice) };
}
