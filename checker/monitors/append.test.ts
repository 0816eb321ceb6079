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
import { kvAppend } from '../models/kv-append.ts';
import { kvAppendMonitor } from './append.ts';
import type { MonitorVerdict } from './monitor.ts';

/** `0-5 append a`, `6-9 get "a"`, and `0- append a` was never answered; `""` is nothing. */
function asked(line: string): Asked {
  const [, from = '', to = '', f = '', text = ''] =
    /^(\d+)-(\d*) (get|put|append) ?"?(.*?)"?$/.exec(line) ?? [];
  const answer = to === '' ? {} : { to: Number(to), result: f === 'get' ? text : null };
  return { f, value: f === 'get' ? null : text, from: Number(from), ...answer };
}

/** The monitor's answer; that it has a linearization is checked as well. */
function judged(lines: readonly string[], initial?: Json): MonitorVerdict {
  const table = tableOf(historyOf(lines.map(asked)));
  const answer = kvAppendMonitor.judge(table, contextFor(kvAppend, initial));
  if (answer.verdict === 'valid')
    expect(faultOf(answer.linearization(), table, kvAppend, initial)).toBeNull();
  return answer;
}

test.each<readonly [string, string[]]>([
  ['a read tells the order', ['0-9 append a', '1-8 append b', '10-11 get "ba"']],
  ['a read may miss what is under way', ['0-9 append a', '1-2 get ""', '3-4 get "a"']],
  ['a put begins anew', ['0-1 append a', '2-3 put b', '4-5 append c', '6-7 get "bc"']],
  ['nobody read the last ones', ['0-1 append a', '2-3 get "a"', '4-9 append b', '5-8 put c']],
  ['a put that nobody answered never was', ['0- put x', '2-3 append a', '4-5 get "a"']],
  [
    'it was there, and somebody read it',
    ['0- put x', '2-3 append a', '4-5 get "xa"', '6- append b', '8-9 get "xab"'],
  ],
  [
    'an append to nothing or a put',
    ['0-1 append a', '2-3 get "a"', '4-5 put a', '6-7 append b', '8-9 get "ab"'],
  ],
  ['one piece twice, in a row', ['0-1 append a', '2-3 append a', '4-5 get "aa"']],
  [
    'one piece twice, read once each',
    ['0-1 append a', '2-3 get "a"', '4-5 put b', '6-7 append a', '8-9 get "ba"'],
  ],
  ['one put twice', ['0-1 put a', '2-3 get "a"', '4-5 put b', '6-7 put a', '8-9 get "a"']],
  ['a put of nothing', ['0-1 append a', '2-3 get "a"', '4-5 put ""', '6-7 get ""']],
  ['an append of nothing', ['0-1 append a', '2-3 append ""', '4-5 get "a"']],
  ['pieces in each other, one way only', ['0-1 append ab', '2-3 append abc', '4-5 get "ababc"']],
])('allowed: %s', (_, lines) => {
  expect(judged(lines)).toMatchObject({ verdict: 'valid' });
});

test.each<readonly [string, string[], string]>([
  ['a text from nowhere', ['0-1 append a', '2-3 get "b"'], 'nothing written adds up'],
  ['a piece is lost', ['0-1 append a', '2-3 append b', '4-5 get "b"'], 'still there after'],
  ['a piece twice', ['0-1 append a', '2-3 get "aa"'], 'in two places'],
  ['old after new', ['0-1 append a', '2-3 get "a"', '4-5 get ""'], 'real time'],
  ['two orders', ['0-9 append a', '1-8 append b', '10-11 get "ab"', '12-13 get "ba"'], 'nothing was put'],
  [
    'two orders after a put',
    ['0-1 put x', '2-9 append a', '3-8 append b', '10-11 get "xab"', '12-13 get "xba"'],
    'after the same put',
  ],
  ['a put is lost', ['0-1 append a', '2-3 put b', '4-5 get "a"'], 'still there after'],
  [
    'a put comes back',
    ['0-1 put a', '2-3 put b', '4-5 get "b"', '6-7 get "a"'],
    'each was there before the other was gone',
  ],
  ['read before it was written', ['0-1 get "a"', '2-3 append a'], 'real time'],
  [
    'the second of two equal ones, too early',
    ['0-1 append a', '2-3 get "aa"', '4-5 append a'],
    'too late for it',
  ],
  [
    'the first of two equal puts, too late',
    ['0-1 put a', '2-3 put b', '4-5 get "a"', '6-7 put a'],
    'too late for it',
  ],
])('not allowed: %s', (_, lines, rule) => {
  expect(judged(lines)).toMatchObject({ verdict: 'invalid', rule: expect.stringContaining(rule) as unknown });
});

test('texts that can be cut in several ways are left to a search', () => {
  expect(judged(['0-1 append ab', '2-3 append a', '4-5 append b', '6-7 get "abab"']).verdict).toBe(
    'undecided',
  );
});

test('what was there at first', () => {
  expect(judged(['0-1 append a', '2-3 get "xa"'], 'x').verdict).toBe('valid');
  expect(judged(['0-1 append a', '2-3 get "a"'], 'x').verdict).toBe('invalid');
  expect(judged(['0-1 put x', '2-3 get "x"'], 'x').verdict).toBe('valid');
  expect(judged(['0-1 get "x"'], 7).verdict).toBe('undecided');
});

test('an answer that is no text', () => {
  const table = tableOf(historyOf([{ f: 'get', from: 0, to: 1, result: null }]));
  expect(kvAppendMonitor.judge(table, contextFor(kvAppend))).toMatchObject({ verdict: 'invalid', rows: [0] });
});

/** Porcupine's tests: clients that start anew count from 0 again, so that what was written once comes again, much later. */
test('two rounds with the same pieces', () => {
  const round = (from: number, before: string): string[] => [
    `${from}-${from + 9} append x 0 0 y`,
    `${from + 1}-${from + 8} append x 1 0 y`,
    `${from + 10}-${from + 11} get "${before}x 1 0 yx 0 0 y"`,
  ];
  const twice = [...round(0, ''), ...round(20, 'x 1 0 yx 0 0 y')];
  expect(judged(twice).verdict).toBe('valid');
  expect(judged([...twice, '40-41 get "x 1 0 yx 0 0 y"'])).toMatchObject({ verdict: 'invalid' });
  expect(judged([...round(0, ''), '15-16 put z', ...round(20, 'z')]).verdict).toBe('valid');
  expect(
    judged([...round(0, ''), '15-16 put x 1 0 y', '20-21 append x 0 0 y', '22-23 get "x 1 0 yx 0 0 y"'])
      .verdict,
  ).toBe('valid');
});

const runs = fuzzRuns(100);
const unique = objects['kv-append, unique pieces']!;
const repeated = objects['kv-append, repeated pieces']!;

/** The same object, with other pieces; every `putEvery`-th of the writes that may be puts is one. */
const writing = (pieceOf: (unique: number, value: number) => string, putEvery: number): SimulatedObject => ({
  ...repeated,
  ask: ({ kind, value, other }, number) => {
    if (kind % 3 === 0) return { f: 'get', value: null };
    const isPut = kind % 3 === 1 && other % putEvery === 0;
    return { f: isPut ? 'put' : 'append', value: pieceOf(number, value) };
  },
});
/** Every other get answers what was there one or two writes ago. */
const stale = (object: SimulatedObject): SimulatedObject => ({
  ...object,
  perform: (items, f, value) => {
    const [text = '', gets = 0, before = '', longBefore = ''] = items as [string?, number?, string?, string?];
    items.splice(1, 3, gets + 1, ...(f === 'get' ? [before, longBefore] : [text, before]));
    if (f === 'get' && gets % 2 === 1) return gets % 4 === 1 ? before : longBefore;
    return object.perform(items, f, value);
  },
});
const begun = (object: SimulatedObject, initial: string): SimulatedObject => ({
  ...object,
  initial,
  perform: (items, f, value) => {
    if (items.length === 0) items.push(initial);
    return object.perform(items, f, value);
  },
});
const given = (object: SimulatedObject) => ({
  monitor: kvAppendMonitor,
  model: kvAppend,
  object,
  runs,
  unknown: 4,
  ...(object.initial !== undefined && { initial: object.initial }),
});

test.each([
  ['mostly appends', unique],
  ['many puts', writing((number) => `${number},`, 1)],
  ['stale gets', stale(unique)],
  ['stale gets, many puts', stale(writing((number) => `${number},`, 1))],
  ['something at first', begun(unique, 'x')],
])('unique pieces are all decided, as by brute force: %s', (_, object) => {
  expect(fuzzMonitor(given(object)).undecided).toBe(0);
});

test.each([
  ['pieces in each other', repeated],
  ['pieces in each other, something at first', begun(repeated, 'a')],
  ['numbers without an end', stale(writing((number) => String(number % 7 === 0 ? 10 + number : number), 3))],
  ['no puts', stale(writing((number) => 'abcabcab'.slice(0, 1 + (number % 3)), 100))],
  ['five pieces', stale(writing((number) => `${number % 5},`, 2))],
  ['two pieces', stale(writing((number) => `${number % 2},`, 2))],
  [
    'two pieces, one at first',
    begun(
      writing((number) => `${number % 2},`, 2),
      '1,',
    ),
  ],
  ['unique, or nothing', stale(writing((number, value) => (value === 0 ? '' : `${number},`), 2))],
])('repeated pieces are decided as by brute force, or not at all: %s', (_, object) => {
  expect(fuzzMonitor(given(object)).undecided).toBeLessThan(runs / 5);
});

test.each([
  ['unique', stale(unique)],
  ['seven pieces', writing((number) => `${number % 7},`, 2)],
  ['pieces in each other', repeated],
])('longer histories are decided as by a search: %s', (_, object) => {
  const steps = fc.array(stepOf(4, 6), { minLength: 50, maxLength: 120, size: 'max' });
  fc.assert(
    fc.property(steps, (some) => {
      const table = tableOf(randomHistory(some, object, { operations: 40, unknown: 3 }));
      const answer = kvAppendMonitor.judge(table, contextFor(kvAppend));
      const status = plainSearch(operationsIn(table), kvAppend, 3000);
      if (answer.verdict === 'undecided' || status === 'unknown') return;
      expect(answer.verdict).toBe(status === 'found' ? 'valid' : 'invalid');
      if (answer.verdict === 'valid') expect(faultOf(answer.linearization(), table, kvAppend)).toBeNull();
    }),
    { numRuns: Math.ceil(runs / 5) },
  );
});
