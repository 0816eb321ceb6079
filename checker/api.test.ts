import { expect, test } from '@jest/globals';
import { check, matchers, models, recordHistory, type HistoryEntry, type Model } from './api.ts';

const register = models['register']!;

const entriesOf = (lines: readonly (readonly [number, HistoryEntry['type'], string, unknown?])[]) =>
  lines.map(([process, type, f, value]) => ({ process, type, f, value }) as HistoryEntry);

/** Two writes that overlap, and a read of the second after which nobody wrote. */
const good = entriesOf([
  [1, 'invoke', 'write', 1],
  [2, 'invoke', 'write', 2],
  [2, 'ok', 'write'],
  [1, 'ok', 'write'],
  [1, 'invoke', 'read'],
  [1, 'ok', 'read', 2],
]);
const stale = entriesOf([
  [1, 'invoke', 'write', 1],
  [1, 'ok', 'write'],
  [1, 'invoke', 'write', 2],
  [1, 'ok', 'write'],
  [2, 'invoke', 'read'],
  [2, 'ok', 'read', 1],
]);

test('valid: with an order that proves it', () => {
  const result = check(good, register);
  expect(result.verdict).toBe('valid');
  if (result.verdict !== 'valid') return;
  const order = result.linearization();
  expect(order.map(({ f, value, result: answer }) => [f, value, answer])).toEqual([
    ['write', 1, null],
    ['write', 2, null],
    ['read', null, 2],
  ]);
  expect(order.map(({ process }) => process)).toEqual([1, 2, 1]);
  expect(result.coverage).toMatchObject({ operations: 3, orderedPairs: 2, concurrentPairs: 1 });
});

test('invalid: with a reason and a counterexample', () => {
  const result = check(stale, register);
  expect(result.verdict).toBe('invalid');
  expect(result.reason).toContain('read -> 1');
  if (result.verdict === 'invalid') expect(JSON.stringify(result.counterexample)).toContain('"read"');
});

/** A machine that counts coins: three pure functions are a model. */
const purse: Model<number> = {
  name: 'purse',
  initial: (given) => (typeof given === 'number' ? given : 0),
  step: (coins, { f, value, result }) => {
    if (f === 'count') return result === undefined || result === coins ? coins : null;
    if (f === 'put') return coins + Number(value);
    const took = coins >= Number(value);
    return result === undefined || result === took ? (took ? coins - Number(value) : coins) : null;
  },
  fingerprint: String,
};

test("a user's own model", () => {
  const entries = entriesOf([
    [1, 'invoke', 'put', 3],
    [1, 'ok', 'put'],
    [1, 'invoke', 'take', 2],
    [2, 'invoke', 'take', 2],
    [1, 'ok', 'take', true],
    [2, 'ok', 'take', false],
    [1, 'invoke', 'count'],
    [1, 'ok', 'count', 1],
  ]);
  expect(check(entries, purse).verdict).toBe('valid');
  expect(check(entries, purse, { initial: 1 }).verdict).toBe('invalid');
  expect(check(entries, purse, { initial: 0 }).verdict).toBe('valid');
});

test('a limit of time gives no verdict', () => {
  // Everybody puts another amount at once, and the count fits no sum: all subsets must be tried.
  const history = recordHistory();
  const calls = Array.from({ length: 30 }, (_, i) => history.invoke({ process: i, f: 'put', value: 2 ** i }));
  const count = history.invoke({ process: 99, f: 'count' });
  count.ok(-1);
  for (const call of calls) call.ok();
  const result = check(history.entries, purse, { timeMs: 100 });
  expect(result.verdict).toBe('unknown');
  expect(result.reason).toContain('time');
});

test.each([
  ['a completion of nothing', entriesOf([[1, 'ok', 'read', 1]]), /never invoked/],
  [
    'two at once',
    entriesOf([
      [1, 'invoke', 'read'],
      [1, 'invoke', 'read'],
    ]),
    /invokes while/,
  ],
  [
    'no such operation',
    entriesOf([
      [1, 'invoke', 'push', 1],
      [1, 'ok', 'push'],
    ]),
    /the model register knows/,
  ],
])('throws on %s', (_, entries, expected) => {
  expect(() => check(entries, register)).toThrow(expected);
});

test('a recorded history has its events in the order of what happened', async () => {
  const history = recordHistory();
  await history.record({ process: 1, f: 'write', value: 5 }, () => Promise.resolve());
  const read = history.invoke({ process: 2, f: 'read' });
  await expect(
    history.record({ process: 3, f: 'write', value: 6 }, () => Promise.reject(new Error('lost'))),
  ).rejects.toThrow('lost');
  read.ok(6);
  history.invoke({ process: 4, f: 'write', value: 7 }).fail();
  expect(history.entries.map(({ process, type, value }) => [process, type, value])).toEqual([
    [1, 'invoke', 5],
    [1, 'ok', null],
    [2, 'invoke', undefined],
    [3, 'invoke', 6],
    [3, 'info', 6],
    [2, 'ok', 6],
    [4, 'invoke', 7],
    [4, 'fail', 7],
  ]);
  expect(check(history.entries, register).verdict).toBe('valid');
});

test('the matcher fails with the proof, and in both directions on unknown', () => {
  expect(matchers.toBeLinearizable(good, register).pass).toBe(true);
  const { pass, message } = matchers.toBeLinearizable(stale, register);
  expect(pass).toBe(false);
  expect(message()).toMatch(/expected the history to be linearizable \(register\).*invalid: /);
  const forever = { timeMs: -1 };
  const undecidable = entriesOf([
    [1, 'invoke', 'put', 1],
    [1, 'ok', 'put'],
  ]);
  expect(matchers.toBeLinearizable(undecidable, purse, forever).pass).toBe(false);
  expect(matchers.toBeLinearizable.call({ isNot: true }, undecidable, purse, forever).pass).toBe(true);
});
