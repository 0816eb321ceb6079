import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Json } from '../../core/json.ts';
import { intervalHistory } from '../../test/interval-history.ts';
import { fuzzMonitor, fuzzRuns } from '../../test/monitor-fuzz.ts';
import { contextFor, faultOf } from '../../test/oracle.ts';
import { historyOf, objects, stepOf, type SimulatedObject } from '../../test/random-history.ts';
import { never, operationsIn, tableOf, type OperationTable } from '../history/operation-table.ts';
import { stack } from '../models/stack.ts';
import type { MonitorVerdict } from './monitor.ts';
import { stackMonitor } from './stack.ts';

function judge(words: readonly string[], initial?: Json): MonitorVerdict {
  const table = intervalHistory(words, ['push']);
  const verdict = stackMonitor.judge(table, contextFor(stack, initial));
  if (verdict.verdict === 'valid') expect(faultOf(verdict.linearization(), table, stack, initial)).toBeNull();
  return verdict;
}

describe('all answers are known', () => {
  test('last in, first out', () => {
    const words = ['push a 1-2', 'push b 3-4', 'pop b 5-6', 'pop a 7-8', 'pop nothing 9-10'];
    expect(judge(words).verdict).toBe('valid');
    expect(judge([...words.slice(0, 2), 'pop a 5-6', 'pop b 7-8'])).toEqual({
      verdict: 'invalid',
      rule: 'a value was popped from below one that was pushed later and still there',
      rows: [0, 1, 2, 3],
    });
    expect(judge(['push a 1-3', 'push b 2-4', 'pop a 5-6', 'pop b 7-8']).verdict).toBe('valid');
    expect(judge(['push a 1-2', 'push b 3-4', 'pop a 5-8', 'pop b 6-7']).verdict).toBe('valid');
  });

  test('what is on top may be left there, what is below may not be got', () => {
    expect(judge(['push a 1-2', 'push b 3-4', 'pop b 5-6']).verdict).toBe('valid');
    expect(judge(['push a 1-2', 'push b 3-4', 'pop a 5-6'])).toMatchObject({
      verdict: 'invalid',
      rows: [0, 1, 2],
    });
  });

  test('Hendler, Shavit & Yerushalmi 2004: push and pop that overlap eliminate each other', () => {
    expect(judge(['push a 1-2', 'push b 3-6', 'pop b 4-5', 'pop a 7-8']).verdict).toBe('valid');
    expect(judge(['push a 1-2', 'push c 3-4', 'push b 5-', 'pop b 6-7', 'pop c 8-9']).verdict).toBe('valid');
  });

  test('never pushed, popped before, popped twice', () => {
    expect(judge(['pop a 1-2'])).toMatchObject({
      rule: 'a value was popped that was never pushed',
      rows: [0],
    });
    expect(judge(['pop a 1-2', 'push a 3-4'])).toMatchObject({
      rule: 'a value was popped before it was pushed',
      rows: [0, 1],
    });
    expect(judge(['push a 1-2', 'pop a 3-4', 'pop a 5-6'])).toMatchObject({
      rule: 'a value was popped twice',
      rows: [0, 1, 2],
    });
  });

  test('empty, though one or another value is there all the time', () => {
    const words = ['push a 1-2', 'pop nothing 3-7', 'push b 4-5', 'pop a 6-9', 'pop b 8-10'];
    expect(judge(words)).toMatchObject({
      rule: 'a pop found nothing while something was there all the time',
      rows: [0, 1, 2, 3, 4],
    });
    expect(judge(words.with(1, 'pop nothing 3-8').with(4, 'pop b 7-10')).verdict).toBe('valid');
    expect(judge(['push a 1-2', 'pop nothing 3-6', 'pop a 4-8', 'push b 5-7']).verdict).toBe('valid');
  });

  test('LiMo (Abdulla et al. 2025), figure 11: no two values contradict each other, but three do', () => {
    const figure11 = [
      'push 1 1-3',
      'push 2 2-5',
      'pop nothing 4-11',
      'pop 1 6-7',
      'push 3 8-9',
      'pop 2 10-13',
      'pop 3 12-14',
    ];
    expect(judge(figure11)).toMatchObject({ verdict: 'invalid' });
  });

  test('three values, of which the first and the last are not there at once', () => {
    const words = ['push a 1-3', 'push b 2-5', 'push c 4-8', 'pop a 6-7', 'pop b 9-10', 'pop c 11-12'];
    expect(judge(words)).toEqual({
      verdict: 'invalid',
      rule: 'values were there one or another all the time, and none of them can have been at the bottom all that time',
      rows: [0, 1, 2, 3, 4, 5],
    });
    for (const value of ['a', 'b', 'c']) {
      expect(judge(words.filter((line) => !line.includes(value + ' '))).verdict).toBe('valid');
    }
  });
});

describe('what is there at first', () => {
  test('is popped last of all, the last of it first', () => {
    const words = ['push c 1-2', 'pop c 3-4', 'pop b 5-6', 'pop a 7-8', 'pop nothing 9-10'];
    expect(judge(words, ['a', 'b']).verdict).toBe('valid');
    expect(judge(words, ['b', 'a'])).toMatchObject({ verdict: 'invalid', rows: [2, 3] });
    expect(judge(words.slice(0, 3), ['a', 'b']).verdict).toBe('valid');
    expect(judge(words, ['d', 'a', 'b']).verdict).toBe('invalid');
  });

  test('is a list without null', () => {
    expect(() => judge([], { a: 1 })).toThrow(/a stack begins with a list/);
  });
});

describe('operations without an answer', () => {
  test('a pop may have taken what was above, if it was called in time', () => {
    const lost = ['push a 1-2', 'push b 3-4', 'pop a 5-7'];
    expect(judge(lost).verdict).toBe('invalid');
    expect(judge([...lost, 'pop ? 6-']).verdict).toBe('valid');
    expect(judge([...lost, 'pop ? 8-'])).toMatchObject({ verdict: 'invalid', rows: [0, 1, 2, 3] });
  });

  test('more is lost than pops can have taken', () => {
    const words = ['push a 1-2', 'push b 3-4', 'push c 5-6', 'pop ? 7-', 'pop a 8-9'];
    expect(judge(words)).toMatchObject({
      verdict: 'invalid',
      rule: 'more values must have been gone than every pop without an answer can have taken in time',
      rows: [0, 1, 2, 3, 4],
    });
    expect(judge(['pop ? 0-', ...words]).verdict).toBe('valid');
    // One of them comes too late, whoever takes it.
    expect(judge([...words, 'pop ? 10-']).verdict).toBe('invalid');
  });

  test('the only pop in time is not always for the first that needs one', () => {
    // x lies above v, and y above u; v is popped so slowly that the second pop is in time for x.
    const words = [
      'push v 1-2',
      'push x 3-4',
      'pop ? 5-',
      'pop v 6-13',
      'push u 7-8',
      'push y 9-10',
      'pop u 11-12',
    ];
    expect(judge(words).verdict).toBe('invalid');
    expect(judge([...words.with(3, 'pop v 6-14'), 'pop ? 13-']).verdict).toBe('valid');
    expect(judge([...words, 'pop ? 14-']).verdict).toBe('invalid');
  });

  test('an empty stack needs all that is lost to be gone', () => {
    expect(judge(['push x 1-2', 'pop ? 3-', 'pop nothing 4-7', 'push y 5-6']).verdict).toBe('valid');
    expect(judge(['push x 1-2', 'pop ? 3-', 'push y 4-5', 'pop nothing 6-7'])).toEqual({
      verdict: 'invalid',
      rule: 'a pop found nothing, though more was there than every pop without an answer can have taken',
      rows: [0, 1, 2, 3],
    });
    expect(judge(['push x 1-2', 'pop nothing 3-4', 'pop ? 5-'])).toEqual({
      verdict: 'invalid',
      rule: 'a pop found nothing while something was there all the time',
      rows: [0, 1],
    });
  });

  test('a push that nobody saw may be missing', () => {
    expect(judge(['push x 1-', 'pop nothing 2-3', 'pop x 4-5', 'pop nothing 6-7']).verdict).toBe('valid');
    expect(judge(['push x 1-', 'push y 2-3', 'pop y 4-5', 'pop nothing 6-7']).verdict).toBe('valid');
  });
});

describe('values that repeat', () => {
  test('one is gone before the next comes', () => {
    const words = ['push a 1-2', 'push b 3-4', 'pop b 5-6', 'push b 7-8', 'pop b 9-10'];
    expect(judge([...words, 'pop a 11-12']).verdict).toBe('valid');
    expect(judge([...words.slice(0, 4), 'pop a 9-10', 'pop b 11-12'])).toMatchObject({
      verdict: 'invalid',
      rows: [0, 1, 2, 3, 4, 5],
    });
  });

  test('nobody knows which is meant', () => {
    const words = ['push a 1-2', 'push a 3-4', 'pop a 5-7', 'pop a 6-8'];
    expect(judge(words).verdict).toBe('undecided');
    expect(judge([...words, 'pop a 9-10'])).toMatchObject({
      rule: 'a value was popped more often than it was pushed',
    });
  });
});

/** Often takes the second item, or finds nothing. */
const sloppy: SimulatedObject = {
  ...objects['stack, unique values']!,
  perform: (items, f, value) => {
    if (f === 'push') return objects['stack, unique values']!.perform(items, f, value);
    if (items.length % 4 === 3) return null;
    return items.splice(items.length % 2 === 0 ? -2 : -1, 1)[0] ?? null;
  },
};

describe('against brute force', () => {
  test.each([
    ['unique values', objects['stack, unique values']!],
    ['not empty at first', objects['stack, not empty at first']!],
    ['a sloppy stack', sloppy],
  ])('%s: always decided', (_, object) => {
    const { initial = [] } = object;
    const counts = fuzzMonitor({ monitor: stackMonitor, model: stack, object, initial, runs: fuzzRuns(300) });
    expect(counts.undecided).toBe(0);
    expect(counts.valid).toBeGreaterThan(10);
    expect(counts.invalid).toBeGreaterThan(0);
  });

  test.each(['stack, repeated values', 'stack, repeated values, not empty at first'])('%s', (name) => {
    const object = objects[name]!;
    const { initial = [] } = object;
    const counts = fuzzMonitor({ monitor: stackMonitor, model: stack, object, initial, runs: fuzzRuns(200) });
    expect(counts.valid).toBeGreaterThan(10);
  });
});

/** The same operations among many others of a long history. */
const amongOthers = (table: OperationTable): OperationTable => ({
  ...table,
  called: table.called.map((position) => position * 1000),
  returned: table.returned.map((position) => (position === never ? never : position * 1000)),
  values: { ...table.values, count: () => 1_000_000 },
});

test.each([
  ['unique values', objects['stack, unique values']!],
  ['a sloppy stack', sloppy],
])('agrees with the search on longer histories, and on parts of long ones: %s', (_, object) => {
  const context = contextFor(stack);
  fc.assert(
    fc.property(fc.array(stepOf(4, 6), { minLength: 60, maxLength: 110, size: 'max' }), (steps) => {
      const table = tableOf(historyOf(steps, object, { operations: 22, unknown: 5 }));
      const answer = stackMonitor.judge(table, context);
      const { status } = context.search(operationsIn(table), undefined);
      if (status !== 'unknown') expect(answer.verdict).toBe(status === 'found' ? 'valid' : 'invalid');
      if (answer.verdict === 'valid') expect(faultOf(answer.linearization(), table, stack)).toBeNull();
      expect(stackMonitor.judge(amongOthers(table), context).verdict).toBe(answer.verdict);
    }),
    { numRuns: Math.ceil(fuzzRuns(300) / 5) },
  );
});

test('what a stack does not have', () => {
  expect(() => judge(['peek x 1-2'])).toThrow(/the model stack knows push/);
});
