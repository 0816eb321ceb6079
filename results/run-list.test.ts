import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { writeSampleRun } from '../test/report-run.ts';
import { findRun } from './run-list.ts';

let cwd: string;
beforeEach(() => {
  cwd = realpathSync(mkdtempSync(join(tmpdir(), 'ftcheck-runs-')));
});
afterEach(() => rmSync(cwd, { recursive: true }));

const find = (given: string): string => findRun(given, { cwd, folder: 'runs' });

test('a path, a name in the folder of runs, or a link there', () => {
  writeSampleRun(join(cwd, 'runs', 'first'));
  symlinkSync('first', join(cwd, 'runs', 'latest'));
  const path = join(cwd, 'runs', 'first');
  expect([find('runs/first'), find('first'), find('latest'), find(path)]).toEqual([path, path, path, path]);
});

test('a folder that is no run does not hide one of that name, and is told as such', () => {
  mkdirSync(join(cwd, 'first'));
  expect(() => find('first')).toThrow(/first: no run directory: there is no plan\.json/);
  writeSampleRun(join(cwd, 'runs', 'first'));
  expect(find('first')).toBe(join(cwd, 'runs', 'first'));
});

test('what is not there is told with where it was looked for', () => {
  expect(() => find('nope')).toThrow('nope: there is no such run directory, here or in runs');
  expect(() => find('latest')).toThrow(/ftcheck run makes one/);
});
