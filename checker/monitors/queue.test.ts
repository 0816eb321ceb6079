import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Json } from '../../core/json.ts';
import { intervalHistory } from '../../test/interval-history.ts';
import { fuzzMonitor, fuzzRuns } from '../../test/monitor-fuzz.ts';
import { contextFor, faultOf } from '../../test/oracle.ts';
import { historyOf, objects, stepOf, type SimulatedObject } from '../../test/random-history.ts';
import { never, operationsIn, tableOf, type OperationTable } from '../history/operation-table.ts';
import { queue } from '../models/queue.ts';
import type { MonitorVerdict } from './monitor.ts';
import { queueMonitor } from './queue.ts';

function judge(words: readonly string[], initial?: Json): MonitorVerdict {
  const table = intervalHistory(words, ['enqueue']);
  const verdict = queueMonitor.judge(table, contextFor(queue, initial));
  if (verdict.verdict === 'valid') expect(faultOf(verdict.linearization(), table, queue, initial)).toBeNull();
  return verdict;
}

describe('Herlihy & Wing 1990, section 1.2', () => {
  test('H1: overlapping enqueues come out in either order', () => {
    const h1 = ['enqueue x 1-4', 'enqueue y 2-3', 'dequeue x 5-6', 'dequeue y 7-8', 'enqueue z 9-'];
    expect(judge(h1).verdict).toBe('valid');
  });

  test('H2: y before x, which was enqueued before it', () => {
    expect(judge(['enqueue x 1-2', 'enqueue y 3-5', 'dequeue y 4-6'])).toEqual({
      verdict: 'invalid',
      rule: 'a value was dequeued, and one that was enqueued before it never was',
      rows: [0, 1, 2],
    });
  });

  test('H3: dequeued before its enqueue returns', () => {
    expect(judge(['enqueue x 1-', 'dequeue x 2-3']).verdict).toBe('valid');
  });

  test('H4: dequeued twice', () => {
    const h4 = ['enqueue x 1-3', 'enqueue y 2-4', 'dequeue y 5-7', 'dequeue y 6-8'];
    expect(judge(h4)).toEqual({ verdict: 'invalid', rule: 'a value was dequeued twice', rows: [1, 2, 3] });
  });
});

describe('Henzinger, Sezgin & Vafeiadis 2013', () => {
  test('VFresh: a value that nobody enqueued', () => {
    expect(judge(['enqueue x 1-2', 'dequeue y 3-4'])).toEqual({
      verdict: 'invalid',
      rule: 'a value was dequeued that was never enqueued',
      rows: [1],
    });
    expect(judge(['dequeue x 1-2', 'enqueue x 3-4'])).toEqual({
      verdict: 'invalid',
      rule: 'a value was dequeued before it was enqueued',
      rows: [0, 1],
    });
  });

  test('VOrd: two values in the opposite order of their enqueues', () => {
    const words = ['enqueue x 1-2', 'enqueue y 3-4', 'enqueue z 5-6', 'dequeue y 7-8', 'dequeue x 9-10'];
    expect(judge(words)).toEqual({
      verdict: 'invalid',
      rule: 'two values were dequeued in the opposite order of their enqueues',
      rows: [0, 1, 3, 4],
    });
    expect(judge([...words.slice(0, 3), 'dequeue y 7-10', 'dequeue x 8-9']).verdict).toBe('valid');
  });

  test('VWit: empty, though one or another value is there all the time', () => {
    const words = [
      'enqueue a 1-2',
      'enqueue b 3-4',
      'dequeue nothing 5-12',
      'dequeue a 6-7',
      'enqueue c 8-9',
      'dequeue b 10-11',
      'dequeue c 13-14',
    ];
    expect(judge(words)).toEqual({
      verdict: 'invalid',
      rule: 'a dequeue found nothing while something was there all the time',
      rows: [1, 2, 4, 5, 6],
    });
    expect(judge(words.with(4, 'enqueue c 8-15')).verdict).toBe('valid');
  });
});

describe('what is there at first', () => {
  test('comes out first, in its order', () => {
    const words = [
      'enqueue c 1-2',
      'dequeue a 3-4',
      'dequeue b 5-6',
      'dequeue c 7-8',
      'dequeue nothing 9-10',
    ];
    expect(judge(words, ['a', 'b']).verdict).toBe('valid');
    expect(judge(words, ['b', 'a'])).toMatchObject({ verdict: 'invalid', rows: [1, 2] });
    expect(judge(words, ['a', 'b', 'd']).verdict).toBe('invalid');
  });

  test('is a list without null', () => {
    expect(() => judge([], 'a')).toThrow(/a queue begins with a list/);
    expect(() => judge([], ['a', null])).toThrow(/a queue begins with a list/);
  });
});

describe('operations without an answer', () => {
  const lost = ['enqueue x 1-2', 'enqueue y 3-4', 'dequeue y 5-8'];

  test('a dequeue may have taken what was overtaken, if it was called in time', () => {
    expect(judge(lost).verdict).toBe('invalid');
    expect(judge([...lost, 'dequeue ? 6-']).verdict).toBe('valid');
    expect(judge([...lost, 'dequeue ? 9-']).verdict).toBe('invalid');
  });

  test('two values are lost, and one dequeue can have taken one', () => {
    const words = ['enqueue x 1-2', 'dequeue ? 3-', 'enqueue y 4-5', 'enqueue z 6-7', 'dequeue z 8-9'];
    expect(judge(words)).toEqual({
      verdict: 'invalid',
      rule: 'values were dequeued, and more that were enqueued before them never were than every dequeue without an answer can have taken',
      rows: [0, 1, 2, 3, 4],
    });
    expect(judge([...words, 'dequeue ? 10-']).verdict).toBe('invalid');
    expect(judge([...words.slice(0, 4), 'dequeue ? 8-', 'dequeue z 9-10']).verdict).toBe('valid');
  });

  test('an empty queue is a deadline, too, and the instant is chosen', () => {
    // The first instant at which it can be empty has one value before it, the later one two; only one dequeue can have taken any.
    const words = ['enqueue x 1-2', 'dequeue ? 3-', 'dequeue nothing 4-7', 'enqueue y 5-6'];
    expect(judge(words).verdict).toBe('valid');
    expect(judge([...words.slice(0, 2), 'enqueue y 4-6', 'dequeue nothing 5-7']).verdict).toBe('valid');
    expect(judge(['enqueue x 1-2', 'dequeue ? 3-', 'enqueue y 4-5', 'dequeue nothing 6-7'])).toEqual({
      verdict: 'invalid',
      rule: 'a dequeue found nothing, though more was there than every dequeue without an answer can have taken',
      rows: [0, 1, 2, 3],
    });
  });

  test('what an earlier call took to keep a later deadline is missing at an empty queue', () => {
    // One dequeue in time for x, which was there before the queue was empty, or for y, which z overtook.
    const words = [
      'enqueue x 1-2',
      'dequeue ? 3-',
      'dequeue nothing 4-5',
      'enqueue y 6-7',
      'enqueue z 8-9',
      'dequeue z 10-12',
    ];
    expect(judge(words).verdict).toBe('invalid');
    expect(judge([...words, 'dequeue ? 11-']).verdict).toBe('valid');
  });

  test('an enqueue that nobody saw may be missing', () => {
    expect(
      judge(['enqueue x 1-', 'dequeue nothing 2-3', 'dequeue x 4-5', 'dequeue nothing 6-7']).verdict,
    ).toBe('valid');
    expect(judge(['enqueue x 1-', 'enqueue y 2-3', 'dequeue y 4-5', 'dequeue nothing 6-7']).verdict).toBe(
      'valid',
    );
  });
});

describe('values that repeat', () => {
  test('one after the other they come out in order', () => {
    const words = ['enqueue a 1-2', 'enqueue b 3-4', 'enqueue a 5-6', 'dequeue a 7-8', 'dequeue b 9-10'];
    expect(judge([...words, 'dequeue a 11-12']).verdict).toBe('valid');
    expect(judge([...words.slice(0, 4), 'dequeue a 9-10', 'dequeue b 11-12'])).toMatchObject({
      verdict: 'invalid',
      rows: [0, 1, 2, 3, 4, 5],
    });
  });

  test('more often out than in', () => {
    expect(
      judge(['enqueue a 1-2', 'dequeue a 3-4', 'enqueue a 5-6', 'dequeue a 7-8', 'dequeue a 9-10']),
    ).toEqual({
      verdict: 'invalid',
      rule: 'a value was dequeued more often than it was enqueued',
      rows: [0, 1, 2, 3, 4],
    });
  });

  test('nobody knows which is meant', () => {
    const words = ['enqueue a 1-3', 'enqueue a 2-4', 'dequeue a 5-7', 'dequeue a 6-8'];
    expect(judge(words).verdict).toBe('undecided');
    // What is left without them is refuted all the same.
    expect(judge([...words, 'enqueue b 9-10', 'dequeue nothing 11-12']).verdict).toBe('invalid');
  });
});

/** Often takes the second item, or finds nothing. */
const sloppy: SimulatedObject = {
  ...objects['queue, unique values']!,
  perform: (items, f, value) => {
    if (f === 'enqueue') return objects['queue, unique values']!.perform(items, f, value);
    if (items.length % 4 === 3) return null;
    return items.splice(items.length > 1 && items.length % 2 === 0 ? 1 : 0, 1)[0] ?? null;
  },
};

describe('against brute force', () => {
  test.each([
    ['unique values', objects['queue, unique values']!],
    ['not empty at first', objects['queue, not empty at first']!],
    ['a sloppy queue', sloppy],
  ])('%s: always decided', (_, object) => {
    const { initial = [] } = object;
    const counts = fuzzMonitor({ monitor: queueMonitor, model: queue, object, initial, runs: fuzzRuns(300) });
    expect(counts.undecided).toBe(0);
    expect(counts.valid).toBeGreaterThan(10);
    expect(counts.invalid).toBeGreaterThan(0);
  });

  test.each(['queue, repeated values', 'queue, repeated values, not empty at first'])('%s', (name) => {
    const object = objects[name]!;
    const { initial = [] } = object;
    const counts = fuzzMonitor({ monitor: queueMonitor, model: queue, object, initial, runs: fuzzRuns(200) });
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
  ['unique values', objects['queue, unique values']!],
  ['a sloppy queue', sloppy],
])('agrees with the search on longer histories, and on parts of long ones: %s', (_, object) => {
  const context = contextFor(queue);
  fc.assert(
    fc.property(fc.array(stepOf(4, 6), { minLength: 60, maxLength: 110, size: 'max' }), (steps) => {
      const table = tableOf(historyOf(steps, object, { operations: 26, unknown: 5 }));
      const answer = queueMonitor.judge(table, context);
      const { status } = context.search(operationsIn(table), undefined);
      if (status !== 'unknown') expect(answer.verdict).toBe(status === 'found' ? 'valid' : 'invalid');
      if (answer.verdict === 'valid') expect(faultOf(answer.linearization(), table, queue)).toBeNull();
      expect(queueMonitor.judge(amongOthers(table), context).verdict).toBe(answer.verdict);
    }),
    { numRuns: Math.ceil(fuzzRuns(300) / 5) },
  );
});

test('what a queue does not have', () => {
  expect(() => judge(['peek x 1-2'])).toThrow(/the model queue knows enqueue/);
});
