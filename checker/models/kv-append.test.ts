import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Json } from '../../core/json.ts';
import { UsageError } from '../../core/errors.ts';
import type { ModelOperation } from '../../core/model.ts';
import { makePieceFinder } from './kv-append-finder.ts';
import { composeText } from './kv-append-pieces.ts';
import { endOf, extended, isText, makeEmptyText } from './kv-append-text.ts';
import { kvAppend } from './kv-append.ts';
import { models } from './models.ts';

const operation = (f: string, value: Json, result?: Json): ModelOperation => ({ f, key: 'k', value, result });

/** The state after these, as text; null: they are not what the object answers. */
function after(operations: readonly ModelOperation[], initial?: Json): string | null {
  let text = kvAppend.initial(initial);
  for (const each of operations) {
    const next = kvAppend.step(text, each);
    if (next === null) return null;
    text = next;
  }
  return endOf(text, Infinity);
}

test('get, put, append', () => {
  expect(models['kv-append']).toBe(kvAppend);
  expect(
    after([operation('append', 'a'), operation('append', 'b', null), operation('get', null, 'ab')]),
  ).toBe('ab');
  expect(after([operation('append', 'a'), operation('put', 'b'), operation('append', 'c')])).toBe('bc');
  expect(after([operation('get', null)])).toBe('');
  expect(after([operation('get', null, 'x')], 'x')).toBe('x');
  expect(after([operation('append', 'a'), operation('get', null, 'b')])).toBeNull();
  expect(after([operation('get', null, null)])).toBeNull();
});

test('what the object does not have', () => {
  expect(() => after([operation('append', 7)])).toThrow(UsageError);
  expect(() => after([operation('write', 'a')])).toThrow(
    'the model kv-append knows get, put TEXT and append TEXT',
  );
  expect(() => kvAppend.initial(7)).toThrow(UsageError);
});

test('in words, long texts cut', () => {
  expect(kvAppend.describe?.(operation('append', 'a'))).toBe('append k "a"');
  expect(kvAppend.describe?.(operation('get', null, 'ab'))).toBe('get k -> "ab"');
  expect(kvAppend.describe?.(operation('get', null))).toBe('get k -> ?');
  const long = 'abcdefghij'.repeat(20);
  expect(kvAppend.describe?.(operation('get', null, long))).toMatch(
    /^get k -> \.\.\."cdef.*j" of 200 characters$/,
  );
  expect(kvAppend.describeState?.(kvAppend.initial(long))).toMatch(/^\.\.\.".*j" of 200 characters$/);
  expect(kvAppend.describeState?.(kvAppend.initial('ab'))).toBe('"ab"');
});

const piece = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 3 });

test('equal texts are one node, whatever they are made of', () => {
  fc.assert(
    fc.property(fc.array(fc.array(piece, { maxLength: 5 }), { maxLength: 12 }), (made) => {
      const empty = makeEmptyText();
      const nodes = made.map((pieces) => pieces.reduce(extended, empty));
      const texts = made.map((pieces) => pieces.join(''));
      for (const [i, node] of nodes.entries()) {
        expect(endOf(node, Infinity)).toBe(texts[i]);
        for (const [k, text] of texts.entries()) {
          expect(node === nodes[k]).toBe(text === texts[i]);
          expect(isText(node, text)).toBe(text === texts[i]);
        }
      }
    }),
  );
});

/** All ways to make a text of a beginning and pieces, as lists of where they end. */
function waysToMake(text: string, beginnings: readonly string[], pieces: readonly string[]): Set<string> {
  const ways = new Set<string>();
  const go = (at: number, ends: readonly number[]): void => {
    if (at === text.length) ways.add(ends.join());
    for (const each of pieces) {
      if (each !== '' && text.startsWith(each, at)) go(at + each.length, [...ends, at + each.length]);
    }
  };
  for (const each of beginnings) if (text.startsWith(each)) go(each.length, each === '' ? [] : [each.length]);
  return ways;
}

test('a text is cut into pieces as by trying all', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 8 });
  const some = fc.uniqueArray(piece, { maxLength: 4 });
  fc.assert(
    fc.property(text, some, some, piece, (read, pieces, puts, initial) => {
      const putFinder = makePieceFinder(puts);
      const beginnings = { initial, puts: putFinder, emptyPut: putFinder.numberOf('') };
      const composition = composeText(read, beginnings, makePieceFinder(pieces));
      const ways = waysToMake(read, [initial, ...puts], pieces);
      expect(composition.ways).toBe(ways.size === 0 ? 'none' : ways.size === 1 ? 'one' : 'many');
      if (composition.ways !== 'one') return;
      expect(new Set([composition.ends.join()])).toEqual(ways);
      for (const beginning of composition.beginnings) {
        const first = read.slice(0, beginning.pieces === 0 ? 0 : composition.ends[0]);
        expect(beginning.isInitial).toBe(initial === first);
        expect(puts[beginning.put] ?? null).toBe(puts.includes(first) ? first : null);
      }
    }),
    { numRuns: 500 },
  );
});

test('the way to cut a text is found, however many pieces there are', () => {
  const pieces = Array.from({ length: 2000 }, (_, i) => `x ${i} y`);
  const putFinder = makePieceFinder([]);
  const composition = composeText(
    pieces.join(''),
    { initial: '', puts: putFinder, emptyPut: -1 },
    makePieceFinder(pieces),
  );
  expect(composition).toMatchObject({ ways: 'one', pieces: pieces.map((_, i) => i) });
});

test('a text that can be cut in many ways takes no time', () => {
  const pieces = Array.from({ length: 300 }, (_, i) => 'a'.repeat(i + 1));
  const beginnings = { initial: '', puts: makePieceFinder([]), emptyPut: -1 };
  expect(composeText('a'.repeat(5000), beginnings, makePieceFinder(pieces)).ways).toBe('many');
});
