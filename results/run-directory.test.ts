import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Plan } from '../core/plan.ts';
import { createRunDirectory, isRunDirectory, pointLatestAt, runName, writeWhole } from './run-directory.ts';

const plan = {
  format: 'ftcheck-plan-1',
  seed: 7,
  impl: { name: 'mutants/passive/no-fencing' },
  workload: { name: 'kv' },
  nemesis: 'partition:isolate-primary,hold+kill',
} as unknown as Plan;
const startedAt = new Date('2026-11-21T11:42:07.123Z');

let out: string;
beforeEach(() => {
  out = join(mkdtempSync(join(tmpdir(), 'ftcheck-')), 'runs');
});
afterEach(() => {
  rmSync(join(out, '..'), { recursive: true });
});

test('a name that is a file name everywhere', () => {
  expect(runName(plan, startedAt)).toBe(
    '20261121-114207-mutants_passive_no_fencing-kv-partition_isolate_primary_hold_kill-7',
  );
});

test('runs of one second get directories of their own, the plan in each', () => {
  const paths = [1, 2, 3].map(() => createRunDirectory({ out, plan, startedAt }));
  expect(new Set(paths).size).toBe(3);
  for (const path of paths) {
    expect(JSON.parse(readFileSync(join(path, 'plan.json'), 'utf8'))).toEqual(plan);
    expect(isRunDirectory(path)).toBe(true);
  }
});

test('latest points at the newest, and at nothing of its own in between', () => {
  const first = createRunDirectory({ out, plan, startedAt });
  pointLatestAt(first);
  const second = createRunDirectory({ out, plan, startedAt });
  pointLatestAt(second);
  expect(readlinkSync(join(out, 'latest'))).toBe(basename(second));
  expect(readdirSync(out).sort()).toEqual([basename(first), basename(second), 'latest'].sort());
});

test("a folder of the user's own called latest stays", () => {
  const run = createRunDirectory({ out, plan, startedAt });
  mkdirSync(join(out, 'latest'));
  pointLatestAt(run);
  expect(existsSync(join(out, 'latest'))).toBe(true);
});

test('an unwritable place is trouble of the surroundings', () => {
  mkdirSync(join(out, '..'), { recursive: true });
  writeFileSync(out, 'a file');
  expect(() => createRunDirectory({ out, plan, startedAt })).toThrow(/cannot make a run directory/);
});

test('only what ftcheck made is a run directory', () => {
  mkdirSync(out);
  expect(isRunDirectory(out)).toBe(false);
  writeFileSync(join(out, 'plan.json'), '{"format":"other"}');
  expect(isRunDirectory(out)).toBe(false);
  writeWhole(join(out, 'plan.json'), '{"format":"ftcheck-plan-1"}');
  expect(isRunDirectory(out)).toBe(true);
});

test('a place where nothing can be made is told, and soon', () => {
  expect(() => createRunDirectory({ out: '/proc/nowhere/runs', plan, startedAt })).toThrow(
    /cannot make a run directory/,
  );
  expect(() => createRunDirectory({ out: '/dev/null/runs', plan, startedAt })).toThrow(
    /cannot make a run directory/,
  );
});
