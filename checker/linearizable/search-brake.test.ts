import type { Model } from '../../core/model.ts';
import { makeBrake } from './search-brake.ts';
import { makeSearch } from './search.ts';

test('a clock is looked at after so many choices, and after fewer where the model is asked', () => {
  let asked = 0;
  let looks = 0;
  const brake = makeBrake({ asked: () => asked });
  brake.release(() => {
    looks += 1;
    return looks === 5;
  });
  for (let i = 0; i < 1024; i++) expect(brake.isPulled()).toBe(false);
  expect(looks).toBe(4);
  let choices = 0;
  for (; !brake.isPulled(); choices++) asked += 4;
  expect(choices).toBe(4);
  expect(brake.isPulled()).toBe(true);
});

/** Any step takes 10 ms, and each operation makes a state of its own. */
function slowModel(tick: () => void): Model<string> {
  return {
    name: 'slow',
    initial: () => '',
    step: (state, { f, value }) => {
      tick();
      return f === 'add' ? `${state} ${JSON.stringify(value)}` : null;
    },
    fingerprint: (state) => state,
  };
}

test.each([true, false])(
  'a search stops in time, however slow the model (which tells what is pure: %s)',
  (tells) => {
    let now = 0;
    const model = slowModel(() => (now += 10));
    const told: Model<string> = tells ? { ...model, isPure: () => false } : model;
    const count = 24;
    const operations = Array.from({ length: count + 1 }, (_, i) => ({
      f: i < count ? 'add' : 'never',
      key: null,
      value: i,
      result: null,
      called: i,
      returned: 100 + i,
    }));
    const search = makeSearch(told, { operations }, { windowBytes: 1 << 20 });
    for (const until of [1000, 3000, 60_000]) {
      expect(search.run(1e9, () => now >= until)).toBe('running');
      expect(now).toBeGreaterThanOrEqual(until);
      // A few steps between two looks at the clock, and all that one choice may ask for.
      expect(now).toBeLessThan(until + 10 * (16 + count));
    }
  },
);
