import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { equalJson, type Json } from '../../core/json.ts';
import { makeValueNumbers } from './value-numbers.ts';

const json = fc.oneof(
  fc.jsonValue() as fc.Arbitrary<Json>,
  fc.nat(5),
  fc.integer(),
  fc.constantFrom<Json>(0, -0, 1, -1, 0.5, 2 ** 23 - 1, 2 ** 23, '0', 'null', null, false, true, [], {}),
);

test('equal values have one number, others have others', () => {
  fc.assert(
    fc.property(fc.array(json, { maxLength: 40 }), (values) => {
      const numbers = makeValueNumbers();
      const given = values.map((value) => numbers.numberOf(value));
      for (const [i, value] of values.entries()) {
        expect(equalJson(numbers.valueOf(given[i]!), value)).toBe(true);
        expect(numbers.find(value)).toBe(given[i]);
        for (const [j, other] of values.entries()) {
          expect(given[i] === given[j]).toBe(equalJson(value, other));
        }
      }
      expect(numbers.find('nobody has said this')).toBe(-1);
    }),
  );
});

test('a whole number keeps its number when others fill the gap below it', () => {
  const numbers = makeValueNumbers();
  const far = numbers.numberOf(5000);
  for (let value = 0; value < 8000; value++) expect(numbers.numberOf(value) === far).toBe(value === 5000);
  expect(numbers.find(5000)).toBe(far);
  expect(numbers.find(8000)).toBe(-1);
});
