/** Ways to peers: clients c1 connected here, c2 that can reach n2 only, the other unit `back` in n4 to n6. This process is n1.0. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import type { MemberId, Slot } from '../../core/ids.ts';
import { slotNamed, slots } from '../../core/ids.ts';
import { defaultTiming } from '../../core/machine.ts';
import type { LayerPort } from '../layer.ts';
import type { ConnectionFrame, MessageOf } from '../messages.ts';
import { Exchange, unitPeer } from './exchange.ts';

const id = (name: string): MemberId => name as MemberId;
const back = unitPeer('back');

let sent: string[] = [];
let exchange: Exchange;

beforeEach(() => {
  sent = [];
  const ignore = (): void => undefined;
  const port: LayerPort = {
    me: id('n1.0'),
    slots: slots(3),
    timing: defaultTiming,
    now: () => 0,
    send: (to, { kind }) => sent.push(`send ${to} ${kind}`),
    offer: (slot, message) =>
      sent.push(`offer ${slot} ${message.kind} via ${(message as MessageOf<'output'>).via ?? ''}`),
    say: (client, { kind }) => sent.push(`say ${client} ${kind}`),
    expect: ignore,
    setTimer: ignore,
    answer: ignore,
    redirect: ignore,
    trace: ignore,
    wantReplacement: ignore,
    exit: ignore,
  };
  exchange = new Exchange(port, [{ name: 'back', slots: slots(6).slice(3), receiver: id('n4.0') }]);
});

/** An output-ack on its way; what came of it. */
function send(to: string, { ep = 1, via = null }: { ep?: number; via?: Slot | null } = {}): string[] {
  sent = [];
  const isSent = exchange.send(to, via, { kind: 'output-ack', from: 'unit:unit', to, ep, ack: 1, via });
  return isSent ? sent : ['no way'];
}
const role: ConnectionFrame = { kind: 'role', unit: 'unit', v: 2, receiver: id('n1.0') };

describe('a client', () => {
  test('is reached on the newest connection of its present life', () => {
    expect(send('c1')).toEqual(['no way']);
    exchange.attach('c1', 1, 7);
    exchange.attach('c1', 1, 8);
    expect(send('c1')).toEqual(['say 8 output-ack']);
    exchange.attach('c1', 2, 9);
    exchange.attach('c1', 1, 10);
    expect(send('c1')).toEqual(['no way']);
    expect(send('c1', { ep: 2 })).toEqual(['say 9 output-ack']);
  });

  test('is out of reach once that connection is gone, and not if another is', () => {
    exchange.attach('c1', 1, 7);
    exchange.attach('c1', 1, 8);
    exchange.detach(7);
    expect(send('c1')).toEqual(['say 8 output-ack']);
    exchange.detach(8);
    expect(send('c1')).toEqual(['no way']);
  });

  test('that can reach one node only is reached through it, unless it is connected here', () => {
    const via = slotNamed('n2');
    expect(send('c2', { via })).toEqual(['offer n2 output-ack via n2']);
    expect(send('c2', { via: slotNamed('n1') })).toEqual(['no way']);
    exchange.attach('c2', 1, 7);
    expect(send('c2', { via })).toEqual(['say 7 output-ack']);
  });

  test('gets what is passed on to it, in its present life', () => {
    const frame = { kind: 'output-ack', from: 'unit:unit', to: 'c1', ep: 1, ack: 1, via: null } as const;
    exchange.pass(frame);
    expect(sent).toEqual([]);
    exchange.attach('c1', 1, 7);
    exchange.pass(frame);
    exchange.pass({ ...frame, ep: 2 });
    expect(sent).toEqual(['say 7 output-ack']);
  });
});

describe('another unit', () => {
  test('is reached at whoever receives for it in the latest view that is known', () => {
    expect(send(back)).toEqual(['send n4.0 output-ack']);
    expect(exchange.learn(back, { v: 3, receiver: id('n5.0') })).toBe(true);
    expect(exchange.learn(back, { v: 3, receiver: id('n6.0') })).toBe(false);
    expect(exchange.learn(back, { v: 2, receiver: id('n4.0') })).toBe(false);
    expect(send(back)).toEqual(['send n5.0 output-ack']);
  });

  test('is one of those that it was told of, and no client', () => {
    expect(exchange.learn('unit:other', { v: 9, receiver: id('n2.0') })).toBe(false);
    expect(exchange.isUnit(back)).toBe(true);
    expect(exchange.isUnit('c1')).toBe(false);
  });

  test('has news of a process once for each life of it', () => {
    expect(['n5.1', 'n5.1', 'n5.0', 'n5.2'].map((name) => exchange.heard(id(name)))).toEqual([
      true,
      false,
      false,
      true,
    ]);
  });

  test('does not include a process of this one', () => {
    expect(exchange.heard(id('n2.0'))).toBe(false);
  });

  test('is told of a new role at every process that is known, the latest of each slot', () => {
    for (const name of ['n4.0', 'n5.0', 'n5.1']) exchange.heard(id(name));
    exchange.attach('c1', 1, 7);
    exchange.announce(role, false);
    expect(sent).toEqual(['send n4.0 role', 'send n5.1 role']);
    sent = [];
    exchange.announce(role, true);
    expect(sent).toEqual(['say 7 role', 'send n4.0 role', 'send n5.1 role']);
  });
});
