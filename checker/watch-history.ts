import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Model } from '../core/model.ts';
import { parseHistory } from '../core/parse-run.ts';
import { makeTableBuilder } from './history/operation-table.ts';
import { decide } from './linearizable/decide.ts';

/** How a history is followed. */
export interface WatchOptions {
  /** A history file of a run under way; it need not be there yet. */
  readonly path: string;
  readonly model: Model<unknown>;
  /** Monotone clock, milliseconds. */
  readonly now: () => number;
  readonly memoryBytesMax: number;
}

const pauseMsMin = 200;
/** Checking takes at most this share of the time, so that the run keeps its processors. */
const shareMax = 0.2;
/** A prefix that is not decided by then is left, and a longer one is tried. */
const onceMsMax = 2000;

/**
 * Follows a history while it is written, and returns the key of the object that is not linearizable, as soon as some prefix shows one; never
 * returns otherwise. A prefix of a linearizable history is linearizable, with what is open in it unknown, so that nothing later can mend it.
 */
export async function watchHistory({ path, model, now, memoryBytesMax }: WatchOptions): Promise<string> {
  using file = follow(path);
  const builder = makeTableBuilder();
  for (let pauseMs = pauseMsMin; ; ) {
    await sleep(pauseMs);
    const text = file.wholeLines();
    if (text === '') continue;
    for (const event of parseHistory(text).events) builder.add(event);
    const startedAt = now();
    const limits = { now, deadline: startedAt + onceMsMax, memoryBytesMax };
    const decision = decide(builder.table(), { model, limits });
    if (decision.verdict === 'invalid') return decision.part.name;
    pauseMs = Math.max(pauseMsMin, (now() - startedAt) / shareMax);
  }
}

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
