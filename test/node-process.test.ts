import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { NodeConfig } from '../core/child.ts';
import { slotNamed } from '../core/ids.ts';
import { encodeFrame } from '../core/protocol.ts';
import type { TraceEvent } from '../core/trace.ts';
import { seededChance } from '../impls/node/chance.ts';
import { replayEvents, type EventLine } from '../impls/node/replay.ts';
import { makeReplica } from '../impls/replica-registry.ts';
import { entries, linesOf, makeFolder, start, until } from './processes.ts';

const n1 = slotNamed('n1');

function configIn(folder: string, changes: Partial<NodeConfig> = {}): NodeConfig {
  return {
    layer: 'simple',
    options: {},
    app: 'kv',
    slot: n1,
    incarnation: 0,
    mode: 'bootstrap',
    peers: [{ slot: n1, host: '127.0.0.1', port: 0 }],
    timing: 'default',
    serviceMs: 0,
    seed: 1,
    traceFile: join(folder, 'trace.jsonl'),
    originNs: String(process.hrtime.bigint()),
    eventFile: null,
    port: 0,
    ...changes,
  };
}

async function ready(node: ReturnType<typeof start>): Promise<number> {
  await until(() => node.stdout.includes('"ready"'));
  return linesOf<{ port: number }>(node.stdout)[0]!.port;
}

async function dial(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  await once(socket, 'connect');
  socket.resume();
  return socket;
}

const traceOf = (config: NodeConfig): TraceEvent[] => linesOf(readFileSync(config.traceFile!, 'utf8'));

test('starts by hand, says that it is ready, and ends with its standard input', async () => {
  using folder = makeFolder();
  const config = configIn(folder.path);
  const file = join(folder.path, 'config.json');
  writeFileSync(file, JSON.stringify(config));
  using node = start([entries.node, `@${file}`]);
  await ready(node);
  await until(() => traceOf(config).some(({ event }) => event === 'start'));
  expect(linesOf(node.stdout)[0]).toEqual({ type: 'ready', port: expect.any(Number), pid: node.pid });
  node.child.stdin!.end();
  expect(await node.ended).toBe(0);
  expect(traceOf(config)[0]).toMatchObject({ node: 'n1.0', event: 'start', mode: 'bootstrap' });
});

test.each([
  ['not JSON', '{', 'bad configuration: not JSON'],
  ['a wrong slot', '{"layer":"simple","options":{},"app":"kv","slot":7}', 'slot: a slot'],
])('%s is a usage error, in words', async (_, argument, message) => {
  using node = start([entries.node, argument]);
  expect(await node.ended).toBe(254);
  expect(node.stderr).toContain(message);
  expect(node.stderr).not.toContain('    at ');
});

test('an unknown layer is a usage error, with the known ones', async () => {
  using folder = makeFolder();
  using node = start([entries.node, JSON.stringify(configIn(folder.path, { layer: 'magic' }))]);
  expect(await node.ended).toBe(254);
  expect(node.stderr).toContain('no layer named magic');
});

test('a trace that cannot be written has a code of its own', async () => {
  using folder = makeFolder();
  using node = start([entries.node, JSON.stringify(configIn(folder.path, { traceFile: '/dev/full' }))]);
  expect(await node.ended).toBe(74);
  expect(node.stderr).toContain('/dev/full');
});

test('garbage and valid frames with nonsense close their connection, and only that', async () => {
  using folder = makeFolder();
  const config = configIn(folder.path);
  using node = start([entries.node, JSON.stringify(config)]);
  const port = await ready(node);
  const bystander = await dial(port);
  const garbage = await dial(port);
  garbage.write(Buffer.alloc(4096, 0xff));
  await once(garbage, 'close');
  for (const payload of [null, 7, 'x', [], {}, [1, { seq: 'x' }], { from: {} }, { client: 1 }]) {
    for (const kind of ['hello', 'request', 'data', 'propose', 'reply', 'ack'] as const) {
      const socket = await dial(port);
      socket.write(encodeFrame({ kind, payload }));
      socket.end();
      await once(socket, 'close');
    }
  }
  expect(bystander.destroyed).toBe(false);
  expect(node.child.exitCode).toBe(null);
  expect(node.stderr).toBe('');
  expect(traceOf(config).filter(({ event }) => event === 'connection-closed').length).toBeGreaterThan(1);
  bystander.destroy();
  node.child.stdin!.end();
  expect(await node.ended).toBe(0);
});

test('its logged events, played through a fresh machine, have the effects that they had', async () => {
  using folder = makeFolder();
  const eventFile = join(folder.path, 'events.jsonl');
  const config = configIn(folder.path, { eventFile });
  using node = start([entries.node, JSON.stringify(config)]);
  const socket = await dial(await ready(node));
  const request = { client: 'c1', epoch: 0, acked: 0, key: 'k', here: false };
  for (let seq = 1; seq <= 20; seq++) {
    const [f, value] = seq % 2 === 0 ? ['read', null] : ['write', seq];
    socket.write(encodeFrame({ kind: 'request', payload: { request: { ...request, seq, f, value } } }));
  }
  await until(() => traceOf(config).filter(({ event }) => event === 'executed').length >= 10);
  socket.destroy();
  node.child.stdin!.end();
  expect(await node.ended).toBe(0);
  const lines = linesOf<EventLine>(readFileSync(eventFile, 'utf8'));
  const header = lines[0]!;
  if (!('config' in header)) throw new Error('the first line of an event log is its header');
  const outcome = replayEvents(await makeReplica(header.config, seededChance(header.seed)), lines);
  expect(outcome).toMatchObject({ equal: true });
  expect(outcome.equal && outcome.events).toBeGreaterThan(20);
});
