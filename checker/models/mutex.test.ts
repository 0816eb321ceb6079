import { expect, test } from '@jest/globals';
import type { Json } from '../../core/json.ts';
import type { ModelOperation } from '../../core/model.ts';
import { noLimits, historyOf } from '../../test/judged-run.ts';
import { judgeLinearizable } from '../linearizable/linearizable.ts';
import { mutex } from './mutex.ts';

const ask = (f: string, result?: Json): ModelOperation => ({ f, key: 'm', value: null, result });

test('one holder at a time', () => {
  expect(mutex.step(false, ask('acquire', null))).toBe(true);
  expect(mutex.step(true, ask('acquire', null))).toBeNull();
  expect(mutex.step(true, ask('release', true))).toBe(false);
  expect(mutex.step(false, ask('release', null))).toBeNull();
  expect(mutex.step(true, ask('acquire', false))).toBe(true);
  expect(mutex.step(false, ask('acquire', false))).toBeNull();
  expect(mutex.step(true, ask('acquire'))).toBe(true);
  expect(mutex.step(true, ask('release'))).toBe(false);
});

test('begins free, or as it is told', () => {
  expect([mutex.initial(), mutex.initial(null), mutex.initial(true)]).toEqual([false, false, true]);
  expect(() => mutex.initial('held')).toThrow(/true \(held\) or false \(free\)/);
});

test('tells what it does not know', () => {
  expect(() => mutex.step(false, ask('lock'))).toThrow(/acquire and release/);
});

test('in words', () => {
  expect(mutex.describe?.(ask('acquire', null))).toBe('acquire m');
  expect(mutex.describe?.(ask('release'))).toBe('release m -> ?');
  expect(mutex.describe?.(ask('acquire', false))).toBe('acquire m -> false');
  expect(mutex.describeState?.(true)).toBe('held');
});

// Jepsen's tests of Hazelcast: two clients hold one lock.
test('two holders', () => {
  const first = { f: 'acquire', from: 0, to: 1 };
  const second = { f: 'acquire', from: 2, to: 3 };
  expect(judgeLinearizable(historyOf([first, second]), mutex, noLimits).verdict).toBe('invalid');
  const release = { f: 'release', from: 1.5 };
  expect(judgeLinearizable(historyOf([first, release, second]), mutex, noLimits).verdict).toBe('valid');
});
