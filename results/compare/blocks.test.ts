import { expect, test } from '@jest/globals';
import { makeRandom, type Random } from '../../core/random.ts';
import { quantile } from '../statistics.ts';
import { blockDifferences, type SingleRun } from './blocks.ts';

const exponential = (random: Random): number => -Math.log(1 - random.unit());

/** A run of 5 s; in each of its 20 blocks of time the system is as slow as `pace` says. */
function run(
  label: string,
  mean: number,
  random: Random,
  pace: (block: number) => number = () => 1,
): SingleRun {
  const operations = Array.from({ length: 600 }, (_, i) => ({
    endMs: (i * 5000) / 600,
    latencyMs: mean * exponential(random) * pace(Math.floor(i / 30)),
  }));
  return { label, operations, measuredMs: 5000 };
}

const of = (a: SingleRun, b: SingleRun) => blockDifferences(a, b, 0.05, makeRandom(1));

test('the ratio is that of the runs, whatever was drawn', () => {
  const random = makeRandom(2);
  const [a, b] = [run('a', 1, random), run('b', 1.5, random)];
  const exact = (one: SingleRun, q: number): number =>
    quantile(Float64Array.from(one.operations, ({ latencyMs }) => latencyMs ?? 0).sort(), q) ?? NaN;
  const found = of(a, b);
  expect(found.map(({ metric }) => metric)).toEqual(['p50', 'p90', 'p99', 'throughput']);
  for (const [i, q] of [0.5, 0.9, 0.99].entries()) {
    expect(found[i]!.ratio).toBeCloseTo(exact(b, q) / exact(a, q), 9);
    expect(found[i]!.low!).toBeLessThan(found[i]!.ratio!);
    expect(found[i]!.high!).toBeGreaterThan(found[i]!.ratio!);
  }
  expect(found[0]).toMatchObject({ differs: true, better: null });
  expect(found[3]!.ratio).toBe(1);
});

test('the same system twice mostly does not differ, in any figure', () => {
  const random = makeRandom(3);
  let count = 0;
  for (let i = 0; i < 20; i++) {
    const found = of(run('a', 1, random), run('b', 1, random));
    if (found.some(({ differs }) => differs)) count++;
  }
  expect(count).toBeLessThanOrEqual(2);
});

test('operations of one time depend on each other: slow times make the interval wider', () => {
  const random = makeRandom(4);
  const width = (pace: (block: number) => number): number => {
    const [p50] = of(run('a', 1, random, pace), run('b', 1, random, pace));
    return Math.log(p50!.high! / p50!.low!);
  };
  const steady = width(() => 1);
  const uneven = width((block) => (block % 4 === 0 ? 4 : 1));
  expect(uneven).toBeGreaterThan(2 * steady);
});

test('throughput is by time, not by run', () => {
  const random = makeRandom(5);
  const a = run('a', 1, random);
  const b = { ...run('b', 1, random), measuredMs: 10_000 };
  const longer = {
    ...b,
    operations: [...b.operations, ...b.operations.map((one) => ({ ...one, endMs: one.endMs + 5000 }))],
  };
  const throughput = of(a, longer).find(({ metric }) => metric === 'throughput')!;
  expect(throughput.ratio).toBeCloseTo(1, 9);
});

test('a run without operations has nothing to say', () => {
  expect(of({ label: 'a', operations: [], measuredMs: 5000 }, run('b', 1, makeRandom(6)))).toEqual([]);
});
