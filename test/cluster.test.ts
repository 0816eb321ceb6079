import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { messageOf } from '../core/errors.ts';
import { slotNamed } from '../core/ids.ts';
import type { Plan } from '../core/plan.ts';
import type { TraceEvent } from '../core/trace.ts';
import { millis } from '../core/units.ts';
import { Cluster, type ClusterOptions } from '../harness/cluster.ts';
import { TraceWriter } from '../harness/trace-writer.ts';
import { planFor } from './cluster-plan.ts';
import { entries, isAlive, linesOf, makeFolder, until } from './processes.ts';

const n1 = slotNamed('n1');
const n2 = slotNamed('n2');
const n3 = slotNamed('n3');

interface Setting extends AsyncDisposable {
  readonly cluster: Cluster;
  trace(event: string): TraceEvent[];
}

async function launch(plan: Plan, changes: Partial<ClusterOptions> = {}): Promise<Setting> {
  const folder = makeFolder();
  const path = join(folder.path, 'trace.jsonl');
  const trace = new TraceWriter(path);
  const read = (): TraceEvent[] => linesOf(readFileSync(path, 'utf8'));
  const end = (): void => {
    trace.close();
    folder[Symbol.dispose]();
  };
  try {
    const cluster = await Cluster.launch({
      plan,
      runDir: folder.path,
      entries,
      layer: plan.impl.name,
      trace,
      readyMs: millis(15_000),
      signal: new AbortController().signal,
      ...changes,
    });
    return {
      cluster,
      trace: (event) => read().filter((line) => line.event === event),
      async [Symbol.asyncDispose]() {
        await cluster[Symbol.asyncDispose]();
        const pids = read().filter(({ event }) => event === 'node-start');
        expect(pids.filter(({ pid }) => isAlive(pid as number))).toEqual([]);
        expect(isAlive(cluster.reaper.pid)).toBe(false);
        end();
      },
    };
  } catch (error) {
    end();
    throw error;
  }
}

const names = (setting: Setting, event: string): string[] => setting.trace(event).map(({ node }) => node);
/** Everybody has a role and has heard everybody: a failure detector judges nobody before. */
function isWhole(cluster: Cluster): boolean {
  const settled = cluster
    .describe()
    .every(({ state, role }) => state === 'running' && role !== '' && role !== 'joining');
  const counters = cluster.counters();
  const pairs = cluster.slots.flatMap((from) => cluster.slots.map((to) => [from, to] as const));
  return (
    settled &&
    pairs.every(([from, to]) => from === to || (counters.get(`frames:${from}>${to}:beat`) ?? 0) > 1)
  );
}

test('launches, knows the roles, and ends without a trace of itself', async () => {
  await using setting = await launch(planFor('passive', 3));
  const { cluster } = setting;
  await until(() => isWhole(cluster));
  expect(cluster.slotsWithRole('primary')).toEqual([n1]);
  expect(cluster.slotsWithRole('backup')).toEqual([n2, n3]);
  expect(cluster.slotsWithRole('any')).toEqual([n1, n2, n3]);
  expect(cluster.slotsWithRole('witness')).toEqual([]);
  expect(names(setting, 'node-ready').sort()).toEqual(['n1.0', 'n2.0', 'n3.0']);
  await cluster[Symbol.asyncDispose](); // and again, by the setting
  expect(names(setting, 'node-exit').length).toBe(3);
  expect(setting.trace('node-exit').every(({ code, expected }) => code === 0 && expected === true)).toBe(
    true,
  );
});

test('a killed node is replaced when the group asks, as its next incarnation', async () => {
  await using setting = await launch(planFor('passive', 3));
  const { cluster } = setting;
  await until(() => isWhole(cluster));
  cluster.kill(n1, 'process');
  expect(cluster.isRunning(n1)).toBe(false);
  await until(() => cluster.incarnation(n1) === 1 && isWhole(cluster));
  expect(cluster.counters().get('exits.SIGKILL:n1')).toBe(1);
  expect(setting.trace('node-start').at(-1)).toMatchObject({ node: 'n1.1', mode: 'join', why: 'wanted' });
  expect(cluster.slotsWithRole('primary')).toEqual([n2]);
  expect(cluster.unexpectedExits).toEqual([]);
});

test('a withheld slot stays empty until it is allowed, then it is filled', async () => {
  await using setting = await launch(planFor('active', 3));
  const { cluster } = setting;
  await until(() => isWhole(cluster));
  cluster.withholdReplacement(n2);
  cluster.kill(n2, 'host');
  await until(() => setting.trace('want-replacement').length > 0);
  await sleep(100);
  expect(cluster.incarnation(n2)).toBe(0);
  expect(cluster.counters().get('closes-swallowed:n2')).toBeGreaterThan(0);
  cluster.allowReplacement(n2);
  await until(() => cluster.incarnation(n2) === 1 && isWhole(cluster));
});

test('a single node without a group comes back when it is allowed to', async () => {
  await using setting = await launch(planFor('simple', 1));
  const { cluster } = setting;
  cluster.withholdReplacement(n1);
  cluster.kill(n1, 'process');
  cluster.allowReplacement(n1); // its exit is not even known yet
  await until(() => cluster.incarnation(n1) === 1 && cluster.isRunning(n1));
  expect(setting.trace('node-start').at(-1)).toMatchObject({ node: 'n1.1', why: 'allowed' });
});

test('a stopped node is excluded; resumed, it ends by itself and comes back at once', async () => {
  await using setting = await launch(planFor('passive', 3));
  const { cluster } = setting;
  await until(() => isWhole(cluster));
  cluster.stop(n1);
  expect(cluster.counters().get('stopped:n1')).toBe(1);
  expect(cluster.describe()[0]?.state).toBe('stopped');
  await until(() => cluster.slotsWithRole('primary')[0] === n2);
  await sleep(200);
  cluster.resume(n1);
  await until(() => cluster.incarnation(n1) === 1 && isWhole(cluster));
  expect(cluster.counters().get('stopped:n1')).toBe(0);
  expect(setting.trace('node-exit')).toMatchObject([{ node: 'n1.0', code: 17, expected: true }]);
  expect(cluster.unexpectedExits).toEqual([]);
});

test('a stopped node can be killed, and a cluster with a stopped node ends', async () => {
  await using setting = await launch(planFor('passive', 3));
  const { cluster } = setting;
  cluster.stop(n3);
  cluster.kill(n3, 'process');
  await until(() => cluster.counters().get('exits.SIGKILL:n3') === 1);
  cluster.stop(n2);
});

test('a node that ends by itself is a finding, not trouble of the harness', async () => {
  await using setting = await launch(planFor('simple', 1));
  const { cluster } = setting;
  process.kill(setting.trace('node-start')[0]!['pid'] as number, 'SIGSEGV');
  await until(() => cluster.unexpectedExits.length === 1);
  expect(cluster.unexpectedExits[0]).toMatchObject({ node: 'n1.0', code: null, signal: 'SIGSEGV' });
  expect(setting.trace('node-exit')).toMatchObject([{ expected: false }]);
});

test('a node that somebody else kills is trouble of the machine, not a finding', async () => {
  await using setting = await launch(planFor('simple', 1));
  const { cluster } = setting;
  process.kill(setting.trace('node-start')[0]!['pid'] as number, 'SIGKILL');
  expect(messageOf(await cluster.failed)).toMatch(/n1\.0 was ended from outside by SIGKILL/);
  expect(cluster.unexpectedExits).toEqual([]);
});

test('a node that cannot start ends the launch with its last words', async () => {
  const failure = async (attempt: Promise<unknown>): Promise<string> =>
    attempt.then(() => 'launched', messageOf);
  expect(await failure(launch(planFor('no-such-layer', 3)))).toMatch(
    /^cannot launch n\d\.0: it ended with exit code 254; .*no layer named no-such-layer/,
  );
  using folder = makeFolder();
  const silent = join(folder.path, 'silent.mjs');
  writeFileSync(silent, 'console.log("hm"); process.stdin.resume().on("end", () => process.exit())');
  const options = { entries: { ...entries, node: silent }, readyMs: millis(2000) };
  expect(await failure(launch(planFor('passive', 3), options))).toMatch(/not ready within 2000 ms.*hm/);
});

test('an aborted launch ends what it started', async () => {
  const controller = new AbortController();
  setTimeout(() => controller.abort('SIGINT'), 30);
  await expect(launch(planFor('passive', 3), { signal: controller.signal })).rejects.toThrow('interrupted');
});

test('a node that cannot write its trace is trouble of the harness', async () => {
  const trace = { path: '/dev/full', originNs: 0n, write: () => {}, now: () => 0, close: () => {} };
  await using setting = await launch(planFor('simple', 1), { trace: trace as unknown as TraceWriter });
  expect(messageOf(await setting.cluster.failed)).toMatch(
    /^n1.0 could not do its work \(exit code 74\): .*ENOSPC/s,
  );
  expect(setting.cluster.unexpectedExits).toEqual([]);
});
