/** A child of bench/checker.ts: writes one simulated history, reads it, judges it, and prints what that took, as JSON. */
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type * as decideModule from '../checker/linearizable/decide.ts';
import type * as linearizableModule from '../checker/linearizable/linearizable.ts';
import type * as modelsModule from '../checker/models/models.ts';
import type * as workerReadModule from '../checker/worker-read.ts';
import { defined } from '../core/assert.ts';
import { makeRandom } from '../core/random.ts';
import { monotonicMs } from '../harness/clock.ts';
import { built } from './built.ts';
import type { CheckerCase, CheckerFigures } from './checker-cases.ts';
import { simulateHistory } from './checker-histories.ts';

const given = JSON.parse(process.argv[2] ?? '') as CheckerCase;
const { decide } = await built<typeof decideModule>('checker/linearizable/decide');
const { checkTable } = await built<typeof linearizableModule>('checker/linearizable/linearizable');
const { models } = await built<typeof modelsModule>('checker/models/models');
const { readHistory } = await built<typeof workerReadModule>('checker/worker-read');

const folder = mkdtempSync(join(tmpdir(), 'ftcheck-bench-'));
const path = given.path ?? join(folder, 'history.jsonl');
try {
  if (given.shape !== undefined) writeHistory(given, path);
  resetPeak();
  const readFrom = monotonicMs();
  const { table } = await readHistory({ path, file: path, format: 'auto', ...given.reading });
  const readMs = monotonicMs() - readFrom;
  const readPeakMb = peakMb();
  globalThis.gc?.();
  resetPeak();
  const heldMb = peakMb();
  const checkFrom = monotonicMs();
  const question = {
    model: defined(models[given.model], `model ${given.model}`),
    initial: given.reading.initial,
    limits: {
      now: monotonicMs,
      deadline: checkFrom + given.limitMs,
      memoryBytesMax: given.limitMb * 2 ** 20,
    },
  };
  decide(table, question);
  const checkMs = monotonicMs() - checkFrom;
  const moreMb = peakMb() - heldMb;
  // Once more, with what is told of it.
  const toldFrom = monotonicMs();
  const { verdict, reason } = checkTable(table, question);
  const figures: CheckerFigures = {
    verdict,
    reason: reason.slice(0, 300),
    readMs,
    readPeakMb,
    checkMs,
    moreMb,
    toldMs: monotonicMs() - toldFrom,
  };
  process.stdout.write(`${JSON.stringify(figures)}\n`);
} finally {
  rmSync(folder, { recursive: true });
}

function writeHistory({ shape, seed }: CheckerCase, to: string): void {
  const file = openSync(to, 'w');
  let lines: string[] = [];
  let index = 0;
  simulateHistory(defined(shape, 'shape'), makeRandom(seed), (type, client, f, key, value) => {
    lines.push(JSON.stringify({ index, time: index * 1000, process: client, type, f, key, value }));
    index += 1;
    if (lines.length < 10_000) return;
    writeSync(file, `${lines.join('\n')}\n`);
    lines = [];
  });
  if (lines.length > 0) writeSync(file, `${lines.join('\n')}\n`);
  closeSync(file);
}

/** Linux forgets the most that this process ever held. */
function resetPeak(): void {
  if (process.platform === 'linux') writeFileSync('/proc/self/clear_refs', '5');
}

/** The most that this process held in memory since then, in megabytes; what it holds now where the system does not tell. */
function peakMb(): number {
  const status = process.platform === 'linux' ? readFileSync('/proc/self/status', 'utf8') : '';
  const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1];
  return kilobytes === undefined ? process.memoryUsage().rss / 2 ** 20 : Number(kilobytes) / 1024;
}
