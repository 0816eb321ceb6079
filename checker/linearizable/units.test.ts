import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Json } from '../../core/json.ts';
import type { Model, TimedOperation } from '../../core/model.ts';
import { historyOf as historyAsked, type Asked } from '../../test/judged-run.ts';
import { fuzzRuns } from '../../test/monitor-fuzz.ts';
import { bruteForce } from '../../test/oracle.ts';
import { historyOf, objects, stepOf } from '../../test/random-history.ts';
import { operationsIn, tableOf } from '../history/operation-table.ts';
import { partsOf } from '../history/parts.ts';
import { models } from '../models/models.ts';
import { closureOf, dependentsOf, keptWith } from './units.ts';

const runs = fuzzRuns(60);
const small = { operations: 7, unknown: 3 };

describe.each(Object.entries(objects))('%s', (_, object) => {
  const { initial } = object;
  const model = models[object.model]!;
  const steps = fc.array(stepOf(4, 4), { minLength: 8, maxLength: 22, size: 'max' });

  test('what is left of a valid history is valid, whatever is removed one after another', () => {
    let removals = 0;
    const seeds = fc.array(fc.array(fc.nat(9), { minLength: 1, maxLength: 2 }), {
      minLength: 7,
      maxLength: 7,
    });
    fc.assert(
      fc.property(steps, seeds, (given, choices) => {
        for (const { table } of partsOf(tableOf(historyOf(given, object, small)), model)) {
          let left = operationsIn(table);
          if (!bruteForce(left, model, initial)) continue;
          for (const choice of choices) {
            const from = [...new Set(choice.map((each) => each % Math.max(1, left.length)))];
            const smaller = without(left, from, model, initial);
            if (smaller === null || smaller.length === left.length) continue;
            removals += 1;
            left = smaller;
            expect(bruteForce(left, model, initial)).toBe(true);
          }
        }
      }),
      { numRuns: runs },
    );
    expect(removals).toBeGreaterThan(runs / 4);
  });

  test('what need not be kept goes with nothing that is kept', () => {
    fc.assert(
      fc.property(steps, fc.array(fc.nat(6), { maxLength: 3 }), (given, choice) => {
        for (const { table } of partsOf(tableOf(historyOf(given, object, small)), model)) {
          const operations = operationsIn(table);
          if (operations.length === 0) continue;
          const dependents = dependentsOf(model, operations, initial);
          const wanted = choice.map((each) => each % operations.length);
          const kept = keptWith(dependents, wanted, operations.length);
          for (const each of wanted) expect(kept[each]).toBe(1);
          for (const [number] of operations.entries()) {
            const goes = closureOf(dependents, [number], operations.length);
            const isKept = goes === null || wanted.some((each) => goes[each] === 1);
            expect(kept[number]).toBe(isKept ? 1 : 0);
          }
        }
      }),
      { numRuns: runs },
    );
  });
});

/** Null: one of them must stay. */
function without(
  operations: readonly TimedOperation[],
  from: readonly number[],
  model: Model<unknown>,
  initial: Json | undefined,
): TimedOperation[] | null {
  const gone = closureOf(dependentsOf(model, operations, initial), from, operations.length);
  return gone === null ? null : operations.filter((_, number) => gone[number] === 0);
}

const registerModel = models['register']!;
const goneWith = (asked: readonly Asked[], from: number): number[] => {
  const operations = operationsIn(tableOf(historyAsked(asked)));
  expect(bruteForce(operations, registerModel)).toBe(true);
  const gone = closureOf(dependentsOf(registerModel, operations, undefined), [from], operations.length)!;
  expect(
    bruteForce(
      operations.filter((_, row) => gone[row] === 0),
      registerModel,
    ),
  ).toBe(true);
  return [...gone.keys()].filter((row) => gone[row] === 1);
};

test('a cas that missed what the register held at first goes with the write before it', () => {
  const asked = [
    { f: 'write', value: 1, from: 0, to: 10 },
    { f: 'cas', value: [null, 2], result: false, from: 20, to: 30 },
  ];
  expect(goneWith(asked, 0)).toEqual([0, 1]);
});

test('a write that overlaps hides nothing', () => {
  const asked = [
    { f: 'write', value: 1, from: 0, to: 100 },
    { f: 'write', value: 2, from: 10, to: 20 },
    { f: 'read', result: 1, from: 30, to: 32 },
    { f: 'write', value: 1, from: 31, to: 60 },
    { f: 'write', value: 3, from: 33, to: 34 },
    { f: 'read', result: 3, from: 35, to: 36 },
    { f: 'read', result: 1, from: 40, to: 45 },
  ];
  expect(goneWith(asked, 0)).toEqual([0, 2, 6]);
});
