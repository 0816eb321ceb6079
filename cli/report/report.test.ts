import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { sampleVerdict, writeSampleRun } from '../../test/report-run.ts';
import { runProgram } from '../program.ts';
import { beginReport } from './after.ts';

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'ftcheck-report-'));
});
afterEach(() => rmSync(cwd, { recursive: true }));

async function report(...argv: readonly string[]) {
  const texts = { stdout: '', stderr: '' };
  const stream = (name: keyof typeof texts) => ({ write: (text: string) => (texts[name] += text) });
  const { signal } = new AbortController();
  const context = { signal, debug: false, cwd, stdout: stream('stdout'), stderr: stream('stderr') };
  return { code: await runProgram(['report', ...argv], context), ...texts, context };
}

test('writes the HTML of the latest run and says where', async () => {
  writeSampleRun(join(cwd, 'ftcheck-runs', 'latest'));
  const { code, stdout } = await report();
  expect({ code, stdout }).toEqual({ code: 0, stdout: 'ftcheck-runs/latest/report.html\n' });
  expect(existsSync(join(cwd, 'ftcheck-runs/latest/report.html'))).toBe(true);
});

test('writes several formats elsewhere, in a folder that it makes', async () => {
  writeSampleRun(join(cwd, 'run'));
  const { code, stdout } = await report('run', '--format=markdown,csv,markdown', '--out=a/b', '--json');
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toEqual({
    runDir: 'run',
    files: { markdown: 'a/b/report.md', csv: 'a/b/operations.csv' },
  });
  expect(existsSync(join(cwd, 'a/b/operations.csv'))).toBe(true);
  expect(existsSync(join(cwd, 'run/operations.csv'))).toBe(false);
});

test.each([
  [['run', '--format=htlm'], /--format: there is no format 'htlm' \(did you mean html\?\)/],
  [['run', '--open', '--format=csv'], /--open: .*--format leaves out/],
  [['nope'], /nope: there is no such run directory/],
])('%j is a usage error', async (argv, message) => {
  writeSampleRun(join(cwd, 'run'));
  const { code, stderr } = await report(...argv);
  expect(code).toBe(254);
  expect(stderr).toMatch(message);
});

test('after a verdict, trouble with the report is only told', async () => {
  const { context } = await report('--help');
  let told = '';
  const stderr = { write: (text: string) => (told += text) };
  const writeReport = await beginReport(join(cwd, 'gone'), { ...context, stderr });
  expect(told).toBe('');
  writeReport(sampleVerdict());
  expect(told).toMatch(/^ftcheck: no report was written: cannot write .*report\.html/);
});
