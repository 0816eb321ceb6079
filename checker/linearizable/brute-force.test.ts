import fc from 'fast-check';
import type { Json } from '../../core/json.ts';
import type { Model } from '../../core/model.ts';
import { historyOf, objects, stepOf } from '../../test/random-history.ts';
import { bruteForce, faultOf } from '../../test/oracle.ts';
import { operationsIn, tableOf } from '../history/operation-table.ts';
import { partsOf, type Part } from '../history/parts.ts';
import { models } from '../models/models.ts';
import { makeSearch, makeTableSearch, type SearchStatus } from './search.ts';

interface Way {
  readonly initial: Json | undefined;
  /** Without what the model can tell in advance. */
  readonly isPlain?: boolean;
  /** Without what the model can tell of operations that change nothing. */
  readonly isBlind?: boolean;
  /** See SearchOptions: help comes at once, soon, or never. */
  readonly patience?: number;
  readonly choices?: number;
}

function searched({ table }: Part, model: Model<unknown>, way: Way): SearchStatus {
  const { initial, isPlain = false, isBlind = false, patience = 1000, choices = 100_000 } = way;
  const { isPure, lookAhead } = model;
  const asked: Model<unknown> = isBlind || isPure === undefined ? blind(model) : { ...blind(model), isPure };
  const options = { windowBytes: 1 << 20, initial, patience };
  const operations = operationsIn(table);
  const search =
    isPlain || lookAhead === undefined
      ? makeTableSearch(asked, table, options)
      : makeSearch(asked, lookAhead(operations, initial), options);
  const status = search.run(choices);
  if (status === 'found') expect(faultOf(Int32Array.from(search.order()), table, model, initial)).toBeNull();
  return status;
}

/** What every model must have. */
const blind = ({ name, initial, step, fingerprint }: Model<unknown>): Model<unknown> => ({
  name,
  initial,
  step,
  fingerprint,
});

/** Brute force takes its time. */
const small = { operations: 7, unknown: 3 };
const runs = Number(process.env['FTCHECK_FUZZ_RUNS'] ?? 80);
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
          const patience = [1, 5, 1000][steps.length % 3] ?? 1;
          expect(searched(part, model, { initial, patience })).toBe(expected);
          expect(searched(part, model, { initial, patience, isPlain: true })).toBe(expected);
          expect(searched(part, model, { initial, patience, isPlain: true, isBlind: true })).toBe(expected);
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
          const plain = searched(part, model, { initial, isPlain: true, choices: 5000 });
          if (plain !== 'running') expect(searched(part, model, { initial })).toBe(plain);
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
