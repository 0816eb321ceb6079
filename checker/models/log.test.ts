import { expect, test } from '@jest/globals';
import { UsageError } from '../../core/errors.ts';
import type { Json } from '../../core/json.ts';
import type { ModelOperation } from '../../core/model.ts';
import { log } from './log.ts';

const operation = (f: string, value: Json, result?: Json): ModelOperation => ({ f, key: 'k', value, result });

/** The state after these, in words; null: they are not what the object answers. */
function after(operations: readonly ModelOperation[], initial?: Json): string | null {
  let list = log.initial(initial);
  for (const each of operations) {
    const next = log.step(list, each);
    if (next === null) return null;
    list = next;
  }
  return log.describeState?.(list) ?? '';
}

test('append and read', () => {
  expect(after([operation('append', 7, 1), operation('append', 8), operation('read', null, [7, 8])])).toBe(
    '[7, 8]',
  );
  expect(after([operation('append', 7, 2)])).toBeNull();
  expect(after([operation('read', null, [7])])).toBeNull();
});

test('an append may answer no length', () => {
  expect(after([operation('append', 7, null), operation('append', 8, 2)])).toBe('[7, 8]');
});

test('what is there at first', () => {
  expect(after([operation('append', 7, 3), operation('read', null, [1, 2, 7])], [1, 2])).toBe('[1, 2, 7]');
  expect(() => log.initial('none')).toThrow(UsageError);
});

test('equal lists have one fingerprint, others another', () => {
  const empty = log.initial();
  const made = (values: readonly Json[]) =>
    values.reduce<ReturnType<typeof log.initial>>(
      (list, value) => log.step(list, operation('append', value))!,
      empty,
    );
  const lists = [[], [1], [2], [1, 2], [2, 1], [{ a: 1, b: 2 }], [1, { b: 2 }]].map(made);
  expect(new Set(lists.map(log.fingerprint)).size).toBe(lists.length);
  expect(made([{ b: 2, a: 1 }])).toBe(made([{ a: 1, b: 2 }]));
  expect(made([2, 1])).toBe(made([2, 1]));
});
