import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { makeRandom } from '../../core/random.ts';
import type { Paint } from '../summary.ts';
import { columnOf, comparisonOf } from './comparison.ts';
import { renderPage } from './html.ts';
import { judgeThresholds } from './judge-thresholds.ts';
import { renderMarkdown } from './markdown.ts';
import { comparisonJsonSchema, comparisonSchema, type Comparison, type Round } from './schema.ts';
import { round } from './synthetic.test-data.ts';
import { renderTable } from './table.ts';
import { parseThreshold } from './thresholds.ts';
import { changeText, valueText } from './units.ts';

const same = (text: string): string => text;
const plain: Paint = { bold: same, dim: same, green: same, red: same, yellow: same, inverse: same };

const roundsOf = (factor: number, count: number, changes: Partial<Round> = {}): Round[] =>
  Array.from({ length: count }, (_, i) => {
    const noise = 1 + 0.01 * Math.sin(i * 2.4 + factor);
    return round(
      i + 1,
      {
        p50: 1.5 * factor * noise,
        p90: 3 * factor * noise,
        p99: 9 * factor * noise,
        max: 30,
        throughput: (2500 / factor) * noise,
        messages: 12.3,
        bytes: 904,
        cpu: 0.5 * factor * noise,
        memory: 6e7 * noise,
        'memory.peak': 7e7,
      },
      changes,
    );
  });

function comparison(
  systems: Readonly<Record<string, readonly Round[]>>,
  thresholds: readonly string[] = [],
): Comparison {
  const columns = Object.entries(systems).map(([label, rounds]) =>
    columnOf(
      {
        label,
        impl: 'passive',
        options: { acks: 'all' },
        source: null,
        rounds: rounds.map((one) => ({
          round: one,
          latenciesMs: [1, 2, 3],
          nodes: { n1: { cpuShare: 0.4, rssMeanBytes: 6e7, rssMaxBytes: 7e7 } },
        })),
      },
      1,
    ),
  );
  const made = comparisonOf({
    kind: 'paired',
    columns,
    facts: {
      date: '2026-11-21T12:00:00.000Z',
      environment: { node: '20.20.0', platform: 'linux x64', cpus: 2 },
      seed: 1,
      setting: { workload: 'kv', nemesis: 'none', clients: 5, rate: null, durationMs: 3000 },
      interrupted: null,
      command: 'npx ftcheck compare --impls=passive,active --seed=1',
    },
  });
  return { ...made, thresholds: judged(made, thresholds) };
}

const judged = (made: Comparison, thresholds: readonly string[]): Comparison['thresholds'] =>
  judgeThresholds({
    comparison: made,
    thresholds: thresholds.map((text) => parseThreshold(text, '--threshold')),
    baseline: null,
    random: makeRandom(1),
  });

const both = comparison({ passive: roundsOf(1, 15), active: roundsOf(1.2, 15) });
const two = (thresholds: readonly string[] = []): Comparison => ({
  ...both,
  thresholds: judged(both, thresholds),
});

describe('the table', () => {
  test('marks who is surely better, and says by how much', () => {
    const lines = renderTable(two(), plain, 80).split('\n');
    expect(lines).toContain('                              passive                  active');
    expect(lines).toContain('latency p50                   1.5 ms*                 1.8 ms');
    expect(lines).toContainEqual(expect.stringMatching(/^throughput +2,\d+\/s\* +2,\d+\/s$/));
    expect(lines.find((line) => line.startsWith('memory mean'))).not.toContain('*');
    expect(lines).toContain('active against passive');
    expect(lines.find((line) => line.includes('latency p50 +20 %'))).toMatch(
      /\(\+20 % to \+20 %\): passive is better/,
    );
    expect(lines.find((line) => line.includes('no difference found'))).toContain('messages/op');
    expect(lines.at(-2)).toBe('npx ftcheck compare --impls=passive,active --seed=1');
  });

  test('fits 80 columns, with four systems, long names and many of them', () => {
    const names = [
      'simple',
      'passive',
      'active:ordering=consensus:replies=vote',
      'somersault',
      'e',
      'f',
      'g',
    ];
    for (const count of [3, 4, 7]) {
      const systems = Object.fromEntries(
        names.slice(0, count).map((name, i) => [name, roundsOf(1 + i / 4, 5)]),
      );
      const text = renderTable(comparison(systems, ['p99<+10%', 'memory<1MB']), plain, 80);
      const [command, ...lines] = text.trimEnd().split('\n').reverse();
      expect(command).toContain('npx ftcheck compare');
      expect(lines.filter((line) => line.length > 80)).toEqual([]);
    }
  });

  test('an invalid run is told loudly', () => {
    const broken = roundsOf(1, 15).map((one, i): Round =>
      i === 3 ? { ...one, verdict: 'invalid', reason: 'linearizable: k1: read 3' } : one,
    );
    const text = renderTable(comparison({ passive: broken, active: roundsOf(1, 15) }), plain, 80);
    expect(text).toContain('✗ passive was INVALID in ftcheck-runs/r4: linearizable: k1: read 3');
  });

  test('too few rounds: nobody is marked, and how many it takes is said', () => {
    const text = renderTable(comparison({ a: roundsOf(1, 3), b: roundsOf(5, 3) }), plain, 80);
    expect(text).not.toContain('*');
    expect(text).not.toContain('no difference found');
    expect(text).toContain('! nobody is called better: 3 rounds cannot be sure of 8 comparisons');
  });
});

describe('thresholds', () => {
  const verdicts = (made: Comparison): string[] => made.thresholds.map(({ verdict }) => verdict);

  test('relative to the first system: only a whole interval beyond the bound is a violation', () => {
    expect(verdicts(two(['p50<+10%', 'p50<+25%', 'p50<+20%', 'throughput>-10%', 'throughput>-25%']))).toEqual(
      ['violated', 'held', 'undecided', 'violated', 'held'],
    );
  });

  test('the line says which, by how much, and the interval', () => {
    const [violated] = two(['p50<+10%']).thresholds;
    expect(violated).toMatchObject({ label: 'active', against: 'passive', verdict: 'violated' });
    expect(violated!.actual).toBeCloseTo(0.2, 2);
    expect(violated!.reason).toMatch(
      /^p50<\+10%: active violated, latency p50 is \+20 % \(\+\d+ % to \+2\d %\)$/,
    );
  });

  test('absolute ones hold for every system', () => {
    expect(verdicts(two(['p50<1.65ms', 'memory<1MB', 'cpu<0.5ms']))).toEqual([
      'held',
      'violated',
      'violated',
      'violated',
      'undecided',
      'violated',
    ]);
  });

  test('against a stored comparison; one run of it is taken as it stands', () => {
    const now = comparison({ passive: roundsOf(1.2, 15) });
    const against = (baseline: readonly Round[], text: string) =>
      judgeThresholds({
        comparison: now,
        thresholds: [parseThreshold(text, '--threshold')],
        baseline: comparison({ passive: baseline }).columns,
        random: makeRandom(1),
      })[0];
    expect(against(roundsOf(1, 15), 'p50<+10%')?.verdict).toBe('violated');
    expect(against(roundsOf(1.2, 15), 'p50<+10%')?.verdict).toBe('held');
    expect(against(roundsOf(1, 1), 'p50<+10%')?.verdict).toBe('violated');
    expect(against(roundsOf(1, 2), 'p50<+10%')).toMatchObject({ verdict: 'undecided', low: null });
  });

  test('a baseline without that system is refused, with what it has', () => {
    const now = two();
    expect(() =>
      judgeThresholds({
        comparison: now,
        thresholds: [parseThreshold('p50<+10%', '--threshold')],
        baseline: comparison({ simple: roundsOf(1, 15), quorum: roundsOf(1, 15) }).columns,
        random: makeRandom(1),
      }),
    ).toThrow('--baseline: it has no passive; it has simple, quorum');
  });
});

describe('Markdown', () => {
  test('a table that a pull request shows', () => {
    const lines = renderMarkdown(two(['p50<+10%'])).split('\n');
    expect(lines[0]).toBe('### ftcheck compare: passive, active');
    expect(lines).toContain('|  | passive | active |');
    expect(lines).toContain('| --- | ---: | ---: |');
    expect(lines.find((line) => line.startsWith('| latency p50'))).toMatch(
      /^\| latency p50 \| \*\*1\.5 ms\*\*<br><sub>1\.49 to 1\.51 ms<\/sub> \| 1\.8 ms<br><sub>.*<\/sub> \|$/,
    );
    expect(lines.find((line) => line.startsWith('- ❌'))).toContain('p50&lt;+10%: active violated');
    const rows = lines.filter((line) => line.startsWith('|'));
    expect(new Set(rows.map((row) => row.split(/(?<!\\)\|/).length))).toEqual(new Set([5]));
  });

  test('names and reasons are no markup', () => {
    const rounds = roundsOf(1, 15, { verdict: 'invalid', reason: '<img src=x> | [a](b)\nc' });
    const text = renderMarkdown(comparison({ 'a|b_c': rounds, d: roundsOf(1, 15) }));
    expect(text).not.toContain('<img');
    expect(text).toContain(String.raw`a\|b\_c`);
    expect(text).toContain(String.raw`\| \[a\](b) c`);
  });
});

describe('the page', () => {
  test('is whole by itself: no script, no other file', () => {
    const page = renderPage(two(['p50<+10%']));
    expect(page).toMatch(/^<!doctype html>/);
    expect(page).not.toMatch(/<script|<link|src=|https?:|@import|url\(/);
    expect(page).toContain('prefers-color-scheme:dark');
    for (const title of ['latency p50', 'throughput', 'CPU/op', 'Latency', 'active against passive']) {
      expect(page).toContain(`<h2>${title}</h2>`);
    }
    expect(page.match(/<circle/g)!.length).toBeGreaterThanOrEqual(15 * 2 * 8);
    expect(page).toContain('<li class="violated">p50&lt;+10%');
    expect(page).not.toMatch(/NaN|Infinity|undefined/);
  });

  test('its elements are closed in the order in which they were opened', () => {
    const open: string[] = [];
    const page = renderPage(two()).replace(/<!doctype html>|<meta[^>]*>|<br>|<style>[\s\S]*?<\/style>/g, '');
    for (const [, slash, name] of page.matchAll(/<(\/?)([a-z0-9]+)[^>]*>/g)) {
      if (slash === '') open.push(name!);
      else expect(open.pop()).toBe(name);
    }
    expect(open).toEqual([]);
  });

  test('what others wrote is text', () => {
    const rounds = roundsOf(1, 15, { verdict: 'invalid', reason: '<script>alert(1)</script>' });
    const page = renderPage(comparison({ '"><svg onload=x>': rounds, d: roundsOf(1, 15) }));
    expect(page).not.toContain('<script>');
    expect(page).not.toContain('<svg onload');
  });

  test('outages that never ended, and a single round, can be drawn', () => {
    const rounds = (outagesMs: (number | null)[]): Round[] => roundsOf(1, 15, { outagesMs });
    const page = renderPage(comparison({ a: rounds([null]), b: rounds([120, 300]) }));
    expect(page).toContain('15 never ended');
    expect(page).not.toMatch(/NaN|Infinity|undefined/);
    expect(renderPage(comparison({ a: roundsOf(1, 1), b: roundsOf(2, 1) }))).not.toMatch(/NaN|Infinity/);
  });
});

test('what is stored is what its schema says, and can be read again', () => {
  const made = two(['p50<+10%', 'memory<1MB']);
  expect(comparisonSchema.parse(JSON.parse(JSON.stringify(made)))).toEqual(made);
  const endless = comparison({
    a: roundsOf(1, 15, { outagesMs: [null] }),
    b: roundsOf(1, 15, { outagesMs: [9] }),
  });
  expect(comparisonSchema.parse(JSON.parse(JSON.stringify(endless)))).toEqual(endless);
});

test('the published schema is the one of the code', () => {
  const file = new URL('../../docs/schema/comparison.schema.json', import.meta.url);
  // To renew it: node --import tsx scripts/schema.mjs
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(JSON.parse(JSON.stringify(comparisonJsonSchema())));
});

test('values and changes in three digits', () => {
  expect([0.05, 1.5234, 15.26, 312.4, 1234].map((ms) => valueText(ms, 'ms'))).toEqual([
    '50 µs',
    '1.52 ms',
    '15.3 ms',
    '312 ms',
    '1.23 s',
  ]);
  expect([904.4, 12_345, 61_400_000, 2.5e9].map((bytes) => valueText(bytes, 'bytes'))).toEqual([
    '904 B',
    '12.3 kB',
    '61.4 MB',
    '2.5 GB',
  ]);
  expect(valueText(2304.4, 'per-second')).toBe('2,304/s');
  expect([1.2, 0.5, 1.034, 1, 9.25].map(changeText)).toEqual([
    '+20 %',
    '-50 %',
    '+3.4 %',
    '0 %',
    '9.25 times',
  ]);
});
