import { expect, test } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { testDir } from '../test/recorded.ts';
import { linksOf, ResourceLines } from './resource-lines.ts';
import { join } from 'node:path';
import { readFileSync } from 'node:fs';
import { TraceWriter } from './trace-writer.ts';

test('directions that carried something, with their frames', () => {
  const counters = new Map([
    ['bytes:n1>n2', 900],
    ['frames:n1>n2', 3],
    ['frames:n1>n2:beat', 1],
    ['bytes:n2>n1', 0],
    ['frames:n2>n1', 0],
    ['bytes-held:n1>n2', 400],
    ['bytes:clients>n1', 50],
    ['exits.SIGKILL:n1', 1],
  ]);
  expect(linksOf(counters)).toEqual({
    'n1>n2': { frames: 3, bytes: 900 },
    'clients>n1': { frames: 0, bytes: 50 },
  });
});

test('lines at each phase and in between, until it is disposed', async () => {
  using dir = testDir();
  const path = join(dir.path, 'trace.jsonl');
  const trace = new TraceWriter(path);
  const cluster = { pids: () => new Map([['n1.0', process.pid]]), counters: () => new Map() };
  {
    using lines = new ResourceLines(cluster, trace, (task) => task());
    lines.write('warm-up');
    await sleep(300);
  }
  const before = readFileSync(path, 'utf8');
  await sleep(300);
  trace.close();
  expect(readFileSync(path, 'utf8')).toBe(before);
  const events = before
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { event: string });
  expect(events).toContainEqual(expect.objectContaining({ event: 'traffic', phase: 'warm-up', links: {} }));
  const expected = process.platform === 'linux' ? 2 : 0;
  expect(events.filter(({ event }) => event === 'resources').length).toBeGreaterThanOrEqual(expected);
});
