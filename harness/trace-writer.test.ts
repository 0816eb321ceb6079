import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { messageOf } from '../core/errors.ts';
import { HarnessError } from './harness-errors.ts';
import { TraceWriter } from './trace-writer.ts';

const failureOf = (task: () => void): unknown => {
  try {
    task();
  } catch (thrown) {
    return thrown;
  }
  return null;
};

test('a line is in the file when write returns; several writers append to one file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ftcheck-trace-'));
  const path = join(folder, 'trace.jsonl');
  const one = new TraceWriter(path);
  const two = new TraceWriter(path, one.originNs);
  one.write('harness', 'phase', { phase: 'warm-up' });
  two.write('n1.0', 'view', { view: 1 });
  one.close();
  one.write('harness', 'late');
  const lines = readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as object);
  two.close();
  rmSync(folder, { recursive: true });
  expect(lines).toMatchObject([
    { node: 'harness', event: 'phase', phase: 'warm-up' },
    { node: 'n1.0', event: 'view', view: 1 },
  ]);
});

(process.platform === 'linux' ? test : test.skip)(
  'a full disk is trouble of the harness, with the path',
  () => {
    const trace = new TraceWriter('/dev/full');
    const failure = failureOf(() => trace.write('harness', 'phase'));
    trace.close();
    expect(failure).toBeInstanceOf(HarnessError);
    expect(messageOf(failure)).toMatch(/cannot write the trace \/dev\/full.*ENOSPC/);
  },
);

test('a trace that cannot be opened is told with its path', () => {
  expect(messageOf(failureOf(() => new TraceWriter('/nowhere/trace.jsonl')))).toContain(
    '/nowhere/trace.jsonl',
  );
});
