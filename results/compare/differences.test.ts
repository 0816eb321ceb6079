import { describe, expect, test } from '@jest/globals';
import { differencesOf, pairsOf } from './differences.ts';
import { round } from './synthetic.test-data.ts';

const rounds = (values: readonly number[], more: Record<string, number> = {}) =>
  values.map((p50, i) => round(i + 1, { p50, ...more }));
/** Ten rounds about a centre, each a little off in its own way. */
const about = (centre: number, turn = 0): number[] =>
  Array.from({ length: 10 }, (_, i) => centre * (1 + 0.01 * Math.sin(i * 2.4 + turn)));

const of = (columns: readonly { label: string; rounds: ReturnType<typeof rounds> }[], isPaired = true) =>
  differencesOf({ columns, pairs: pairsOf(columns), isPaired, alpha: 0.05 });

describe('in turn', () => {
  test('a difference in every round is one, with its ratio; lower is better', () => {
    const { differences, best } = of([
      { label: 'a', rounds: rounds(about(1)) },
      { label: 'b', rounds: rounds(about(1.2, 1)) },
    ]);
    expect(differences).toHaveLength(1);
    expect(differences[0]).toMatchObject({
      metric: 'p50',
      a: 'a',
      b: 'b',
      differs: true,
      better: 'a',
      rounds: 10,
    });
    expect(differences[0]!.ratio).toBeCloseTo(1.2, 2);
    expect(differences[0]!.low).toBeGreaterThan(1.18);
    expect(differences[0]!.high).toBeLessThan(1.22);
    expect(best).toEqual({ p50: 'a' });
  });

  test('of throughput, more is better', () => {
    const columns = [100, 80].map((throughput, c) => ({
      label: `${c}`,
      rounds: about(1).map((noise, i) => round(i + 1, { throughput: throughput * noise + c })),
    }));
    expect(of(columns).best).toEqual({ throughput: '0' });
  });

  test('rounds that drift alike do not hide it; rounds that are not in turn do', () => {
    const drift = Array.from({ length: 10 }, (_, i) => 1 + i / 2);
    const columns = [
      { label: 'a', rounds: rounds(about(1).map((value, i) => value * drift[i]!)) },
      { label: 'b', rounds: rounds(about(1.2, 1).map((value, i) => value * drift[i]!)) },
    ];
    expect(of(columns).differences[0]!.differs).toBe(true);
    expect(of(columns, false).differences[0]!.differs).toBe(false);
  });

  test('a round that one of the two lacks, or in which ftcheck had trouble, is left out', () => {
    const a = rounds(about(1));
    const b = rounds(about(1.2));
    const columns = [
      { label: 'a', rounds: [...a.slice(0, 3), { ...a[3]!, trouble: 'disk full' }, ...a.slice(4)] },
      { label: 'b', rounds: b.slice(1) },
    ];
    expect(of(columns).differences[0]).toMatchObject({ rounds: 8, differs: true });
  });

  test('too few rounds call nobody better, however far apart, and say how many it takes', () => {
    const { differences, best } = of([
      { label: 'a', rounds: rounds(about(1).slice(0, 5)) },
      { label: 'b', rounds: rounds(about(100).slice(0, 5)) },
    ]);
    expect(differences[0]).toMatchObject({ differs: false, better: null, low: null, high: null });
    expect(differences[0]!.ratio).toBeCloseTo(100, 5);
    expect(differences[0]!.why).toBe('5 rounds cannot be sure of 1 comparison: at least 6 are needed');
    expect(best).toEqual({});
  });

  test('who is better than one and not surely than another is not the best', () => {
    const { differences, best } = of([
      { label: 'a', rounds: rounds(about(1)) },
      { label: 'b', rounds: rounds(about(1.0005, 2)) },
      { label: 'c', rounds: rounds(about(2, 1)) },
    ]);
    expect(differences.map(({ better }) => better)).toEqual([null, 'a', 'b']);
    expect(best).toEqual({});
  });

  test('more comparisons make each harder', () => {
    const nearly = about(1).map((value, i) => value / (1 + 0.02 * (i + 1)));
    const alone = of([
      { label: 'a', rounds: rounds(about(1)) },
      { label: 'b', rounds: rounds(nearly) },
    ]);
    const more = { p90: 5, p99: 9, throughput: 100, messages: 12, bytes: 900, cpu: 1, memory: 5e7 };
    const many = of([
      { label: 'a', rounds: rounds(about(1), more) },
      { label: 'b', rounds: rounds(nearly, more) },
    ]);
    expect(alone.comparisons).toBe(1);
    expect(many.comparisons).toBe(8);
    const [one, other] = [alone.differences[0]!, many.differences[0]!];
    expect(one.differs).toBe(true);
    expect(other.high!).toBeGreaterThan(one.high!);
  });
});

test('an outage that never ended is worse than any that did', () => {
  const columns = [
    { label: 'ends', rounds: about(1).map((ms, i) => round(i + 1, {}, { outagesMs: [100 * ms, 200 * ms] })) },
    { label: 'stays', rounds: about(1).map((_, i) => round(i + 1, {}, { outagesMs: [100, null] })) },
  ];
  expect(of(columns).differences).toMatchObject([
    { metric: 'outage', differs: true, better: 'ends', ratio: null, low: null, high: null },
  ]);
});
