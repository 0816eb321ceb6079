import { describe, expect, test } from '@jest/globals';
import { join } from 'node:path';
import { operationsOf } from '../core/history.ts';
import { slots } from '../core/ids.ts';
import { makeRandom } from '../core/random.ts';
import { millis } from '../core/units.ts';
import { makeClient } from '../impls/client.ts';
import { kvServer } from '../test/kv-server.ts';
import { type TestDir, testDir } from '../test/recorded.ts';
import { kv } from '../workloads/kv.ts';
import { Load, type LoadPlan } from './load.ts';
import { Recorder } from './recorder.ts';
import { TraceWriter } from './trace-writer.ts';

const base: LoadPlan = { clients: 3, rate: null, pinned: false, opTimeoutMs: millis(400) };
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const never = new AbortController().signal;

function rig(dir: TestDir, port: number, plan: Partial<LoadPlan>) {
  const trace = new TraceWriter(join(dir.path, 'trace.jsonl'));
  const recorder = new Recorder({
    path: join(dir.path, 'history.jsonl'),
    now: () => trace.now(),
    onFailure: (error) => {
      throw error;
    },
  });
  const failures: unknown[] = [];
  let processes = 0;
  const generator = kv.generator({}, makeRandom(1));
  const load = new Load({
    plan: { ...base, ...plan },
    slots: slots(3),
    context: {
      generator,
      recorder,
      trace,
      makeClient,
      mode: 'any',
      address: () => ({ host: '127.0.0.1', port }),
      opTimeoutMs: plan.opTimeoutMs ?? base.opTimeoutMs,
      nextProcess: () => processes++,
    },
    onFailure: (error) => failures.push(error),
  });
  return {
    load,
    generator,
    recorder,
    failures,
    [Symbol.asyncDispose]: async () => {
      await load[Symbol.asyncDispose]();
      recorder.close();
      trace.close();
    },
  };
}

describe('closed loop', () => {
  test('each client asks one thing at a time, and all is completed when stop returns', async () => {
    using dir = testDir();
    await using server = await kvServer();
    {
      await using one = rig(dir, server.port, {});
      one.load.start();
      await sleep(150);
      await one.load.stop();
      expect(one.failures).toEqual([]);
      expect(one.recorder.counts).toMatchObject({ fail: 0, info: 0, invoke: one.recorder.counts.ok });
    }
    const history = dir.history();
    expect(new Set(history.map(({ process }) => process))).toEqual(new Set([0, 1, 2]));
    expect(history.length).toBeGreaterThan(50);
  });

  test('what is under way and gets no answer is dropped after a moment', async () => {
    using dir = testDir();
    await using server = await kvServer();
    await using one = rig(dir, server.port, { opTimeoutMs: millis(10_000) });
    server.stall();
    one.load.start();
    await sleep(50);
    const stopped = process.hrtime.bigint();
    await one.load.stop();
    expect(Number(process.hrtime.bigint() - stopped) / 1e6).toBeLessThan(450);
    expect(one.recorder.counts).toEqual({ invoke: 3, ok: 0, fail: 0, info: 3 });
  });

  test('pinned clients ask their own node, and not often', async () => {
    using dir = testDir();
    await using server = await kvServer();
    {
      await using one = rig(dir, server.port, { pinned: true, clients: 1 });
      one.load.start();
      await sleep(300);
      await one.load.stop();
    }
    const pinned = dir.history().filter(({ type, node }) => type === 'invoke' && node !== undefined);
    for (const node of ['n1', 'n2', 'n3']) {
      const count = pinned.filter((event) => event.node === node).length;
      expect(count).toBeGreaterThanOrEqual(2);
      expect(count).toBeLessThanOrEqual(7);
    }
    expect(pinned.every(({ node, request }) => request!.startsWith(`p${node}/`))).toBe(true);
  });
});

describe('open loop', () => {
  test('operations are due at fixed times, a stall is charged to all of them', async () => {
    using dir = testDir();
    await using server = await kvServer();
    {
      await using one = rig(dir, server.port, { rate: 200, opTimeoutMs: millis(5000) });
      one.load.start();
      await sleep(200);
      server.stall();
      await sleep(300);
      server.resume();
      await sleep(200);
      await one.load.stop();
      // One may have fallen due in the very moment of the stop.
      expect(one.load.unstarted).toBeLessThanOrEqual(1);
    }
    const operations = operationsOf(dir.history());
    const dues = operations.map(({ invocation }) => invocation.due!).sort((a, b) => a - b);
    dues.forEach((due, i) => expect(due - dues[0]!).toBeCloseTo(i * 5e6, -2));
    expect(operations.length).toBeGreaterThan(120);
    const slow = operations.filter(
      ({ invocation, completion }) => completion!.time - invocation.due! > 100e6,
    );
    expect(slow.length).toBeGreaterThan(30);
    expect(new Set(operations.map(({ invocation }) => invocation.process)).size).toBeLessThanOrEqual(30);
  });

  test('beyond ten times the clients, due operations queue; what never began is counted', async () => {
    using dir = testDir();
    await using server = await kvServer();
    await using one = rig(dir, server.port, { clients: 1, rate: 200, opTimeoutMs: millis(5000) });
    server.stall();
    one.load.start();
    await sleep(200);
    await one.load.stop();
    expect(one.recorder.counts.invoke).toBe(10);
    expect(one.load.unstarted).toBeGreaterThan(20);
  });
});

describe('final reads', () => {
  test('each is asked until it is answered', async () => {
    using dir = testDir();
    await using server = await kvServer();
    {
      await using one = rig(dir, server.port, { opTimeoutMs: millis(100) });
      server.stall();
      setTimeout(() => server.resume(), 250);
      const requests = one.generator.finalReads();
      expect(await one.load.finalReads(requests, 3000, never)).toBe(requests.length);
      expect(one.recorder.counts.info).toBeGreaterThan(0);
    }
    const history = dir.history();
    expect(history.filter(({ final }) => final === true).length).toBe(history.length / 2);
    expect(new Set(history.filter(({ type }) => type === 'ok').map(({ key }) => key)).size).toBe(5);
  });

  test('not for longer than they may take', async () => {
    using dir = testDir();
    await using server = await kvServer();
    await using one = rig(dir, server.port, {});
    server.stall();
    const started = process.hrtime.bigint();
    expect(await one.load.finalReads(one.generator.finalReads(), 200, never)).toBe(0);
    expect(Number(process.hrtime.bigint() - started) / 1e6).toBeLessThan(400);
  });
});
