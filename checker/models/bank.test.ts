import { expect, test } from '@jest/globals';
import type { Json } from '../../core/json.ts';
import type { ModelOperation } from '../../core/model.ts';
import { bank } from './bank.ts';

const begun = (): ReturnType<typeof bank.initial> => bank.initial({ a: 5, b: 0 });
const transfer = (from: Json, to: Json, amount: Json, result?: Json): ModelOperation => ({
  f: 'transfer',
  key: null,
  value: { from, to, amount },
  result,
});
const read = (result: Json): ModelOperation => ({ f: 'read', key: null, value: null, result });

/** What accounts hold after the operations; null: they cannot be answered so. */
function after(...operations: readonly ModelOperation[]): Json {
  let state: ReturnType<typeof bank.initial> | null = begun();
  for (const operation of operations) state = state === null ? null : bank.step(state, operation);
  return state === null ? null : Object.fromEntries(state);
}

test('transfers what is there', () => {
  expect(after(transfer('a', 'b', 3, null))).toEqual({ a: 2, b: 3 });
  expect(after(transfer('a', 'b', 5, true))).toEqual({ a: 0, b: 5 });
  expect(after(transfer('a', 'b', 6, null))).toBeNull();
  expect(after(transfer('a', 'b', 6, true))).toBeNull();
  expect(after(transfer('a', 'b', 6, false))).toEqual({ a: 5, b: 0 });
  expect(after(transfer('a', 'b', 5, false))).toBeNull();
  expect(after(transfer('a', 'b', 5, 'done'))).toBeNull();
  expect(after(transfer('a', 'b', 6))).toEqual({ a: 5, b: 0 });
  expect(after(transfer('a', 'b', 2))).toEqual({ a: 3, b: 2 });
  expect(after(transfer('a', 'a', 4, null))).toEqual({ a: 5, b: 0 });
});

test('is read as a whole', () => {
  expect(after(transfer('a', 'b', 1, null), read({ b: 1, a: 4 }))).toEqual({ a: 4, b: 1 });
  expect(after(read({ a: 5 }))).toBeNull();
  expect(after(read({ a: 5, b: 0, c: 0 }))).toBeNull();
  expect(after(read({ a: 4, b: 1 }))).toBeNull();
  expect(after(read(null))).toBeNull();
});

test('accounts may be numbers, and are texts', () => {
  const state = bank.initial({ 0: 1, 1: 1 });
  expect(bank.step(state, transfer(0, 1, 1, null))?.get('1')).toBe(2);
});

test('accounts and balances are known from the first', () => {
  expect(() => bank.step(bank.initial(), transfer('a', 'b', 1))).toThrow(/say what it held at first/);
  expect(() => bank.step(begun(), transfer('a', 'z', 1))).toThrow(/account z, but the bank began with a, b/);
  expect(() => bank.initial([1])).toThrow(/an object of whole balances/);
  expect(() => bank.initial({ a: 0.5 })).toThrow(/an object of whole balances/);
});

test.each([
  [transfer('a', 'b', -1)],
  [transfer('a', 'b', 0.5)],
  [transfer(null, 'b', 1)],
  [{ f: 'deposit', key: null, value: 1, result: null }],
])('tells what it does not know: %j', (operation) => {
  expect(() => bank.step(begun(), operation)).toThrow(/transfer \{"from"/);
});

test('in words', () => {
  expect(bank.describe?.(transfer('a', 'b', 3, false))).toBe('transfer 3 from a to b -> false');
  expect(bank.describe?.(read({ a: 1 }))).toBe('read -> {"a":1}');
  expect(bank.describeState?.(begun())).toBe('{a: 5, b: 0}');
});
