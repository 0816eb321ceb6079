import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProgram } from '../program.ts';

let out: string;
beforeEach(() => {
  out = mkdtempSync(join(tmpdir(), 'ftcheck-'));
});
afterEach(() => {
  rmSync(out, { recursive: true, force: true });
});

function storedRun(name: string, hoursOld: number, isJudged = true): void {
  mkdirSync(join(out, name));
  const when = new Date(Date.now() - hoursOld * 3_600_000);
  for (const file of isJudged ? ['plan.json', 'verdict.json'] : ['plan.json']) {
    writeFileSync(join(out, name, file), '{"format":"ftcheck-plan-1"}');
    utimesSync(join(out, name, file), when, when);
  }
}

async function clean(...flags: string[]): Promise<string> {
  let text = '';
  const stdout = { write: (more: string) => (text += more) };
  const context = { signal: new AbortController().signal, debug: false, cwd: out, stdout, stderr: stdout };
  expect(await runProgram(['clean', `--out=${out}`, ...flags], context)).toBe(0);
  return text;
}

test('the newest stay, and everything that is not a run', async () => {
  for (const [i, name] of ['a', 'b', 'c'].entries()) storedRun(name, i + 1);
  mkdirSync(join(out, 'mine'));
  writeFileSync(join(out, 'notes.txt'), 'mine too');
  symlinkSync('c', join(out, 'latest'));
  symlinkSync('c', join(out, 'link-to-a-run'));
  expect(await clean('--keep=1', '--dry-run')).toContain('would remove');
  expect(readdirSync(out)).toHaveLength(7);
  await clean('--keep=1');
  expect(readdirSync(out).sort()).toEqual(['a', 'link-to-a-run', 'mine', 'notes.txt']);
});

test('only what is older, when asked so', async () => {
  storedRun('young', 1);
  storedRun('old', 50);
  await clean('--older-than=2d');
  expect(readdirSync(out)).toEqual(['young']);
});

test('a run that may be under way stays', async () => {
  storedRun('running', 0, false);
  storedRun('killed', 5, false);
  await clean('--keep=0');
  expect(readdirSync(out)).toEqual(['running']);
});

test('nothing there is nothing to do', async () => {
  rmSync(out, { recursive: true });
  expect(await clean()).toContain('0 run directories');
  expect(existsSync(out)).toBe(false);
});
