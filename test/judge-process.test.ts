import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { HistoryJob, WorkerJob } from '../checker/worker-job.ts';
import type { HistoryEvent } from '../core/history.ts';
import { millis } from '../core/units.ts';
import { runChecker, type CheckerOutcome } from '../harness/checker-process.ts';
import { calmTrace, historyOf, planOf, type Asked } from './judged-run.ts';
import { distPath, makeFolder } from './processes.ts';

const entry = distPath('checker/worker-main.js');
const lines = (items: readonly object[]): string => items.map((item) => `${JSON.stringify(item)}\n`).join('');

function writeRun(
  folder: string,
  history: readonly HistoryEvent[],
  more: { torn?: string; plan?: string } = {},
): void {
  writeFileSync(join(folder, 'plan.json'), more.plan ?? JSON.stringify(planOf()));
  writeFileSync(join(folder, 'history.jsonl'), lines(history) + (more.torn ?? ''));
  writeFileSync(join(folder, 'trace.jsonl'), lines(calmTrace()));
}

async function judged(
  history: readonly HistoryEvent[],
  more: { torn?: string; plan?: string } = {},
): Promise<CheckerOutcome> {
  using folder = makeFolder();
  writeRun(folder.path, history, more);
  return await run({ type: 'run', directory: folder.path, limits: {} });
}

const run = (job: WorkerJob): Promise<CheckerOutcome> => {
  const { signal } = new AbortController();
  return runChecker({ entry, job, timeMs: millis(20_000), memoryMb: 512, signal });
};

const stale: readonly Asked[] = [
  { f: 'write', value: 1, from: 10, to: 20 },
  { f: 'write', value: 2, from: 30, to: 40 },
  { f: 'read', result: 1, from: 50, to: 60 },
];

/** How long each checker took differs each time. */
const withoutTimes = (outcome: CheckerOutcome): unknown =>
  JSON.parse(JSON.stringify(outcome, (name, value: unknown) => (name === 'tookMs' ? undefined : value)));

test('judges a directory, torn or not, and the same each time', async () => {
  const outcome = await judged(historyOf(stale));
  expect(outcome).toMatchObject({
    output: { judgement: { verdict: 'invalid', properties: { linearizable: { verdict: 'invalid' } } } },
  });
  expect(withoutTimes(await judged(historyOf(stale)))).toEqual(withoutTimes(outcome));
  expect(await judged(historyOf(stale), { torn: '{"index":6,"ti' })).toMatchObject({
    output: { judgement: { verdict: 'invalid' }, damage: { history: [expect.stringContaining('torn')] } },
  });
});

test('a record that cannot be read is an error with its place, not a verdict', async () => {
  expect(await judged([], { plan: '{"format": 7}' })).toMatchObject({
    output: { exitCode: 254, error: expect.stringMatching(/plan\.json:1:12: format/) },
  });
  expect(await judged(historyOf(stale), { torn: '{}\n' })).toMatchObject({
    output: { exitCode: 254, error: expect.stringContaining('history.jsonl:7:1: index') },
  });
});

test('ends with its standard input, however busy', async () => {
  using folder = makeFolder();
  // Reading so much alone takes many times as long as the standard input is left open.
  const writes = Array.from({ length: 150_000 }, (_, i): Asked => ({
    f: 'write',
    value: i,
    from: i,
    to: i + 0.5,
  }));
  writeRun(folder.path, historyOf(writes));
  const job: WorkerJob = { type: 'run', directory: folder.path, limits: {} };
  const child = spawn(process.execPath, [entry, JSON.stringify(job)], {
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  setTimeout(() => child.stdin.end(), 100);
  const [code] = (await once(child, 'exit')) as [number];
  expect(code).toBe(130);
});

test('judges a history file, whatever its format', async () => {
  using folder = makeFolder();
  const path = join(folder.path, 'history');
  writeFileSync(path, lines(historyOf(stale)));
  const job: HistoryJob = {
    type: 'history',
    path,
    file: 'history',
    model: 'register',
    format: 'auto',
    independent: false,
    criterion: 'linearizable',
    limits: { timeMs: 20_000, memoryMb: 512 },
  };
  expect(await run(job)).toMatchObject({
    output: {
      judgement: {
        properties: {
          'well-formed': { verdict: 'valid', details: { format: 'ftcheck', events: 6, succeeded: 3 } },
          linearizable: { verdict: 'invalid' },
        },
      },
    },
  });
  writeFileSync(path, '{:process 0, :type :invoke, :f :read');
  expect(await run(job)).toEqual({ output: { exitCode: 254, error: 'history:1:1: } is missing' } });
});

test('a job that is none is an error of ours', async () => {
  expect(await run({ type: 'play' } as unknown as WorkerJob)).toMatchObject({ output: { exitCode: 255 } });
});
