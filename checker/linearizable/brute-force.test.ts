import fc from 'fast-check';
import type { Model } from '../../core/model.ts';
import { historyOf, objects, stepOf } from '../../test/random-history.ts';
import { models } from '../models/models.ts';
import { partsOf, type Part } from './parts.ts';
import { makeSearch, type SearchStatus } from './search.ts';

/** The definition itself: some order that respects real time and that the object allows, in which unknown operations may be missing. */
function bruteForce(part: Part, model: Model<unknown>): boolean {
  const place = (remaining: Part['operations'], state: unknown): boolean => {
    if (remaining.every(({ returned }) => returned === Infinity)) return true;
    const firstReturn = Math.min(...remaining.map(({ returned }) => returned));
    return remaining.some((operation) => {
      if (operation.called > firstReturn) return false;
      const after = model.step(state, operation);
      return (
        after !== null &&
        place(
          remaining.filter((other) => other !== operation),
          after,
        )
      );
    });
  };
  return place(part.operations, model.initial());
}

/** `isPlain`: without what the model can tell in advance. */
function searched(part: Part, model: Model<unknown>, isPlain = false, choices = 100_000): SearchStatus {
  const ahead = (isPlain ? null : model.lookAhead?.(part.operations)) ?? { operations: part.operations };
  return makeSearch(model, ahead, 1 << 20).run(choices);
}

/** Brute force takes its time. */
const small = { operations: 7, unknown: 3 };
const runs = Number(process.env['FTCHECK_FUZZ_RUNS'] ?? 250);
const verdicts = { found: 0, exhausted: 0 };

describe.each(Object.entries(objects))('%s', (_, object) => {
  const model = models[object.model]!;
  test.each([2, 4])('agrees with brute force, %d values', (values) => {
    fc.assert(
      fc.property(fc.array(stepOf(values, 4), { minLength: 8, maxLength: 22, size: 'max' }), (steps) => {
        for (const part of partsOf(historyOf(steps, object, small), model)) {
          const expected = bruteForce(part, model) ? 'found' : 'exhausted';
          verdicts[expected] += 1;
          expect(searched(part, model)).toBe(expected);
          expect(searched(part, model, true)).toBe(expected);
        }
      }),
      { numRuns: runs },
    );
  });
});

describe.each(Object.entries(objects))('%s, too long for brute force', (_, object) => {
  const model = models[object.model]!;
  test('what a model tells in advance changes nothing', () => {
    fc.assert(
      fc.property(fc.array(stepOf(4, 8), { minLength: 30, maxLength: 90, size: 'max' }), (steps) => {
        const history = historyOf(steps, object, { operations: 18, unknown: 4 });
        for (const part of partsOf(history, model)) {
          const plain = searched(part, model, true, 5000);
          if (plain !== 'running') expect(searched(part, model)).toBe(plain);
        }
      }),
      { numRuns: Math.ceil(runs / 3) },
    );
  });
});

test('both verdicts were met often enough', () => {
  expect(verdicts.found).toBeGreaterThan(runs);
  expect(verdicts.exhausted).toBeGreaterThan(runs);
});
