/**
 * The process that judges a run: `node worker-main.js RUN-DIRECTORY [LIMITS]`, LIMITS being JSON such as {"timeMs":30000,"memoryMb":1024}; what
 * it leaves out the plan decides. Prints one JSON document and ends: `{"judgement": ...}`, or `{"error": ..., "exitCode": ...}` where the record
 * cannot be read. Ends at once when its standard input does, which is why the work is done in a thread: it would not be noticed otherwise.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { getHeapStatistics } from 'node:v8';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import type { RecordedRun } from '../core/checker.ts';
import { exitCodes, FtcheckError, messageOf } from '../core/errors.ts';
import { isJsonObject, type Json } from '../core/json.ts';
import { parseHistory, parsePlan, parseTrace } from '../core/parse-run.ts';
import { judgeRun } from './judge.ts';

/** Shares of the limits that checkers may use: whoever limits this process from outside starts to count earlier, and counts more. */
const timeShare = 0.85;
const memoryShare = 0.5;

function judgeDirectory(directory: string, limitsText: string): object {
  const startedAt = nowMs();
  const read = (name: string): string => readFileSync(join(directory, name), 'utf8');
  const plan = parsePlan(read('plan.json'), join(directory, 'plan.json'));
  const history = parseHistory(read('history.jsonl'), join(directory, 'history.jsonl'));
  const trace = parseTrace(read('trace.jsonl'), join(directory, 'trace.jsonl'));
  const run: RecordedRun = {
    plan,
    history: history.events,
    trace: trace.events,
    damage: { history: history.damage, trace: trace.damage },
  };
  const given = limitsText === '' ? null : (JSON.parse(limitsText) as Json);
  const limit = (name: string, otherwise: number): number => {
    const value = isJsonObject(given) ? given[name] : undefined;
    return typeof value === 'number' ? value : otherwise;
  };
  const memoryMb = limit('memoryMb', plan.checkerLimits.memoryMb);
  const judgement = judgeRun(run, {
    now: nowMs,
    deadline: startedAt + limit('timeMs', plan.checkerLimits.timeMs) * timeShare,
    memoryBytesMax: memoryMb * 1024 * 1024 * memoryShare,
  });
  return { judgement, damage: run.damage };
}

const nowMs = (): number => Number(process.hrtime.bigint()) / 1e6;

function outcomeOf(directory: string, limitsText: string): object {
  try {
    return judgeDirectory(directory, limitsText);
  } catch (error) {
    const exitCode = error instanceof FtcheckError ? error.exitCode : exitCodes.internal;
    return { error: messageOf(error), exitCode };
  }
}

if (isMainThread) {
  const [, , directory = '.', limitsText = ''] = process.argv;
  const maxOldGenerationSizeMb = Math.floor(getHeapStatistics().heap_size_limit / 2 ** 20);
  const worker = new Worker(new URL(import.meta.url), {
    workerData: { directory, limitsText },
    resourceLimits: { maxOldGenerationSizeMb },
  });
  worker.once('message', (text: string) => process.stdout.write(`${text}\n`, () => process.exit(0)));
  worker.once('error', (error) => {
    process.stderr.write(`${messageOf(error)}\n`);
    process.exit(exitCodes.internal);
  });
  process.stdin.resume().once('end', () => process.exit(exitCodes.interrupted));
} else {
  const { directory, limitsText } = workerData as { directory: string; limitsText: string };
  parentPort?.postMessage(JSON.stringify(outcomeOf(directory, limitsText)));
}
