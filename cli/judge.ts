import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunJob } from '../checker/worker-job.ts';
import type { RecordedRun } from '../core/checker.ts';
import { exitCodes, FtcheckError, UsageError, type ExitCode } from '../core/errors.ts';
import { isJsonObject, type Json } from '../core/json.ts';
import { parseHistory, parseTrace } from '../core/parse-run.ts';
import type { Plan } from '../core/plan.ts';
import type { PropertyResult, PropertyVerdict } from '../core/verdict.ts';
import { runChecker, type CheckerOutcome } from '../harness/checker-process.ts';
import { runFiles, writeWhole } from '../results/run-directory.ts';
import { verdictFileOf } from '../results/verdict-file.ts';
import type { VerdictFile } from '../results/verdict-schema.ts';
import { interruptedBy } from './context.ts';
import { checkerEntry } from './entries.ts';
import { failFastReason } from './fail-fast-reason.ts';
import { jsonText } from './output.ts';

/** A run as it lies in its directory, and what is known of it besides. */
export interface RunToJudge {
  readonly plan: Plan;
  readonly runDir: string;
  readonly interrupted: string | null;
  readonly trouble: string | null;
  readonly wallMs: number | null;
  readonly date: Date;
  /** As people see it, from where they are. */
  readonly shownDir: string;
  readonly command: string;
  readonly signal: AbortSignal;
}

/** Judges what was recorded, in a child process with the plan's limits; the same for a live run and a stored one. */
export async function judgeRun(input: RunToJudge): Promise<VerdictFile> {
  const { plan, runDir, signal } = input;
  const judging = outcomeOf(input);
  judging.catch(() => undefined); // told below, unless the record itself cannot be read
  // Read here for the figures while the child, on another core, reads and judges it.
  const run = readRun(plan, runDir);
  const { properties, withinClaim, tookMs } = judgementOf(await judging, plan);
  const { trouble, wallMs, date, shownDir, command } = input;
  return verdictFileOf({
    run,
    properties,
    withinClaim,
    checkersMs: tookMs,
    interrupted: input.interrupted ?? interruptedBy(signal),
    trouble,
    wallMs,
    date,
    runDir: shownDir,
    command,
  });
}

async function outcomeOf({ plan, runDir, signal }: RunToJudge): Promise<CheckerOutcome> {
  const hasRecord = [runFiles.history, runFiles.trace].every((file) => existsSync(join(runDir, file)));
  if (!hasRecord) return { failure: 'nothing was recorded' };
  const { timeMs, memoryMb } = plan.checkerLimits;
  const job: RunJob = { type: 'run', directory: runDir, limits: {} };
  return runChecker({ entry: checkerEntry(), job, timeMs, memoryMb, signal });
}

/** What was recorded; a run that died at its very start has less than all files. */
function readRun(plan: Plan, runDir: string): RecordedRun {
  const history = parseHistory(contents(join(runDir, runFiles.history)));
  const trace = parseTrace(contents(join(runDir, runFiles.trace)));
  return {
    plan,
    history: history.events,
    trace: trace.events,
    damage: { history: history.damage, trace: trace.damage },
  };
}

function contents(path: string): string {
  try {
    return existsSync(path) ? readFileSync(path, 'utf8') : '';
  } catch (cause) {
    throw new FtcheckError(`cannot read ${path}`, { cause });
  }
}

/** What the checkers said. */
export interface Judgement {
  readonly properties: Readonly<Record<string, PropertyResult>>;
  readonly withinClaim: boolean | null;
  /** Milliseconds that each checker took; null where they did not come to their end. */
  readonly tookMs: Readonly<Record<string, number>> | null;
}

/** Checkers that met a limit or died have proven nothing: everything that they were to judge is `unknown`. */
export function judgementOf(outcome: CheckerOutcome, { checkers }: Pick<Plan, 'checkers'>): Judgement {
  if ('output' in outcome) return parseJudgement(outcome.output);
  const reason = 'limit' in outcome ? `${outcome.text}; nothing was proven` : outcome.failure;
  return {
    properties: Object.fromEntries(checkers.map((name) => [name, { verdict: 'unknown', reason } as const])),
    withinClaim: null,
    tookMs: null,
  };
}

const propertyVerdicts: readonly string[] = [
  'valid',
  'invalid',
  'unknown',
  'not-owed',
  'not-applicable',
] satisfies readonly PropertyVerdict[];
const isPropertyVerdict = (value: Json | undefined): value is PropertyVerdict =>
  typeof value === 'string' && propertyVerdicts.includes(value);

/** What the checker process printed: a judgement, or why the record cannot be read. Anything else is a mistake of ours. */
function parseJudgement(output: Json): Judgement {
  if (isJsonObject(output) && typeof output['error'] === 'string') {
    const isUsage = output['exitCode'] === exitCodes.usage;
    throw isUsage ? new UsageError(output['error']) : new FtcheckError(output['error']);
  }
  const judgement = isJsonObject(output) ? output['judgement'] : undefined;
  const properties = isJsonObject(judgement) ? judgement['properties'] : undefined;
  if (!isJsonObject(judgement) || !isJsonObject(properties)) {
    throw new FtcheckError('the checkers printed no judgement');
  }
  return {
    properties: Object.fromEntries(
      Object.entries(properties).map(([name, property]) => [name, propertyResultOf(name, property)]),
    ),
    withinClaim: typeof judgement['withinClaim'] === 'boolean' ? judgement['withinClaim'] : null,
    tookMs: timesOf(judgement['tookMs']),
  };
}

function timesOf(given: Json | undefined): Readonly<Record<string, number>> | null {
  if (!isJsonObject(given)) return null;
  return Object.fromEntries(Object.entries(given).map(([name, ms]) => [name, Number(ms)]));
}

function propertyResultOf(name: string, property: Json | undefined): PropertyResult {
  if (isJsonObject(property)) {
    const { verdict, reason, details } = property;
    if (isPropertyVerdict(verdict) && typeof reason === 'string') {
      return { verdict, reason, ...(isJsonObject(details) ? { details } : {}) };
    }
  }
  throw new FtcheckError(`the checkers printed no judgement of ${name}`);
}

export function writeVerdict(runDir: string, verdict: VerdictFile): void {
  writeWhole(join(runDir, runFiles.verdict), jsonText(verdict));
}

/** An interruption is what the user asked for, and no verdict; a proven `invalid` stands beside trouble of our own. */
export function exitCodeOf({ verdict, harness }: VerdictFile): ExitCode {
  if (harness.interrupted !== null && harness.interrupted !== failFastReason) return exitCodes.interrupted;
  if (verdict !== 'invalid' && harness.trouble !== null) return exitCodes.internal;
  return exitCodes[verdict];
}
