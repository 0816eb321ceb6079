import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { models } from '../checker/models/models.ts';
import { exitCodes, FtcheckError, UsageError, type ExitCode } from '../core/errors.ts';
import { parsePlan } from '../core/parse-run.ts';
import type { Plan } from '../core/plan.ts';
import { millis } from '../core/units.ts';
import { combineVerdicts } from '../core/verdict.ts';
import { version } from '../core/version.ts';
import { runChecker } from '../harness/checker-process.ts';
import { planDefaults } from '../harness/plan.ts';
import { runFiles } from '../results/run-directory.ts';
import { propertyLine } from '../results/summary.ts';
import type { Context } from './context.ts';
import { checkerEntry } from './entries.ts';
import { judgementOf, type Judgement } from './judge.ts';
import { jsonText, paintFor } from './output.ts';
import { isOn, read, type Settings } from './settings.ts';
import { noSuch } from './suggest.ts';
import { duration, wholeNumber } from './values.ts';

/** Judges a history without a run: whether it is well-formed, and whether the object of this model could have answered so. */
export async function checkHistoryFile(input: {
  readonly path: string;
  /** The path as the user gave it. */
  readonly given: string;
  readonly model: string | undefined;
  readonly flags: Settings;
  readonly context: Context;
}): Promise<ExitCode> {
  const { path, given, flags, context } = input;
  const model = chooseModel(input.model, path);
  const plan = planOf(model, flags);
  const { properties } = isBlank(path) ? nothing : withDoubt(await judged(path, given, plan, context), path);
  const results = Object.entries(properties);
  const verdict = combineVerdicts(results.map(([, result]) => result.verdict));
  const guilty = results.find(([, result]) => result.verdict === verdict);
  const reason =
    verdict === 'valid'
      ? `a ${model} could have answered so`
      : `${guilty?.[0] ?? ''}: ${guilty?.[1].reason ?? ''}`;
  if (isOn(flags, 'json')) {
    context.stdout.write(
      jsonText({ format: 'ftcheck-history-verdict-1', verdict, reason, model, file: given, properties }),
    );
  } else {
    const paint = paintFor(context.stdout);
    const lines = results.map(([name, result]) => propertyLine(name, result, paint));
    context.stdout.write(`${paint.bold(verdict.toUpperCase())}  ${reason}\n${lines.join('\n')}\n`);
  }
  return exitCodes[verdict];
}

/** A history in which nothing was answered fits every object. */
function withDoubt(judgement: Judgement, path: string): Judgement {
  if (/"type":\s*"ok"/.test(readFileSync(path, 'utf8'))) return judgement;
  const vacuity = { verdict: 'unknown', reason: 'no operation succeeded, which proves nothing' } as const;
  return { ...judgement, properties: { ...judgement.properties, vacuity } };
}

const isBlank = (path: string): boolean => !/\S/.test(readFileSync(path, 'utf8'));
const nothing: Judgement = {
  properties: { 'well-formed': { verdict: 'unknown', reason: 'the history is empty, which proves nothing' } },
  withinClaim: null,
};

/** As said, or as the plan says of a history that lies in a run directory. */
function chooseModel(given: string | undefined, path: string): string {
  if (given !== undefined) {
    if (!Object.hasOwn(models, given))
      throw new UsageError(`--model: ${noSuch('model', given, Object.keys(models))}`);
    return given;
  }
  const beside = join(dirname(path), runFiles.plan);
  if (existsSync(beside)) return parsePlan(readFileSync(beside, 'utf8'), beside).workload.model;
  throw new UsageError(`--model is missing: one of ${Object.keys(models).join(', ')}`);
}

/** The checkers judge run directories, so a bare history gets one, with a plan in which nothing was broken. */
async function judged(path: string, given: string, plan: Plan, context: Context): Promise<Judgement> {
  const folder = mkdtempSync(join(tmpdir(), 'ftcheck-check-'));
  const named = (words: string): string => words.replaceAll(join(folder, runFiles.history), given);
  try {
    writeFileSync(join(folder, runFiles.plan), JSON.stringify(plan));
    writeFileSync(join(folder, runFiles.trace), '');
    symlinkSync(path, join(folder, runFiles.history));
    return withPath(await judgeIn(folder, plan, context.signal), named);
  } catch (thrown) {
    if (!(thrown instanceof UsageError)) throw thrown;
    throw new UsageError(named(thrown.message));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const withPath = ({ properties, withinClaim }: Judgement, named: (words: string) => string): Judgement => ({
  properties: Object.fromEntries(
    Object.entries(properties).map(([name, result]) => [name, { ...result, reason: named(result.reason) }]),
  ),
  withinClaim,
});

async function judgeIn(folder: string, plan: Plan, signal: AbortSignal): Promise<Judgement> {
  const { timeMs, memoryMb } = plan.checkerLimits;
  const outcome = await runChecker({ entry: checkerEntry(), runDir: folder, timeMs, memoryMb, signal });
  if (signal.aborted) throw new FtcheckError('interrupted', { exitCode: exitCodes.interrupted });
  return judgementOf(outcome, plan);
}

function planOf(model: string, flags: Settings): Plan {
  const { timeMs, memoryMb } = planDefaults.checkerLimits;
  const none = millis(0);
  return {
    format: 'ftcheck-plan-1',
    version,
    seed: 0,
    impl: { name: '', options: {}, claims: { tolerates: 'none', outageMsMax: none, text: '' } },
    workload: { name: '', options: {}, model, app: '' },
    nemesis: 'none',
    nodes: 1,
    clients: 0,
    rate: null,
    pinned: false,
    opTimeoutMs: none,
    timing: 'default',
    serviceMs: none,
    phases: { warmUpMs: none, faultsMs: none, settleMs: none, finalReadsMs: none },
    faults: [],
    checkers: ['well-formed', 'linearizable'],
    checkerLimits: {
      timeMs: millis(read(flags, 'checker-time', duration(1, 86_400_000), timeMs)),
      memoryMb: read(flags, 'checker-memory', wholeNumber(64, 1_048_576), memoryMb),
    },
    slos: [],
  };
}
