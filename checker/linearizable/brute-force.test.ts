import fc from 'fast-check';
import type { Json } from '../../core/json.ts';
import type { Model } from '../../core/model.ts';
import { historyOf, objects, stepOf } from '../../test/random-history.ts';
import { bruteForce, faultOf } from '../../test/oracle.ts';
import { operationsIn, tableOf } from '../history/operation-table.ts';
import { partsOf, type Part } from '../history/parts.ts';
import { models } from '../models/models.ts';
import { makeSearch, type SearchStatus } from './search.ts';

/** `isPlain`: without what the model can tell in advance. */
function searched(
  { table }: Part,
  model: Model<unknown>,
  initial: Json | undefined,
  isPlain = false,
  choices = 100_000,
): SearchStatus {
  const operations = operationsIn(table);
  const ahead = (isPlain ? null : model.lookAhead?.(operations, initial)) ?? { operations };
  const search = makeSearch(model, ahead, { windowBytes: 1 << 20, initial });
  const status = search.run(choices);
  if (status === 'found') expect(faultOf(Int32Array.from(search.order()), table, model, initial)).toBeNull();
  return status;
}

/** Brute force takes its time. */
const small = { operations: 7, unknown: 3 };
const runs = Number(process.env['FTCHECK_FUZZ_RUNS'] ?? 250);
const verdicts = { found: 0, exhausted: 0 };

describe.each(Object.entries(objects))('%s', (_, object) => {
  const { initial } = object;
  const model = models[object.model]!;
  test.each([2, 4])('agrees with brute force, %d values', (values) => {
    fc.assert(
      fc.property(fc.array(stepOf(values, 4), { minLength: 8, maxLength: 22, size: 'max' }), (steps) => {
        for (const part of partsOf(tableOf(historyOf(steps, object, small)), model)) {
          const expected = bruteForce(operationsIn(part.table), model, initial) ? 'found' : 'exhausted';
          verdicts[expected] += 1;
          expect(searched(part, model, initial)).toBe(expected);
          expect(searched(part, model, initial, true)).toBe(expected);
        }
      }),
      { numRuns: runs },
    );
  });
});

describe.each(Object.entries(objects))('%s, too long for brute force', (_, object) => {
  const { initial } = object;
  const model = models[object.model]!;
  test('what a model tells in advance changes nothing', () => {
    fc.assert(
      fc.property(fc.array(stepOf(4, 8), { minLength: 30, maxLength: 90, size: 'max' }), (steps) => {
        const history = historyOf(steps, object, { operations: 18, unknown: 4 });
        for (const part of partsOf(tableOf(history), model)) {
          const plain = searched(part, model, initial, true, 5000);
          if (plain !== 'running') expect(searched(part, model, initial)).toBe(plain);
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
