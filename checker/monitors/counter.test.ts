import { expect, test } from '@jest/globals';
import type { Json } from '../../core/json.ts';
import { historyOf, type Asked } from '../../test/judged-run.ts';
import { fuzzMonitor, fuzzRuns } from '../../test/monitor-fuzz.ts';
import { fuzzAgainstSearch } from '../../test/monitor-search.ts';
import { contextFor, faultOf } from '../../test/oracle.ts';
import type { SimulatedObject } from '../../test/random-history.ts';
import { tableOf } from '../history/operation-table.ts';
import { counter } from '../models/counter.ts';
import { counterMonitor } from './counter.ts';
import type { MonitorVerdict } from './monitor.ts';

/** From a time to a time; without a second one there was no answer. */
type Times = readonly [from: number, to?: number];
const during = ([from, to]: Times): Pick<Asked, 'from' | 'to'> =>
  to === undefined ? { from } : { from, to };
const read = (result: Json, ...times: Times): Asked => ({ f: 'read', result, ...during(times) });
/** By so much, to this value; null: it did not say. */
const add = (value: Json, result: Json, ...times: Times): Asked => ({
  f: 'add',
  value,
  result,
  ...during(times),
});

function judge(operations: readonly Asked[], initial?: Json): MonitorVerdict {
  const table = tableOf(historyOf(operations));
  const answer = counterMonitor.judge(table, contextFor(counter, initial));
  if (answer.verdict === 'valid') expect(faultOf(answer.linearization(), table, counter, initial)).toBeNull();
  return answer;
}

test.each([
  ['nothing', []],
  [
    'reads of one value from the first moment to the last',
    [add(null, null, 0, 9), read(1, 1, 2), read(1, 7, 8)],
  ],
  [
    'the increment that returns first makes way for the other',
    [add(1, null, 0, 9), add(1, null, 1, 4), read(1, 2, 3), read(1, 5, 6), read(2, 7, 8)],
  ],
  ['an unknown increment that is seen late', [add(1, null, 0), read(0, 1, 2), read(0, 3, 4), read(1, 5, 6)]],
  ['an unknown increment that is never seen', [add(1, null, 0), add(1, 1, 1, 2), read(1, 3, 4)]],
  [
    'an answer says which increment came first',
    [add(1, 2, 0, 9), add(1, null, 1, 8), read(1, 2, 3), read(2, 4, 5)],
  ],
  [
    'an increment by nothing is a read',
    [add(2, null, 0, 9), add(0, 0, 1, 2), add(0, null, 3, 4), add(0, 2, 5, 6)],
  ],
  [
    'amounts that differ, in the order of their answers',
    [add(5, 7, 0, 9), add(2, 2, 1, 8), read(2, 2, 3), read(7, 4, 5)],
  ],
])('allowed: %s', (_, operations) => {
  expect(judge(operations)).toMatchObject({ verdict: 'valid' });
});

test.each([
  // Found by thought, not by fuzzing: at each moment the number of steps is within what returned and what was called.
  [
    'a step that was taken before an increment was called is another than its own',
    [add(1, null, 0, 9), read(1, 1, 2), add(1, null, 3, 4), read(1, 5, 6)],
    /others had made the counter pass it/,
  ],
  [
    'a value that goes back',
    [add(1, null, 0, 9), read(1, 1, 2), read(0, 3, 4)],
    /others had made the counter pass it/,
  ],
  [
    'more than was called',
    [add(1, null, 0, 9), read(2, 1, 2), add(1, null, 3, 4)],
    /fewer increments were called for/,
  ],
  ['less than had returned', [add(1, null, 0, 1), read(0, 2, 3)], /others had made the counter pass it/],
  [
    'an unknown increment that was seen is taken back',
    [add(1, null, 0), read(1, 1, 2), read(0, 3, 4)],
    /pass it/,
  ],
  ['one answer twice', [add(1, 1, 0, 9), add(1, 1, 1, 8)], /answered the same value/],
  ['an answer before its time', [read(1, 0, 1), add(1, 1, 2, 3)], /when it was called/],
  ['two increments to one step', [add(1, 1, 0, 1), read(2, 2, 3), add(1, 2, 4, 5)], /when it was called/],
  ['a value between the steps', [add(2, null, 0, 9), read(1, 1, 2)], /no number of increments/],
  ['no number', [{ f: 'read', result: null, from: 0, to: 1 }], /no value that a counter has/],
  [
    'amounts that differ, below what had returned',
    [add(3, null, 0, 1), add(1, null, 2, 9), read(2, 3, 4)],
    /less than/,
  ],
  [
    'amounts that differ, above what was called',
    [add(3, null, 0, 1), add(1, null, 2, 9), read(5, 3, 4)],
    /more than/,
  ],
  ['amounts that differ, a value passed over', [add(2, 2, 0, 9), add(1, 2, 1, 8)], /passed over/],
  ['amounts that differ, a gap', [add(3, 3, 0, 9), add(1, 4, 1, 8), read(2, 2, 3)], /no sum of increments/],
  [
    'amounts that differ, against real time',
    [add(3, 3, 0, 9), add(1, 4, 1, 8), read(4, 2, 3), read(3, 4, 5)],
    /before an earlier one/,
  ],
] as const)('not allowed: %s', (_, operations, rule) => {
  const answer = judge(operations);
  expect(answer).toMatchObject({ verdict: 'invalid', rule: expect.stringMatching(rule) as unknown });
});

test('begins where it is told', () => {
  const operations = [add(1, null, 0, 1), read(8, 2, 3)];
  expect(judge(operations, 7).verdict).toBe('valid');
  expect(judge(operations).verdict).toBe('invalid');
  expect(() => judge(operations, 'many')).toThrow(/a whole number/);
});

test.each([
  ['amounts of either sign', [add(1, null, 0, 9), add(-1, null, 1, 8), read(1, 2, 3)]],
  ['an operation of another object', [{ f: 'decrement', from: 0, to: 1 }]],
  ['an increment by what is no number', [add('x', null, 0, 1)]],
  ['more than can be counted exactly', [add(2 ** 52, null, 0, 1), add(2 ** 52, null, 2, 3)]],
])('left to others: %s', (_, operations) => {
  expect(judge(operations)).toMatchObject({ verdict: 'undecided' });
});

/** What an increment of so much answers: the new value, null, or now this and now that. */
type Answers = 'values' | 'nulls' | 'both';

/** Items: the count and the one before it, which some reads answer: their argument, which means nothing to a counter, says so. */
const simulated = (amounts: readonly Json[], answers: Answers, initial = 0): SimulatedObject => ({
  model: 'counter',
  ask: ({ kind, value, other }) =>
    kind % 3 === 0
      ? { f: 'read', value: other }
      : { f: kind % 3 === 1 ? 'increment' : 'add', value: amounts[value % amounts.length]! },
  perform: (items, f, value) => {
    const [count = initial, before = count] = items as number[];
    if (f === 'read') return value === 0 ? before : count;
    items.splice(0, 2, count + Number(value ?? 1), count);
    return answers === 'nulls' || (answers === 'both' && f === 'add') ? null : items[0]!;
  },
  lie: (items, f, value, { value: by, other }) => {
    const wrong = Number(items[0] ?? initial) + (by - 1) * Number(value ?? 1);
    return f !== 'read' && (answers === 'nulls' || other === 0) ? null : wrong;
  },
});

const runs = fuzzRuns(300);

test.each([
  ['by one, answered with null', [null, 1], 'nulls', 0],
  ['by one, answered with the value', [null], 'values', 0],
  ['by one, answered either way', [1], 'both', 7],
  ['by minus three, answered either way', [-3, 0], 'both', 10],
] as const)('agrees with brute force and decides all: %s', (_, amounts, answers, initial) => {
  const object = simulated(amounts, answers, initial);
  const counts = fuzzMonitor({ monitor: counterMonitor, model: counter, object, runs, initial });
  expect(counts.undecided).toBe(0);
  expect(Math.min(counts.valid, counts.invalid)).toBeGreaterThan(runs / 30);
});

test.each([
  ['of different amounts, answered with the value', [1, 2, 5], 'values', 0],
  ['of different amounts below zero', [-1, -4, 0], 'values', 2],
  ['of either sign, answered with null', [1, -1, 3], 'nulls', 0],
  ['of either sign, answered either way', [2, -1], 'both', 0],
] as const)('agrees with brute force where it decides: %s', (_, amounts, answers, initial) => {
  const object = simulated(amounts, answers, initial);
  const counts = fuzzMonitor({ monitor: counterMonitor, model: counter, object, runs, initial });
  expect(counts.invalid).toBeGreaterThan(runs / 100);
});

test.each([
  ['answered with null', 'nulls'],
  ['answered either way', 'both'],
] as const)('agrees with the search on longer histories: %s', (_, answers) => {
  const object = simulated([1], answers);
  const counts = fuzzAgainstSearch({
    monitor: counterMonitor,
    model: counter,
    object,
    runs: Math.ceil(runs / 10),
  });
  expect(counts.undecided).toBe(0);
});
