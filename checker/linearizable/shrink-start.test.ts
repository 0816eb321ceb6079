import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { fuzzRuns } from '../../test/monitor-fuzz.ts';
import { bruteForce } from '../../test/oracle.ts';
import { historyOf, objects, stepOf } from '../../test/random-history.ts';
import { operationsIn, tableOf } from '../history/operation-table.ts';
import { partsOf } from '../history/parts.ts';
import { models } from '../models/models.ts';
import { latestStart } from './shrink-start.ts';

const runs = fuzzRuns(50);

describe.each(Object.entries(objects))('%s', (_, object) => {
  const { initial } = object;
  const model = models[object.model]!;
  test('from the start on, what is left is as valid as the whole', () => {
    const steps = fc.array(stepOf(4, 3), { minLength: 10, maxLength: 26, size: 'max' });
    let found = 0;
    fc.assert(
      fc.property(steps, (given) => {
        for (const part of partsOf(tableOf(historyOf(given, object, { operations: 8, unknown: 1 })), model)) {
          const start = latestStart(part, model, initial, () => false);
          if (start === null) continue;
          found += 1;
          const { state, before } = start;
          expect(before + start.part.table.count).toBe(part.table.count);
          const from = { ...model, initial: () => state };
          const isValid = bruteForce(operationsIn(part.table), model, initial);
          expect(bruteForce(operationsIn(start.part.table), from)).toBe(isValid);
        }
      }),
      { numRuns: runs },
    );
    expect(found).toBeGreaterThan(runs / 4);
  });
});
