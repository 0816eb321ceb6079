import { expect, test } from '@jest/globals';
import type { Json } from '../../core/json.ts';
import { bruteForce, plainSearch } from '../../test/oracle.ts';
import { models } from '../models/models.ts';
import { searchFor } from './decide.ts';

const register = models['register']!;

/** What each operation is, its answer, call and return; no answer: it is unknown. */
const operationsOf = (rows: readonly (readonly [string, Json, Json | undefined, number, number])[]) =>
  rows.map(([f, value, result, called, returned]) => ({ f, key: 'x', value, result, called, returned }));

test('two unknown writes, of which one was read long after and one never', () => {
  const never = Infinity;
  const operations = operationsOf([
    ['read', null, 7, 0, 16],
    ['read', null, 5, 1, 12],
    ['write', 4, undefined, 3, never],
    ['write', 5, null, 4, 9],
    ['write', 6, null, 5, 14],
    ['write', 7, undefined, 6, never],
    ['write', 8, null, 7, 35],
    ['write', 10, null, 10, 22],
    ['write', 11, null, 11, 20],
    ['write', 12, null, 13, 18],
    ['write', 13, null, 15, 28],
    ['write', 14, null, 17, 24],
    ['read', null, 11, 19, 38],
    ['write', 16, null, 21, 34],
    ['write', 17, null, 23, 26],
    ['read', null, 16, 25, 37],
    ['read', null, 13, 27, 30],
    ['write', 20, null, 29, 32],
    ['write', 21, null, 31, 39],
    ['read', null, 16, 33, 36],
  ]);
  expect(bruteForce(operations, register)).toBe(true);
  expect(plainSearch(operations, register, 1e6)).toBe('found');
  expect(searchFor(operations, { model: register }, 1 << 20).run(1e6)).toBe('found');
});
