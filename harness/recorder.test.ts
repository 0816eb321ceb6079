import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HistoryEvent } from '../core/history.ts';
import { nanos } from '../core/units.ts';
import type { HarnessError } from './harness-errors.ts';
import { Recorder } from './recorder.ts';

let dir: string;
let failures: HarnessError[];
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'ftcheck-recorder-'));
  failures = [];
});
afterEach(() => rmSync(dir, { recursive: true }));

const operation = { f: 'read', key: 'x', value: null, request: 'c1/1/1' };
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function recorder(): Recorder {
  let time = 0;
  return new Recorder({
    path: join(dir, 'history.jsonl'),
    now: () => nanos((time += 10)),
    onFailure: (error) => failures.push(error),
  });
}

const lines = (): HistoryEvent[] =>
  readFileSync(join(dir, 'history.jsonl'), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as HistoryEvent);

describe('Recorder', () => {
  test('an invocation is in the file when invoke returns, with all completions before it', () => {
    using history = recorder();
    const one = history.invoke({ process: 0, ...operation });
    const other = history.invoke({ process: 1, ...operation, final: true, node: 'n1' });
    expect(lines()).toEqual([one, other]);
    history.complete(other, { type: 'ok', value: 7 });
    history.invoke({ process: 1, ...operation });
    expect(lines().map(({ index, process, type }) => [index, process, type])).toEqual([
      [0, 0, 'invoke'],
      [1, 1, 'invoke'],
      [2, 1, 'ok'],
      [3, 1, 'invoke'],
    ]);
    expect(history.counts).toEqual({ invoke: 3, ok: 1, fail: 0, info: 0 });
  });

  test('a completion is in the file by the end of the turn; without an answer it repeats the argument', async () => {
    using history = recorder();
    const invocation = history.invoke({ process: 0, ...operation, f: 'write', value: 3 });
    history.complete(invocation, { type: 'info', error: 'timeout' });
    await turn();
    expect(lines()[1]).toEqual({
      index: 1,
      time: 20,
      process: 0,
      type: 'info',
      f: 'write',
      key: 'x',
      value: 3,
      error: 'timeout',
    });
  });

  test('close writes what waits', () => {
    const history = recorder();
    history.complete(history.invoke({ process: 0, ...operation }), { type: 'ok', value: 1 });
    history.close();
    history.close();
    expect(lines()).toHaveLength(2);
  });

  test('a process has one open invocation, and only an open one completes', () => {
    using history = recorder();
    const invocation = history.invoke({ process: 0, ...operation });
    expect(() => history.invoke({ process: 0, ...operation })).toThrow(/one open invocation/);
    history.complete(invocation, { type: 'ok', value: 1 });
    expect(() => history.complete(invocation, { type: 'ok', value: 1 })).toThrow(/only an open invocation/);
  });

  test('a history that has something in it is not continued', () => {
    writeFileSync(join(dir, 'history.jsonl'), '{}\n');
    expect(recorder).toThrow(/has something in it already/);
  });

  test('no such directory: an error of the harness', () => {
    const path = join(dir, 'none', 'history.jsonl');
    const open = (): Recorder => new Recorder({ path, now: () => nanos(0), onFailure: () => {} });
    expect(open).toThrow(expect.objectContaining({ name: 'HarnessError', exitCode: 255 }));
  });
});

const onLinux = process.platform === 'linux' ? describe : describe.skip;
onLinux('a full disk', () => {
  beforeEach(() => symlinkSync('/dev/full', join(dir, 'history.jsonl')));

  test('is an error of the harness at the next invocation, and at every later one', () => {
    const history = recorder();
    const full = expect.objectContaining({ name: 'HarnessError', exitCode: 255 });
    expect(() => history.invoke({ process: 0, ...operation })).toThrow(full);
    expect(() => history.invoke({ process: 1, ...operation })).toThrow(full);
    history.close();
  });
});
