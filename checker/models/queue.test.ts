import { expect, test } from '@jest/globals';
import type { Json } from '../../core/json.ts';
import { queue } from './queue.ts';

const operation = (f: string, value: Json, result?: Json) => ({ f, key: null, value, result });
const dequeue = (result?: Json) => operation('dequeue', null, result);

test('begins with a list of items, the first at the head', () => {
  const items = queue.initial([1, { b: 2, a: 1 }]);
  expect(queue.step(items, dequeue(null))).toBeNull();
  expect(queue.step(items, dequeue({ a: 1, b: 2 }))).toBeNull();
  expect(queue.step(queue.step(items, dequeue(1))!, dequeue({ a: 1, b: 2 }))).toBe(queue.initial());
  expect(queue.step(queue.initial(), operation('enqueue', 1, null))).toBe(queue.initial([1]));
  expect(() => queue.initial('a')).toThrow(
    'a queue begins with a list of values other than null, not with "a"',
  );
  expect(() => queue.initial([null])).toThrow(/begins with a list/);
});

test('what is there at first may be the value that is meant', () => {
  const enqueue = { ...operation('enqueue', 2), called: 1, returned: Infinity };
  const answered = { ...dequeue(2), called: 2, returned: 3 };
  const { operations } = queue.lookAhead!([enqueue, answered]);
  expect(operations).toMatchObject([{ result: null, returned: 3 }, { eager: true }]);
  expect(queue.lookAhead!([enqueue, answered], [2]).operations).toEqual([
    enqueue,
    { ...answered, eager: false },
  ]);
  expect(queue.lookAhead!([answered], [2]).operations).toEqual([{ ...answered, eager: true }]);
});
