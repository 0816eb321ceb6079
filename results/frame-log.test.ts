import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { frameKinds } from '../core/protocol.ts';
import { FrameLog } from '../harness/frame-log.ts';
import { readFrames } from './frame-log.ts';
import { runFiles } from './run-directory.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ftcheck-frames-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const path = (): string => join(folder, runFiles.frames);

test('what a log of frames held is read again', () => {
  const log = new FrameLog(() => 0);
  const there = log.direction('n1', 'n2');
  const back = log.direction('n2', 'clients');
  log.record(there, frameKinds.indexOf('data'), 120, 1000, 1_500_000_000_000);
  log.record(back, frameKinds.indexOf('reply'), 30, 2000, 2001);
  log.write(path());
  expect([...readFrames(folder)]).toEqual([
    { from: 'n1', to: 'n2', readNs: 1000, writtenNs: 1_500_000_000_000, name: 'data', bytes: 120 },
    { from: 'n2', to: 'clients', readNs: 2000, writtenNs: 2001, name: 'reply', bytes: 30 },
  ]);
});

test('the longest runs keep their last million frames, oldest first', () => {
  const log = new FrameLog(() => 0);
  const direction = log.direction('n1', 'n2');
  const count = (1 << 20) + 12_345;
  for (let i = 0; i < count; i++) log.record(direction, 3, i, i, i + 1);
  log.write(path());
  let next = 12_345;
  let asExpected = true;
  for (const { bytes, readNs } of readFrames(folder)) {
    asExpected &&= bytes === next && readNs === next;
    next += 1;
  }
  expect({ next, asExpected }).toEqual({ next: count, asExpected: true });
});

test('a run without a log has no frames, and a file of something else is refused', () => {
  expect([...readFrames(folder)]).toEqual([]);
  writeFileSync(path(), '{"format":"other"}\n');
  expect(() => [...readFrames(folder)]).toThrow('is no log of frames');
});
