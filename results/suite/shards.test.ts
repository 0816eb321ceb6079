import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { itemsOfShard } from './shards.ts';

const durations = fc.array(fc.nat(1000), { maxLength: 60 });
const partsOf = (items: readonly { readonly id: number; readonly ms: number }[], of: number) =>
  Array.from({ length: of }, (_, i) => itemsOfShard(items, { index: i + 1, of }, ({ ms }) => ms));
const itemsOf = (list: readonly number[]) => list.map((ms, id) => ({ id, ms }));

test('every item is in exactly one shard, and in its order', () => {
  fc.assert(
    fc.property(durations, fc.integer({ min: 1, max: 9 }), (list, of) => {
      const items = itemsOf(list);
      const parts = partsOf(items, of);
      for (const part of parts) expect(part).toEqual([...part].sort((a, b) => a.id - b.id));
      expect(parts.flat().sort((a, b) => a.id - b.id)).toEqual(items);
    }),
  );
});

// The longest of a greedy schedule is at most the mean and one item longer [Graham 1966, bound of list scheduling].
test('no shard has more to do than its part and one item', () => {
  fc.assert(
    fc.property(durations, fc.integer({ min: 1, max: 9 }), (list, of) => {
      const sum = (some: readonly { readonly ms: number }[]): number =>
        some.reduce((all, { ms }) => all + ms, 0);
      const items = itemsOf(list);
      const longest = Math.max(...partsOf(items, of).map(sum));
      expect(longest).toBeLessThanOrEqual(sum(items) / of + Math.max(0, ...list));
    }),
  );
});

test('the long one does not meet the others', () => {
  expect(partsOf(itemsOf([30, 10, 10, 10]), 2).map((part) => part.map(({ id }) => id))).toEqual([
    [0],
    [1, 2, 3],
  ]);
});
