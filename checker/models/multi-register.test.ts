import { expect, test } from '@jest/globals';
import type { Json } from '../../core/json.ts';
import type { ModelOperation } from '../../core/model.ts';
import { noLimits, historyOf } from '../../test/judged-run.ts';
import { judgeTable } from '../linearizable/linearizable.ts';
import { tableOf } from '../history/operation-table.ts';
import { partsOf } from '../history/parts.ts';
import { multiRegister } from './multi-register.ts';

const txn = (value: Json, result?: Json, key: Json = null): ModelOperation => ({
  f: 'txn',
  key,
  value,
  result,
});
const begun = (): ReturnType<typeof multiRegister.initial> => multiRegister.initial({ x: 0, y: 1 });
const isAllowed = (value: Json, result?: Json): boolean =>
  multiRegister.step(begun(), txn(value, result)) !== null;

test('reads and writes several at once', () => {
  const asked: Json = [
    ['read', 'x', null],
    ['write', 'x', 5],
    ['r', 'x', null],
    ['w', 'y', null],
    ['r', 'y', null],
  ];
  const answered = (x: Json, again: Json): Json => [
    ['read', 'x', x],
    ['write', 'x', 5],
    ['r', 'x', again],
    ['w', 'y', null],
    ['r', 'y', null],
  ];
  expect(isAllowed(asked, answered(0, 5))).toBe(true);
  expect(isAllowed(asked, answered(0, 0))).toBe(false);
  expect(isAllowed(asked, answered(1, 5))).toBe(false);
  expect(isAllowed(asked)).toBe(true);
  expect(isAllowed([['r', 'z', null]], [['r', 'z', null]])).toBe(true);
});

test('an answer is the list that was asked, with what was read', () => {
  const asked: Json = [
    ['read', 'x', null],
    ['write', 'y', 5],
  ];
  expect(
    isAllowed(asked, [
      ['r', 'x', 0],
      ['w', 'y', 5],
    ]),
  ).toBe(true);
  expect(isAllowed(asked, [['read', 'x', 0]])).toBe(false);
  expect(
    isAllowed(asked, [
      ['read', 'x', 0],
      ['write', 'y', 6],
    ]),
  ).toBe(false);
  expect(
    isAllowed(asked, [
      ['read', 'y', 1],
      ['write', 'y', 5],
    ]),
  ).toBe(false);
  expect(
    isAllowed(asked, [
      ['write', 'x', 0],
      ['write', 'y', 5],
    ]),
  ).toBe(false);
  expect(isAllowed(asked, null)).toBe(false);
  expect(isAllowed([['write', 'y', 5]], null)).toBe(true);
});

test('equal registers have equal fingerprints, and null is as good as nothing', () => {
  const after = (value: Json): string | undefined => {
    const state = multiRegister.step(begun(), txn(value));
    return state === null ? undefined : multiRegister.fingerprint(state);
  };
  expect(
    after([
      ['w', 'z', 1],
      ['w', 'z', null],
    ]),
  ).toBe(after([]));
  expect(
    after([
      ['w', 'z', 1],
      ['w', 'a', 2],
    ]),
  ).toBe(
    after([
      ['w', 'a', 2],
      ['w', 'z', 1],
    ]),
  );
  expect(after([['w', 'z', 1]])).not.toBe(after([['w', 'z', '1']]));
});

test('registers that no transaction touches together are parts of their own', () => {
  const write = (names: readonly string[], from: number) => ({
    f: 'txn',
    key: null,
    value: names.map((name) => ['w', name, from]),
    from,
    to: from + 1,
  });
  const table = tableOf(historyOf([write(['x'], 0), write(['y', 'z'], 2), write(['z'], 4), write([], 6)]));
  expect(partsOf(table, multiRegister).map(({ name, table: { count } }) => [name, count])).toEqual([
    ['"x"', 1],
    ['"y", "z"', 2],
    ['""', 1],
  ]);
  const ofKey = multiRegister.partition;
  expect(typeof ofKey === 'function' ? ofKey(txn([['r', 'x', null]], undefined, 'k')) : null).toEqual([
    '["k","x"]',
  ]);
});

test.each([[null], ['x'], [[['swap', 'x', 1]]], [[['read', null, 1]]], [['read']]])(
  'tells what it does not know: %j',
  (value) => {
    expect(() => multiRegister.step(begun(), txn(value))).toThrow(/txn with a list of/);
  },
);

test('begins as it is told', () => {
  expect(() => multiRegister.initial([1])).toThrow(/begin as an object/);
  const read = [['read', 'x', 0]];
  const history = historyOf([{ f: 'txn', key: null, value: read, result: read, from: 0, to: 1 }]);
  const judge = (initial?: Json) =>
    judgeTable(tableOf(history), { model: multiRegister, initial, limits: noLimits }).verdict;
  expect(judge({ x: 0, y: 0 })).toBe('valid');
  expect(judge()).toBe('invalid');
});

test('in words', () => {
  const asked: Json = [
    ['r', 'x', null],
    ['w', 'y', 2],
  ];
  expect(
    multiRegister.describe?.(
      txn(asked, [
        ['r', 'x', 0],
        ['w', 'y', 2],
      ]),
    ),
  ).toBe('txn [read x -> 0, write y 2]');
  expect(multiRegister.describe?.(txn(asked))).toBe('txn [read x -> ?, write y 2]');
  expect(multiRegister.describeState?.(begun())).toBe('{x: 0, y: 1}');
});
