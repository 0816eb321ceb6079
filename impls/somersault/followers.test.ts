import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Donation } from './followers.ts';
import { Keys } from './keys.ts';

const names = Array.from({ length: 8 }, (_, i) => `k${i}`);
/** A write, or a removal. */
const write = fc.record({ key: fc.constantFrom(...names), state: fc.option(fc.nat(9), { nil: undefined }) });
type Write = { readonly key: string; readonly state: number | undefined };

const writeAll = (keys: Keys, writes: readonly Write[]): void => {
  for (const { key, state } of writes) keys.write(key, state);
};
const contentOf = (keys: Keys) => keys.entries(keys.names.sort());

/** The next piece into the copy; false: there is none, and what was left went instead. */
function give(donation: Donation, copy: Keys): boolean {
  const piece = donation.next();
  if (piece?.first === true) copy.clear();
  copy.apply(piece?.entries ?? donation.rest());
  if (piece === null) donation.end();
  return piece !== null;
}

describe('a donation', () => {
  test('ends exact, whatever is written between its pieces', () => {
    fc.assert(
      fc.property(
        fc.array(write, { maxLength: 20 }),
        fc.integer({ min: 1, max: 5 }),
        fc.infiniteStream(fc.array(write, { maxLength: 6 })),
        (before, chunkKeys, between) => {
          const [keys, copy] = [new Keys(), new Keys()];
          writeAll(keys, before);
          copy.write('stale', 1);
          const donation = new Donation(keys, chunkKeys);
          let pieces = 0;
          do {
            if (++pieces > 100) throw new Error('a donation that never ends');
            const writes = between.next();
            if (writes.done !== true) writeAll(keys, writes.value);
          } while (give(donation, copy));
          expect(contentOf(copy)).toEqual(contentOf(keys));
        },
      ),
    );
  });

  test('two at a time both end exact, one of them long after the other', () => {
    const keys = new Keys();
    for (const key of names) keys.write(key, 0);
    const copies = [new Keys(), new Keys()] as const;
    const [first, second] = [new Donation(keys, 4), new Donation(keys, 4)] as const;
    give(first, copies[0]);
    give(second, copies[1]);
    keys.write('k0', 1);
    while (give(first, copies[0]));
    keys.write('k1', 1);
    while (give(second, copies[1]));
    expect(contentOf(copies[0])).toContainEqual(['k0', 1, true]);
    expect(contentOf(copies[1])).toEqual(contentOf(keys));
  });

  test('has pieces of so many keys, the first of them said to be it', () => {
    const keys = new Keys();
    for (const key of names.slice(0, 5)) keys.write(key, 0);
    const donation = new Donation(keys, 2);
    const pieces = [donation.next(), donation.next(), donation.next(), donation.next()];
    expect(pieces.map((piece) => piece && [piece.first, piece.entries.length])).toEqual([
      [true, 2],
      [false, 2],
      [false, 1],
      null,
    ]);
  });

  test('of nothing is one empty piece: what a joiner had before must go', () => {
    const donation = new Donation(new Keys(), 2);
    expect(donation.next()).toEqual({ first: true, entries: [] });
    expect(donation.next()).toBeNull();
  });

  test('ends though more is written all the time than goes into a piece', () => {
    const keys = new Keys();
    for (const key of names) keys.write(key, 0);
    const donation = new Donation(keys, 1);
    let pieces = 0;
    while (donation.next() !== null && pieces < 1000) {
      pieces++;
      for (const key of names) keys.write(key, pieces);
    }
    expect(pieces).toBe(5 * names.length);
    expect(donation.rest()).toHaveLength(names.length);
  });
});
