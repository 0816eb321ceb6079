import { expect, test } from '@jest/globals';
import type { MessageOf } from '../messages.ts';
import { Inboxes } from './inboxes.ts';

type Input = MessageOf<'output'>;

const input = (from: string, ep: number, n: number): Input => ({
  kind: 'output',
  from,
  to: '',
  ep,
  n,
  type: 'request',
  body: null,
  ack: 0,
  via: null,
});
const any = (): boolean => true;
const named = (taken: Input | null): string | null => taken && `${taken.from}/${taken.ep}/${taken.n}`;

/** All that can be taken, each consumed at once. */
function drain(inboxes: Inboxes, mayTake: (input: Input) => boolean = any): (string | null)[] {
  const consumed = new Map<string, readonly [ep: number, n: number]>();
  const due = (peer: string, ep: number): number => {
    const [life, n] = consumed.get(peer) ?? [ep, 0];
    return life === ep ? n + 1 : 1;
  };
  const taken: (string | null)[] = [];
  for (let next = inboxes.take(due, mayTake); next !== null; next = inboxes.take(due, mayTake)) {
    consumed.set(next.from, [next.ep, next.n]);
    taken.push(named(next));
  }
  return taken;
}

test('inputs of a peer are taken by number, whatever the order in which they came', () => {
  const inboxes = new Inboxes();
  for (const n of [3, 1, 2, 5]) inboxes.put(input('c1', 1, n));
  expect(drain(inboxes)).toEqual(['c1/1/1', 'c1/1/2', 'c1/1/3']);
  inboxes.put(input('c1', 1, 4));
  expect(named(inboxes.take(() => 4, any))).toBe('c1/1/4');
  expect(named(inboxes.take(() => 5, any))).toBe('c1/1/5');
});

test('peers take turns', () => {
  const inboxes = new Inboxes();
  for (const peer of ['c1', 'c2', 'c3']) for (const n of [1, 2]) inboxes.put(input(peer, 1, n));
  expect(drain(inboxes)).toEqual(['c1/1/1', 'c2/1/1', 'c3/1/1', 'c1/1/2', 'c2/1/2', 'c3/1/2']);
});

test('a peer that may not be taken from holds up no other, and loses nothing', () => {
  const inboxes = new Inboxes();
  for (const peer of ['c1', 'c2']) inboxes.put(input(peer, 1, 1));
  expect(drain(inboxes, ({ from }) => from !== 'c1')).toEqual(['c2/1/1']);
  expect(drain(inboxes)).toEqual(['c1/1/1']);
});

test('a later life of a peer drops what is left of an earlier one, which nothing brings back', () => {
  const inboxes = new Inboxes();
  for (const n of [1, 2]) inboxes.put(input('c1', 1, n));
  inboxes.put(input('c1', 2, 2));
  inboxes.put(input('c1', 1, 1));
  expect(drain(inboxes)).toEqual([]);
  inboxes.put(input('c1', 2, 1));
  expect(drain(inboxes)).toEqual(['c1/2/1', 'c1/2/2']);
});

test('what is due is asked of the life that waits', () => {
  const inboxes = new Inboxes();
  inboxes.put(input('c1', 3, 1));
  const asked: unknown[] = [];
  inboxes.take((peer, ep) => {
    asked.push([peer, ep]);
    return 1;
  }, any);
  expect(asked).toEqual([['c1', 3]]);
});

test('copies of what was consumed meanwhile are not kept', () => {
  const inboxes = new Inboxes();
  for (const n of [1, 2, 4]) inboxes.put(input('c1', 1, n));
  expect(inboxes.take(() => 3, any)).toBeNull();
  expect([1, 2, 4].map((n) => named(inboxes.take(() => n, any)))).toEqual([null, null, 'c1/1/4']);
});

test('nothing is kept of a life that is over', () => {
  const inboxes = new Inboxes();
  for (const n of [1, 2]) inboxes.put(input('c1', 1, n));
  expect(inboxes.take(() => 0, any)).toBeNull();
  expect([1, 2].map((n) => inboxes.take(() => n, any))).toEqual([null, null]);
});
