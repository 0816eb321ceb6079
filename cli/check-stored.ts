import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { exitCodes, FtcheckError, UsageError, type ExitCode } from '../core/errors.ts';
import { isJsonObject } from '../core/json.ts';
import { parsePlan, parseTrace } from '../core/parse-run.ts';
import { wallClock } from '../harness/clock.ts';
import { runFiles } from '../results/run-directory.ts';
import type { VerdictFile } from '../results/verdict-schema.ts';
import { checkHistoryFile, checkStandardInput } from './check-history.ts';
import { interruptedBy, type Context } from './context.ts';
import { historySpecs } from './history-flags.ts';
import { standardInput } from './history-input.ts';
import { judgeRun, writeVerdict } from './judge.ts';
import { printVerdict } from './output.ts';
import { registry } from './registry.ts';
import { replayCommand } from './replay-command.ts';
import { beginReport } from './report/after.ts';
import { isOn, read, type Settings } from './settings.ts';
import { text } from './values.ts';

/** Judges what is stored: a run directory as the run itself would have been judged, a bare history against a model. */
export async function check(given: string, flags: Settings, context: Context): Promise<ExitCode> {
  if (given === standardInput.given) return checkStandardInput(flags, context);
  const path = locate(given, flags, context);
  if (!statSync(path).isDirectory()) return checkHistoryFile(path, given, flags, context);
  const spec = historySpecs.find(({ name }) => flags.has(name) && !givenForRuns.has(name));
  if (spec !== undefined)
    throw new UsageError(`--${spec.name}: a run directory has this in ${runFiles.plan}`);
  const planPath = join(path, runFiles.plan);
  if (!existsSync(planPath))
    throw new UsageError(`${given}: no run directory: there is no ${runFiles.plan} in it`);
  return checkRun(path, flags, context);
}

/** Passed over where they have always been. */
const givenForRuns: ReadonlySet<string> = new Set(['checker-time', 'checker-memory']);

/** As it stands, or as the name of a run in the folder of runs. */
function locate(given: string, flags: Settings, context: Context): string {
  const out = read(flags, 'out', text, 'ftcheck-runs');
  const candidates = [resolve(context.cwd, given), resolve(context.cwd, out, given)];
  const found = candidates.find((candidate) => existsSync(candidate));
  if (found === undefined) {
    throw new UsageError(`${given}: there is no such run directory or history file, here or in ${out}`);
  }
  return found;
}

async function checkRun(runDir: string, flags: Settings, context: Context): Promise<ExitCode> {
  const shownDir = relative(context.cwd, realpathSync(runDir)) || '.';
  const plan = parsePlan(readFileSync(join(runDir, runFiles.plan), 'utf8'), join(shownDir, runFiles.plan));
  const former = formerVerdict(runDir);
  const verdict = await judgeRun({
    plan,
    runDir,
    interrupted: former?.interrupted ?? null,
    trouble: former === null ? cutShort(runDir) : former.trouble,
    wallMs: former?.wallMs ?? null,
    date: former?.date ?? wallClock(),
    shownDir,
    command: replayCommand(plan, registry, join(shownDir, runFiles.plan)),
    signal: context.signal,
  });
  // Half a judgement must not stand for one.
  const interrupted = interruptedBy(context.signal);
  if (interrupted !== null)
    throw new FtcheckError(`interrupted by ${interrupted}`, { exitCode: exitCodes.interrupted });
  const isKept = former === null || isOn(flags, 'write');
  if (isKept) writeVerdict(runDir, verdict);
  if (former !== null && former.verdict !== verdict.verdict) {
    context.stderr.write(
      `ftcheck: the stored verdict is ${former.verdict}, this one is ${verdict.verdict}\n`,
    );
  }
  printVerdict(verdict, isOn(flags, 'json'), context);
  if (isKept) (await beginReport(runDir, context))(verdict);
  return exitCodes[verdict.verdict];
}

/** What only the run itself knew, and its verdict.json still does. */
interface FormerVerdict {
  readonly verdict: string;
  readonly interrupted: string | null;
  readonly trouble: string | null;
  readonly wallMs: number | null;
  readonly date: Date;
}

/** Null where there is none, or none that can be read: the run died before it was judged. */
function formerVerdict(runDir: string): FormerVerdict | null {
  const path = join(runDir, runFiles.verdict);
  if (!existsSync(path)) return null;
  let former: unknown;
  try {
    former = JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return null;
  }
  if (!isJsonObject(former)) return null;
  const { verdict, harness, environment, wallMs } = former as Partial<VerdictFile>;
  return {
    verdict: String(verdict),
    interrupted: harness?.interrupted ?? null,
    trouble: harness?.trouble ?? null,
    wallMs: wallMs ?? null,
    date: new Date(environment?.date ?? 0),
  };
}

/** A run that ended writes so last. */
function cutShort(runDir: string): string | null {
  const path = join(runDir, runFiles.trace);
  const trace = existsSync(path) ? parseTrace(readFileSync(path, 'utf8')).events : [];
  const isWhole = trace.some((event) => event.event === 'phase' && event['phase'] === 'end');
  return isWhole ? null : 'its record breaks off';
}
