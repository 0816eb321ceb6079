import { expect, test } from '@jest/globals';
import { historyOf, noLimits, type Asked } from '../../test/judged-run.ts';
import { judgeLinearizable } from '../linearizable/linearizable.ts';
import { models } from './models.ts';

const call = (result: Asked['result'], from: number): Asked =>
  result === undefined ? { f: 'call', from } : { f: 'call', from, to: from + 5, result };
const judge = (asked: readonly Asked[]) => judgeLinearizable(historyOf(asked), models['null']!, noLimits);

test('every order will do', () => {
  expect(judge([call(null, 0), call(undefined, 1), call(null, 2)])).toMatchObject({
    verdict: 'valid',
    reason: 'all 3 operations fit into one order (null)',
  });
});

test('another answer is wrong, and so is another question', () => {
  expect(judge([call(null, 0), call(1, 10)])).toMatchObject({ verdict: 'invalid' });
  expect(() => judge([{ f: 'ring', from: 0, to: 5 }])).toThrow(/the model null knows call/);
});
