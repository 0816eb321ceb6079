import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from '@jest/globals';
import type { ChildLine } from '../../core/child.ts';
import { slotNamed } from '../../core/ids.ts';
import type { Json } from '../../core/json.ts';
import type { Effect, Machine, MachineEvent } from '../../core/machine.ts';
import { decodeFrame, encodeFrame, FrameError, FrameSplitter, type Frame } from '../../core/protocol.ts';
import { Shell } from './shell.ts';

const n2 = slotNamed('n2');
let undo: (() => void)[] = [];
afterEach(() => {
  for (const step of undo.reverse()) step();
  undo = [];
});

interface Setting {
  readonly shell: Shell;
  /** What the machine met, and what left the shell, in order. */
  readonly seen: string[];
  readonly events: MachineEvent[];
  dial(): Promise<{ socket: Socket; received: Frame[] }>;
}

/** A shell around a machine that answers events by `react`. */
async function setUp(react: (event: MachineEvent) => readonly Effect[]): Promise<Setting> {
  const seen: string[] = [];
  const events: MachineEvent[] = [];
  const traced: string[] = [];
  const machine: Machine = {
    step(event) {
      events.push(event);
      return react(event);
    },
  };
  const server = createServer((socket) => {
    undo.push(() => socket.destroy());
    shell.accept(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = { host: '127.0.0.1', port: (server.address() as AddressInfo).port };
  const shell = new Shell({
    machine,
    addresses: new Map([[n2, address]]),
    nowMs: () => performance.now(),
    trace: (event, fields) => traced.push(`${event} ${JSON.stringify(fields)}`),
    logEvent: null,
    flushLogs: () => seen.push(...traced.splice(0).map((line) => `trace ${line}`)),
    say: (line: ChildLine) => seen.push(`line ${JSON.stringify(line)}`),
    exit: () => seen.push('exit'),
  });
  undo.push(() => server.close());
  const dial = async (): Promise<{ socket: Socket; received: Frame[] }> => {
    const socket = connect(address);
    const received: Frame[] = [];
    const splitter = new FrameSplitter();
    socket.on('error', () => {});
    socket.on('data', (chunk: Buffer) => {
      for (const raw of splitter.push(chunk)) {
        const frame = decodeFrame(raw);
        received.push(frame);
        seen.push(`frame ${frame.kind}`);
      }
    });
    undo.push(() => socket.destroy());
    await once(socket, 'connect');
    return { socket, received };
  };
  return { shell, seen, events, dial };
}

async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 2000 && !condition(); i++) await sleep(1);
  expect(condition()).toBe(true);
}

const send = (connection: number, payload: Json): Effect => ({
  type: 'send',
  connection,
  frame: { kind: 'data', payload },
});

/** Sends back what it gets; refuses the payload `nonsense`. */
function echo(event: MachineEvent): readonly Effect[] {
  if (event.type !== 'frame') return [];
  if (event.frame.payload === 'nonsense') throw new FrameError('nonsense');
  return [send(event.connection, event.frame.payload)];
}

test('frames in, frames out, in order, whatever the pieces', async () => {
  const { dial } = await setUp(echo);
  const { socket, received } = await dial();
  const bytes = Buffer.concat([1, 2, 3].map((payload) => encodeFrame({ kind: 'data', payload })));
  socket.write(bytes.subarray(0, 11));
  await sleep(5);
  socket.write(bytes.subarray(11));
  await until(() => received.length === 3);
  expect(received.map((frame) => frame.payload)).toEqual([1, 2, 3]);
});

const damaged = encodeFrame({ kind: 'data', payload: 'x' });
damaged[damaged.length - 2]! ^= 1;
test.each([
  ['garbage', Buffer.from('GET / HTTP/1.1\r\n\r\n'), 'frame length'],
  ['a damaged frame', damaged, 'check sum'],
  ['a message that the machine refuses', encodeFrame({ kind: 'data', payload: 'nonsense' }), 'nonsense'],
])('%s closes that connection only, and the machine is told', async (_, bytes, reason) => {
  const { dial, seen, events } = await setUp(echo);
  const bystander = await dial();
  const offender = await dial();
  offender.socket.write(bytes);
  await once(offender.socket, 'close');
  await until(() => seen.some((line) => line.startsWith('trace connection-closed') && line.includes(reason)));
  expect(events.filter(({ type }) => type === 'closed')).toMatchObject([{ connection: -2 }]);
  bystander.socket.write(encodeFrame({ kind: 'data', payload: 'still here' }));
  await until(() => bystander.received.length === 1);
});

test('the trace is written before frames and lines of the same turn leave', async () => {
  const { dial, seen } = await setUp((event) =>
    event.type === 'accepted'
      ? [
          send(event.connection, 1),
          { type: 'want-replacement', slot: n2 },
          { type: 'trace', event: 'role', fields: { role: 'primary', view: 3 } },
          { type: 'trace', event: 'synced', fields: {} },
        ]
      : [],
  );
  await dial();
  await until(() => seen.includes('frame data'));
  expect(seen).toEqual([
    'trace want-replacement {"slot":"n2"}',
    'trace role {"role":"primary","view":3}',
    'trace synced {}',
    'line {"type":"want-replacement","slot":"n2"}',
    'line {"type":"role","role":"primary","view":3}',
    'line {"type":"synced"}',
    'frame data',
  ]);
});

test('what was sent before a close arrives; the machine is not told of its own closes', async () => {
  const { dial, events } = await setUp((event) =>
    event.type === 'accepted' ? [send(-1, 'last'), { type: 'close', connection: -1 }, send(-1, 'lost')] : [],
  );
  const { socket, received } = await dial();
  await once(socket, 'close');
  expect(received.map((frame) => frame.payload)).toEqual(['last']);
  await sleep(20);
  expect(events.map(({ type }) => type)).toEqual(['accepted']);
});

test('dials, and is told whether it came through', async () => {
  const { shell, events } = await setUp((event) =>
    event.type === 'start' ? [{ type: 'dial', connection: 1, slot: n2 }] : [],
  );
  shell.start();
  await until(() => events.some((event) => event.type === 'connected' && event.connection === 1));
  await until(() => events.some((event) => event.type === 'accepted' && event.connection === -1));
});

test('timers are replaced and cleared by name', async () => {
  const set = (name: string, afterMs: number): Effect => ({ type: 'set-timer', name, afterMs });
  const { shell, events } = await setUp((event) =>
    event.type === 'start'
      ? [set('a', 5), set('b', 5), set('c', 30), set('a', 15), { type: 'clear-timer', name: 'b' }]
      : [],
  );
  shell.start();
  await sleep(60);
  expect(events.slice(1).map((event) => (event.type === 'timer' ? event.name : event.type))).toEqual([
    'a',
    'c',
  ]);
});

test('after an exit nothing happens any more', async () => {
  const { shell, events, seen } = await setUp((event) =>
    event.type === 'start'
      ? [
          { type: 'set-timer', name: 'late', afterMs: 1 },
          { type: 'trace', event: 'excluded', fields: {} },
          { type: 'exit', reason: 'excluded' },
          { type: 'trace', event: 'never', fields: {} },
        ]
      : [],
  );
  shell.start();
  await sleep(20);
  expect(seen).toEqual(['trace excluded {}', 'exit']);
  expect(events.length).toBe(1);
});

test('a peer that does not read is left when too much waits for it', async () => {
  const big = 'x'.repeat(7 * 1024 * 1024);
  const { dial, seen, events } = await setUp((event) =>
    event.type === 'accepted' ? Array.from({ length: 12 }, () => send(event.connection, big)) : [],
  );
  const { socket } = await dial();
  socket.pause();
  await until(() => events.some(({ type }) => type === 'closed'));
  await until(() => seen.some((line) => line.includes('bytes wait to be sent')));
});
