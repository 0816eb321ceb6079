import { expect, test } from '@jest/globals';
import type { Json } from '../../core/json.ts';
import { historyOf, type Asked } from '../../test/judged-run.ts';
import { fuzzMonitor, fuzzRuns } from '../../test/monitor-fuzz.ts';
import { fuzzAgainstSearch } from '../../test/monitor-search.ts';
import { contextFor, faultOf } from '../../test/oracle.ts';
import { objects, type SimulatedObject } from '../../test/random-history.ts';
import { tableOf } from '../history/operation-table.ts';
import { set } from '../models/set.ts';
import type { MonitorVerdict } from './monitor.ts';
import { setMonitor } from './set.ts';

/** From a time to a time; without a second one there was no answer. */
type Times = readonly [from: number, to?: number];
const during = ([from, to]: Times): Pick<Asked, 'from' | 'to'> =>
  to === undefined ? { from } : { from, to };
const add = (value: Json, result: boolean | null, ...times: Times): Asked => ({
  f: 'add',
  value,
  result,
  ...during(times),
});
const remove = (value: Json, result: boolean | null, ...times: Times): Asked => ({
  f: 'remove',
  value,
  result,
  ...during(times),
});
const contains = (value: Json, result: boolean, ...times: Times): Asked => ({
  f: 'contains',
  value,
  result,
  ...during(times),
});
const read = (result: Json, ...times: Times): Asked => ({ f: 'read', result, ...during(times) });

function judge(operations: readonly Asked[], initial?: Json): MonitorVerdict {
  const table = tableOf(historyOf(operations));
  const answer = setMonitor.judge(table, contextFor(set, initial));
  if (answer.verdict === 'valid') expect(faultOf(answer.linearization(), table, set, initial)).toBeNull();
  return answer;
}

test.each([
  ['nothing', []],
  [
    'missed and found while it is added',
    [add('a', true, 0, 9), contains('a', false, 1, 2), contains('a', true, 3, 4)],
  ],
  [
    'there for a moment between those who miss it',
    [
      add('a', null, 0, 9),
      contains('a', false, 1, 6),
      contains('a', true, 2, 5),
      remove('a', null, 3, 8),
      contains('a', false, 4, 7),
    ],
  ],
  [
    'removed before it was added',
    [add('a', true, 0, 9), remove('a', null, 1, 8), contains('a', true, 10, 11)],
  ],
  ['an unknown add, found', [add('a', null, 0), contains('a', false, 1, 2), contains('a', true, 3, 4)]],
  ['an unknown add, never found', [add('a', null, 0), contains('a', false, 1, 2), add('a', true, 3, 4)]],
  [
    'an unknown remove',
    [add('a', true, 0, 1), remove('a', null, 2), add('a', true, 3, 4), contains('a', true, 5, 6)],
  ],
  [
    'one element many times',
    [
      add(1, true, 0, 1),
      remove(1, true, 2, 9),
      add(1, true, 3, 8),
      contains(1, false, 4, 7),
      add(1, false, 10, 11),
    ],
  ],
  [
    'one element many times, told nothing',
    [add(1, null, 0, 1), remove(1, null, 2, 9), add(1, null, 3, 8), contains(1, false, 10, 11)],
  ],
  [
    'reads in any order',
    [add(1, null, 0, 9), add([2], null, 1, 8), read([[2]], 2, 3), read([1, [2]], 4, 5), read([[2], 1], 6, 7)],
  ],
  ['an unknown add that a read shows', [add(1, null, 0), read([], 1, 2), read([1], 3, 4)]],
  ['the first of two adds counts', [add(1, null, 0, 9), add(1, null, 3, 4), read([], 1, 2), read([1], 5, 6)]],
  ['elements by value', [add({ a: 1, b: 2 }, true, 0, 1), contains({ b: 2, a: 1 }, true, 2, 3)]],
  [
    'an unknown remove among reads that has no effect',
    [add(1, null, 0, 1), remove(1, null, 2), read([1], 3, 4)],
  ],
])('allowed: %s', (_, operations) => {
  expect(judge(operations)).toMatchObject({ verdict: 'valid' });
});

const element = /an element was found, missed/;
test.each([
  ['lost', [add('a', null, 0, 1), contains('a', false, 2, 3)], element],
  ['found before it was added', [contains('a', true, 0, 1), add('a', null, 2, 3)], element],
  [
    'missed while it must be there',
    [add('a', null, 0, 1), contains('a', false, 2, 3), remove('a', null, 4, 5)],
    element,
  ],
  ['new to two', [add('a', true, 0, 9), add('a', true, 1, 8)], element],
  [
    'back after its remove',
    [add('a', null, 0, 1), remove('a', true, 2, 3), contains('a', true, 4, 5)],
    element,
  ],
  ['told to be there, and never was', [remove('a', true, 0, 1)], element],
  [
    'one element many times, and missed in between',
    [
      add(1, true, 0, 1),
      remove(1, true, 2, 3),
      add(1, true, 4, 5),
      contains(1, false, 6, 7),
      remove(1, true, 8, 9),
    ],
    element,
  ],
  [
    'one element many times, told nothing, and lost',
    [add(1, null, 0, 1), remove(1, null, 2, 3), add(1, null, 4, 5), contains(1, false, 6, 7)],
    element,
  ],
  [
    'two reads of which neither shows all',
    [add(1, null, 0, 9), add(2, null, 1, 8), read([1], 2, 5), read([2], 3, 4)],
    /of two reads/,
  ],
  // Jepsen's set workload: added for certain, and not in the last read.
  [
    'lost from a read',
    [add(1, null, 0, 1), add(2, null, 2, 3), read([2], 4, 5)],
    /a read lacks what was added/,
  ],
  ['read before it was added', [read([1], 0, 1), add(1, null, 2, 3)], /shows what was added after/],
  ['read by nobody knows whose add', [add(1, null, 0, 1), read([1, 2], 2, 3)], /nobody added/],
  ['read twice at once', [add(1, null, 0, 1), read([1, 1], 2, 3)], /an element twice/],
  ['gone again', [add(1, null, 0, 9), read([1], 1, 2), read([], 3, 4)], /a read lacks what was added/],
  [
    'named before it was read',
    [add(1, null, 0, 9), contains(1, true, 1, 2), read([], 3, 4)],
    /a read lacks what was added/,
  ],
  ['no list', [{ f: 'read', result: 'all', from: 0, to: 1 }], /none that a set gives/],
  [
    'removed elements, and one that was lost',
    [add(1, null, 0, 1), contains(1, false, 2, 3), remove(2, null, 4, 5), read([1], 6, 7)],
    element,
  ],
] as const)('not allowed: %s', (_, operations, rule) => {
  const answer = judge(operations);
  expect(answer).toMatchObject({ verdict: 'invalid', rule: expect.stringMatching(rule) as unknown });
});

test('begins with what it is given', () => {
  const operations = [contains('a', true, 0, 1), remove('a', true, 2, 3)];
  expect(judge(operations, ['a', 'b']).verdict).toBe('valid');
  expect(judge(operations).verdict).toBe('invalid');
  expect(judge([read(['b', 'a'], 0, 1)], ['a', 'b']).verdict).toBe('valid');
  expect(judge([add('b', null, 0, 1), read(['b'], 2, 3)], ['a']).verdict).toBe('invalid');
  expect(() => judge(operations, 'a')).toThrow(/begins as a list/);
});

// Found by fuzzing: the add that was told nothing came first, and found nothing to do, while the remove returned first.
test('an add that found nothing to do just before a remove', () => {
  const operations = [
    remove(0, true, 0, 2),
    add(0, null, 1, 3),
    contains(0, false, 4, 5),
    remove(0, true, 6, 9),
    add(0, true, 7, 8),
  ];
  expect(judge(operations, [0]).verdict).toBe('valid');
});

// Found by fuzzing: what is there at first need not be named by any operation, and is known all the same.
test('what was there at first may be read, though nobody names it', () => {
  expect(judge([contains(1, true, 0, 1), read([1, 0], 2, 3)], [0, 1]).verdict).toBe('valid');
});

test.each([
  ['reads of all, and removes', [add(1, null, 0, 1), remove(1, null, 2, 3), read([], 4, 5)]],
  ['an operation of another object', [{ f: 'size', from: 0, to: 1 }]],
])('left to others: %s', (_, operations) => {
  expect(judge(operations)).toMatchObject({ verdict: 'undecided' });
});

const runs = fuzzRuns(300);

/** A set that only grows, read as a whole; some reads leave out the last element: their argument, which means nothing to a set, says so. */
const growing = (initial: readonly Json[]): SimulatedObject => ({
  model: 'set',
  initial,
  ask: ({ kind, value, other }) => {
    if (kind % 3 === 0) return { f: 'read', value: other };
    return { f: kind % 3 === 1 ? 'add' : kind === 2 ? 'contains' : 'add', value };
  },
  perform: (items, f, value) => {
    if (f === 'read') return (value === 0 ? items.slice(0, -1) : [...items]).reverse();
    const isThere = items.includes(value);
    if (f === 'add' && !isThere) items.push(value);
    if (f === 'contains') return isThere;
    return Number(value) % 2 === 0 ? null : !isThere;
  },
  lie: (items, f, _, { value, other }) => {
    if (f === 'read') return items.filter((_item, i) => i !== value);
    return other === 0;
  },
});

test.each([
  ['elements once or twice', objects['set']!, 4],
  ['one element', objects['set']!, 1],
  ['two elements, one told nothing', objects['set']!, 2],
  ['growing', growing([]), 5],
  ['growing from something', growing([0, 7]), 4],
])('agrees with brute force and decides all: %s', (_, object, values) => {
  const { initial } = object;
  const counts = fuzzMonitor({
    monitor: setMonitor,
    model: set,
    object,
    runs,
    values,
    ...(initial && { initial }),
  });
  expect(counts.undecided).toBe(0);
  expect(Math.min(counts.valid, counts.invalid)).toBeGreaterThan(runs / 30);
});

test('agrees with brute force where it decides: removes, and reads of all', () => {
  const object = objects['set, read as a whole']!;
  const counts = fuzzMonitor({ monitor: setMonitor, model: set, object, runs, values: 3 });
  expect(counts.invalid).toBeGreaterThan(runs / 50);
});

test.each([
  ['few elements', objects['set']!, 2],
  ['many elements', objects['set']!, 12],
  ['growing', growing([]), 12],
])('agrees with the search on longer histories: %s', (_, object, values) => {
  const counts = fuzzAgainstSearch({
    monitor: setMonitor,
    model: set,
    object,
    runs: Math.ceil(runs / 10),
    values,
  });
  expect(counts.undecided).toBe(0);
});
