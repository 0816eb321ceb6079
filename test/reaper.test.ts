import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { distPath, entries, isAlive, linesOf, makeFolder, start, until } from './processes.ts';

/** A harness to be killed: launches a cluster, stops a node, and tells all pids. */
const harness = (folder: string): string => `
import { readFileSync } from 'node:fs';
import { Cluster } from ${JSON.stringify(distPath('harness/cluster.js'))};
import { TraceWriter } from ${JSON.stringify(distPath('harness/trace-writer.js'))};
const trace = new TraceWriter(${JSON.stringify(join(folder, 'trace.jsonl'))});
const cluster = await Cluster.launch({
  plan: { seed: 1, nodes: 3, impl: { options: {} }, workload: { app: 'kv' }, timing: 'default', serviceMs: 0 },
  runDir: ${JSON.stringify(folder)},
  entries: ${JSON.stringify(entries)},
  layer: 'passive', trace, readyMs: 15000, signal: new AbortController().signal,
});
cluster.stop('n2');
const lines = readFileSync(trace.path, 'utf8').trim().split('\\n').map((line) => JSON.parse(line));
const pids = lines.filter(({ event }) => event === 'node-start').map(({ pid }) => pid);
console.log(JSON.stringify([cluster.reaper.pid, ...pids]));
setInterval(() => {}, 1000);
`;

test('kill -9 of the harness ends all its processes within two seconds, a stopped one too', async () => {
  using folder = makeFolder();
  const script = join(folder.path, 'harness.mjs');
  writeFileSync(script, harness(folder.path));
  using parent = start([script]);
  await until(() => parent.stdout.includes('\n') || parent.child.exitCode !== null);
  expect(parent.stderr).toBe('');
  const pids = linesOf<number[]>(parent.stdout)[0]!;
  expect(pids.length).toBe(4);
  expect(pids.map(isAlive)).toEqual([true, true, true, true]);
  parent.child.kill('SIGKILL');
  await until(() => !pids.some(isAlive), 2_000);
});

test('the reaper forgets what it is told has ended, and survives the signals of a terminal', async () => {
  using reaper = start([entries.reaper]);
  using spared = start(['-e', 'setInterval(() => {}, 1000)']);
  reaper.child.stdin!.write(`+${spared.pid}\n-${spared.pid}\nnonsense\n+x\n`);
  await until(() => isAlive(reaper.pid));
  reaper.child.kill('SIGTERM');
  reaper.child.kill('SIGINT');
  reaper.child.stdin!.end();
  await reaper.ended;
  expect(isAlive(spared.pid)).toBe(true);
});
