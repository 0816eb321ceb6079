import { describe, expect, test } from '@jest/globals';
import { join } from 'node:path';
import { slotNamed } from '../core/ids.ts';
import type { HistoryEvent } from '../core/history.ts';
import { makeClient } from '../impls/client.ts';
import { type KvServer, kvServer } from '../test/kv-server.ts';
import { type TestDir, testDir } from '../test/recorded.ts';
import { Recorder } from './recorder.ts';
import { TraceWriter } from './trace-writer.ts';
import { Worker, type WorkerContext } from './worker.ts';

const n1 = slotNamed('n1');
const read = { f: 'read', key: 'x', value: null };
const write = (value: number) => ({ f: 'write', key: 'x', value });

interface Rig extends Disposable {
  readonly worker: Worker;
  readonly completed: HistoryEvent[];
  history(): HistoryEvent[];
}

function rig(dir: TestDir, port: number, rest: Partial<WorkerContext> = {}): Rig {
  const trace = new TraceWriter(join(dir.path, 'trace.jsonl'));
  const recorder = new Recorder({
    path: join(dir.path, 'history.jsonl'),
    now: () => trace.now(),
    onFailure: (error) => {
      throw error;
    },
  });
  const completed: HistoryEvent[] = [];
  let processes = 0;
  const worker = new Worker(
    { name: 'c1', place: 'clients', targets: [n1] },
    {
      generator: {
        next: () => read,
        completed: (_invocation, completion) => completed.push(completion),
        finalReads: () => [],
      },
      recorder,
      trace,
      makeClient,
      mode: 'any',
      address: () => ({ host: '127.0.0.1', port }),
      opTimeoutMs: 150,
      nextProcess: () => processes++,
      ...rest,
    },
  );
  return {
    worker,
    completed,
    history: () => {
      recorder.close();
      return dir.history();
    },
    [Symbol.dispose]: () => {
      worker.drop();
      recorder.close();
      trace.close();
    },
  };
}

async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 500 && !condition(); i++) await new Promise((resolve) => setTimeout(resolve, 2));
  expect(condition()).toBe(true);
}

async function closedPort(): Promise<number> {
  await using server: KvServer = await kvServer();
  return server.port;
}

describe('Worker', () => {
  test('records invocation and answer, and numbers its requests', async () => {
    using dir = testDir();
    await using server = await kvServer();
    using one = rig(dir, server.port);
    await one.worker.perform(write(4));
    await one.worker.perform(read, { isFinal: true });
    expect(one.history()).toMatchObject([
      { index: 0, type: 'invoke', process: 0, f: 'write', key: 'x', value: 4, request: 'c1/1/1' },
      { index: 1, type: 'ok', process: 0, f: 'write', value: null },
      { index: 2, type: 'invoke', process: 0, f: 'read', request: 'c1/1/2', final: true },
      { index: 3, type: 'ok', process: 0, f: 'read', value: 4 },
    ]);
    expect(one.completed.map(({ index }) => index)).toEqual([1, 3]);
  });

  test('without an answer in time: info, a new process number, a new epoch, the old connection gone', async () => {
    using dir = testDir();
    await using server = await kvServer();
    using one = rig(dir, server.port);
    server.stall();
    await one.worker.perform(write(4));
    await until(() => server.connections === 0);
    server.resume();
    await one.worker.perform(read);
    expect(one.history()).toMatchObject([
      { type: 'invoke', process: 0, request: 'c1/1/1' },
      { type: 'info', process: 0, error: 'timeout', value: 4 },
      { type: 'invoke', process: 1, request: 'c1/2/1' },
      { type: 'ok', process: 1, value: 4 },
    ]);
  });

  test('nobody to connect to: fail, since no byte left, and the process number stays', async () => {
    using dir = testDir();
    const port = await closedPort();
    using one = rig(dir, port);
    await one.worker.perform(write(4));
    await one.worker.perform(write(5));
    expect(one.history()).toMatchObject([
      { type: 'invoke', process: 0, request: 'c1/1/1' },
      { type: 'fail', process: 0, error: 'no byte left the client' },
      { type: 'invoke', process: 0, request: 'c1/2/1' },
      { type: 'fail', process: 0 },
    ]);
  });

  test('the server goes away in the middle: info, since the request had left', async () => {
    using dir = testDir();
    const server = await kvServer();
    using one = rig(dir, server.port);
    server.stall();
    const performed = one.worker.perform(write(4));
    await until(() => server.requests === 1);
    await server[Symbol.asyncDispose]();
    expect((await performed).type).toBe('info');
  });

  test('repeats the request under its number until it is answered', async () => {
    using dir = testDir();
    await using server = await kvServer();
    using one = rig(dir, server.port, { opTimeoutMs: 2000 });
    server.stall();
    const performed = one.worker.perform(read);
    await until(() => server.requests >= 3);
    server.resume();
    expect((await performed).type).toBe('ok');
    expect(one.history()).toHaveLength(2);
  });

  test('bytes that are no frames cost the connection, not the operation', async () => {
    using dir = testDir();
    await using server = await kvServer();
    using one = rig(dir, server.port, { opTimeoutMs: 2000 });
    server.stall();
    const performed = one.worker.perform(read);
    await until(() => server.requests === 1);
    server.broadcast(Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'));
    await until(() => server.requests >= 2);
    server.resume();
    expect((await performed).type).toBe('ok');
    expect(dir.trace()).toMatchObject([{ node: 'harness', event: 'connection-closed', client: 'c1' }]);
  });

  test('drop ends the operation under way', async () => {
    using dir = testDir();
    await using server = await kvServer();
    using one = rig(dir, server.port);
    server.stall();
    const performed = one.worker.perform(read);
    await until(() => server.requests === 1);
    one.worker.drop();
    expect(await performed).toMatchObject({ type: 'info', error: 'the run ended' });
  });

  test('a stub that throws is trouble of the harness, not of the system', async () => {
    using dir = testDir();
    const broken = { step: () => { throw new Error('oops'); } }; // prettier-ignore
    using one = rig(dir, 1, { makeClient: () => broken });
    await expect(one.worker.perform(read)).rejects.toThrow(
      expect.objectContaining({ name: 'HarnessError', message: 'the client stub broke' }),
    );
  });
});
