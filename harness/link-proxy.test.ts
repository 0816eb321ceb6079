import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from '@jest/globals';
import { slotNamed } from '../core/ids.ts';
import { encodeFrame } from '../core/protocol.ts';
import { millis } from '../core/units.ts';
import { ProxyNetwork } from './proxy-network.ts';

const n1 = slotNamed('n1');
const n2 = slotNamed('n2');
const there = { from: n1, to: n2 };
const back = { from: n2, to: n1 };
/** Longer than loopback needs, shorter than anybody's patience. */
const quietMs = 40;

/** A connection's end as a test sees it: what came, and how it ended. */
class End {
  readonly socket: Socket;
  text = '';
  ending: 'open' | 'end' | 'reset' = 'open';

  constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (chunk: Buffer) => (this.text += chunk.toString('latin1')));
    socket.on('end', () => (this.ending = 'end'));
    socket.on('error', () => (this.ending = 'reset'));
  }

  say(text: string): void {
    this.socket.write(text, 'latin1');
  }

  async has(text: string): Promise<void> {
    await until(() => this.text.length >= text.length || this.ending === 'reset');
    expect(this.text).toBe(text);
  }

  async endsBy(ending: 'end' | 'reset'): Promise<void> {
    await until(() => this.ending !== 'open');
    expect(this.ending).toBe(ending);
  }
}

async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 2000 && !condition(); i++) await sleep(1);
}

interface Setting {
  readonly network: ProxyNetwork;
  readonly server: Server;
  readonly accepted: End[];
  dial(): Promise<End>;
  dialled(): Promise<readonly [near: End, far: End]>;
  count(counter: string): number;
}

let undo: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const step of undo.reverse()) await step();
  undo = [];
});

/** n1 dials n2, which a server of the test's stands for. */
async function setUp(): Promise<Setting> {
  const network = await ProxyNetwork.open({
    slots: [n1, n2],
    unit: () => 0.5,
    failed: (error) => {
      throw error;
    },
  });
  const accepted: End[] = [];
  const server = createServer({ allowHalfOpen: true }, (socket) => accepted.push(new End(socket)));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  network.slotListens(n2, (server.address() as AddressInfo).port);
  const sockets: Socket[] = [];
  undo.push(async () => {
    for (const socket of [...sockets, ...accepted.map((end) => end.socket)]) socket.destroy();
    server.close();
    await network[Symbol.asyncDispose]();
  });
  const dial = async (): Promise<End> => {
    const socket = connect({ ...network.address(n1, n2), allowHalfOpen: true });
    sockets.push(socket);
    const end = new End(socket);
    await until(() => !socket.connecting || end.ending !== 'open');
    return end;
  };
  const dialled = async (): Promise<readonly [End, End]> => {
    const before = accepted.length;
    const near = await dial();
    await until(() => accepted.length > before);
    return [near, accepted[before]!];
  };
  const count = (counter: string): number => {
    const counters = new Map<string, number>();
    network.addCounters(counters);
    return counters.get(counter) ?? 0;
  };
  return { network, server, accepted, dial, dialled, count };
}

test('passes bytes both ways, ends each direction apart, and counts', async () => {
  const { dialled, count } = await setUp();
  const [near, far] = await dialled();
  near.say('question');
  await far.has('question');
  near.socket.end();
  await far.endsBy('end');
  far.say('late answer'); // half closed is not closed
  await near.has('late answer');
  far.socket.end();
  await near.endsBy('end');
  expect(count('bytes:n1>n2')).toBe(8);
  expect(count('bytes:n2>n1')).toBe(11);
  expect(count('frames:n1>n2')).toBe(0);
});

test('counts frames by kind', async () => {
  const { dialled, count } = await setUp();
  const [near, far] = await dialled();
  const bytes = Buffer.concat([
    encodeFrame({ kind: 'data', payload: [1, 'x'] }),
    encodeFrame({ kind: 'beat', payload: null }),
    encodeFrame({ kind: 'data', payload: [2, 'y'] }),
  ]);
  near.socket.write(bytes.subarray(0, 13));
  near.socket.write(bytes.subarray(13));
  await until(() => far.text.length === bytes.length);
  expect([count('frames:n1>n2'), count('frames:n1>n2:data'), count('frames:n1>n2:beat')]).toEqual([3, 2, 1]);
  expect(count('frames:n2>n1')).toBe(0);
});

test('a held direction keeps bytes and the end, in order; the other direction flows', async () => {
  const { network, dialled, count } = await setUp();
  const [near, far] = await dialled();
  network.hold(there);
  near.say('one');
  await sleep(5);
  near.say(' two');
  near.socket.end();
  far.say('hello');
  await near.has('hello');
  await sleep(quietMs);
  expect([far.text, far.ending]).toEqual(['', 'open']);
  expect(count('bytes-held:n1>n2')).toBe(7);
  expect(count('bytes:n1>n2')).toBe(0);
  network.release(there);
  await far.endsBy('end');
  expect(far.text).toBe('one two');
  expect(count('bytes-held:n2>n1')).toBe(0);
});

test('a held direction keeps a reset, also after the process behind it is gone', async () => {
  const { network, dialled } = await setUp();
  const [near, far] = await dialled();
  network.hold(there);
  near.say('last words');
  await sleep(5);
  near.socket.resetAndDestroy();
  await sleep(quietMs);
  expect([far.text, far.ending]).toEqual(['', 'open']);
  network.release(there);
  await until(() => far.ending !== 'open'); // a reset that follows data at once reads as an end in libuv
  expect(far.ending).not.toBe('open');
  expect(far.text).toBe('last words');
});

test('holds nest', async () => {
  const { network, dialled } = await setUp();
  const [near, far] = await dialled();
  network.hold(there);
  network.hold(there);
  near.say('x');
  network.release(there);
  await sleep(quietMs);
  expect(far.text).toBe('');
  network.release(there);
  await far.has('x');
});

test('no connection is made through a held direction; its bytes arrive after the release even if the dialler has gone', async () => {
  const { network, dial, accepted } = await setUp();
  network.hold(there);
  const near = await dial();
  near.say('are you there?');
  await sleep(5);
  near.socket.destroy();
  await sleep(quietMs);
  expect(accepted.length).toBe(0);
  network.release(there);
  await until(() => accepted[0]?.ending === 'end');
  expect(accepted[0]?.text).toBe('are you there?');
});

test('a hold slows the sender down before memory is gone, and nothing is lost', async () => {
  const { network, dialled } = await setUp();
  const [near, far] = await dialled();
  let received = 0;
  far.socket.removeAllListeners('data');
  far.socket.on('data', (chunk: Buffer) => (received += chunk.length));
  network.hold(there);
  const megabyte = Buffer.alloc(1024 * 1024, 'x');
  for (let i = 0; i < 40; i++) near.socket.write(megabyte);
  await sleep(300);
  expect(near.socket.writableLength).toBeGreaterThan(4 * 1024 * 1024);
  network.release(there);
  await until(() => received === 40 * megabyte.length);
  expect(received).toBe(40 * megabyte.length);
});

test('a cut resets both sides and what comes after, until it is mended', async () => {
  const { network, dial, dialled, count } = await setUp();
  const [near, far] = await dialled();
  network.cut(n1, n2);
  await near.endsBy('reset');
  await far.endsBy('reset');
  expect(count('connections-reset:n1-n2')).toBe(1);
  await (await dial()).endsBy('reset');
  expect(count('connections-refused:n1-n2')).toBe(1);
  network.mend(n2, n1);
  const [again, its] = await dialled();
  again.say('back');
  await its.has('back');
});

test('a delay keeps the order, also when it is taken back, and delays add up', async () => {
  const { network, dialled, count } = await setUp();
  const [near, far] = await dialled();
  network.delay(there, { delayMs: millis(60), jitterMs: millis(0) });
  network.delay(there, { delayMs: millis(40), jitterMs: millis(10) });
  const start = performance.now();
  near.say('slow ');
  await sleep(5);
  network.undelay(there);
  network.undelay(there);
  near.say('quick');
  await far.has('slow quick');
  expect(performance.now() - start).toBeGreaterThan(95);
  expect(count('bytes-delayed:n1>n2')).toBe(5);
  const direct = performance.now();
  far.say('!');
  await near.has('!');
  expect(performance.now() - direct).toBeLessThan(95);
});

test('nobody listens: a reset, which waits if its direction is held', async () => {
  const { network, dial } = await setUp();
  network.slotEnded(n2);
  await (await dial()).endsBy('reset');
  network.hold(back);
  const near = await dial();
  await sleep(quietMs);
  expect(near.ending).toBe('open');
  network.release(back);
  await near.endsBy('reset');
});

test('a dead machine is silent: no end, no answer, dials hang, until its successor starts', async () => {
  const { network, dial, dialled, accepted, count } = await setUp();
  const [near, far] = await dialled();
  network.killMachine(n2);
  far.say('too late');
  far.socket.resetAndDestroy(); // what SIGKILL does to it
  const second = await dial();
  second.say('anybody?');
  near.say('anybody?');
  await sleep(quietMs);
  expect([near.text, near.ending, second.ending]).toEqual(['', 'open', 'open']);
  expect(accepted.length).toBe(1);
  expect(count('closes-swallowed:n2')).toBe(2);
  network.slotStarts(n2);
  await near.endsBy('reset');
  await second.endsBy('reset');
  const [again, its] = await dialled();
  again.say('welcome back');
  await its.has('welcome back');
});

test('the dialler can be the dead machine', async () => {
  const { network, dialled, count } = await setUp();
  const [near, far] = await dialled();
  network.hold(there);
  near.say('in flight'); // lost with the machine: nobody sends it again
  await sleep(5);
  network.killMachine(n1);
  near.socket.destroy();
  network.release(there);
  far.say('hello?');
  await sleep(quietMs);
  expect([far.text, far.ending]).toEqual(['', 'open']);
  expect(count('closes-swallowed:n1')).toBe(1);
  network.slotStarts(n1);
  await far.endsBy('reset');
});

test('clients have directions of their own', async () => {
  const { network, accepted, count } = await setUp();
  const free = connect(network.address('clients', n2));
  const pinned = connect(network.address('client@n2', n2));
  network.hold({ from: 'clients', to: n2 });
  free.write('free');
  pinned.write('pinned');
  await until(() => accepted[0]?.text === 'pinned');
  await sleep(quietMs);
  expect(accepted.map((end) => end.text).join()).not.toContain('free');
  network.release({ from: 'clients', to: n2 });
  await until(() => accepted.some((end) => end.text === 'free'));
  expect(count('bytes:client@n2>n2')).toBe(6);
  expect(count('bytes:clients>n2')).toBe(4);
  free.destroy();
  pinned.destroy();
});
