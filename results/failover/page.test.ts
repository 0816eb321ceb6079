import { expect, test } from '@jest/globals';
import { renderFailoverPage } from './page.ts';
import { renderFailover } from './text.ts';
import { summaryOf, trial, trialsUpTo } from './test-data.ts';
import type { Paint } from '../summary.ts';

const same = (text: string): string => text;
const plain: Paint = { bold: same, dim: same, green: same, red: same, yellow: same, inverse: same };

test('the page needs no script and nothing from elsewhere, and every text in it is text', () => {
  const hostile = '<script>alert(1)</script>"\'&';
  const page = renderFailoverPage(
    summaryOf([trial(7, { fault: hostile })], {
      faults: [hostile],
      impl: hostile,
      command: hostile,
      directory: hostile,
    }),
  );
  expect(page).not.toMatch(/<script|alert\(1\)<\/|\son\w+=|(?:src|href)=/);
  expect(page).toContain('&lt;script&gt;');
  expect(page).toContain("default-src 'none'");
});

test('one plot for each fault, a curve for each phase that was seen', () => {
  const faults = ['kill:primary', 'pause:primary'];
  const paused = trialsUpTo(3).map((line) => ({
    ...line,
    fault: 'pause:primary',
    agreeMs: null,
    detectMs: null,
  }));
  const page = renderFailoverPage(summaryOf([...trialsUpTo(4), ...paused], { faults }));
  expect(page.match(/<svg\s/g)).toHaveLength(2);
  expect(page.match(/<path\s+class="curve (\w+)"/g)).toHaveLength(4);
});

test('the curve of outages that did not end stays below 100 %', () => {
  const top = 'V14.0'; // the upper edge of the plot
  const path = (page: string): string => /<path\s+class="curve outage"\s+d="([^"]*)"/.exec(page)?.[1] ?? '';
  expect(path(renderFailoverPage(summaryOf(trialsUpTo(4))))).toContain(top);
  const cut = path(renderFailoverPage(summaryOf([...trialsUpTo(4), trial(null)])));
  expect(cut).toMatch(/^M/);
  expect(cut).not.toContain(top);
  expect(cut).not.toContain('NaN');
});

test('the terminal says what too few trials cannot tell, what is not judged, and how to repeat it', () => {
  const text = renderFailover(summaryOf(trialsUpTo(40), {}, 'outage.p99<1s', 'outage.p50<10ms'), plain);
  expect(text).toContain(
    ' MISSED  outage.p50<10ms missed under kill:primary: p50 is at least 15.0 ms'.replace('15.0', '15'),
  );
  expect(text).toContain('p99 needs 300 trials: these are 40');
  expect(text).toContain('npx ftcheck run --impl=passive --nemesis=kill:primary');
  expect(text).toContain('npx ftcheck failover --impl=passive --fault=kill:primary --seed=1');
  expect(text.split('\n').find((line) => line.includes('outage   '))).toMatch(/20\.0 \[15\.0, 26\.0\]/);
});

test('nothing measured is said to be nothing', () => {
  const text = renderFailover(summaryOf([], { end: 'interrupted', why: 'SIGINT' }), plain);
  expect(text).toContain('0 trials of passive, interrupted (SIGINT)');
  expect(text).not.toMatch(/NaN|undefined|Infinity/);
});

test('prose fits a narrow terminal; tables and commands stay whole', () => {
  const lines = renderFailover(summaryOf(trialsUpTo(40)), plain, 80)
    .split('\n')
    .slice(3);
  const long = lines.filter((line) => line.length > 80 && !line.includes('npx '));
  expect(long).toEqual([]);
  expect(lines.join(' ').replaceAll(/\s+/g, ' ')).toContain('was left out, as every client waited already');
});
