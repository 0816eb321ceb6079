import { stripVTControlCharacters } from 'node:util';
import { effectInWords } from './faults.ts';
import { countText, msText, plural, secondsText } from './units-text.ts';
import type { VerdictFile } from './verdict-schema.ts';

/** Colours text, or leaves it as it is. */
export interface Paint {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly green: (text: string) => string;
  readonly red: (text: string) => string;
  readonly yellow: (text: string) => string;
  readonly inverse: (text: string) => string;
}

const titleWidth = 12;

type Property = VerdictFile['properties'][string];

/** What a tired person needs to know of a run: the verdict first, the command that repeats it last. */
export function renderSummary(verdict: VerdictFile, paint: Paint, width = Infinity): string {
  const sections: readonly (readonly [string, readonly string[]])[] = [
    ['Ran', ranLines(verdict)],
    ['Broke', brokeLines(verdict)],
    ['Clients', clientLines(verdict)],
    ['Outages', outageLines(verdict)],
    ['Properties', propertyLines(verdict, paint)],
    ['Goals', missingLines(verdict)],
    [
      'SLOs',
      verdict.slos.length < 2 ? [] : verdict.slos.map((slo) => `${mark(slo.verdict, paint)} ${slo.reason}`),
    ],
    ['Harness', harnessLines(verdict)],
    ['Files', [verdict.runDir, `npx ftcheck report ${verdict.runDir} --open shows it in a browser`]],
  ];
  const body = sections
    .filter(([, lines]) => lines.length > 0)
    .flatMap(([title, lines]) =>
      lines
        .flatMap((line) => wrapped(line, width - titleWidth))
        .map((line, i) => `${paint.bold((i === 0 ? title : '').padEnd(titleWidth))}${line}`),
    );
  return ['', headline(verdict, paint), '', ...body, '', 'Repeat this run with:', verdict.command, ''].join(
    '\n',
  );
}

/** Of a reason, for a headline: the property that it is about has the others. */
export const firstSentence = (reason: string): string => reason.split(/(?<=\.) /)[0] ?? '';

function headline({ verdict, reason }: VerdictFile, paint: Paint): string {
  const colour = { valid: paint.green, invalid: paint.red, unknown: paint.yellow }[verdict];
  return `${paint.inverse(paint.bold(colour(` ${verdict.toUpperCase()} `)))} ${paint.bold(firstSentence(reason))}`;
}

/** In lines that fit, the later ones indented. Colours end where a word does, and take no width. */
function wrapped(line: string, width: number): string[] {
  const lines: string[] = [];
  let current = '';
  for (const word of line.split(' ')) {
    if (current !== '' && visible(`${current} ${word}`) > Math.max(40, width)) {
      lines.push(current);
      current = `    ${word}`;
    } else current = lines.length === 0 && current === '' ? word : `${current} ${word}`;
  }
  return [...lines, current];
}

const visible = (text: string): number => stripVTControlCharacters(text).length;

function ranLines(verdict: VerdictFile): string[] {
  const { impl, implOptions, workload, nodes, clients, pinned, rate, seed, durationMs, wallMs } = verdict;
  const options = Object.entries(implOptions).map(([name, value]) => `${name}=${String(value)}`);
  const system = options.length === 0 ? impl : `${impl} (${options.join(', ')})`;
  const load = rate === null ? 'closed loop' : `open loop at ${countText(rate)}/s`;
  const asking = plural(clients, 'client') + (pinned ? ` and one pinned to each node` : '');
  const wall = wallMs === null ? '' : `, ${msText(wallMs)} in all`;
  return [
    `${system} on ${plural(nodes, 'node')}, workload ${workload}, ${asking} in ${load}, ` +
      `${msText(durationMs)}${wall}, seed ${seed}`,
  ];
}

function brokeLines(verdict: VerdictFile): string[] {
  const { faults, nemesis, withinClaim, claim } = verdict;
  if (faults.length === 0) {
    return nemesis === 'none'
      ? ['nothing: this run proves nothing about faults (choose some with --nemesis; ftcheck list nemeses)']
      : [`nothing: ${nemesis} was asked for, and no fault began`];
  }
  const widths = {
    name: Math.max(...faults.map(({ name }) => name.length)),
    target: Math.max(...faults.map(({ target }) => target.length)),
  };
  const lines = faults.map((fault) => {
    const end = fault.endNs === null ? 'never ended' : `for ${msText((fault.endNs - fault.beginNs) / 1e6)}`;
    const role = fault.plannedTarget === fault.target ? '' : ` (${fault.plannedTarget})`;
    return (
      `${fault.id} ${fault.name.padEnd(widths.name)}  ${fault.target.padEnd(widths.target)}${role} ` +
      `at ${secondsText(fault.beginNs)} ${end}: ${effectInWords(fault)}`
    );
  });
  if (withinClaim === true) lines.push(`within what ${verdict.impl} claims to tolerate`);
  if (withinClaim === false) lines.push(`beyond what ${verdict.impl} claims to tolerate (${claim.text})`);
  return lines;
}

function clientLines({ operations, latency, throughput }: VerdictFile): string[] {
  const { invoked, ok, fail, info } = operations;
  const perSecond =
    throughput.opsPerSecond === null ? '' : `, ${countText(Math.round(throughput.opsPerSecond))} ok/s`;
  const lines = [
    `${plural(invoked, 'operation')}: ${countText(ok)} ok, ${countText(fail)} fail, ${countText(info)} info${perSecond}`,
  ];
  const kinds = Object.entries(latency.byKind);
  const width = Math.max(3, ...kinds.map(([kind]) => kind.length));
  const line = (name: string, { count, p50Ms, p90Ms, p99Ms, maxMs }: (typeof kinds)[number][1]): string =>
    `${name.padEnd(width)}  p50 ${msText(p50Ms)}, p90 ${msText(p90Ms)}, p99 ${msText(p99Ms)}, max ${msText(maxMs)} (${countText(count)} ok)`;
  if (latency.count > 0) lines.push(line('all', latency));
  if (kinds.length > 1) lines.push(...kinds.map(([kind, distribution]) => line(kind, distribution)));
  return lines;
}

/** Every figure since the fault's effect. */
function outageLines({ properties, claim }: VerdictFile): string[] {
  return (properties.failover?.outages ?? []).map(({ id, target, outageMs, phases, judged }) => {
    const seen = [
      ['detected', phases.detectMs],
      ['new view', phases.agreeMs],
      ['working in it', phases.recoverMs],
      ['full strength', phases.fullStrengthMs],
    ] as const;
    const parts = seen.flatMap(([name, ms]) => (ms === null ? [] : [`${name} at ${msText(ms)}`]));
    const away = outageMs === null ? 'no success after it' : `back after ${msText(outageMs)}`;
    const bound = judged ? `at most ${msText(claim.outageMsMax)} allowed` : 'no bound promised';
    return `${id} ${target}: ${[`${away} (${bound})`, ...parts].join(', ')}`;
  });
}

function propertyLines({ properties }: VerdictFile, paint: Paint): string[] {
  const entries = Object.entries(properties as Readonly<Record<string, Property>>);
  const width = Math.max(0, ...entries.map(([name]) => name.length));
  return entries.map(([name, property]) => propertyLine(name.padEnd(width), property, paint));
}

/** `✓ linearizable  what was found` */
export function propertyLine(
  name: string,
  { verdict, reason }: Pick<Property, 'verdict' | 'reason'>,
  paint: Paint,
): string {
  const line = `${name}  ${verdict === 'not-owed' ? `not owed: ${reason}` : reason}`;
  const isSilent = verdict === 'not-owed' || verdict === 'not-applicable';
  return `${mark(verdict, paint)} ${isSilent ? paint.dim(line) : line}`;
}

function mark(verdict: Property['verdict'], paint: Paint): string {
  switch (verdict) {
    case 'valid':
      return paint.green('✓');
    case 'invalid':
      return paint.red('✗');
    case 'unknown':
      return paint.yellow('?');
    case 'not-owed':
    case 'not-applicable':
      return paint.dim('-');
  }
}

/** The goals that a run must reach for its pass to mean something, when it did not reach all. */
function missingLines({ goals, harness }: VerdictFile): string[] {
  if (harness.interrupted !== null) return []; // which says why
  const required = goals.filter((goal) => goal.required);
  if (required.every(({ reached }) => reached)) return [];
  const width = Math.max(...required.map(({ name }) => name.length));
  return required.map(
    ({ name, reached, count, minimum }) =>
      `${reached ? 'reached' : 'MISSING'}  ${name.padEnd(width)}  ${countText(count)} of ${countText(minimum)}`,
  );
}

function harnessLines({ harness }: VerdictFile): string[] {
  const { interrupted, trouble, damage } = harness;
  return [
    ...(interrupted === null
      ? []
      : [`interrupted by ${interrupted}; what was recorded until then was judged`]),
    ...(trouble === null ? [] : [trouble]),
    ...damage,
  ];
}
