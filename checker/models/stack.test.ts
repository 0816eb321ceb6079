import { expect, test } from '@jest/globals';
import type { Json } from '../../core/json.ts';
import { stack } from './stack.ts';

const operation = (f: string, value: Json, result?: Json) => ({ f, key: null, value, result });
const push = (value: Json) => operation('push', value, null);
const pop = (result?: Json) => operation('pop', null, result);

test('last in, first out; empty pops answer null', () => {
  const two = stack.step(stack.step(stack.initial(), push(1))!, push({ b: 2, a: 1 }))!;
  expect(stack.step(two, pop(1))).toBeNull();
  expect(stack.step(two, pop(null))).toBeNull();
  const one = stack.step(two, pop({ a: 1, b: 2 }))!;
  expect(stack.fingerprint(one)).toBe(stack.fingerprint(stack.initial([1])));
  const none = stack.step(one, pop(1))!;
  expect(stack.step(none, pop(null))).toBe(none);
  expect(stack.step(none, pop())).toBe(none);
  expect(stack.step(two, pop())).toBe(one);
});

test('begins with a list of items, the last on top', () => {
  expect(stack.step(stack.initial([1, 2]), pop(2))).toBe(stack.initial([1]));
  expect(() => stack.initial(1)).toThrow('a stack begins with a list of values other than null, not with 1');
  expect(() => stack.initial([null])).toThrow(/begins with a list/);
});

test('in words', () => {
  expect([push(1), pop(1), pop(null), pop()].map((each) => stack.describe!(each))).toEqual([
    'push 1',
    'pop -> 1',
    'pop -> empty',
    'pop -> ?',
  ]);
  expect(stack.describeState!(stack.initial([1, 'a']))).toBe('[1, "a"]');
  expect(stack.describeState!(stack.initial([1, 2, 3, 4, 5, 6, 7, 8, 9]))).toBe(
    '[... 9 items, on top: 4, 5, 6, 7, 8, 9]',
  );
});

test('has no other operations', () => {
  expect(() => stack.step(stack.initial(), push(null))).toThrow(/the model stack knows push VALUE/);
  expect(() => stack.step(stack.initial(), operation('peek', null))).toThrow(/the model stack knows push/);
});

test('an unseen push is left out, a seen one returned before its pop did, and pops of unique values are eager', () => {
  const timed = (each: ReturnType<typeof operation>, called: number, returned: number) => ({
    ...each,
    called,
    returned,
  });
  const unseen = timed(operation('push', 1), 0, Infinity);
  const seen = timed(operation('push', 2), 1, Infinity);
  const answered = timed(pop(2), 2, 3);
  const { operations } = stack.lookAhead!([unseen, seen, answered]);
  expect(operations).toEqual([null, { ...seen, result: null, returned: 3 }, { ...answered, eager: true }]);
  // What is there at first may be the value that is meant.
  expect(stack.lookAhead!([unseen, seen, answered], [2]).operations).toEqual([null, seen, answered]);
});
