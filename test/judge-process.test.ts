import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
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
  const signal = new AbortController().signal;
  return await runChecker({ entry, runDir: folder.path, timeMs: millis(20_000), memoryMb: 512, signal });
}

const stale: readonly Asked[] = [
  { f: 'write', value: 1, from: 10, to: 20 },
  { f: 'write', value: 2, from: 30, to: 40 },
  { f: 'read', result: 1, from: 50, to: 60 },
];

test('judges a directory, torn or not, and the same each time', async () => {
  const outcome = await judged(historyOf(stale));
  expect(outcome).toMatchObject({
    output: { judgement: { verdict: 'invalid', properties: { linearizable: { verdict: 'invalid' } } } },
  });
  expect(await judged(historyOf(stale))).toEqual(outcome);
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
  const writes = Array.from({ length: 26 }, (_, i): Asked => ({
    f: 'write',
    value: i % 13,
    from: 1 + i,
    to: 100 + i,
  }));
  writeRun(folder.path, historyOf([...writes, { f: 'read', result: 99, from: 200, to: 210 }]));
  const child = spawn(process.execPath, [entry, folder.path], { stdio: ['pipe', 'ignore', 'ignore'] });
  setTimeout(() => child.stdin.end(), 500);
  const [code] = (await once(child, 'exit')) as [number];
  expect(code).toBe(130);
});
