import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { historyOf as fromAsked } from '../../test/judged-run.ts';
import { historyOf, objects, stepOf } from '../../test/random-history.ts';
import { models } from '../models/models.ts';
import { coverageOf, coverageRemark, orderedShare } from './coverage.ts';
import { operationsIn, tableOf } from './operation-table.ts';
import { partsOf } from './parts.ts';

const object = objects['register, unique values']!;

test('counts what counting every pair counts', () => {
  fc.assert(
    fc.property(fc.array(stepOf(3, 5), { minLength: 5, maxLength: 60 }), (steps) => {
      const table = tableOf(historyOf(steps, object, { operations: 30, unknown: 4 }));
      const operations = operationsIn(table);
      const ordered = operations.flatMap((a) => operations.filter((b) => a.returned < b.called)).length;
      expect(coverageOf(partsOf(table, models['register']!))).toEqual({
        operations: operations.length,
        unknown: operations.filter(({ returned }) => returned === Infinity).length,
        orderedPairs: ordered,
        concurrentPairs: (operations.length * (operations.length - 1)) / 2 - ordered,
      });
    }),
  );
});

test('a history in which nearly all overlapped says so', () => {
  const asked = Array.from({ length: 20 }, (_, i) => ({ f: 'read', from: i, to: 1000 + i }));
  const coverage = coverageOf(partsOf(tableOf(fromAsked(asked)), models['register']!));
  expect(orderedShare(coverage)).toBe(0);
  expect(coverageRemark(coverage)).toContain('only 0.0 % of their pairs were ordered');
});

test('one operation after another leaves nothing to remark', () => {
  const asked = Array.from({ length: 20 }, (_, i) => ({ f: 'read', from: 10 * i, to: 10 * i + 5 }));
  expect(coverageRemark(coverageOf(partsOf(tableOf(fromAsked(asked)), models['register']!)))).toBe('');
});
