import { expect, test } from '@jest/globals';
import type { Json } from '../../core/json.ts';
import { historyOf, type Asked } from '../../test/judged-run.ts';
import { fuzzMonitor, fuzzRuns } from '../../test/monitor-fuzz.ts';
import { fuzzAgainstSearch } from '../../test/monitor-search.ts';
import { bruteForce, contextFor, faultOf } from '../../test/oracle.ts';
import { objects, type SimulatedObject } from '../../test/random-history.ts';
import { operationsIn, tableOf } from '../history/operation-table.ts';
import { models } from '../models/models.ts';
import { casRegister, kv, register } from '../models/register.ts';
import type { MonitorVerdict } from './monitor.ts';
import { monitorOf } from './registry.ts';
import { registerMonitor } from './register.ts';

/** From a time to a time; without a second one there was no answer. */
type Times = readonly [from: number, to?: number];
const during = ([from, to]: Times): Pick<Asked, 'from' | 'to'> =>
  to === undefined ? { from } : { from, to };
const read = (result: Json, ...times: Times): Asked => ({ f: 'read', result, ...during(times) });
const write = (value: Json, ...times: Times): Asked => ({ f: 'write', value, ...during(times) });
const cas = (expected: Json, replacement: Json, result: Json, ...times: Times): Asked => ({
  f: 'cas',
  value: [expected, replacement],
  result,
  ...during(times),
});

/** Whatever it says is held against brute force. */
function judge(operations: readonly Asked[], initial?: Json): MonitorVerdict {
  const table = tableOf(historyOf(operations));
  const answer = registerMonitor.judge(table, contextFor(register, initial));
  if (answer.verdict !== 'undecided') {
    expect(answer.verdict === 'valid').toBe(bruteForce(operationsIn(table), register, initial));
  }
  if (answer.verdict === 'valid') {
    expect(faultOf(answer.linearization(), table, register, initial)).toBeNull();
  }
  return answer;
}

// After Kleppmann 2017, "Designing Data-Intensive Applications", figure 9-4: B's last read is the one that is too much.
const figure9of4 = [
  write(0, 1, 6),
  write(1, 2, 9),
  read(1, 0, 8),
  read(1, 10, 12),
  cas(1, 2, true, 11, 14),
  cas(0, 3, false, 13, 16),
  cas(2, 4, true, 15, 22),
  read(4, 17, 19),
];

test.each([
  ['nothing', []],
  ['a read that overlaps a write may see either', [write(1, 0, 9), read(null, 1, 2), read(1, 3, 4)]],
  // Gibbons & Korach 1997: the zones of the values.
  ['a zone that reaches out of another', [write(1, 0, 1), write(2, 2, 9), read(1, 3, 4), read(2, 5, 6)]],
  ['zones side by side', [write(1, 0, 1), read(1, 2, 3), write(2, 4, 5), read(2, 6, 7)]],
  ['compare and set', figure9of4],
  ['an unanswered write takes effect late', [write(1, 0), read(null, 1, 2), read(1, 3, 4)]],
  ['an unanswered write never does', [write(1, 0), write(2, 1, 2), read(2, 3, 4)]],
  [
    'an unanswered cas that others prove, one after the other',
    [write(1, 0), cas(1, 2, null, 1), cas(2, 3, null, 2), read(3, 3, 4)],
  ],
  ['a cas from a value to itself is a read', [write(1, 0, 1), cas(1, 1, true, 2, 3), cas(2, 2, false, 4, 5)]],
  ['a failed cas before the write', [write(1, 0, 9), cas(1, 2, false, 1, 2), read(1, 3, 4)]],
  ['a failed cas after the value', [write(1, 0, 1), write(2, 2, 9), cas(1, 3, false, 3, 4), read(2, 5, 6)]],
  ['which only an unanswered write explains', [write(1, 0, 1), write(2, 2), cas(1, 3, false, 3, 4)]],
  ['which only an unanswered cas explains', [write(1, 0, 1), cas(1, 2, null, 2), cas(1, 3, false, 3, 4)]],
  [
    'a write that must wait for a failed cas, and the value before it for another',
    [write(1, 0, 9), cas(1, 4, false, 1, 2), write(2, 3, 20), cas(2, 5, false, 10, 11), read(2, 12, 13)],
  ],
  [
    'a write that was open long enough comes between',
    [write(1, 0, 9), write(2, 1, 2), cas(2, 3, false, 3, 4), write(4, 10, 11)],
  ],
  [
    'values that nobody meets may be the same',
    [write(1, 0, 1), write(1, 2, 3), write(2, 4, 5), read(2, 6, 7)],
  ],
  [
    'the latest write of a value is taken to be met',
    [write(1, 0, 1), write(2, 2, 3), write(1, 4, 5), read(1, 6, 7)],
  ],
  ['the first value written again', [write(1, 0, 1), write(null, 2, 3), read(null, 4, 5)]],
])('allowed: %s', (_, operations) => {
  expect(judge(operations)).toMatchObject({ verdict: 'valid' });
});

test.each([
  ['new, then old again', [write(1, 0, 9), read(1, 1, 2), read(null, 3, 4)], [0, 1, 2], /had been replaced/],
  // Gibbons & Korach 1997: two forward zones that overlap, and a zone within a forward one.
  [
    'two values, each seen after the other',
    [write(1, 0, 9), write(2, 1, 8), read(1, 2, 3), read(2, 4, 5), read(1, 6, 7)],
    [0, 1, 2, 3, 4],
    /had been replaced/,
  ],
  ['a stale read', [write(1, 0, 1), write(2, 2, 3), read(1, 4, 5)], [0, 1, 2], /had been replaced/],
  [
    'a stale read, long after the first one',
    [write(1, 0, 1), read(1, 2, 3), write(2, 4, 5), read(2, 6, 7), read(1, 8, 9), read(2, 10, 11)],
    [0, 2, 4],
    /had been replaced/,
  ],
  ['a value from nowhere', [write(1, 0, 1), read(2, 2, 3)], [1], /nobody had written/],
  ['a cas of one', [write(1, 0, 1), cas(2, 3, true, 2, 3)], [1], /nobody had written/],
  ['a value from the future', [read(1, 0, 1), write(1, 2, 3)], [0, 1], /before its write was called/],
  ['compare and set', [...figure9of4, read(2, 20, 21)], [4, 6, 7, 8], /after a cas had replaced it/],
  [
    'two cas of one value',
    [write(1, 0, 1), cas(1, 2, true, 2, 9), cas(1, 3, true, 3, 8)],
    [0, 1, 2],
    /written once/,
  ],
  [
    'two cas of the first value',
    [cas(null, 2, true, 2, 9), cas(null, 3, true, 3, 8)],
    [0, 1],
    /written once/,
  ],
  [
    'one of them proven by a read',
    [write(1, 0, 1), cas(1, 2, true, 2, 9), cas(1, 3, null, 3), read(3, 4, 5)],
    [0, 1, 2, 3],
    /written once/,
  ],
  ['cas in a circle', [cas(1, 2, true, 0, 5), cas(2, 1, true, 1, 4)], [0, 1], /circle/],
  [
    'before the cas that led to it',
    [write(1, 0, 9), read(2, 1, 2), cas(1, 2, true, 3, 4), cas(2, 3, true, 0, 9)],
    [1, 2],
    /before its write was called/,
  ],
  [
    'before the write that led to it',
    [read(2, 1, 2), cas(1, 2, true, 0, 9), write(1, 3, 4)],
    [0, 1, 2],
    /led to it by cas/,
  ],
  [
    'a cas failed for no reason',
    [write(1, 0, 1), cas(1, 2, false, 2, 3), read(1, 4, 5), write(3, 2, 9)],
    [0, 1, 2],
    /although the register held/,
  ],
  [
    'a cas failed with nobody else there',
    [write(1, 0, 1), cas(1, 2, false, 2, 3)],
    [0, 1],
    /no order of the writes/,
  ],
  [
    'two failed cas want one write on either side',
    [write(1, 0, 1), write(2, 2, 9), cas(1, 3, false, 3, 4), cas(2, 4, false, 5, 6), read(2, 7, 8)],
    [0, 1, 2, 3, 4],
    /no order of the writes/,
  ],
  ['a cas with a strange answer', [cas(null, 1, null, 0, 1)], [0], /neither true nor false/],
] as const)('not allowed: %s', (_, operations, rows, rule) => {
  const answer = judge(operations);
  expect(answer).toMatchObject({ verdict: 'invalid', rule: expect.stringMatching(rule) as unknown });
  const places = historyOf(operations).flatMap(({ type, process }) => (type === 'invoke' ? [process] : []));
  const named = answer.verdict === 'invalid' ? answer.rows.map((row) => places[row]) : [];
  expect(named.sort()).toEqual(rows);
});

test.each([
  // A cas that nobody answered counts as done only because the last read is taken to mean the second write.
  [
    'what a guess proves is no proof',
    [cas(9, null, null, 0), cas(null, 1, true, 1, 2), cas(1, 2, null, 3)],
    'undecided',
  ],
  [
    'what a guess proves does not hold a value',
    [cas(null, 1, null, 0), cas(null, 2, false, 1, 3), cas(null, 1, null, 4), cas(1, 4, true, 5, 6)],
    'undecided',
  ],
  [
    'nor does it replace a value twice',
    [
      cas(null, 1, true, 0, 3),
      write(0, 1, 9),
      cas(null, 1, null, 4),
      cas(1, 1, true, 5, 6),
      cas(1, 2, null, 8),
    ],
    'undecided',
  ],
  [
    'who reads which of two',
    [write(1, 0, 9), write(1, 1, 8), read(1, 2, 3), write(2, 4, 5), read(1, 6, 7)],
    'undecided',
  ],
  ['but not before either', [read(1, 0, 1), write(1, 2, 3), write(1, 4, 5)], 'invalid'],
  ['nor from nowhere', [write(1, 0, 1), write(1, 2, 3), read(1, 4, 5), read(2, 6, 7)], 'invalid'],
  [
    'and what has nothing to do with it is judged',
    [write(1, 0, 9), write(1, 1, 8), read(1, 2, 3), write(2, 20, 21), write(3, 22, 23), read(2, 24, 25)],
    'invalid',
  ],
] as const)('repeated values: %s', (_, operations, verdict) => {
  expect(judge(operations)).toMatchObject({ verdict });
});

test('the initial value is a write before everything', () => {
  expect(judge([read(7, 0, 1), write(1, 2, 3)], 7)).toMatchObject({ verdict: 'valid' });
  expect(judge([read({ a: [1] }, 0, 1), cas({ a: [1] }, 2, true, 2, 3)], { a: [1] })).toMatchObject({
    verdict: 'valid',
  });
  expect(judge([write(1, 0, 1), read(7, 2, 3)], 7)).toMatchObject({ verdict: 'invalid' });
  expect(judge([cas(7, 1, false, 0, 1)], 7)).toMatchObject({ verdict: 'invalid' });
  expect(judge([read(null, 0, 1)], 7)).toMatchObject({ verdict: 'invalid' });
});

test('it stands for three models, and says what none of them has', () => {
  for (const model of [register, kv, casRegister]) {
    expect(monitorOf(models[model.name]!)).toBe(registerMonitor);
  }
  expect(() => judge([{ f: 'increment', from: 0, to: 1 }])).toThrow(/knows read, write VALUE and cas/);
  expect(() => judge([{ f: 'cas', value: 1, result: true, from: 0, to: 1 }])).toThrow(/knows read, write/);
});

const runs = fuzzRuns(120);

/** Mostly cas, which expect what was asked for some steps ago, so that many fail and some do not. */
const contended = (initial: Json = null): SimulatedObject => ({
  model: 'register',
  ask: ({ kind, value, other }, unique) => {
    if (kind === 0) return { f: 'read', value: null };
    if (kind <= 2) return { f: 'write', value: unique };
    const expected = kind === 3 ? initial : Math.max(0, unique - 1 - value);
    return { f: 'cas', value: [expected, kind === 4 && other === 0 ? expected : unique] };
  },
  perform: (items, f, value) => {
    const held = items.length === 0 ? initial : (items[0] ?? null);
    return objects['register, unique values']!.perform(items.fill(held), f, value);
  },
  lie: (items, f, _, { value }) => (f === 'read' ? (items[0] ?? value) : f === 'cas' ? value === 0 : null),
});

test.each([
  ['as usual', { object: objects['register, unique values']! }],
  ['many cas', { object: contended(), values: 10, processes: 5 }],
  ['without unknown ones', { object: contended(), values: 6, processes: 3, unknown: 0 }],
  ['with an initial value', { object: contended(77), values: 8, initial: 77 }],
])('decides all histories of unique values as brute force does: %s', (_, options) => {
  const counts = fuzzMonitor({ monitor: registerMonitor, model: register, runs, ...options });
  expect(counts.undecided).toBe(0);
});

test.each([
  ['two', { values: 2 }],
  ['some', { values: 6, processes: 3 }],
])('is not wrong where values repeat: %s', (_, options) => {
  const object = objects['register, repeated values']!;
  fuzzMonitor({ monitor: registerMonitor, model: register, object, runs, ...options });
});

test('agrees with the search on longer histories', () => {
  const few = Math.ceil(runs / 10);
  for (const object of [objects['register, unique values']!, contended()]) {
    const counts = fuzzAgainstSearch({
      monitor: registerMonitor,
      model: register,
      object,
      runs: few,
      values: 8,
    });
    expect(counts.undecided).toBe(0);
  }
  const object = objects['register, repeated values']!;
  fuzzAgainstSearch({ monitor: registerMonitor, model: register, object, runs: few, values: 20 });
});
