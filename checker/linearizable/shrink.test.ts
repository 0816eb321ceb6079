import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Json } from '../../core/json.ts';
import type { Model } from '../../core/model.ts';
import { historyOf as historyAsked, noLimits } from '../../test/judged-run.ts';
import { fuzzRuns } from '../../test/monitor-fuzz.ts';
import { bruteForce } from '../../test/oracle.ts';
import { historyOf, objects, stepOf } from '../../test/random-history.ts';
import { never, operationsIn, tableOf } from '../history/operation-table.ts';
import { partsOf, prefixOf, type Part } from '../history/parts.ts';
import { models } from '../models/models.ts';
import { keptRows, lastReturn } from './shrink-candidates.ts';
import { shrink } from './shrink.ts';
import { closureOf, dependentsOf } from './units.ts';

const runs = fuzzRuns(40);
const small = { operations: 8, unknown: 2 };

const isValid = ({ table }: Part, model: Model<unknown>, initial: Json | undefined): boolean =>
  bruteForce(operationsIn(table), model, initial);

describe.each(Object.entries(objects))('%s', (_, object) => {
  const { initial } = object;
  const model = models[object.model]!;
  test('what is left is invalid, and nothing more can be removed', () => {
    const steps = fc.array(stepOf(4, 4), { minLength: 10, maxLength: 26, size: 'max' });
    fc.assert(
      fc.property(steps, fc.array(fc.nat(7), { maxLength: 3 }), (given, rows) => {
        for (const part of partsOf(tableOf(historyOf(given, object, small)), model)) {
          if (isValid(part, model, initial)) continue;
          const causeRows = rows.filter((row) => row < part.table.count);
          const question = { model, initial, limits: noLimits };
          const least = shrink(part, question, { causeRows, isExpired: () => false });
          expect(least.isMinimal).toBe(true);
          expectToBeOf(part, least.part);
          expect(isValid(least.part, model, initial)).toBe(false);
          const bad = smallerOf(least.part, model, initial).filter((each) => !isValid(each, model, initial));
          expect(bad.map(({ table }) => operationsIn(table))).toEqual([]);
        }
      }),
      { numRuns: runs },
    );
  });
});

/** Everything that is one unit, or one answer at the end, smaller. */
function smallerOf(part: Part, model: Model<unknown>, initial: Json | undefined): Part[] {
  const dependents = dependentsOf(model, operationsIn(part.table), initial);
  const units = dependents.flatMap((_, row) => {
    const gone = row < part.table.count ? closureOf(dependents, [row], part.table.count) : null;
    return gone === null ? [] : [keptRows(part, (each) => gone[each] === 0)];
  });
  return [...units, prefixOf(part, lastReturn(part.table) - 1)];
}

/** Rows of the whole, as they were or with their answer cut off. */
function expectToBeOf(whole: Part, part: Part): void {
  const end = lastReturn(part.table);
  for (const [row, wholeRow] of part.rows.entries()) {
    const original = whole.rows.indexOf(wholeRow);
    expect(part.table.called[row]).toBe(whole.table.called[original]);
    expect(part.table.process[row]).toBe(whole.table.process[original]);
    const returned = whole.table.returned[original]!;
    expect(part.table.returned[row]).toBe(returned <= end ? returned : never);
    if (returned <= end) expect(part.table.result[row]).toBe(whole.table.result[original]);
  }
}

test('out of time, what was found so far is invalid, too', () => {
  const write = (value: number) => ({ f: 'write', value, from: 10 * value, to: 10 * value + 5 });
  const asked = [
    ...Array.from({ length: 60 }, (_, i) => write(i + 1)),
    { f: 'read', result: 7, from: 900, to: 910 },
  ];
  const model = models['register']!;
  const [part] = partsOf(tableOf(historyAsked(asked)), model);
  for (const patience of [0, 1, 5, 20, 50, 1000]) {
    let asks = 0;
    const least = shrink(
      part!,
      { model, limits: noLimits },
      { causeRows: [], isExpired: () => ++asks > patience },
    );
    const operations = operationsIn(least.part.table);
    expect(operations.some(({ f }) => f === 'read')).toBe(true);
    expect(operations.some(({ value }) => value === 7)).toBe(true);
    if (patience <= 5) expect(least.isMinimal).toBe(false);
    if (patience === 1000) expect(least.isMinimal).toBe(true);
    if (least.isMinimal) expect(operations).toHaveLength(3);
  }
});

test('what is too large for the memory that there is is cut, and nothing else', () => {
  const writes = Array.from({ length: 400 }, (_, i) => ({
    f: 'write',
    value: i,
    from: 10 * i,
    to: 10 * i + 5,
  }));
  const asked = [
    ...writes,
    { f: 'read', result: 7, from: 4010, to: 4020 },
    { f: 'read', result: 8, from: 4030, to: 4040 },
  ];
  const model = models['register']!;
  const [part] = partsOf(tableOf(historyAsked(asked)), model);
  const limits = { ...noLimits, memoryBytesMax: 50_000 };
  const least = shrink(part!, { model, limits }, { causeRows: [], isExpired: () => false });
  expect(least.part.table.count).toBe(401);
  expect(least.isMinimal).toBe(false);
});
