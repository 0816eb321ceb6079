/**
 * The process that judges: `node worker-main.js JOB`, JOB being JSON as worker-job.ts describes it. Prints one JSON document and ends:
 * `{"judgement": ...}`, of a run under way `{"notLinearizable": KEY}` as soon as that is so, or `{"error": ..., "exitCode": ...}` where what is to be judged cannot be read. Ends at once when its standard input
 * does, which is why the work is done in a thread: it would not be noticed otherwise.
 */
import { getHeapStatistics } from 'node:v8';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { unreachable } from '../core/assert.ts';
import { exitCodes, FtcheckError, messageOf } from '../core/errors.ts';
import { judgeHistoryFile } from './worker-history.ts';
import { parseJob, type WorkerJob } from './worker-job.ts';
import { judgeDirectory } from './worker-run.ts';
import { watchRun } from './worker-watch.ts';

async function outcomeOf(jobText: string): Promise<object> {
  try {
    return await done(parseJob(jobText));
  } catch (error) {
    const exitCode = error instanceof FtcheckError ? error.exitCode : exitCodes.internal;
    return { error: messageOf(error), exitCode };
  }
}

async function done(job: WorkerJob): Promise<object> {
  switch (job.type) {
    case 'run':
      return judgeDirectory(job);
    case 'history':
      return judgeHistoryFile(job);
    case 'watch':
      return { notLinearizable: await watchRun(job) };
    default:
      return unreachable(job);
  }
}

if (isMainThread) {
  const maxOldGenerationSizeMb = Math.floor(getHeapStatistics().heap_size_limit / 2 ** 20);
  const worker = new Worker(new URL(import.meta.url), {
    workerData: process.argv[2] ?? '',
    resourceLimits: { maxOldGenerationSizeMb },
  });
  worker.once('message', (text: string) => process.stdout.write(`${text}\n`, () => process.exit(0)));
  worker.once('error', (error) => {
    process.stderr.write(`${messageOf(error)}\n`);
    process.exit(exitCodes.internal);
  });
  process.stdin.resume().once('end', () => process.exit(exitCodes.interrupted));
} else {
  parentPort?.postMessage(JSON.stringify(await outcomeOf(String(workerData))));
}
