import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { millis } from '../core/units.ts';
import { runChecker, type CheckerOutcome } from '../harness/checker-process.ts';
import { makeFolder } from './processes.ts';

async function run(
  program: string,
  limits: { timeMs?: number; memoryMb?: number } = {},
): Promise<CheckerOutcome> {
  using folder = makeFolder();
  const entry = join(folder.path, 'checker.mjs');
  writeFileSync(entry, program);
  return await runChecker({
    entry,
    job: { type: 'run', directory: folder.path },
    timeMs: millis(limits.timeMs ?? 20_000),
    memoryMb: limits.memoryMb ?? 512,
    signal: new AbortController().signal,
  });
}

test('gives what the checker printed, knowing its job', async () => {
  const outcome = await run(
    'console.log(JSON.stringify({ verdict: "valid", type: JSON.parse(process.argv[2]).type }))',
  );
  expect(outcome).toEqual({ output: { verdict: 'valid', type: 'run' } });
});

test('a checker that does not end is ended, also when its event loop is busy', async () => {
  expect(await run('for (;;);', { timeMs: 300 })).toMatchObject({ limit: 'time' });
});

test.each([
  ['typed arrays', 'const kept = []; setInterval(() => kept.push(new Uint8Array(20e6).fill(1)), 5)'],
  ['objects', 'const kept = []; setInterval(() => { for (let i = 0; i < 1e5; i++) kept.push({ i }) }, 1)'],
])('memory is limited: %s', async (_, program) => {
  expect(await run(program, { memoryMb: 200 })).toMatchObject({ limit: 'memory' });
});

test('a checker that fails says why', async () => {
  expect(await run('throw new Error("no such file")')).toMatchObject({
    failure: expect.stringContaining('no such file'),
  });
  expect(await run('console.log("valid, I think")')).toMatchObject({
    failure: expect.stringContaining('no JSON'),
  });
});

test('aborting it ends it', async () => {
  using folder = makeFolder();
  const entry = join(folder.path, 'checker.mjs');
  writeFileSync(entry, 'setInterval(() => {}, 1000)');
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 100);
  const limits = { timeMs: millis(20_000), memoryMb: 512 };
  const outcome = await runChecker({ entry, job: {}, ...limits, signal: controller.signal });
  expect(outcome).toEqual({ failure: 'interrupted' });
});
