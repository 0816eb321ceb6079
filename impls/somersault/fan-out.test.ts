/** More than two replicas, and a primary that gives the log to each (Somersault §3.5): what it takes that nobody contradicts what was sent. */
import { describe, expect, test } from '@jest/globals';
import type { MessageOf } from '../messages.ts';
import { UnitBus, idOf } from './unit-bus.ts';

const options = { topology: 'fan-out' } as const;

const consumed = (bus: UnitBus, name: string) =>
  bus.events('consumed', name).map(({ peer, n }) => `${peer as string}/${Number(n)}`);
const digests = (bus: UnitBus, phase: string) =>
  bus.events('hand-over').flatMap((line) => (line['phase'] === phase ? [line['digest']] : []));
const kinds = (bus: UnitBus, from: string, to: string) => bus.waiting(from, to).map(({ kind }) => kind);

describe('a promoted primary', () => {
  test('gets what survivors have before it gives anybody state', () => {
    const bus = new UnitBus(5, { options });
    bus.request('n1.0', 'c1', 1);
    bus.deliver('n1.0', 'n3.0');
    bus.kill('n1.0');
    bus.join('n1.1');
    bus.install('n2.0 n3.0 n1.1');
    expect(kinds(bus, 'n2.0', 'n1.1')).toEqual([]);
    bus.settle();
    bus.request('n2.0', 'c2', 1);
    bus.settle();
    expect(consumed(bus, 'n2.0')).toEqual(['c1/1', 'c2/1']);
    expect(consumed(bus, 'n3.0')).toEqual(['c1/1', 'c2/1']);
    expect(consumed(bus, 'n1.1').at(-1)).toBe('c2/1');
    expect(digests(bus, 'received')).toEqual(digests(bus, 'sent'));
  });

  test('gives two joiners the same, though one had been given a part before', () => {
    const bus = new UnitBus(5, { options: { ...options, transfer: 'fuzzy', chunkKeys: 1 } });
    for (let n = 1; n <= 6; n++) bus.request('n1.0', 'c1', n, { key: `k${n}` });
    bus.settle();
    bus.kill('n3.0');
    bus.join('n3.1');
    bus.install('n1.0 n2.0 n3.1');
    bus.deliver('n1.0', 'n3.1');
    bus.kill('n1.0');
    bus.join('n1.1');
    bus.install('n2.0 n3.1 n1.1');
    for (let i = 0; i < 4; i++) {
      bus.deliver('n2.0', 'n1.1');
      bus.deliver('n1.1', 'n2.0');
    }
    bus.deliver('n3.1', 'n2.0');
    for (let i = 0; i < 2; i++) {
      bus.deliver('n2.0', 'n3.1');
      bus.deliver('n3.1', 'n2.0');
    }
    bus.request('n2.0', 'c1', 7, { key: 'k1' });
    bus.settle();
    // One after another, the second one from the next beat.
    bus.tick('n2.0');
    bus.settle();
    expect(digests(bus, 'received')).toHaveLength(2);
    expect(digests(bus, 'received')).toEqual(digests(bus, 'sent'));
  });

  test('sends, once nobody is left before it whose log it could wait for', () => {
    const bus = new UnitBus(5, { options });
    bus.kill('n1.0');
    bus.install('n2.0 n3.0');
    bus.kill('n2.0');
    bus.install('n3.0');
    bus.attach('n3.0', 'c1');
    bus.request('n3.0', 'c1', 1);
    expect(bus.answers().map(({ n, ack }) => [n, ack])).toEqual([[1, 1]]);
    bus.join('n2.1');
    bus.install('n3.0 n2.1');
    bus.settle();
    bus.attach('n2.1', 'c1');
    bus.request('n3.0', 'c1', 2);
    bus.settle();
    expect(bus.said.filter(({ frame }) => frame.kind === 'output').map(({ by }) => by)).toContain('n2.1');
  });
});

describe('a follower', () => {
  test('keeps no record that everybody has', () => {
    const bus = new UnitBus(5, { options });
    const count = 40;
    for (let n = 1; n <= count; n++) {
      bus.request('n1.0', 'c1', n);
      bus.settle();
      for (const name of ['n2.0', 'n3.0']) bus.tick(name);
      bus.settle();
    }
    bus.unit('n2.0').message(idOf('n1.0'), { kind: 'fetch', v: 1, after: 0 });
    const [fetched] = bus.waiting('n2.0', 'n1.0') as readonly MessageOf<'fetched'>[];
    // What its latest record said of all others is one record behind.
    expect(fetched?.records.map(({ lsn }) => lsn)).toEqual([count]);
  });

  test('is handed over what is executed and not known to be everywhere', () => {
    const bus = new UnitBus(5, { options });
    bus.kill('n3.0');
    bus.join('n3.1');
    bus.request('n1.0', 'c1', 1);
    bus.install('n1.0 n2.0 n3.1', 'n1.0 n3.1');
    bus.deliver('n1.0', 'n3.1');
    bus.kill('n2.0');
    bus.install('n1.0 n3.1', 'n3.1');
    bus.attach('n3.1', 'c1');
    bus.kill('n1.0');
    bus.install('n3.1');
    for (let i = 0; i < 3; i++) bus.tick('n3.1');
    expect(bus.answers().map(({ n }) => n)).toContain(1);
    expect(bus.events('executed').map(({ request }) => request)).toEqual(['c1/1/1']);
  });
});

describe('an heir', () => {
  const flushes = (bus: UnitBus, name: string) =>
    bus.ofGroup.flatMap(({ by, message }) => (by === name && message.kind === 'flush' ? [message.heir] : []));

  test('has got everything that a sender before it may have shown', () => {
    const bus = new UnitBus(5, { options });
    bus.request('n1.0', 'c1', 1);
    bus.deliver('n1.0', 'n2.0');
    bus.kill('n2.0');
    bus.install('n1.0 n3.0');
    expect(bus.events('heir', 'n3.0').map(({ view }) => view)).toEqual([1]);
    bus.unit('n3.0').replaced(idOf('n1.0'));
    expect(new Set(flushes(bus, 'n3.0'))).toEqual(new Set([false]));
    // Also in a change under way, since on this link everything came before.
    bus.deliver('n1.0', 'n3.0');
    expect(consumed(bus, 'n3.0')).toEqual(['c1/1']);
    expect(bus.events('heir', 'n3.0').map(({ view }) => view)).toEqual([1, 2]);
    expect(flushes(bus, 'n3.0').at(-1)).toBe(true);
  });

  test('is not made by what the primary had sent in an earlier view', () => {
    const bus = new UnitBus(5, { options });
    bus.request('n1.0', 'c1', 1);
    bus.request('n1.0', 'c1', 2);
    bus.kill('n2.0');
    bus.install('n1.0 n3.0');
    bus.deliver('n1.0', 'n3.0', 2);
    expect(consumed(bus, 'n3.0')).toEqual(['c1/1', 'c1/2']);
    expect(bus.events('heir', 'n3.0').map(({ view }) => view)).toEqual([1]);
  });

  test('stays one while nobody of its view is lost', () => {
    const bus = new UnitBus(5, { options });
    bus.kill('n3.0');
    bus.install('n1.0 n2.0');
    bus.settle();
    bus.join('n3.1');
    bus.install('n1.0 n2.0 n3.1', 'n2.0');
    expect(bus.events('heir', 'n2.0').map(({ view }) => view)).toEqual([1, 2, 3]);
  });
});
