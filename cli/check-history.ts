import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { models } from '../checker/models/models.ts';
import { criterionNames, type CriterionName, type HistoryJob } from '../checker/worker-job.ts';
import { exitCodes, FtcheckError, UsageError, type ExitCode } from '../core/errors.ts';
import { parsePlan } from '../core/parse-run.ts';
import { millis } from '../core/units.ts';
import { combineVerdicts } from '../core/verdict.ts';
import { runChecker } from '../harness/checker-process.ts';
import { planDefaults } from '../harness/plan.ts';
import { runFiles } from '../results/run-directory.ts';
import { firstSentence, propertyLine } from '../results/summary.ts';
import { interruptedBy, type Context } from './context.ts';
import { checkerEntry } from './entries.ts';
import { formatOf, modelNamed, oneOf, readingOf } from './history-flags.ts';
import { spooledInput, standardInput } from './history-input.ts';
import { judgementOf, type Judgement } from './judge.ts';
import { jsonText, paintFor } from './output.ts';
import { isOn, read, type Settings } from './settings.ts';
import { duration, text, wholeNumber } from './values.ts';

/** Judges a history without a run: whether it is well-formed, and whether the object of this model could have answered so. */
export async function checkHistoryFile(
  path: string,
  given: string,
  flags: Settings,
  context: Context,
): Promise<ExitCode> {
  const job = jobOf(path, given, flags, context);
  const { properties } = await judged(job, context.signal);
  report(job, properties, isOn(flags, 'json'), context);
  return exitCodes[verdictOf(properties)];
}

/** The same of what comes through standard input. */
export async function checkStandardInput(flags: Settings, context: Context): Promise<ExitCode> {
  const { given, file } = standardInput;
  jobOf(given, file, flags, context); // what is wrong with the flags is said before anything is read
  using input = await spooledInput(context.signal);
  return await checkHistoryFile(input.path, file, flags, context);
}

function jobOf(path: string, given: string, flags: Settings, context: Context): HistoryJob {
  const reading = readingOf(flags);
  const model = read(flags, 'model', text, undefined) ?? modelBeside(path);
  modelNamed(model, reading.initial);
  const criterion = read(flags, 'criterion', oneOf(criterionNames), 'linearizable');
  const linearization = read(flags, 'linearization', text, undefined);
  if (linearization !== undefined && criterion !== 'linearizable')
    throw new UsageError(`--linearization: ${criterion} is asked for, which has none`);
  return {
    type: 'history',
    path,
    file: given,
    model,
    format: formatOf(flags, 'format'),
    criterion,
    ...(linearization === undefined ? {} : { linearization: resolve(context.cwd, linearization) }),
    limits: limitsOf(flags),
    ...reading,
  };
}

/** As the plan says of a history that lies in a run directory. */
function modelBeside(path: string): string {
  const beside = join(dirname(path), runFiles.plan);
  if (path !== standardInput.given && existsSync(beside))
    return parsePlan(readFileSync(beside, 'utf8'), beside).workload.model;
  throw new UsageError(`--model is missing: one of ${Object.keys(models).join(', ')}`);
}

function limitsOf(flags: Settings): HistoryJob['limits'] {
  const { timeMs, memoryMb } = planDefaults.checkerLimits;
  const time = duration(1, 86_400_000);
  const memory = wholeNumber(64, 1_048_576);
  return {
    timeMs: read(flags, 'time-limit', time, undefined) ?? read(flags, 'checker-time', time, timeMs),
    memoryMb:
      read(flags, 'memory-limit', memory, undefined) ?? read(flags, 'checker-memory', memory, memoryMb),
  };
}

async function judged(job: HistoryJob, signal: AbortSignal): Promise<Judgement> {
  const { timeMs, memoryMb } = job.limits;
  const outcome = await runChecker({ entry: checkerEntry(), job, timeMs: millis(timeMs), memoryMb, signal });
  const interrupted = interruptedBy(signal);
  if (interrupted !== null)
    throw new FtcheckError(`interrupted by ${interrupted}`, { exitCode: exitCodes.interrupted });
  return judgementOf(outcome, { checkers: ['well-formed', job.criterion] });
}

const verdictOf = (properties: Judgement['properties']) =>
  combineVerdicts(Object.values(properties).map(({ verdict }) => verdict));

/** How much less than linearizable an object is that keeps only this. */
const kinds: Readonly<Record<CriterionName, string>> = {
  linearizable: '',
  sequential: 'sequentially consistent ',
  causal: 'causally consistent ',
};

function report(
  { model, criterion, initial, file }: HistoryJob,
  properties: Judgement['properties'],
  isJson: boolean,
  { stdout }: Context,
): void {
  const results = Object.entries(properties);
  const verdict = verdictOf(properties);
  const [name = '', guilty] = results.find(([, result]) => result.verdict === verdict) ?? [];
  const reason =
    verdict === 'valid'
      ? `a ${kinds[criterion]}${model} could have answered so`
      : `${name}: ${guilty?.reason ?? ''}`;
  if (isJson) {
    const format = 'ftcheck-history-verdict-1';
    return void stdout.write(
      jsonText({ format, verdict, reason, model, criterion, initial, file, properties }),
    );
  }
  const paint = paintFor(stdout);
  const lines = results.map(([each, result]) => propertyLine(each, result, paint));
  stdout.write(`${paint.bold(verdict.toUpperCase())}  ${firstSentence(reason)}\n${lines.join('\n')}\n`);
}
