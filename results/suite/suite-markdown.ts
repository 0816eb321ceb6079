import { expectationText, statusOfAttempt, type ScenarioResult } from './outcome.ts';
import { countsOf, problemsOf, suiteExitCode, type SuiteReport, tookMsOf } from './suite-report.ts';
import { countsText, minutesText, timeText } from './suite-summary.ts';

/** For a job summary or a comment, in GitHub's Markdown: what is wrong first, the table of all folded away. */
export function suiteMarkdown(report: SuiteReport): string {
  const code = suiteExitCode(report);
  const state =
    report.interrupted !== null ? 'interrupted' : code === 0 ? 'passed' : code === 2 ? 'unknown' : 'failed';
  const problems = problemsOf(report);
  return [
    `### ftcheck suite ${markdownText(report.name)}: ${state}`,
    '',
    `${countsText(countsOf(report))}; ${timeText(report)}`,
    '',
    ...problems.flatMap(({ id, status, reason, command, runDir }) => [
      `**${status}: ${markdownText(id)}**`,
      '',
      quoted(markdownText(reason)),
      '',
      fenced(command, 'sh'),
      ...(runDir === null ? [] : ['', `Files: ${codeSpan(runDir)}`]),
      '',
    ]),
    `<details><summary>${report.results.length} scenarios</summary>`,
    '',
    '| scenario | result | expected | found | time |',
    '|---|---|---|---|---:|',
    ...report.results.map(row),
    '',
    '</details>',
    '',
    'Repeat this suite with:',
    '',
    fenced(report.command, 'sh'),
    '',
  ].join('\n');
}

function row(result: ScenarioResult): string {
  const { id, status, expected, attempts } = result;
  const found = attempts.map((attempt) =>
    attempt.type === 'judged' ? attempt.verdict.verdict : statusOfAttempt(expected, attempt),
  );
  const cells = [id, status, expectationText(expected), found.join(', '), minutesText(tookMsOf(result))];
  return `| ${cells.map((cell) => markdownText(cell).replaceAll('\n', ' ')).join(' | ')} |`;
}

/** Every character that Markdown or HTML could take for markup stands for itself. */
export const markdownText = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(/[\\`*_{}[\]()#+!|~@$-]/g, (character) => `\\${character}`);

const quoted = (text: string): string =>
  text
    .split('\n')
    .map((line) => `> ${line}`)
    .join('\n');

/** A fence longer than any run of backticks inside. */
function fenced(text: string, language: string): string {
  const fence = '`'.repeat(Math.max(3, longestTicks(text) + 1));
  return `${fence}${language}\n${text}\n${fence}`;
}

function codeSpan(text: string): string {
  const tick = '`'.repeat(longestTicks(text) + 1);
  const pad = text.startsWith('`') || text.endsWith('`') ? ' ' : '';
  return `${tick}${pad}${text}${pad}${tick}`;
}

const longestTicks = (text: string): number =>
  Math.max(0, ...(text.match(/`+/g) ?? []).map((ticks) => ticks.length));
