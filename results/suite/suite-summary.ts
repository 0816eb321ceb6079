import { isAllowedUnknown, reasonOf } from './outcome.ts';
import {
  type Counts,
  countsOf,
  type Problem,
  problemsOf,
  slowestOf,
  suiteExitCode,
  type SuiteReport,
  tookMsOf,
} from './suite-report.ts';
import type { Paint } from '../summary.ts';
import { msText, plural } from '../units-text.ts';

const titleWidth = 12;

/** For the terminal: what is wrong and the commands that show it come first, the figures last. */
export function renderSuiteSummary(report: SuiteReport, paint: Paint): string {
  const problems = problemsOf(report);
  const lines = [
    '',
    headline(report, paint),
    ...problems.flatMap((problem) => ['', ...problemLines(problem, paint)]),
    '',
    ...titled(paint, 'Scenarios', [countsText(countsOf(report))]),
    ...titled(paint, 'Allowed', allowedLines(report)),
    ...titled(paint, 'Time', [timeText(report)]),
    ...titled(paint, 'Slowest', slowestLines(report)),
    '',
    'Repeat this suite with:',
    report.command,
    '',
  ];
  return lines.join('\n');
}

function headline(report: SuiteReport, paint: Paint): string {
  const { name, planned, interrupted } = report;
  const { passed, notPlayed } = countsOf(report);
  const code = suiteExitCode(report);
  const label = (text: string, colour: (text: string) => string): string =>
    paint.inverse(paint.bold(colour(` ${text} `)));
  const bad = planned - passed - notPlayed;
  const notAsExpected = `${bad} of ${plural(planned, 'scenario')} of ${name} ${bad === 1 ? 'is' : 'are'} not as expected`;
  if (interrupted !== null) {
    const what = `${notPlayed} of ${plural(planned, 'scenario')} of ${name} were not played`;
    return `${label('INTERRUPTED', paint.yellow)} ${paint.bold(bad === 0 ? what : `${notAsExpected}, ${what}`)}`;
  }
  if (code === 0)
    return `${label('PASSED', paint.green)} ${paint.bold(`${passed === 1 ? 'the only scenario' : `all ${passed} scenarios`} of ${name} ${passed === 1 ? 'is' : 'are'} as expected`)}`;
  return code === 2
    ? `${label('UNKNOWN', paint.yellow)} ${paint.bold(notAsExpected)}`
    : `${label('FAILED', paint.red)} ${paint.bold(notAsExpected)}`;
}

function problemLines({ id, status, reason, command, runDir }: Problem, paint: Paint): string[] {
  const isRed = status === 'failed' || status === 'flaky';
  const colour = isRed ? paint.red : paint.yellow;
  return [
    `${colour(`${isRed ? '✗' : '?'} ${status}`)}  ${paint.bold(id)}`,
    `    ${reason.replaceAll('\n', '\n    ')}`,
    `    ${command}`,
    ...(runDir === null ? [] : [`    ${paint.dim(runDir)}`]),
  ];
}

/** `16 passed, 1 failed, 1 flaky` */
export function countsText(counts: Counts): string {
  const { passed, failed, flaky, error, unknown, allowed, notPlayed } = counts;
  const parts = [
    `${passed} passed${allowed === 0 ? '' : ` (${allowed} of them unknown, which is allowed)`}`,
    ...(failed === 0 ? [] : [`${failed} failed`]),
    ...(flaky === 0 ? [] : [`${flaky} flaky`]),
    ...(error === 0 ? [] : [plural(error, 'error')]),
    ...(unknown === 0 ? [] : [`${unknown} unknown`]),
    ...(notPlayed === 0 ? [] : [`${notPlayed} not played`]),
  ];
  return parts.join(', ');
}

const allowedLines = ({ results }: SuiteReport): string[] =>
  results.filter(isAllowedUnknown).map((result) => `${result.id}: ${reasonOf(result)}`);

export function timeText({ wallMs, jobs, resumed, shard, seed }: SuiteReport): string {
  return [
    minutesText(wallMs),
    ...(jobs === 1 ? [] : [`${jobs} runs side by side`]),
    ...(shard === null ? [] : [`shard ${shard.index} of ${shard.of}`]),
    ...(resumed === 0 ? [] : [`${resumed} taken over from an earlier, interrupted invocation`]),
    `seed ${seed}`,
  ].join(', ');
}

const slowestLines = (report: SuiteReport): string[] =>
  slowestOf(report).map((result) => {
    const { attempts } = result;
    const tries = attempts.length === 1 ? '' : ` in ${attempts.length} runs`;
    return `${minutesText(tookMsOf(result)).padStart(8)}  ${result.id}${tries}`;
  });

/** `4.2 s`, `1 min 32 s` */
export function minutesText(ms: number): string {
  if (ms < 60_000) return msText(ms < 1000 ? Math.round(ms) : Math.round(ms / 100) * 100);
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

const titled = (paint: Paint, title: string, lines: readonly string[]): string[] =>
  lines.map((line, i) => `${paint.bold((i === 0 ? title : '').padEnd(titleWidth))}${line}`);
