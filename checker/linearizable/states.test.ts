import type { Model } from '../../core/model.ts';
import { makeStates } from './states.ts';
import { sizeOf } from './states-size.ts';

/** The largest number seen, and how often `step` was asked. */
function makeLargest(): { readonly model: Model<number>; asked(): number } {
  let asked = 0;
  const model: Model<number> = {
    name: 'largest',
    initial: () => 0,
    step: (state, { value }) => {
      asked += 1;
      return typeof value !== 'number' ? null : Math.max(state, value);
    },
    fingerprint: String,
  };
  return { model, asked: () => asked };
}

const kindsFrom = (values: readonly (number | null)[]) => ({
  kindCount: values.length,
  kindAt: (kind: number) => ({ f: 'see', key: null, value: values[kind] ?? null, result: null }),
});

test('a model is asked once for each pair of a state and a kind', () => {
  const { model, asked } = makeLargest();
  const states = makeStates(model, kindsFrom([3, 7, null, 5]), {}, undefined);
  for (let round = 0; round < 3; round++) {
    expect(states.next(0, 0)).toBe(1);
    expect(states.next(1, 1)).toBe(2);
    expect(states.next(2, 0)).toBe(2);
    expect(states.next(1, 2)).toBe(-1);
    expect(states.next(0, 3)).toBe(3);
  }
  expect(asked()).toBe(5);
  expect(states.asked()).toBe(5);
  expect([0, 1, 2, 3].map((state) => states.stateAt(state))).toEqual([0, 3, 7, 5]);
});

test('with too many pairs for a table, answers are the same', () => {
  const values = Array.from({ length: 3000 }, (_, i) => i);
  const { model } = makeLargest();
  const states = makeStates(model, kindsFrom(values), {}, undefined);
  let state = 0;
  for (const [kind, value] of values.entries()) {
    state = states.next(state, kind);
    expect(states.stateAt(state)).toBe(value);
    expect(states.next(state, 0)).toBe(state);
  }
  expect(states.count()).toBe(3000);
  expect(states.bytes()).toBeLessThan(6e6);
});

test('all but a few are forgotten, and those have new numbers', () => {
  const { model } = makeLargest();
  const states = makeStates(model, kindsFrom([3, 7, 5]), {}, undefined);
  const [three, seven] = [states.next(0, 0), states.next(0, 1)];
  const before = states.bytes();
  expect(states.isWhole()).toBe(true);
  states.keepOnly([seven, three]);
  expect(states.isWhole()).toBe(false);
  expect([states.stateAt(0), states.stateAt(1), states.count()]).toEqual([7, 3, 2]);
  expect(states.bytes()).toBeLessThan(before);
  expect(states.next(1, 1)).toBe(0);
  expect(states.next(0, 2)).toBe(0);
  expect(states.stateAt(states.next(1, 2))).toBe(5);
});

test('the size of a state grows with what is in it, and what lies deep counts as shared', () => {
  const size = (state: unknown): number => sizeOf(state, '') - sizeOf(null, '');
  expect(size(Array.from({ length: 1000 }, (_, i) => i))).toBeGreaterThan(7000);
  expect(size(Array.from({ length: 1000 }, (_, i) => i))).toBeLessThan(12_000);
  expect(size(Array.from({ length: 1000 }, (_, i) => ({ i })))).toBeGreaterThan(30_000);
  expect(size(new Map(Array.from({ length: 1000 }, (_, i) => [i, i])))).toBeGreaterThan(20_000);
  expect(size(new Uint8Array(5000))).toBeGreaterThan(5000);
  type Node = { before: Node | null };
  let list: Node = { before: null };
  for (let i = 0; i < 1000; i++) list = { before: list };
  expect(size(list)).toBeLessThan(500);
});
