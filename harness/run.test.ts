import { describe, expect, test } from '@jest/globals';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { FtcheckError } from '../core/errors.ts';
import type { Impl } from '../core/impl.ts';
import type { Nemesis } from '../core/nemesis.ts';
import { millis } from '../core/units.ts';
import { makeClient } from '../impls/client.ts';
import { kill } from '../nemesis/kill.ts';
import { none } from '../nemesis/none.ts';
import { partition } from '../nemesis/partition.ts';
import { pause } from '../nemesis/pause.ts';
import { fakeCluster, type FakeCluster } from '../test/fake-cluster.ts';
import { type KvServer, kvServer } from '../test/kv-server.ts';
import { type TestDir, testDir } from '../test/recorded.ts';
import { kv } from '../workloads/kv.ts';
import { parseNemesisSpec } from './nemesis-spec.ts';
import { makePlan } from './plan.ts';
import type { Progress } from './progress.ts';
import { type ExecuteOptions, executePlan, type RunCluster } from './run.ts';

const nemeses: Readonly<Record<string, Nemesis>> = { partition, kill, pause, none };
const impl: Impl = {
  name: 'fake',
  description: '',
  roles: ['primary', 'backup'],
  options: [],
  layer: 'fake',
  claims: () => ({ tolerates: 'majority', outageMsMax: millis(2000), text: '' }),
  clientMode: () => 'any',
};

interface Rig {
  readonly server: KvServer;
  readonly faked: FakeCluster;
  readonly cluster: RunCluster;
  readonly fail: (error: FtcheckError) => void;
  isDisposed: boolean;
}

async function rig(): Promise<Rig> {
  const server = await kvServer();
  const faked = fakeCluster(3, (_slot, i) => (i === 0 ? 'primary' : 'backup'));
  let fail: (error: FtcheckError) => void = () => {};
  const failed = new Promise<FtcheckError>((resolve) => (fail = resolve));
  const result: Rig = {
    server,
    faked,
    fail,
    isDisposed: false,
    cluster: {
      ...faked,
      failed,
      unexpectedExits: [],
      clientAddress: () => ({ host: '127.0.0.1', port: server.port }),
      pids: () => new Map([['n1.0', process.pid]]),
      describe: () =>
        faked.slots.map((slot) => ({
          slot,
          incarnation: 0,
          state: faked.isRunning(slot) ? 'running' : 'down',
          role: faked.roles.get(slot)!,
          view: 1,
        })),
      [Symbol.asyncDispose]: async () => {
        result.isDisposed = true;
        await server[Symbol.asyncDispose]();
      },
    },
  };
  return result;
}

function options(
  dir: TestDir,
  made: Rig,
  rest: Partial<ExecuteOptions> & { nemesis?: string } = {},
): ExecuteOptions {
  const nemesis = rest.nemesis ?? 'partition:isolate-primary,hold';
  const choices = parseNemesisSpec(nemesis, nemeses, impl.roles);
  return {
    plan: makePlan({ impl, workload: kv, nemesis, choices, seed: 1, durationMs: 1200 }),
    runDir: dir.path,
    impl,
    workload: kv,
    nemeses,
    makeClient,
    entries: { node: '', reaper: '' },
    signal: new AbortController().signal,
    launch: async () => made.cluster,
    ...rest,
  };
}

const events = (dir: TestDir, ...names: string[]) => dir.trace().filter(({ event }) => names.includes(event));

describe('executePlan', () => {
  test('plays all phases, injects, proves and heals the fault, and asks the final reads', async () => {
    using dir = testDir();
    const made = await rig();
    const seen: Progress[] = [];
    const outcome = await executePlan(options(dir, made, { onProgress: (progress) => seen.push(progress) }));
    expect(outcome).toMatchObject({ interrupted: null, finalReads: { asked: 5, answered: 5 }, unstarted: 0 });
    expect(outcome.counts.invoke).toBe(outcome.counts.ok);
    expect(outcome.wallMs).toBeLessThan(1700);
    expect(events(dir, 'phase').map(({ phase }) => phase)).toEqual([
      'warm-up',
      'faults',
      'settle',
      'final-reads',
      'stop',
      'end',
    ]);
    expect(events(dir, 'fault-begin', 'fault-effect', 'fault-heal', 'fault-end')).toMatchObject([
      {
        event: 'fault-begin',
        id: 'f1',
        fault: 'partition:isolate-primary,hold',
        class: 'omission',
        target: 'primary',
      },
      { event: 'fault-effect', id: 'f1', targets: ['n1'], impaired: ['n1'] },
      { event: 'fault-heal', id: 'f1' },
      {
        event: 'fault-end',
        id: 'f1',
        effect: true,
        evidence: [
          { counter: 'bytes-held:n1>n2', before: 0, after: 100 },
          { counter: 'bytes-held:n1>n3', before: 0, after: 100 },
          { counter: 'bytes-held:n2>n1', before: 0, after: 100 },
          { counter: 'bytes-held:n3>n1', before: 0, after: 100 },
        ],
      },
    ]);
    expect(events(dir, 'lag').length).toBeGreaterThan(0);
    expect(made.faked.inForce.size).toBe(0);
    expect(made.isDisposed).toBe(true);
    expect(seen.some(({ faults }) => faults.includes('partition:isolate-primary,hold'))).toBe(true);
    expect(seen.some(({ opsPerSecond }) => opsPerSecond > 0)).toBe(true);
    const history = dir.history();
    expect(history.map(({ index }) => index)).toEqual(history.map((_, i) => i));
    expect(history.every(({ time }, i) => time >= (history[i - 1]?.time ?? 0))).toBe(true);
    expect(history.filter(({ final, type }) => final === true && type === 'invoke')).toHaveLength(5);
  });

  test('a stopped process is proven while it is stopped', async () => {
    using dir = testDir();
    await executePlan(options(dir, await rig(), { nemesis: 'pause:primary' }));
    expect(events(dir, 'fault-end')).toMatchObject([
      { effect: true, evidence: [{ counter: 'stopped:n1', before: 0, after: 1 }] },
    ]);
  });

  test('nobody plays the role: the fault ends without effect and says why', async () => {
    using dir = testDir();
    const made = await rig();
    for (const slot of made.faked.slots) made.faked.roles.set(slot, 'backup');
    await executePlan(options(dir, made, { nemesis: 'kill:primary' }));
    expect(events(dir, 'fault-end')).toMatchObject([
      { effect: false, evidence: [], reason: 'nobody to do it to: primary' },
    ]);
    expect(events(dir, 'fault-effect')).toEqual([]);
  });

  test('waits for somebody to play the role', async () => {
    using dir = testDir();
    const made = await rig();
    const { slots, roles } = made.faked;
    for (const slot of slots) roles.set(slot, 'backup');
    const running = executePlan(options(dir, made, { nemesis: 'kill:primary' }));
    const poll = setInterval(() => {
      if (events(dir, 'fault-begin').length > 0) roles.set(slots[2]!, 'primary');
    }, 20);
    await running;
    clearInterval(poll);
    expect(events(dir, 'fault-effect')).toMatchObject([{ targets: ['n3'] }]);
  });

  describe('faults in turn', () => {
    const inTurn = (dir: TestDir, made: Rig): ExecuteOptions => {
      const nemesis = 'kill:in-turn';
      const choices = parseNemesisSpec(nemesis, nemeses, impl.roles);
      const numbers = { seed: 1, durationMs: 1600, faults: 2 };
      return {
        ...options(dir, made),
        plan: makePlan({ impl, workload: kv, nemesis, choices, ...numbers }),
      };
    };
    const named = (dir: TestDir) =>
      events(dir, 'fault-begin', 'fault-effect', 'fault-heal', 'fault-end').map(
        ({ id, event }) => `${id as string} ${event}`,
      );

    test('wait for each other and for full strength', async () => {
      using dir = testDir();
      const made = await rig();
      const { slots, roles } = made.faked;
      let hasWaited = false;
      const comesBack = (): void => {
        hasWaited = events(dir, 'fault-begin').length === 1;
        roles.set(slots[2]!, 'backup');
      };
      const poll = setInterval(() => {
        if (!named(dir).includes('f1 fault-effect')) return;
        roles.set(slots[2]!, 'joining');
        clearInterval(poll);
        setTimeout(comesBack, 500); // the fault lasts half of that
      }, 10);
      await executePlan(inTurn(dir, made));
      expect(hasWaited).toBe(true);
      expect(named(dir)).toEqual([
        ...['f1 fault-begin', 'f1 fault-effect', 'f1 fault-heal', 'f1 fault-end'],
        ...['f2 fault-begin', 'f2 fault-effect', 'f2 fault-heal', 'f2 fault-end'],
      ]);
      expect(events(dir, 'fault-begin').map(({ target }) => target)).toEqual(['primary', 'backup']);
    });

    test('are left out when full strength does not come', async () => {
      using dir = testDir();
      const made = await rig();
      made.faked.roles.set(made.faked.slots[2]!, 'joining');
      await executePlan(inTurn(dir, made));
      expect(events(dir, 'fault-effect')).toEqual([]);
      expect(events(dir, 'fault-end')).toMatchObject([
        { id: 'f1', effect: false, reason: 'the group was not at full strength again in time' },
        { id: 'f2', effect: false },
      ]);
      expect(made.faked.calls).toEqual([]);
    });
  });

  test('an interruption heals, stops and keeps what is there', async () => {
    using dir = testDir();
    const made = await rig();
    const abort = new AbortController();
    made.server.stall();
    setTimeout(() => abort.abort('SIGINT'), 400);
    const outcome = await executePlan(options(dir, made, { signal: abort.signal }));
    expect(outcome).toMatchObject({ interrupted: 'SIGINT', finalReads: { asked: 0, answered: 0 } });
    expect(outcome.wallMs).toBeLessThan(700);
    expect(
      events(dir, 'interrupted', 'fault-heal', 'fault-end', 'phase').map(
        ({ event, phase }) => phase ?? event,
      ),
    ).toEqual(['warm-up', 'faults', 'interrupted', 'fault-heal', 'fault-end', 'stop', 'end']);
    expect(made.faked.inForce.size).toBe(0);
    expect(made.isDisposed).toBe(true);
    expect(outcome.counts.info).toBeGreaterThan(0);
    expect(outcome.counts.invoke).toBe(outcome.counts.ok + outcome.counts.info);
  });

  test('an interruption during launch leaves an empty history', async () => {
    using dir = testDir();
    const abort = new AbortController();
    const launch: NonNullable<ExecuteOptions['launch']> = ({ signal }) =>
      new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('aborted'))));
    setTimeout(() => abort.abort('SIGTERM'), 50);
    const made = await rig();
    const outcome = await executePlan(options(dir, made, { signal: abort.signal, launch }));
    expect(outcome).toMatchObject({ interrupted: 'SIGTERM', counts: { invoke: 0 } });
    expect(dir.history()).toEqual([]);
    await made.server[Symbol.asyncDispose]();
  });

  test('trouble of the cluster ends the run with that error, after everything was healed and ended', async () => {
    using dir = testDir();
    const made = await rig();
    setTimeout(() => made.fail(new FtcheckError('no more processes')), 400);
    await expect(executePlan(options(dir, made))).rejects.toThrow('no more processes');
    expect(made.faked.inForce.size).toBe(0);
    expect(made.isDisposed).toBe(true);
    expect(dir.history().length).toBeGreaterThan(10);
  });

  test('a nemesis that throws is trouble of the harness', async () => {
    using dir = testDir();
    const made = await rig();
    const broken: Nemesis = { ...kill, inject: () => { throw new Error('oops'); } }; // prettier-ignore
    const run = executePlan(options(dir, made, { nemesis: 'kill', nemeses: { kill: broken } }));
    await expect(run).rejects.toThrow('oops');
    expect(made.isDisposed).toBe(true);
  });

  test('a launch that fails is its error', async () => {
    using dir = testDir();
    const made = await rig();
    const launch = () => Promise.reject(new FtcheckError('cannot launch n1'));
    await expect(executePlan(options(dir, made, { launch }))).rejects.toThrow('cannot launch n1');
    await made.server[Symbol.asyncDispose]();
  });

  (process.platform === 'linux' ? test : test.skip)('a full disk is trouble of the harness', async () => {
    using dir = testDir();
    const made = await rig();
    symlinkSync('/dev/full', join(dir.path, 'history.jsonl'));
    await expect(executePlan(options(dir, made))).rejects.toThrow(
      expect.objectContaining({ name: 'HarnessError', exitCode: 255 }),
    );
    expect(made.isDisposed).toBe(true);
  });
});
