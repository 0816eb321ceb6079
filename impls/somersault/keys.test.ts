import { expect, test } from '@jest/globals';
import { Keys } from './keys.ts';

function filled(...entries: readonly (readonly [string, number])[]): Keys {
  const keys = new Keys();
  for (const [key, state] of entries) keys.write(key, state);
  return keys;
}

test('tells once what was written, in order, with the states that came of it', () => {
  const keys = filled(['b', 1], ['a', 1], ['b', 2]);
  keys.write('a', undefined);
  expect(keys.takeWritten()).toEqual([
    ['b', 2, true],
    ['a', null, false],
  ]);
  expect(keys.takeWritten()).toEqual([]);
});

test('tells a key with the state null from one that is gone', () => {
  const keys = new Keys();
  keys.write('a', null);
  expect(keys.entries(['a', 'b'])).toEqual([
    ['a', null, true],
    ['b', null, false],
  ]);
  const copy = filled(['b', 1]);
  copy.apply(keys.entries(['a', 'b']));
  expect(copy.names).toEqual(['a']);
  expect(copy.read('a')).toBeNull();
  expect(copy.read('b')).toBeUndefined();
});

test('what another replica wrote counts as written neither for the digest of this one nor for who watches', () => {
  const keys = new Keys();
  const changed = new Set<string>();
  keys.watch(changed);
  keys.apply([['a', 1, true]]);
  expect(keys.takeWritten()).toEqual([]);
  expect(changed).toEqual(new Set());
});

test('whoever watches is told of every write, until it has enough, however many others watch', () => {
  const keys = filled(['a', 1]);
  const [one, two] = [new Set<string>(), new Set<string>()];
  keys.watch(one);
  keys.write('b', 1);
  keys.watch(two);
  keys.write('a', undefined);
  keys.unwatch(one);
  keys.write('c', 1);
  expect(one).toEqual(new Set(['b', 'a']));
  expect(two).toEqual(new Set(['a', 'c']));
});

test('has one digest, whatever the order in which keys came to be', () => {
  const digest = filled(['a', 1], ['b', 2]).digest();
  expect(filled(['b', 2], ['a', 3], ['a', 1]).digest()).toBe(digest);
  expect(filled(['a', 2], ['b', 1]).digest()).not.toBe(digest);
  expect(filled(['a', 1]).digest()).not.toBe(digest);
});

test('cleared, it has nothing, and has written nothing', () => {
  const keys = filled(['a', 1]);
  keys.clear();
  expect(keys.names).toEqual([]);
  expect(keys.takeWritten()).toEqual([]);
});
