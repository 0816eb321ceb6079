import { describe, expect, test } from '@jest/globals';
import { attemptOf, errorAttempt, expectValid, reportOf, resultOf } from '../../test/suite-fixture.ts';
import type { Paint } from '../summary.ts';
import { annotationsOf } from './annotations.ts';
import { type ScenarioResult, type Status } from './outcome.ts';
import { markdownText, suiteMarkdown } from './suite-markdown.ts';
import { countsOf, suiteExitCode } from './suite-report.ts';
import { minutesText, renderSuiteSummary } from './suite-summary.ts';

const same = (text: string): string => text;
const plain: Paint = { bold: same, dim: same, green: same, red: same, yellow: same, inverse: same };

const one = (status: Status): ScenarioResult => {
  switch (status) {
    case 'passed':
      return resultOf('passes', expectValid, [attemptOf('valid')], status);
    case 'failed':
      return resultOf('fails', expectValid, [attemptOf('invalid')], status);
    case 'flaky':
      return resultOf('is flaky', expectValid, [attemptOf('invalid'), attemptOf('valid')], status);
    case 'unknown':
      return resultOf('is unknown', expectValid, [attemptOf('unknown')], status);
    case 'error':
      return resultOf('crashes', expectValid, [errorAttempt], status);
  }
};

test.each<[readonly Status[], number]>([
  [['passed'], 0],
  [['passed', 'unknown'], 2],
  [['passed', 'unknown', 'error'], 255],
  [['error', 'failed'], 1],
  [['passed', 'flaky'], 1],
])('the exit code of %j is %i', (statuses, code) => {
  expect(suiteExitCode(reportOf(statuses.map(one)))).toBe(code);
});

test('an interrupted suite ends with 130, whatever it had found', () => {
  const report = reportOf([one('failed')], { interrupted: 'SIGINT', planned: 3 });
  expect(suiteExitCode(report)).toBe(130);
  expect(countsOf(report)).toMatchObject({ failed: 1, notPlayed: 2 });
  expect(renderSuiteSummary(report, plain)).toMatch(/INTERRUPTED.*2 of 3 scenarios of smoke were not played/);
});

describe('the summary', () => {
  const text = renderSuiteSummary(
    reportOf((['passed', 'unknown', 'error', 'flaky', 'failed'] as const).map(one)),
    plain,
  );

  test('leads with what failed, the worst first, and the command that repeats it', () => {
    const places = [
      '4 of 5 scenarios',
      'failed  fails',
      'flaky  is flaky',
      'error  crashes',
      'unknown  is unknown',
      'Scenarios',
    ];
    const found = places.map((place) => text.indexOf(place));
    expect(found.every((at) => at >= 0)).toBe(true);
    expect(found).toEqual([...found].sort((a, b) => a - b));
    expect(text.slice(0, text.indexOf('flaky'))).toContain('npx ftcheck run --impl=passive --seed=7');
  });

  test('ends with counts, time and the command for all of it', () => {
    expect(text).toContain('1 passed, 1 failed, 1 flaky, 1 error, 1 unknown');
    expect(text).toContain('1 min 32 s, seed 7');
    expect(text.trimEnd().endsWith('npx ftcheck suite smoke.yaml --seed=7')).toBe(true);
  });

  test('of a success is one line and the figures', () => {
    expect(renderSuiteSummary(reportOf([one('passed'), one('passed')]), plain)).toContain(
      'PASSED  all 2 scenarios of smoke are as expected',
    );
  });
});

test.each([
  [840, '840 ms'],
  [4_249, '4.2 s'],
  [59_990, '60 s'],
  [60_000, '1 min 0 s'],
  [3_725_400, '62 min 5 s'],
])('%i ms is %s', (ms, text) => {
  expect(minutesText(ms)).toBe(text);
});

describe('Markdown', () => {
  const nasty = resultOf(
    'a | b <script> `tick`',
    expectValid,
    [{ ...errorAttempt, reason: '# no heading\n* no list | <b>', command: 'npx ftcheck run ```' }],
    'error',
  );

  test('takes nothing that a reason holds for markup', () => {
    const text = suiteMarkdown(reportOf([nasty]));
    expect(text).not.toContain('<script>');
    expect(text).not.toContain('<b>');
    expect(text).toContain(String.raw`> \# no heading`);
    expect(text).toContain('\n````sh\nnpx ftcheck run ```\n````\n');
  });

  test('keeps each row of the table in its five cells', () => {
    const rows = suiteMarkdown(reportOf([nasty, one('failed')]))
      .split('\n')
      .filter((line) => line.startsWith('| '));
    expect(rows).toHaveLength(3);
    for (const row of rows) expect(row.match(/(?<!\\)\|/g)).toHaveLength(6);
  });

  test('escapes every sign of markup', () => {
    expect(markdownText('a*b_c[d](e)|`f`\\&<g>')).toBe(String.raw`a\*b\_c\[d\]\(e\)\|\`f\`\\&amp;&lt;g&gt;`);
  });
});

describe('annotations', () => {
  test('one for each scenario that is not as expected, unknown ones as warnings', () => {
    const lines = annotationsOf(reportOf((['passed', 'unknown', 'failed'] as const).map(one))).split('\n');
    expect(lines.filter((line) => line !== '')).toHaveLength(2);
    expect(lines[0]).toMatch(/^::error title=ftcheck failed%3A fails::the run is invalid/);
    expect(lines[1]).toMatch(/^::warning title=ftcheck unknown%3A is unknown::/);
  });

  test('line ends, percent signs, and in titles colons and commas, are escaped', () => {
    const odd = resultOf(
      'a, b: c',
      expectValid,
      [{ ...errorAttempt, reason: '100 %\r\n::error::no' }],
      'error',
    );
    expect(annotationsOf(reportOf([odd]))).toBe(
      '::error title=ftcheck error%3A a%2C b%3A c::100 %25%0D%0A::error::no%0Anpx ftcheck run --impl=passive --seed=7\n',
    );
  });
});
