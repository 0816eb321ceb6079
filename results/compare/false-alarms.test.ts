import { describe, expect, test } from '@jest/globals';
import { makeRandom, type Random } from '../../core/random.ts';
import { differencesOf, pairsOf } from './differences.ts';
import { roundsByDefault } from './rounds.ts';
import { round } from './synthetic.test-data.ts';
import type { Column } from './schema.ts';

/** How much a figure of one round spreads about its true value: factors, as logarithms. */
interface Noise {
  readonly name: string;
  /** What all figures of a run share, and what each has for itself. */
  readonly shared: (random: Random) => number;
  readonly own: (random: Random) => number;
}

const normal = (random: Random): number =>
  Math.sqrt(-2 * Math.log(1 - random.unit())) * Math.cos(2 * Math.PI * random.unit());

const noises: readonly Noise[] = [
  // Measured: see docs/COMPARE.md.
  {
    name: 'a quiet machine',
    shared: (random) => 0.03 * normal(random),
    own: (random) => 0.03 * normal(random),
  },
  {
    name: 'a machine on which others work',
    shared: (random) => (random.chance(0.2) ? 0.3 : 0.04) * normal(random),
    own: (random) => 0.05 * normal(random),
  },
  {
    name: 'two modes',
    shared: (random) => (random.chance(0.5) ? 0.4 : 0),
    own: (random) => 0.001 * normal(random),
  },
  {
    name: 'tails without a variance',
    shared: (random) => 0.02 * Math.tan(Math.PI * (random.unit() - 0.5)),
    own: (random) => 0.02 * Math.tan(Math.PI * (random.unit() - 0.5)),
  },
  { name: 'figures that hardly differ at all', shared: () => 0, own: (random) => random.int(0, 2) * 1e-4 },
];

const timeLike = ['p50', 'p90', 'p99', 'cpu'];

function columnOf(
  label: string,
  rounds: number,
  noise: Noise,
  slowBy: number,
  drifts: readonly number[],
  random: Random,
): Pick<Column, 'label' | 'rounds'> {
  return {
    label,
    rounds: Array.from({ length: rounds }, (_, i) => {
      const shared = (drifts[i] ?? 0) + noise.shared(random);
      const value = (centre: number, slow: number): number =>
        centre * Math.exp(shared + slow + noise.own(random));
      const slow = Math.log(slowBy);
      const times = timeLike.map((name, at) => [name, value(1 + at, slow)] as const);
      return round(i + 1, {
        ...Object.fromEntries(times),
        throughput: value(2000, -slow),
        messages: 12 * Math.exp(0.002 * normal(random)),
        bytes: 900 * Math.exp(0.002 * normal(random)),
        memory: 6e7 * Math.exp(0.02 * normal(random)),
      });
    }),
  };
}

/** How many of the comparisons found any difference, in whatever metric of whatever pair. */
function found(input: {
  noise: Noise;
  tries: number;
  systems: number;
  slowBy: number;
  seed: number;
}): number {
  const { noise, tries, systems, slowBy, seed } = input;
  const random = makeRandom(seed).fork(noise.name);
  const rounds = roundsByDefault(systems, false);
  let count = 0;
  for (let i = 0; i < tries; i++) {
    // The machine drifts, up to half as fast again over the comparison, the same for all.
    const drift = 0.4 * random.unit();
    const drifts = Array.from({ length: rounds }, (_, r) => (drift * r) / rounds);
    const columns = Array.from({ length: systems }, (_, c) =>
      columnOf(`same#${c}`, rounds, noise, c === 0 ? 1 : slowBy, drifts, random),
    );
    const { differences } = differencesOf({ columns, pairs: pairsOf(columns), isPaired: true, alpha: 0.05 });
    if (differences.some(({ differs }) => differs)) count++;
  }
  return count;
}

describe('the same build twice', () => {
  // Of 200 tries at 5 %, 20 or more would come up by chance once in five hundred times; of 1000, 71 or more once in a thousand times.
  test('differs in at most 5 % of comparisons over all metrics together, whatever the noise', () => {
    const counts = noises.map((noise) => found({ noise, tries: 200, systems: 2, slowBy: 1, seed: 4 }));
    for (const count of counts) expect(count).toBeLessThan(20);
    expect(counts.reduce((sum, count) => sum + count)).toBeLessThan(71);
  });

  test('also where four are compared, each with each', () => {
    const noise = noises[1]!;
    expect(found({ noise, tries: 40, systems: 4, slowBy: 1, seed: 5 })).toBeLessThan(8);
  });
});

describe('a build that is slower by 20 %', () => {
  test('is always found on a quiet machine', () => {
    expect(found({ noise: noises[0]!, tries: 200, systems: 2, slowBy: 1.2, seed: 6 })).toBeGreaterThanOrEqual(
      199,
    );
  });

  test('is mostly found on one where others work', () => {
    expect(found({ noise: noises[1]!, tries: 200, systems: 2, slowBy: 1.2, seed: 7 })).toBeGreaterThanOrEqual(
      160,
    );
  });
});
