import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { sampleTexts, sampleVerdict, writeSampleRun } from '../../test/report-run.ts';
import { collectReport } from './collect.ts';
import { columnsHeaderOf } from './column-layout.ts';
import { escapeHtml, html } from './html.ts';
import { reportHtml } from './report-html.ts';
import { writeReport } from './write-report.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ftcheck-report-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const hostile = `</script><script>alert(1)</script><img src=x onerror=alert(2)>"'&<!--`;

test('nothing that a client was answered, or a node was named, becomes markup', () => {
  const history = sampleTexts
    .history()
    .replaceAll('"x"', JSON.stringify(hostile))
    .replaceAll('"write"', JSON.stringify(`f${hostile}`))
    .replaceAll('"value":2', `"value":${JSON.stringify(hostile)}`)
    .replaceAll('"timeout"', JSON.stringify(hostile));
  const properties = {
    linearizable: {
      verdict: 'invalid',
      reason: `${hostile} fits nowhere`,
      [hostile]: [hostile],
      key: hostile,
      operations: [{ invoked: 1_000_000 }, { invoked: 2_000_000 }],
    },
  } as const;
  const verdict = sampleVerdict({
    verdict: 'invalid',
    reason: hostile,
    impl: hostile,
    implOptions: { [hostile]: hostile },
    properties,
    goals: [{ name: hostile, required: true, reached: false, count: 0, minimum: 1 }],
    slos: [{ slo: hostile, verdict: 'invalid', reason: hostile, actual: null }],
    faults: sampleVerdict().faults.map((fault) => ({ ...fault, name: hostile, target: hostile })),
    command: hostile,
    runDir: hostile,
    environment: { ...sampleVerdict().environment, date: hostile },
  });
  writeSampleRun(folder, { history, trace: sampleTexts.trace().replaceAll('backup', '<b>'), verdict });
  const page = reportHtml(collectReport(folder));
  expect(page).not.toContain('<script>alert');
  expect(page).not.toContain('<img');
  expect(page).not.toContain('<b>');
  expect(page).not.toContain('<!--');
  expect(page).toContain('&lt;/script&gt;&lt;script&gt;alert(1)');
  // Two elements of data, and the page's own script where it was built.
  const ends = page.split('</script').length - 1;
  expect(ends).toBe(page.split('<script').length - 1);
  expect(ends).toBeLessThanOrEqual(3);
});

test('the data is found again in the page as it was', () => {
  writeSampleRun(folder, { history: sampleTexts.history().replaceAll('"x"', JSON.stringify(hostile)) });
  const data = collectReport(folder);
  const page = reportHtml(data);
  const facts = /<script type="application\/json" id="facts">(.*?)<\/script>/s.exec(page)?.[1] ?? '';
  const found: unknown = JSON.parse(facts);
  expect(found).toEqual({ ...data.facts, columns: columnsHeaderOf(5) });
});

test('the main facts stand there without a script', () => {
  writeSampleRun(folder, {
    verdict: sampleVerdict({
      slos: [{ slo: 'p99<1s', verdict: 'valid', reason: 'p99<1s: held', actual: 4 }],
    }),
  });
  const page = reportHtml(collectReport(folder));
  const text = page
    .slice(page.indexOf('<body'), page.indexOf('<script'))
    .replaceAll(/<[^>]*>|\s+/g, ' ')
    .replaceAll(/ +/g, ' ');
  expect(text).toContain('✓ valid 2 properties of passive held under kill:primary');
  expect(text).toContain('npx ftcheck run --impl=passive --seed=7');
  expect(text).toContain('passive (acks=all) on 2 nodes');
  expect(text).toContain('✓ n1 killed by SIGKILL');
  expect(text).toMatch(/f1 kill:primary n1 2\.5 ms 2 s 0\.3 ms 0\.8 ms not seen not seen/);
  expect(text).toContain('p99&lt;1s: held');
  for (const id of ['timeline', 'cdf', 'asked', 'properties', 'faults', 'latency', 'goals', 'surroundings'])
    expect(page).toContain(`id="${id}"`);
});

test('an unknown verdict says why, and what was proven', () => {
  const properties = {
    linearizable: { verdict: 'unknown', reason: 'the search ran out of time' },
    group: { verdict: 'valid', reason: '5 views' },
  } as const;
  const goals = [{ name: 'ok write', required: true, reached: false, count: 0, minimum: 1 }];
  writeSampleRun(folder, { verdict: sampleVerdict({ verdict: 'unknown', properties, goals }) });
  const page = reportHtml(collectReport(folder));
  const section = page
    .slice(page.indexOf('id="unknown"'), page.indexOf('id="timeline"'))
    .replaceAll(/\s+/g, ' ');
  expect(section).toContain('linearizable: the search ran out of time');
  expect(section).toContain('goal missed: ok write: 0 of 1');
  expect(section).toContain('group: 5 views');
});

test('the page may load nothing and run nothing but its own script', () => {
  writeSampleRun(folder);
  writeReport(folder, sampleVerdict());
  const page = readFileSync(join(folder, 'report.html'), 'utf8');
  const policy = /Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1]?.replaceAll('&#39;', "'") ?? '';
  expect(policy).toContain("default-src 'none'");
  const script = /<script>(.*)<\/script>/s.exec(page)?.[1];
  const hash = createHash('sha256')
    .update(script ?? '')
    .digest('base64');
  expect(policy).toContain(script === undefined ? "script-src 'none'" : `script-src 'sha256-${hash}'`);
  expect(page).not.toMatch(/(src|href)="?https?:/);
});

test('markup is only what was written as markup', () => {
  expect(html`<p>${'<b>'}${html`<i>${'&'}</i>`}${[html`1`, '>']}${null}${2}</p>`.markup).toBe(
    '<p>&lt;b&gt;<i>&amp;</i>1&gt;2</p>',
  );
  expect(escapeHtml('\u0000\u001b[31m\t')).toBe('\ufffd\ufffd[31m\t');
});
