import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { memberId, slotNamed } from '../../core/ids.ts';
import type { ConnectionId } from '../../core/machine.ts';
import type { Frame } from '../../core/protocol.ts';
import type { Random } from '../../core/random.ts';
import { makeRandom } from '../../core/random.ts';
import type { Message } from '../messages.ts';
import { decodeMessage } from '../messages.ts';
import { Link } from './link.ts';

const slots = { a: slotNamed('n1'), b: slotNamed('n2') };
type Side = 'a' | 'b';
const other = (side: Side): Side => (side === 'a' ? 'b' : 'a');

interface Connection {
  readonly id: Record<Side, ConnectionId>;
  readonly queue: Record<Side, (Frame | 'end')[]>;
  open: boolean;
  connecting: boolean;
  /** Nothing of it arrives before this. */
  heldUntil: number;
}

/** Two ends, a network that loses frames, doubles them and resets connections, and ends that restart without a word. */
class World {
  now = 0;
  readonly sent = new Map<string, number[]>();
  readonly delivered = new Map<string, number[]>();
  readonly links: Record<Side, Link>;
  private readonly incarnation: Record<Side, number> = { a: 0, b: 0 };
  private connections: Connection[] = [];
  private nextId = 1;
  private counter = 0;
  private readonly random: Random;
  lossy: boolean;

  constructor(random: Random, lossy: boolean) {
    this.random = random;
    this.lossy = lossy;
    this.links = { a: this.makeLink('a', true), b: this.makeLink('b', true) };
  }

  id(side: Side) {
    return memberId(slots[side], this.incarnation[side]);
  }

  private makeLink(side: Side, knows: boolean): Link {
    const me = this.id(side);
    const peer = knows ? this.id(other(side)) : null;
    return new Link({
      me,
      slot: slots[other(side)],
      peer,
      dials: side === 'a',
      port: {
        now: () => this.now,
        dial: () => {
          const connection: Connection = {
            id: { a: this.nextId++, b: -this.nextId++ },
            queue: { a: [], b: [] },
            open: true,
            connecting: true,
            heldUntil: 0,
          };
          this.connections.push(connection);
          return connection.id.a;
        },
        transmit: (id, frame) => {
          const connection = this.find(side, id);
          if (connection === undefined) return;
          if (this.lossy && this.random.chance(0.05)) return;
          connection.queue[other(side)].push(frame);
          if (this.lossy && this.random.chance(0.05)) connection.queue[other(side)].push(frame);
        },
        close: (id) => this.find(side, id)?.queue[other(side)].push('end'),
        deliver: (from, message) => {
          const n = (message as Message & { v: number }).v;
          const key = `${from}>${me}`;
          this.delivered.set(key, [...(this.delivered.get(key) ?? []), n]);
        },
        heard: () => undefined,
        replaced: () => undefined,
        rejected: () => undefined,
      },
    });
  }

  private find(side: Side, id: ConnectionId): Connection | undefined {
    return this.connections.find((connection) => connection.open && connection.id[side] === id);
  }

  send(side: Side): void {
    const n = ++this.counter;
    const key = `${this.id(side)}>${this.id(other(side))}`;
    this.sent.set(key, [...(this.sent.get(key) ?? []), n]);
    this.links[side].send(this.id(other(side)), { kind: 'synced', v: n });
  }

  /** Completes a dial, or delivers one frame, if one waits. */
  move(): void {
    this.connections = this.connections.filter((connection) => connection.open);
    const dialled = this.connections.find((connection) => connection.connecting);
    if (dialled !== undefined) {
      dialled.connecting = false;
      if (this.links.a.owns(dialled.id.a)) this.links.a.open(dialled.id.a);
      return;
    }
    const waiting = this.connections.flatMap((connection) =>
      connection.open && connection.heldUntil <= this.now
        ? (['a', 'b'] as const).filter((s) => connection.queue[s].length > 0).map((s) => ({ connection, s }))
        : [],
    );
    if (waiting.length === 0) return;
    const { connection, s } = this.random.pick(waiting);
    const frame = connection.queue[s].shift();
    const link = this.links[s];
    const id = connection.id[s];
    if (frame === undefined) return;
    if (frame === 'end') {
      connection.open = false;
      if (link.owns(id)) link.closed(0);
      return;
    }
    const decoded = decodeMessage(frame);
    if (decoded.type === 'message') link.receiveMessage(id, decoded.seq, decoded.message);
    else if (decoded.type === 'link') {
      if (decoded.frame.kind === 'hello' && s === 'b' && !link.owns(id)) link.open(id);
      link.receive(id, decoded.frame);
    }
  }

  beat(side: Side): void {
    this.now += 10;
    this.links[side].beat(false);
  }

  /** Whatever is under way on the connections of now waits, while later ones come and go. */
  hold(forMs: number): void {
    for (const connection of this.connections) connection.heldUntil = this.now + forMs;
  }

  reset(): void {
    for (const connection of this.connections) {
      if (!connection.open) continue;
      connection.open = false;
      for (const side of ['a', 'b'] as const)
        if (this.links[side].owns(connection.id[side])) this.links[side].closed(0);
    }
  }

  /** The other end hears nothing of it: its connection stays, half open. */
  restart(side: Side): void {
    this.incarnation[side]++;
    for (const connection of this.connections) {
      connection.queue[side] = [];
      connection.id[side] = side === 'a' ? this.nextId++ : -this.nextId++;
    }
    this.links[side] = this.makeLink(side, false);
  }
}

test('between two incarnations: a prefix of what was sent, in order, each once; all of it once the network is kind', () => {
  fc.assert(
    fc.property(fc.integer(), fc.boolean(), (seed, restarts) => {
      const random = makeRandom(seed);
      const world = new World(random, true);
      for (let i = 0; i < 1200; i++) {
        const side = random.pick(['a', 'b'] as const);
        const what = random.int(1, 100);
        if (what <= 20) world.send(side);
        else if (what <= 45) world.beat(side);
        else if (what <= 46) world.reset();
        else if (what === 47) world.hold(random.int(50, 1500));
        else if (what === 48 && restarts) world.restart(side);
        else world.move();
      }
      world.lossy = false;
      for (let i = 0; i < 3000; i++) {
        if (i % 15 === 0) for (const side of ['a', 'b'] as const) world.beat(side);
        world.move();
      }
      for (const [key, delivered] of world.delivered) {
        expect(delivered).toEqual((world.sent.get(key) ?? []).slice(0, delivered.length));
      }
      const [a, b] = [world.id('a'), world.id('b')];
      for (const key of [`${a}>${b}`, `${b}>${a}`]) {
        expect(world.delivered.get(key) ?? []).toEqual(world.sent.get(key) ?? []);
      }
      expect([world.links.a.queued, world.links.b.queued]).toEqual([0, 0]);
    }),
    { numRuns: 200, endOnFailure: true },
  );
});

test('a hello that a partition held, telling of an old count, moves no number', () => {
  const transmitted: { connection: ConnectionId; payload: unknown }[] = [];
  const [me, peer] = [memberId(slots.b, 0), memberId(slots.a, 0)];
  const link = new Link({
    me,
    slot: slots.a,
    peer,
    dials: false,
    port: {
      now: () => 0,
      dial: () => 0,
      transmit: (connection, { payload }) => transmitted.push({ connection, payload }),
      close: () => undefined,
      deliver: () => undefined,
      heard: () => undefined,
      replaced: () => undefined,
      rejected: () => undefined,
    },
  });
  const hello = (connection: ConnectionId, lastIn: number): void => {
    link.open(connection);
    link.receive(connection, { kind: 'hello', from: peer, knows: me, lastIn });
  };
  hello(-1, 0);
  for (let v = 1; v <= 3; v++) link.send(peer, { kind: 'synced', v });
  link.receive(-1, { kind: 'ack', ack: 3 });
  hello(-2, 1);
  link.send(peer, { kind: 'synced', v: 4 });
  link.closed(0);
  transmitted.length = 0;
  hello(-3, 3);
  expect(transmitted.map(({ payload }) => payload)).toContainEqual([4, { v: 4 }]);
});
