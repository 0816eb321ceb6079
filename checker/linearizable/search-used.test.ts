import fc from 'fast-check';
import { makeUsedCounts } from './search-used.ts';

/** The number of a vector, used one by one. */
function numberOf(used: ReturnType<typeof makeUsedCounts>, classes: readonly number[]): number {
  return classes.reduce((vector, unknownClass) => used.withOneMore(vector, unknownClass), 0);
}

const counted = (classes: readonly number[]): Map<number, number> =>
  classes.reduce((counts, each) => counts.set(each, (counts.get(each) ?? 0) + 1), new Map<number, number>());

test('one number for one vector, however it came about, and compared as vectors are', () => {
  const classes = fc.array(fc.nat(5), { maxLength: 8 });
  fc.assert(
    fc.property(fc.array(classes, { minLength: 2, maxLength: 30 }), (vectors) => {
      const used = makeUsedCounts();
      const numbers = vectors.map((vector) => numberOf(used, vector));
      for (const [i, a] of vectors.entries()) {
        expect(numberOf(used, a.toReversed())).toBe(numbers[i]);
        for (const [j, b] of vectors.entries()) {
          const counts = counted(b);
          const isWithin = [...counted(a)].every(([each, count]) => count <= (counts.get(each) ?? 0));
          expect(used.isWithin(numbers[i]!, numbers[j]!)).toBe(isWithin);
        }
        for (let each = 0; each < 6; each++) {
          expect(used.countOf(numbers[i]!, each)).toBe(counted(a).get(each) ?? 0);
        }
      }
    }),
    { numRuns: 100 },
  );
});

test('however many classes there are, one of which few are used takes little', () => {
  const used = makeUsedCounts();
  for (let each = 0; each < 1000; each++) used.withOneMore(used.withOneMore(0, each), 1000 + each);
  expect(used.bytes()).toBeLessThan(2000 * 50);
  used.clear();
  expect(used.withOneMore(0, 7)).toBe(1);
  expect(used.countOf(1, 7)).toBe(1);
});
