import { expect, test } from '@jest/globals';
import { makeRandom } from '../../core/random.ts';
import { orderOf, roundsByDefault, roundsMin } from './rounds.ts';

test('each stands as often in each place, and before and after each other', () => {
  for (const systems of [2, 3, 4]) {
    const rounds = 2 * systems;
    const orders = Array.from({ length: rounds }, (_, round) => orderOf(systems, round, makeRandom(9)));
    for (let place = 0; place < systems; place++) {
      const there = orders.map((order) => order[place]!).sort();
      expect(there).toEqual(Array.from({ length: rounds }, (_, i) => Math.floor(i / 2)));
    }
    for (const order of orders)
      expect([...order].sort()).toEqual(Array.from({ length: systems }, (_, i) => i));
    const earlier = orders.filter((order) => order.indexOf(0) < order.indexOf(1)).length;
    expect(earlier).toBe(rounds / 2);
  }
});

test('a seed decides who is first', () => {
  const order = (seed: number): number[] => orderOf(5, 0, makeRandom(seed));
  expect(order(1)).toEqual(order(1));
  expect(new Set(Array.from({ length: 20 }, (_, seed) => order(seed)[0])).size).toBeGreaterThan(2);
});

test('as many rounds as the comparisons of so many systems need to find anything, and some to spare', () => {
  expect(roundsMin(2, false)).toBe(9); // 2^(1-9) < 0.05 / 8
  expect(roundsMin(4, false)).toBe(11); // 2^(1-11) < 0.05 / 48
  expect(roundsMin(4, true)).toBe(12); // one more metric: 2^(1-12) < 0.05 / 54
  expect(roundsByDefault(2, false)).toBe(15);
});
