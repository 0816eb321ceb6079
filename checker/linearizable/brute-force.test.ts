import fc from 'fast-check';
import type { Model } from '../../core/model.ts';
import { historyOf, objects, stepOf } from '../../test/random-history.ts';
import { models } from '../models/models.ts';
import { partsOf, type Part } from './parts.ts';
import { makeSearch } from './search.ts';

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

/** `plain`: without what the model can tell in advance. */
function search(part: Part, model: Model<unknown>, plain = false): boolean {
  const ahead = (plain ? null : model.lookAhead?.(part.operations)) ?? { operations: part.operations };
  const status = makeSearch(model, ahead, 1 << 20).run(10_000_000);
  expect(status).not.toBe('running');
  return status === 'found';
}

/** Brute force takes its time. */
const small = { operations: 7, unknown: 3 };
const runs = Number(process.env['FTCHECK_FUZZ_RUNS'] ?? 250);
const verdicts = { linearizable: 0, not: 0 };

describe.each(Object.entries(objects))('%s', (_, { ask, answer, model: name }) => {
  const model = models[name]!;
  test.each([2, 4])('agrees with brute force, %d values', (values) => {
    fc.assert(
      fc.property(fc.array(stepOf(values, 4), { minLength: 8, maxLength: 22, size: 'max' }), (steps) => {
        for (const part of partsOf(historyOf(steps, model, ask, answer, small), model)) {
          const expected = bruteForce(part, model);
          verdicts[expected ? 'linearizable' : 'not'] += 1;
          expect(search(part, model)).toBe(expected);
          expect(search(part, model, true)).toBe(expected);
        }
      }),
      { numRuns: runs },
    );
  });
});

describe.each(Object.entries(objects))('%s, too long for brute force', (_, { ask, answer, model: name }) => {
  const model = models[name]!;
  test('what a model tells in advance changes nothing', () => {
    fc.assert(
      fc.property(fc.array(stepOf(4, 8), { minLength: 30, maxLength: 90, size: 'max' }), (steps) => {
        const history = historyOf(steps, model, ask, answer, { operations: 24, unknown: 5 });
        for (const part of partsOf(history, model)) {
          expect(search(part, model)).toBe(search(part, model, true));
        }
      }),
      { numRuns: Math.ceil(runs / 2) },
    );
  });
});

test('both verdicts were met often enough', () => {
  expect(verdicts.linearizable).toBeGreaterThan(runs);
  expect(verdicts.not).toBeGreaterThan(runs);
});
