import * as fc from 'fast-check';
import { makeDigest } from './digest.ts';

const hexOf = (value: unknown): string => {
  const digest = makeDigest();
  digest.copy(value);
  return digest.hex();
};

test('a copy is what JSON text would give, and shares nothing', () =>
  fc.assert(
    fc.property(
      fc.anything({ maxDepth: 4, key: fc.string().filter((name) => name !== '__proto__') }),
      (value) => {
        const copy = makeDigest().copy([value]);
        expect(copy).toEqual(JSON.parse(JSON.stringify([value])));
      },
    ),
  ));

test('equal values have equal hashes, others others', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
      const isEqual = JSON.stringify(a) === JSON.stringify(b);
      expect(hexOf(a) === hexOf(b)).toBe(isEqual);
    }),
  );
  expect(
    new Set([[], {}, null, '', 0, false, true, [[]], [null], { a: null }, ['a', 'b'], ['ab']].map(hexOf))
      .size,
  ).toBe(12);
});

test('a copy does not follow its origin', () => {
  const origin = { list: [1] };
  const copy = makeDigest().copy(origin);
  origin.list.push(2);
  expect(copy).toEqual({ list: [1] });
});

test('refuses what cannot travel', () => {
  expect(() => makeDigest().copy(() => 1)).toThrow('what travels is JSON');
});
