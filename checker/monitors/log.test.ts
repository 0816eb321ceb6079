import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Json } from '../../core/json.ts';
import { historyOf, type Asked } from '../../test/judged-run.ts';
import { fuzzMonitor, fuzzRuns } from '../../test/monitor-fuzz.ts';
import { contextFor, faultOf, plainSearch } from '../../test/oracle.ts';
import {
  historyOf as randomHistory,
  objects,
  stepOf,
  type SimulatedObject,
} from '../../test/random-history.ts';
import { operationsIn, tableOf } from '../history/operation-table.ts';
import { log } from '../models/log.ts';
import { logMonitor } from './log.ts';
import type { MonitorVerdict } from './monitor.ts';

/** `0-5 append 7 -> 1`, `6-9 read -> [7]`, and `0- append 7` was never answered. */
function asked(line: string): Asked {
  const [call = '', result = 'null'] = line.split(' -> ');
  const [, from = '', to = '', f = '', value = ''] = /^(\d+)-(\d*) (append|read) ?(.*)$/.exec(call) ?? [];
  const answer = to === '' ? {} : { to: Number(to), result: JSON.parse(result) as Json };
  return { f, value: JSON.parse(value === '' ? 'null' : value) as Json, from: Number(from), ...answer };
}

/** The monitor's answer; that it has a linearization is checked as well. */
function judged(lines: readonly string[], initial?: Json): MonitorVerdict {
  const table = tableOf(historyOf(lines.map(asked)));
  const answer = logMonitor.judge(table, contextFor(log, initial));
  if (answer.verdict === 'valid') expect(faultOf(answer.linearization(), table, log, initial)).toBeNull();
  return answer;
}

test.each<readonly [string, string[]]>([
  ['lengths tell the order', ['0-9 append 1 -> 2', '1-8 append 2 -> 1', '10-12 read -> [2,1]']],
  [
    'without lengths the reads tell it',
    ['0-9 append 1 -> null', '1-8 append 2 -> null', '10-12 read -> [2,1]'],
  ],
  ['a read may miss what is under way', ['0-9 append 1 -> 1', '1-8 read -> []', '2-7 read -> [1]']],
  [
    'nobody read the last ones',
    ['0-2 append 1 -> null', '3-4 read -> [1]', '5-9 append 2 -> null', '6-8 append 3 -> null'],
  ],
  ['an append that nobody answered never was', ['0- append 1', '2-4 append 2 -> 1', '5-6 read -> [2]']],
  ['it was there, late', ['0- append 1', '2-4 append 2 -> 1', '5-6 read -> [2]', '7-8 read -> [2,1]']],
  ['a length shows that it was there', ['0- append 1', '2-4 append 2 -> 2']],
  ['a length is made up of what was answered without one', ['0-9 append 1 -> null', '2-4 append 2 -> 2']],
  [
    'one value several times, told apart by lengths',
    ['0-1 append 1 -> 1', '2-3 append 1 -> 2', '4-5 read -> [1,1]'],
  ],
  [
    'one value several times, in a row',
    ['0-1 append 1 -> null', '2-3 append 1 -> null', '4-5 read -> [1,1]'],
  ],
  [
    'values that are alike but for the order of names',
    ['0-1 append {"a":1,"b":2} -> 1', '2-3 read -> [{"b":2,"a":1}]'],
  ],
])('allowed: %s', (_, lines) => {
  expect(judged(lines)).toMatchObject({ verdict: 'valid' });
});

test.each<readonly [string, string[], string]>([
  ['a list that nobody made', ['0-1 append 1 -> 1', '2-3 read -> [2]'], 'another value at the place'],
  ['a value from nowhere', ['0-1 append 1 -> null', '2-3 read -> [1,2]'], 'was not appended'],
  ['a value twice', ['0-1 append 1 -> null', '2-3 read -> [1,1]'], 'twice'],
  [
    'an older list after a newer one',
    ['0-1 append 1 -> 1', '2-3 read -> [1]', '4-5 read -> []'],
    'real time',
  ],
  ['an append is lost', ['0-1 append 1 -> null', '2-3 read -> []'], 'does not have it'],
  [
    'an append is lost, and its length is taken',
    ['0-1 append 1 -> 1', '2-3 append 2 -> 1'],
    'the same length',
  ],
  [
    'two orders',
    ['0-9 append 1 -> null', '1-8 append 2 -> null', '10-11 read -> [1,2]', '12-13 read -> [2,1]'],
    'orders',
  ],
  ['a length that too few appends make up', ['0-1 append 1 -> 2', '2-3 append 2 -> null'], 'do not add up'],
  ['a length that no number of appends makes up', ['0-1 append 1 -> 3'], 'cannot have'],
  ['lengths fall', ['0-1 append 1 -> 2', '2-3 append 2 -> 1'], 'real time'],
  ['no list', ['0-1 read -> 7'], 'no list'],
  ['no length', ['0-1 append 7 -> "yes"'], 'cannot have'],
  ['a length before it was called', ['0-1 read -> [1]', '2-3 append 1 -> 1'], 'real time'],
])('not allowed: %s', (_, lines, rule) => {
  expect(judged(lines)).toMatchObject({ verdict: 'invalid', rule: expect.stringContaining(rule) as unknown });
});

test('what was there at first', () => {
  const initial = [1, 2];
  expect(judged(['0-1 append 1 -> 3', '2-3 read -> [1,2,1]'], initial).verdict).toBe('valid');
  expect(judged(['0-1 append 1 -> 1'], initial).verdict).toBe('invalid');
  expect(judged(['0-1 read -> [1]'], initial).verdict).toBe('invalid');
  expect(judged(['0-1 read -> [2,1]'], initial).verdict).toBe('invalid');
  expect(judged(['0-1 append 3 -> 1'], 'none').verdict).toBe('undecided');
});

test('the rows that contradict each other', () => {
  expect(judged(['0-1 append 1 -> 1', '2-3 read -> [1]', '4-5 read -> []', '6-7 read -> [1]'])).toMatchObject(
    {
      rows: expect.arrayContaining([1, 2]) as unknown,
    },
  );
});

const runs = fuzzRuns(150);
const unique = objects['log, unique values']!;
const repeated = objects['log, repeated values']!;
/** Appends answer null: all of them, or every other one. */
const silent = (object: SimulatedObject, every: 1 | 2): SimulatedObject => ({
  ...object,
  perform: (items, f, value) => {
    const result = object.perform(items, f, value);
    return f === 'append' && Number(result) % every === 0 ? null : result;
  },
});
const begun = (object: SimulatedObject, initial: readonly Json[]): SimulatedObject => ({
  ...object,
  initial,
});
/** Some reads miss the last value. */
const stale = (object: SimulatedObject): SimulatedObject => ({
  ...object,
  perform: (items, f, value) =>
    f === 'read' && items.length % 3 === 2 ? items.slice(0, -1) : object.perform(items, f, value),
});

test.each([
  ['lengths', unique],
  ['no lengths', silent(unique, 1)],
  ['some lengths', silent(unique, 2)],
  ['some lengths, stale reads', stale(silent(unique, 2))],
  ['something at first', begun(silent(unique, 2), [3, 4])],
])('unique values are all decided, as by brute force: %s', (_, object) => {
  const given = { monitor: logMonitor, model: log, object, runs, unknown: 4 };
  const counts = fuzzMonitor({ ...given, ...(object.initial !== undefined && { initial: object.initial }) });
  expect(counts.undecided).toBe(0);
});

test.each([
  ['lengths', repeated],
  ['no lengths', silent(repeated, 1)],
  ['some lengths, stale reads', stale(silent(repeated, 2))],
  ['something at first', begun(silent(repeated, 2), [0, 1])],
])('repeated values are decided as by brute force, or not at all: %s', (_, object) => {
  const given = { monitor: logMonitor, model: log, object, runs, unknown: 4 };
  const counts = fuzzMonitor({ ...given, ...(object.initial !== undefined && { initial: object.initial }) });
  expect(counts.undecided).toBeLessThan(runs / 10);
});

test.each([
  ['lengths', unique],
  ['some lengths', silent(unique, 2)],
  ['some lengths, repeated', silent(repeated, 2)],
])('longer histories are decided as by a search: %s', (_, object) => {
  const steps = fc.array(stepOf(4, 6), { minLength: 50, maxLength: 120, size: 'max' });
  fc.assert(
    fc.property(steps, (given) => {
      const table = tableOf(randomHistory(given, object, { operations: 40, unknown: 3 }));
      const answer = logMonitor.judge(table, contextFor(log));
      const status = plainSearch(operationsIn(table), log, 5000);
      if (answer.verdict === 'undecided' || status === 'unknown') return;
      expect(answer.verdict).toBe(status === 'found' ? 'valid' : 'invalid');
      if (answer.verdict === 'valid') expect(faultOf(answer.linearization(), table, log)).toBeNull();
    }),
    { numRuns: Math.ceil(runs / 5) },
  );
});
