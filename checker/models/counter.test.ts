import { expect, test } from '@jest/globals';
import type { Json } from '../../core/json.ts';
import type { ModelOperation } from '../../core/model.ts';
import { counter } from './counter.ts';

const ask = (f: string, value: Json = null, result?: Json): ModelOperation => ({
  f,
  key: 'c',
  value,
  result,
});

test('counts', () => {
  expect(counter.step(2, ask('increment'))).toBe(3);
  expect(counter.step(2, ask('add', -5, null))).toBe(-3);
  expect(counter.step(2, ask('add', 4, 6))).toBe(6);
  expect(counter.step(2, ask('add', 4, 5))).toBeNull();
  expect(counter.step(2, ask('read', null, 2))).toBe(2);
  expect(counter.step(2, ask('read', null, 3))).toBeNull();
  expect(counter.step(2, ask('read', null, null))).toBeNull();
  expect(counter.step(2, ask('read'))).toBe(2);
});

test('begins where it is told', () => {
  expect(counter.initial()).toBe(0);
  expect(counter.initial(null)).toBe(0);
  expect(counter.initial(-7)).toBe(-7);
  expect(() => counter.initial('7')).toThrow(/begins as a whole number/);
});

test('tells what it does not know', () => {
  expect(() => counter.step(0, ask('decrement'))).toThrow(/increment N or add N/);
  expect(() => counter.step(0, ask('add', 0.5))).toThrow(/a whole number/);
  expect(() => counter.step(2 ** 53 - 1, ask('add', 1))).toThrow(/cannot count to/);
});

test('in words', () => {
  expect(counter.describe?.(ask('increment'))).toBe('increment c 1 -> ?');
  expect(counter.describe?.(ask('add', 3, 7))).toBe('add c 3 -> 7');
  expect(counter.describe?.(ask('read', null, 7))).toBe('read c -> 7');
  expect(counter.describeState?.(7)).toBe('7');
});

test('one that only rises is foreseen to do so', () => {
  const timed = (operation: ModelOperation) => ({ ...operation, called: 0, returned: 1 });
  const rising = [
    timed(ask('add', 2, 5)),
    timed(ask('read', null, 5)),
    timed(ask('read', null, 4)),
    timed(ask('add')),
  ];
  const orders = counter.lookAhead?.(rising).operations.map((each) => each?.order?.start);
  expect(orders).toEqual([9, 10, 8, undefined]);
  const falling = [...rising, timed(ask('add', -1))];
  expect(counter.lookAhead?.(falling).operations.every((each) => each?.order === undefined)).toBe(true);
});
