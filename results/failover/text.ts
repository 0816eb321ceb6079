import { figureNames } from './figures.ts';
import type { FailoverSummary, FaultSummary, FigureSummary } from './summary.ts';
import type { QuantileEstimate } from '../order-statistics.ts';
import { quantile } from '../statistics.ts';
import type { Paint } from '../summary.ts';
import { countText, msText, plural } from '../units-text.ts';

/** Lines with a title before the first; null: a table, which needs the width. */
type Section = readonly [string | null, readonly string[]];

const titleWidth = 12;
const barWidth = 40;
/** Shares of the trials whose outage was over: of these trials, claims about others are in the table. */
const shares = [0.1, 0.25, 0.5, 0.75, 0.9, 1] as const;

/** A series for a person at a terminal: what was asked first, the command that repeats it last. */
export function renderFailover(summary: FailoverSummary, paint: Paint, width = Infinity): string {
  const sections: readonly Section[] = [
    ['Ran', ranLines(summary)],
    ...summary.results.flatMap((result) => faultSections(result, paint)),
    ['SLOs', sloLines(summary, paint)],
    ['Resolution', [resolutionText(summary)]],
    ['Claim', [claimText(summary)]],
    [
      'Safety',
      ['not judged here; judge it with', ...summary.faults.map((fault) => safetyCommand(summary, fault))],
    ],
    ['Files', [summary.directory]],
  ];
  const body = sections
    .filter(([, lines]) => lines.length > 0)
    .flatMap(([title, lines]) =>
      title === null
        ? lines.map((line) => `  ${line}`)
        : lines
            .flatMap((line) => wrapped(line, width - titleWidth))
            .map((line, i) => `${paint.bold((i === 0 ? title : '').padEnd(titleWidth))}${line}`),
    )
    .map((line) => line.trimEnd());
  return [
    '',
    headline(summary, paint),
    '',
    ...body,
    '',
    'Repeat this series with:',
    summary.command,
    '',
  ].join('\n');
}

/** Prose in lines that fit, the later ones indented. Commands stay whole. */
function wrapped(line: string, width: number): string[] {
  if (line.length <= width || line.startsWith('npx ')) return [line];
  const lines: string[] = [];
  let current = '';
  for (const word of line.split(' ')) {
    if (current !== '' && current.length + 1 + word.length > Math.max(40, width)) {
      lines.push(current);
      current = `    ${word}`;
    } else current = current === '' ? word : `${current} ${word}`;
  }
  return [...lines, current];
}

/** The command that judges what clients saw under the same fault. */
export const safetyCommand = (
  { impl, timing }: Pick<FailoverSummary, 'impl' | 'timing'>,
  fault: string,
): string =>
  `npx ftcheck run --impl=${impl} --nemesis=${fault}${timing === 'default' ? '' : ` --timing=${timing}`}`;

/** What came out of it, in one sentence. */
export function sentenceOf({ verdict, end, why, results, sloResults, impl }: FailoverSummary): string {
  const trials = results.reduce((sum, result) => sum + result.trials, 0);
  const scope = `${plural(trials, 'trial')} of ${impl}`;
  const cut = end === 'complete' ? '' : `, ${end}${why === null ? '' : ` (${why})`}`;
  if (verdict === null) return `${scope}${cut}`;
  const those = sloResults.filter(({ answer }) => answer === verdict);
  const [first] = those;
  if (verdict === 'met')
    return `${[...new Set(those.map(({ slo }) => slo))].join(', ')} held in ${scope}${cut}`;
  return `${first?.slo ?? ''} ${verdict} under ${first?.fault ?? ''}: ${first?.reason ?? ''}${cut}`;
}

function headline(summary: FailoverSummary, paint: Paint): string {
  const { verdict } = summary;
  const colour =
    verdict === null ? paint.bold : { met: paint.green, missed: paint.red, undecided: paint.yellow }[verdict];
  const word = verdict === null ? 'FAILOVER' : verdict.toUpperCase();
  return `${paint.inverse(paint.bold(colour(` ${word} `)))} ${paint.bold(sentenceOf(summary))}`;
}

/** What was done, in lines. */
export function ranLines(summary: FailoverSummary): string[] {
  const { impl, implOptions, nodes, workload, timing, clients, rate, retryMs, seed, wallMs } = summary;
  const options = Object.entries(implOptions).map(([name, value]) => `${name}=${String(value)}`);
  return [
    `${impl}${options.length === 0 ? '' : ` (${options.join(', ')})`} on ${plural(nodes, 'node')}`,
    `workload ${workload}, time-outs ${timing}, ${plural(clients, 'client')} in open loop at ${countText(rate)}/s, seed ${seed}, ${msText(wallMs)} in all`,
    `a client asks again after ${retryMs} ms without an answer, which its outage includes`,
  ];
}

function faultSections(result: FaultSummary, paint: Paint): readonly Section[] {
  const facts: Section = ['Fault', [paint.bold(result.fault), ...trialLines(result)]];
  if (result.trials === 0) return [['', ['']], facts, ['', ['']]];
  const { outage } = result.distributions;
  return [
    ['', ['']],
    facts,
    [null, ['', ...tableLines(result), ...noteLines(result), '', ...barLines(outage), '']],
  ];
}

/** How many trials there were, and what became of the others. */
export function trialLines({ trials, thrownAway, unended, unrecovered, faultMs }: FaultSummary): string[] {
  const { late, noEffect, lost } = thrownAway;
  const lasted =
    faultMs.min === null || faultMs.max === null
      ? ''
      : `, the fault in force for ${msText(Math.round(faultMs.min))} to ${msText(Math.round(faultMs.max))}`;
  return [
    `${plural(trials, 'trial')}${lasted}; thrown away: ${late} in which the probe ran late, ${noEffect} without effect, ${lost} on a lost group`,
    ...(unended === 0 ? [] : [`${plural(unended, 'outage')} had not ended within the limit`]),
    ...(unrecovered === 0 ? [] : [`${plural(unrecovered, 'group')} did not come back to full strength`]),
  ];
}

function tableLines({ figures }: FaultSummary): string[] {
  const rows = [
    ['ms', 'p50 [90 %]', 'p90 [90 %]', 'p99 [90 %]', 'max'],
    ...figureNames.map((name) => {
      const { p50, p90, p99, maxMs } = figures[name];
      return [name, estimateText(p50), estimateText(p90), estimateText(p99), figureText(maxMs)];
    }),
  ];
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join('  '),
  );
}

/** What the table does not have, and why. */
export function noteLines({ trials, figures }: FaultSummary): string[] {
  const partly = Object.entries(figures)
    .filter(([name, { seen }]) => name !== 'client' && seen < trials)
    .map(([name, { seen }]: readonly [string, FigureSummary]) => `${name} in ${seen}`);
  const { p50, p90, p99 } = figures.outage;
  const unclaimed = Object.entries({ p50, p90, p99 })
    .filter(([, { value }]) => value === null)
    .map(([name, { trialsNeeded }]) => `${name} needs ${trialsNeeded} trials`);
  return [
    ...(partly.length === 0 ? [] : [`seen: ${partly.join(', ')} of ${plural(trials, 'trial')}`]),
    ...(unclaimed.length === 0 ? [] : [`${unclaimed.join(', ')}: these are ${countText(trials)}`]),
  ];
}

/** `198 [197, 199]`; `-` where too few trials were measured for a claim. */
export function estimateText({ value, low, high }: QuantileEstimate): string {
  if (value === null) return '-';
  const interval = low === null || high === null ? '' : ` [${figureText(low)}, ${figureText(high)}]`;
  return `${figureText(value)}${interval}`;
}

/** Milliseconds, with a decimal where it says something. */
export function figureText(ms: number | null): string {
  if (ms === null) return '-';
  if (ms === Infinity) return 'never';
  return ms >= 100 ? countText(Math.round(ms)) : ms.toFixed(1);
}

function barLines(outagesMs: readonly number[]): string[] {
  const longest = Math.max(...outagesMs.filter(Number.isFinite), 0);
  return [
    'share of these trials in which clients were served again, after so long',
    ...shares.map((share) => {
      const ms = quantile(outagesMs, share) ?? 0;
      const bar = '█'.repeat(Math.round((Math.min(ms, longest) / (longest || 1)) * barWidth));
      return `${String(Math.round(share * 100)).padStart(4)} %  ${figureText(ms).padStart(7)} ${ms === Infinity ? '' : 'ms '}${bar}`.trimEnd();
    }),
  ];
}

function sloLines({ sloResults }: FailoverSummary, paint: Paint): string[] {
  const marks = { met: paint.green('✓'), missed: paint.red('✗'), undecided: paint.yellow('?') };
  return sloResults.map(
    ({ slo, fault, answer, reason }) => `${marks[answer]} ${slo}  ${answer} under ${fault}: ${reason}`,
  );
}

/** What the impl promises of one outage. */
export const claimText = ({ impl, claimMs }: FailoverSummary): string =>
  claimMs === 0 ? `${impl} promises no bound` : `${impl} promises at most ${msText(claimMs)}`;

/** How finely the outages were seen. */
export function resolutionText({ resolution: { gapMsP50, gapMsMax, leftOut } }: FailoverSummary): string {
  if (gapMsP50 === null) return 'nothing was measured';
  const waiting =
    leftOut === null || leftOut <= 0
      ? ''
      : `; ${Math.round(leftOut * 100)} % of what was due in outages was left out, as every client waited already`;
  return `during outages the probe asked every ${msText(gapMsP50)} (median), ${msText(gapMsMax)} at the longest${waiting}`;
}
