import { expect, test } from '@jest/globals';
import type { Json } from '../../core/json.ts';
import type { ModelOperation } from '../../core/model.ts';
import { set } from './set.ts';

const ask = (f: string, value: Json = null, result?: Json): ModelOperation => ({
  f,
  key: 's',
  value,
  result,
});

/** Whether the operations can be answered so, one after the other. */
function isAllowed(operations: readonly ModelOperation[], initial?: Json): boolean {
  let state: ReturnType<typeof set.initial> | null = set.initial(initial);
  for (const operation of operations) {
    state = state === null ? null : set.step(state, operation);
  }
  return state !== null;
}

test('answers as a set does', () => {
  expect(isAllowed([ask('add', 1, true), ask('add', 1, false), ask('contains', 1, true)])).toBe(true);
  expect(
    isAllowed([ask('add', 1, null), ask('add', 1, null), ask('remove', 1, true), ask('remove', 1, false)]),
  ).toBe(true);
  expect(
    isAllowed([ask('add', 1), ask('remove', 1), ask('contains', 1), ask('read'), ask('contains', 1, false)]),
  ).toBe(true);
  expect(isAllowed([ask('add', 1, true), ask('add', 1, true)])).toBe(false);
  expect(isAllowed([ask('remove', 1, true)])).toBe(false);
  expect(isAllowed([ask('add', 1, 'yes')])).toBe(false);
  expect(isAllowed([ask('contains', 1, null)])).toBe(false);
});

test('is read as a list of all its elements, each once, in any order', () => {
  const both = [ask('add', 'a', null), ask('add', { b: 1, c: 2 }, null)];
  expect(isAllowed([...both, ask('read', null, ['a', { c: 2, b: 1 }])])).toBe(true);
  expect(isAllowed([...both, ask('read', null, [{ b: 1, c: 2 }, 'a'])])).toBe(true);
  expect(isAllowed([...both, ask('read', null, ['a'])])).toBe(false);
  expect(isAllowed([...both, ask('read', null, ['a', 'a'])])).toBe(false);
  expect(isAllowed([...both, ask('read', null, null)])).toBe(false);
});

test('begins with what it is given', () => {
  expect(isAllowed([ask('read', null, [1, 2])], [2, 1, 2])).toBe(true);
  expect(isAllowed([ask('read', null, [])], null)).toBe(true);
  expect(() => set.initial({ a: 1 })).toThrow(/begins as a list/);
});

test('tells what it does not know', () => {
  expect(() => set.step(set.initial(), ask('size'))).toThrow(
    /add VALUE, remove VALUE, contains VALUE and read/,
  );
});

test('equal sets have equal fingerprints', () => {
  expect(set.fingerprint(set.initial(['b', 'a']))).toBe(set.fingerprint(set.initial(['a', 'b'])));
  expect(set.fingerprint(set.initial(['a,b']))).not.toBe(set.fingerprint(set.initial(['a', 'b'])));
});

test('in words', () => {
  expect(set.describe?.(ask('add', 3, null))).toBe('add s 3 -> null');
  expect(set.describe?.(ask('read'))).toBe('read s -> ?');
  expect(set.describeState?.(set.initial(['b', 1]))).toBe('{"b", 1}');
});

test('unknown operations that nobody needs are foreseen', () => {
  const timed = (operation: ModelOperation, called: number, returned = Infinity) => ({
    ...operation,
    called,
    returned,
  });
  const operations = [
    timed(ask('add', 1), 0),
    timed(ask('add', 2), 1),
    timed(ask('remove', 1), 2),
    timed(ask('contains', 2, true), 3, 4),
    timed(ask('contains', 1, false), 5, 6),
  ];
  const [first, second, third] = set.lookAhead?.(operations).operations ?? [];
  expect(first).toBeNull();
  expect(second).toMatchObject({ result: null, returned: 4 });
  expect(third).toEqual(operations[2]);
});
