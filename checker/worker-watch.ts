import { closeSync, existsSync, openSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { UsageError } from '../core/errors.ts';
import { parseHistory, parsePlan } from '../core/parse-run.ts';
import { makeTableBuilder } from './history/operation-table.ts';
import { decide } from './linearizable/decide.ts';
import { models } from './models/models.ts';
import type { WatchJob } from './worker-job.ts';

const pauseMsMin = 200;
/** Checking takes at most this share of the time, so that the run keeps its processors. */
const shareMax = 0.2;
/** A prefix that is not decided by then is left, and a longer one is tried. */
const onceMsMax = 2000;

/**
 * Follows the history of a run while it is written, and returns the key of the object that is not linearizable, as soon as some prefix shows
 * one; never returns otherwise. A prefix of a linearizable history is linearizable, with what is open in it unknown, so nothing later mends it.
 */
export async function watchRun({ directory, memoryMb }: WatchJob): Promise<string> {
  const planPath = join(directory, 'plan.json');
  const { workload } = parsePlan(readFileSync(planPath, 'utf8'), planPath);
  const model = models[workload.model];
  if (model === undefined) throw new UsageError(`there is no model ${workload.model}`);
  using file = follow(join(directory, 'history.jsonl'));
  const builder = makeTableBuilder();
  const memoryBytesMax = (memoryMb * 2 ** 20) / 2; // the table and the program want some, too
  for (let pauseMs = pauseMsMin; ;) {
    await sleep(pauseMs);
    const text = file.wholeLines();
    if (text === '') continue;
    for (const event of parseHistory(text).events) builder.add(event);
    const startedAt = nowMs();
    const limits = { now: nowMs, deadline: startedAt + onceMsMax, memoryBytesMax };
    const decision = decide(builder.table(), { model, limits });
    if (decision.verdict === 'invalid') return decision.part.name;
    pauseMs = Math.max(pauseMsMin, (nowMs() - startedAt) / shareMax);
  }
}

const nowMs = (): number => Number(process.hrtime.bigint()) / 1e6;

/** A file that grows: each call returns the lines that were completed since the one before. */
function follow(path: string): Disposable & { wholeLines(): string } {
  let descriptor: number | null = null;
  let torn = Buffer.alloc(0);
  const chunk = Buffer.alloc(1 << 20);
  return {
    wholeLines: () => {
      if (descriptor === null && existsSync(path)) descriptor = openSync(path, 'r');
      if (descriptor === null) return '';
      const chunks = [torn];
      for (let length = readSync(descriptor, chunk); length > 0; length = readSync(descriptor, chunk)) {
        chunks.push(Buffer.from(chunk.subarray(0, length)));
      }
      const bytes = Buffer.concat(chunks);
      const end = bytes.lastIndexOf('\n') + 1;
      torn = bytes.subarray(end);
      return bytes.toString('utf8', 0, end);
    },
    [Symbol.dispose]: () => {
      if (descriptor !== null) closeSync(descriptor);
    },
  };
}
