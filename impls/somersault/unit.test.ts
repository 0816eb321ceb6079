/** What a process of a unit does at a place in a schedule that is rare by chance: each test once found a fault. */
import { describe, expect, test } from '@jest/globals';
import { slots } from '../../core/ids.ts';
import type { UnitApp } from './unit-app.ts';
import { nothing } from './unit-app.ts';
import { UnitBus, idOf } from './unit-bus.ts';

const consumed = (bus: UnitBus, name: string) =>
  bus.events('consumed', name).map(({ peer, ep, n }) => `${peer as string}/${Number(ep)}/${Number(n)}`);

/** Executes and mirrors what waits, as far as service times end. */
function serve(bus: UnitBus, ...names: readonly string[]): void {
  for (const name of names) {
    bus.served(name);
    bus.settle();
  }
}

describe('a line of replicas', () => {
  test('goes on below a primary that executes what it has not logged', () => {
    const bus = new UnitBus(5, { serviceMs: 5 });
    bus.request('n1.0', 'c1', 1);
    bus.kill('n2.0');
    bus.install('n1.0 n3.0');
    bus.deliver('n3.0', 'n1.0');
    serve(bus, 'n1.0', 'n3.0');
    expect(consumed(bus, 'n3.0')).toEqual(['c1/1/1']);
  });

  test('keeps a record until everybody behind has it, not only the next one', () => {
    const bus = new UnitBus(7);
    for (let n = 1; n <= 5; n++) bus.request('n1.0', 'c1', n);
    bus.deliver('n1.0', 'n2.0');
    bus.deliver('n2.0', 'n3.0');
    bus.kill('n2.0');
    bus.install('n1.0 n3.0 n4.0');
    bus.deliver('n3.0', 'n1.0');
    expect(consumed(bus, 'n3.0')).toHaveLength(5);
    expect(consumed(bus, 'n4.0')).toEqual([]);
    bus.kill('n3.0');
    bus.install('n1.0 n4.0');
    bus.deliver('n4.0', 'n1.0');
    bus.settle();
    expect(consumed(bus, 'n4.0')).toEqual(consumed(bus, 'n1.0'));
  });

  test('tells that a request is executed before anything shows it', () => {
    const bus = new UnitBus(3);
    bus.request('n1.0', 'c1', 1);
    bus.settle();
    const told = bus.trace.filter(({ node }) => node === 'n2.0').map(({ event }) => event);
    expect(told.filter((event) => ['consumed', 'executed', 'acked', 'emitted'].includes(event))).toEqual([
      'consumed',
      'executed',
      'acked',
      'emitted',
    ]);
  });

  test('re-sends to a peer what it had on its way when the sender died', () => {
    const bus = new UnitBus(3);
    bus.attach('n1.0', 'c1');
    bus.request('n1.0', 'c1', 1);
    bus.settle();
    expect(bus.answers()).toEqual([]);
    bus.kill('n2.0');
    bus.install('n1.0');
    expect(bus.answers().map(({ n, ack }) => [n, ack])).toEqual([[1, 1]]);
  });
});

describe('a promoted primary', () => {
  test('never consumes what an earlier life of a peer had sent', () => {
    const bus = new UnitBus(3, { serviceMs: 5 });
    bus.request('n1.0', 'c1', 1);
    serve(bus, 'n1.0', 'n2.0');
    bus.request('n1.0', 'c1', 1, { ep: 2 });
    serve(bus, 'n1.0');
    bus.kill('n1.0');
    bus.install('n2.0');
    // Still the present life, as far as is consumed.
    bus.request('n2.0', 'c1', 2);
    serve(bus, 'n2.0', 'n2.0');
    expect(consumed(bus, 'n2.0')).toEqual(['c1/1/1', 'c1/2/1']);
  });

  test('takes what a sender that is further had made room for', () => {
    const bus = new UnitBus(5, { serviceMs: 5, options: { window: 1 } });
    const clients = ['c1', 'c2', 'c3'];
    for (const client of clients) {
      bus.request('n1.0', client, 1);
      serve(bus, 'n1.0', 'n2.0', 'n3.0');
    }
    for (const client of clients) {
      bus.request('n1.0', client, 2);
      serve(bus, 'n1.0', 'n3.0');
    }
    expect(consumed(bus, 'n2.0')).toHaveLength(3);
    bus.kill('n1.0');
    bus.install('n2.0 n3.0');
    bus.request('n2.0', 'c3', 3);
    for (let i = 0; i < 4; i++) serve(bus, 'n2.0');
    expect(consumed(bus, 'n2.0').slice(3)).toEqual(['c1/1/2', 'c2/1/2', 'c3/1/2', 'c3/1/3']);
  });

  test('fires no timer that its backlog shows to have fired', () => {
    const app: UnitApp = {
      *consume(input) {
        const isFirst = input.type === 'request' && input.n === 1;
        return { ...nothing, timers: isFirst ? [{ name: 't', afterMs: 10 }] : [] };
      },
    };
    const bus = new UnitBus(3, { serviceMs: 5, app });
    bus.request('n1.0', 'c1', 1);
    serve(bus, 'n1.0', 'n2.0');
    bus.request('n1.0', 'c1', 2);
    serve(bus, 'n1.0');
    bus.unit('n1.0').timer('app:t');
    serve(bus, 'n1.0');
    bus.kill('n1.0');
    bus.install('n2.0');
    for (const name of bus.timersOf('n2.0')) if (name === 'app:t') bus.unit('n2.0').timer(name);
    for (let i = 0; i < 4; i++) serve(bus, 'n2.0');
    expect(bus.events('consumed', 'n2.0').filter(({ type }) => type === 'timer')).toHaveLength(1);
    expect(bus.timersOf('n2.0')).not.toContain('app:t');
  });

  test('sets the timers that are still to fire, once its backlog is consumed', () => {
    const app: UnitApp = {
      *consume(input) {
        return { ...nothing, timers: input.type === 'request' ? [{ name: 't', afterMs: 10 }] : [] };
      },
    };
    const bus = new UnitBus(3, { app });
    bus.request('n1.0', 'c1', 1);
    bus.settle();
    expect(bus.timersOf('n2.0')).not.toContain('app:t');
    bus.kill('n1.0');
    bus.install('n2.0');
    expect(bus.timersOf('n2.0')).toContain('app:t');
  });
});

test('a queue that is full of answers to an earlier life blocks no later one', () => {
  const bus = new UnitBus(3, { options: { window: 1 } });
  bus.request('n1.0', 'c1', 1);
  bus.settle();
  bus.request('n1.0', 'c1', 2, { ack: 0 });
  expect(consumed(bus, 'n1.0')).toEqual(['c1/1/1']);
  bus.request('n1.0', 'c1', 1, { ep: 2 });
  expect(consumed(bus, 'n1.0')).toEqual(['c1/1/1', 'c1/2/1']);
});

test('a process of another unit that appears later is told who receives, once', () => {
  const receiver = idOf('n4.0');
  const bus = new UnitBus(3, { far: [{ name: 'back', slots: slots(6).slice(3), receiver }] });
  const late = idOf('n5.1');
  for (const name of ['n1.0', 'n2.0', 'n1.0']) bus.unit(name).heard(late, null);
  expect(bus.waiting('n1.0', late)).toEqual([{ kind: 'role', unit: 'unit', v: 1, receiver: 'n1.0' }]);
  expect(bus.waiting('n2.0', late)).toEqual([]);
});
