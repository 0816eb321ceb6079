import { expect, test } from '@jest/globals';
import type { Json } from '../../core/json.ts';
import { historyOf, type Asked } from '../../test/judged-run.ts';
import { fuzzMonitor, fuzzRuns } from '../../test/monitor-fuzz.ts';
import { fuzzAgainstSearch } from '../../test/monitor-search.ts';
import { contextFor, faultOf } from '../../test/oracle.ts';
import { objects, type SimulatedObject } from '../../test/random-history.ts';
import { tableOf } from '../history/operation-table.ts';
import { lock } from '../models/lock.ts';
import { lockMonitor } from './lock.ts';
import type { MonitorVerdict } from './monitor.ts';

const grant = (token: number): Json => ({ token, since: 10 * token });
const grantOrNull = (token: number): Json => (token === 0 ? null : grant(token));

/** From a time to a time; without a second one there was no answer. A token of 0 is none: it was held, or free. */
type Times = readonly [from: number, to?: number];
const during = ([from, to]: Times): Pick<Asked, 'from' | 'to'> =>
  to === undefined ? { from } : { from, to };
const acquire = (token: number, ...times: Times): Asked => ({
  f: 'acquire',
  result: grantOrNull(token),
  ...during(times),
});
const read = (token: number, ...times: Times): Asked => ({
  f: 'read',
  result: grantOrNull(token),
  ...during(times),
});
const release = (token: number, answer: boolean, ...times: Times): Asked => ({
  f: 'release',
  value: token,
  result: answer,
  ...during(times),
});

function judge(operations: readonly Asked[]): MonitorVerdict {
  const table = tableOf(historyOf(operations));
  const answer = lockMonitor.judge(table, contextFor(lock));
  if (answer.verdict === 'valid') expect(faultOf(answer.linearization(), table, lock)).toBeNull();
  return answer;
}

test.each([
  ['nothing', []],
  ['refused while a release is under way', [acquire(1, 0, 1), release(1, true, 2, 9), acquire(0, 4, 5)]],
  ['a higher token was asked for first', [acquire(2, 0, 9), acquire(1, 1, 8), release(1, true, 2, 7)]],
  [
    'a holder whose acquire had no answer',
    [acquire(1, 0), read(1, 1, 2), release(1, true, 3, 4), read(0, 5, 6)],
  ],
  [
    'a release without an answer comes late',
    [acquire(1, 0, 1), release(1, true, 2), read(1, 3, 4), read(0, 5, 6)],
  ],
  [
    'refused for ever by nobody knows whom',
    [acquire(1, 0), acquire(0, 1, 2), read(1, 3, 4), acquire(0, 5, 6)],
  ],
  [
    'a hold that nobody met, ended by a release that nobody answered',
    [acquire(1, 0), acquire(0, 1, 2), release(7, true, 3), acquire(8, 4, 5)],
  ],
  [
    'two of them',
    [
      acquire(1, 0),
      acquire(2, 1),
      acquire(0, 2, 3),
      release(5, true, 4),
      read(0, 5, 6),
      acquire(0, 7, 8),
      release(6, true, 9),
      acquire(7, 10, 11),
    ],
  ],
  [
    'a release that finds nothing, at the time of the hold',
    [acquire(1, 0, 5), release(1, false, 1, 4), read(1, 6, 7)],
  ],
])('allowed: %s', (_, operations) => {
  expect(judge(operations)).toMatchObject({ verdict: 'valid' });
});

test.each([
  [
    'found free, and then held, while one release was under way',
    [acquire(1, 0, 1), release(1, true, 2, 9), read(0, 3, 4), acquire(0, 5, 6)],
    /acquire found the lock held/,
  ],
  [
    'found held, and then free, while one acquire was under way',
    [acquire(1, 0, 9), acquire(0, 1, 2), read(0, 3, 4)],
    /read found the lock free/,
  ],
  [
    'refused to the holder',
    [acquire(1, 0, 1), release(1, false, 2, 3), read(1, 4, 5)],
    /release was refused/,
  ],
  [
    'against the order of tokens',
    [acquire(2, 0, 1), release(2, true, 2, 3), acquire(1, 4, 5), release(1, true, 6, 7)],
    /order of their tokens/,
  ],
  ['two holders', [acquire(1, 0, 1), acquire(2, 2, 3), release(1, true, 4, 5)], /holds overlap/],
  ['nobody can have released it', [acquire(1, 0, 1), acquire(2, 2, 3)], /nobody had released it/],
  ['a token twice', [acquire(1, 0, 1), acquire(1, 2, 3)], /given twice/],
  [
    'one acquire for two tokens',
    [acquire(1, 0), read(1, 1, 2), release(1, true, 3, 4), read(2, 5, 6)],
    /no acquire/,
  ],
  ['an acquire that came too late', [read(1, 0, 1), acquire(1, 2)], /order of their tokens/],
  ['an answer of another kind', [{ f: 'read', result: 'mine', from: 0, to: 1 }], /none that a lock gives/],
] as const)('not allowed: %s', (_, operations, rule) => {
  const answer = judge(operations);
  expect(answer).toMatchObject({ verdict: 'invalid', rule: expect.stringMatching(rule) as unknown });
});

test.each([
  ['an operation of another object', [{ f: 'lock', from: 0, to: 1 }]],
  ['a release of no token', [{ f: 'release', result: true, from: 0, to: 1 }]],
  ['a release with no answer to go by', [{ f: 'release', value: 1, result: null, from: 0, to: 1 }]],
])('left to others: %s', (_, operations) => {
  expect(judge(operations)).toMatchObject({ verdict: 'undecided' });
});

const runs = fuzzRuns(300);

/** A lock that some acquires and reads do not respect: their argument, which means nothing to a lock, says so. */
const forgetful: SimulatedObject = {
  ...objects['lock']!,
  ask: ({ kind, value, other }) => {
    if (kind % 5 === 0) return { f: 'read', value: other };
    return kind % 5 < 3 ? { f: 'release', value: value + 1 } : { f: 'acquire', value: other };
  },
  perform: (items, f, value) => {
    const [last = 0, holder = 0, before = 0] = items as number[];
    if (f === 'read') return grantOrNull(value === 0 ? before : holder);
    if (f === 'release') {
      if (holder !== value) return false;
      items.splice(0, 3, last, 0, holder);
      return true;
    }
    if (holder !== 0 && value !== 0) return null;
    items.splice(0, 3, last + 1, last + 1, holder);
    return grant(last + 1);
  },
};

test.each([
  ['tokens 1 to 4', objects['lock']!, 4],
  ['tokens 1 and 2', objects['lock']!, 2],
  ['forgets releases', forgetful, 3],
] as const)('agrees with brute force and decides all: %s', (_, object, values) => {
  const counts = fuzzMonitor({ monitor: lockMonitor, model: lock, object, runs, values, unknown: 4 });
  expect(counts.undecided).toBe(0);
  expect(Math.min(counts.valid, counts.invalid)).toBeGreaterThan(runs / 20);
});

test('agrees with the search on longer histories', () => {
  const object = objects['lock']!;
  const counts = fuzzAgainstSearch({
    monitor: lockMonitor,
    model: lock,
    object,
    runs: Math.ceil(runs / 10),
    values: 8,
  });
  expect(counts.undecided).toBe(0);
});
