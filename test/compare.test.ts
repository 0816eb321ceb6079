import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { ftcheck } from './command-line.ts';
import { makeFolder } from './processes.ts';

/** What this test reads of a comparison. */
interface Comparison {
  readonly kind: string;
  readonly columns: readonly {
    readonly label: string;
    readonly rounds: readonly {
      readonly runDir: string;
      readonly seed: number;
      readonly verdict: string;
      readonly values: Readonly<Record<string, number | null>>;
    }[];
  }[];
  readonly thresholds: readonly { readonly verdict: string }[];
}

const parsed = (text: string): Comparison => JSON.parse(text) as Comparison;

test('two short rounds of two systems, in turn: stored runs, figures, files, and again from what is stored', async () => {
  using folder = makeFolder();
  const at = (name: string): string => join(folder.path, name);
  const files = ['save', 'html', 'markdown'].map((name) => `--${name}=${at(name)}`);
  const made = await ftcheck(
    ...['compare', '--impls=simple,passive', '--rounds=2', '--duration=1500ms', '--seed=5', '--json'],
    ...[`--out=${at('runs')}`, '--threshold=messages<1', '--threshold=p50<+1%', ...files],
  );
  expect(made.stderr).toMatch(/round 1 of 2: [\s\S]*round 2 of 2: /);
  const comparison = parsed(made.stdout);
  expect(comparison).toMatchObject({
    kind: 'paired',
    columns: [{ label: 'simple' }, { label: 'passive' }],
  });
  for (const { label, rounds } of comparison.columns) {
    expect(rounds.map(({ seed }) => seed)).toEqual([5, 6]);
    for (const { runDir, values } of rounds) {
      expect(runDir).toContain(label);
      expect(existsSync(join(runDir, 'verdict.json'))).toBe(true);
      expect(values['throughput']).toBeGreaterThan(10);
      expect(values['messages']).toBeGreaterThan(label === 'simple' ? 1.9 : 5);
      if (process.platform === 'linux') expect(values['memory']).toBeGreaterThan(20e6);
    }
  }
  // Two rounds decide nothing: every threshold stays open, and that fails only with --strict.
  expect(comparison.thresholds.map(({ verdict }) => verdict)).toEqual([
    'undecided',
    'undecided',
    'undecided',
  ]);
  const verdicts = comparison.columns.flatMap(({ rounds }) => rounds.map(({ verdict }) => verdict));
  expect(made.code).toBe(verdicts.includes('invalid') ? 1 : verdicts.includes('unknown') ? 2 : 0);
  expect(readFileSync(at('html'), 'utf8')).toContain('<svg');
  expect(readFileSync(at('markdown'), 'utf8')).toContain('| latency p50 |');
  expect(parsed(readFileSync(at('save'), 'utf8'))).toEqual(comparison);

  const strict = await ftcheck('compare', at('save'), '--threshold=messages<1', '--strict');
  expect(strict.code).toBe(1);
  expect(strict.stdout).toContain('messages<1: passive undecided');

  const runs = readdirSync(at('runs')).filter((name) => name !== 'latest');
  const [one = '', other = ''] = runs.map((name) => join(at('runs'), name));
  const single = await ftcheck('compare', one, other);
  expect(single.stdout).toContain('one run each cannot tell drift from difference');
  expect(single.stdout).toMatch(/latency p50 [-+]?\d/);
});
