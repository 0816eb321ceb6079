import { stripVTControlCharacters } from 'node:util';
import type { Paint } from '../summary.ts';
import { differenceText, findingsOf, legend, rowsOf, settingText, titleOf, type Cell } from './cells.ts';
import type { Comparison, ThresholdResult } from './schema.ts';

const titleWidth = 13;
const columnWidthMin = 15;

/** A comparison for a terminal, in lines of at most `width` characters. */
export function renderTable(comparison: Comparison, paint: Paint, width: number): string {
  const labels = shortLabels(comparison, width);
  const lines = [
    '',
    ...wrapped(headline(comparison), width).map(paint.bold),
    ...wrapped(settingText(comparison), width),
    '',
    ...legendOfLabels(comparison, labels),
    ...tables(comparison, labels, paint, width),
    ...(legend(comparison) === '' ? [] : ['', ...wrapped(legend(comparison), width).map(paint.dim)]),
    ...differenceLines(comparison, paint, width),
    ...thresholdLines(comparison.thresholds, paint, width),
    ...(comparison.notes.length === 0 ? [] : ['']),
    ...comparison.notes.flatMap((note) => wrapped(`${noteMark(note)} ${note}`, width)).map(paint.yellow),
    '',
    'Repeat this comparison with:',
    comparison.command,
    '',
  ];
  return lines.join('\n');
}

const noteMark = (note: string): string => (note.includes('INVALID') ? '✗' : '!');

export function headline({ columns, interrupted }: Comparison): string {
  const names = columns.map(({ label }) => label).join(', ');
  return `${interrupted === null ? '' : `Interrupted by ${interrupted}: `}${names}`;
}

const columnsBeside = (width: number): number =>
  Math.max(1, Math.floor((width - titleWidth) / columnWidthMin));
const columnWidth = (count: number, width: number): number =>
  Math.min(24, Math.floor((width - titleWidth) / Math.min(columnsBeside(width), count)));

/** Long names would not fit above a column: they get numbers, and a legend. */
function shortLabels({ columns }: Comparison, width: number): string[] {
  const room = columnWidth(columns.length, width) - 2;
  const fits = columns.every(({ label, source }) => label.length <= room && source === null);
  return columns.map(({ label }, i) => (fits ? label : `#${i + 1}`));
}

function legendOfLabels({ columns }: Comparison, labels: readonly string[]): string[] {
  if (columns.every(({ label }, i) => label === labels[i])) return [];
  return [
    ...columns.map(
      ({ label, source }, i) => `${labels[i] ?? ''}  ${label}${source === null ? '' : `  ${source}`}`,
    ),
    '',
  ];
}

/** As many columns beside each other as fit, the others below. */
function tables(comparison: Comparison, labels: readonly string[], paint: Paint, width: number): string[] {
  const fit = columnsBeside(width);
  const count = labels.length;
  const widthOf = columnWidth(count, width);
  const lines: string[] = [];
  for (let from = 0; from < count; from += fit) {
    const some = (cells: readonly string[]): string => cells.slice(from, from + fit).join('');
    if (from > 0) lines.push('');
    lines.push(' '.repeat(titleWidth) + some(labels.map((label) => paint.bold(label.padStart(widthOf)))));
    for (const { metric, cells } of rowsOf(comparison)) {
      lines.push(
        metric.title.padEnd(titleWidth) + some(cells.map((cell) => valueCell(cell, widthOf, paint))),
      );
      const ranges = cells.map(({ range }) => `${fitting(range, widthOf - 2)} `.padStart(widthOf));
      if (some(cells.map(({ range }) => range)) !== '')
        lines.push(' '.repeat(titleWidth) + paint.dim(some(ranges)));
    }
    lines.push(
      ...nodeLines(comparison, (cells) => some(cells.map((cell) => cell.padStart(widthOf - 1) + ' '))),
    );
  }
  return lines.map((line) => line.trimEnd());
}

/** `0.495 to 0.505 ms`, or `0.495–0.505` where there is no room. */
function fitting(range: string, room: number): string {
  if (range.length <= room) return range;
  const [low = '', high = ''] = range.split(' to ');
  return `${low}–${/[a-z]/i.test(low) ? high : high.replace(/[^\d]+$/, '')}`;
}

const valueCell = ({ value, isBest }: Cell, width: number, paint: Paint): string => {
  const text = `${value}${isBest ? '*' : ' '}`.padStart(width);
  return isBest ? paint.green(text) : text;
};

/** Each node's part: which of them works, and how much. */
function nodeLines({ columns }: Comparison, join: (cells: readonly string[]) => string): string[] {
  const slots = [...new Set(columns.flatMap(({ nodes }) => Object.keys(nodes)))].sort();
  return slots.map((slot, i) => {
    const cells = columns.map(({ nodes }) => {
      const node = nodes[slot];
      return node === undefined
        ? ''
        : `${Math.round(node.cpuShare * 100)} %, ${Math.round(node.rssMeanBytes / 1e6)} MB`;
    });
    return `${(i === 0 ? `CPU, mem ${slot}` : `         ${slot}`).padEnd(titleWidth)}${join(cells)}`;
  });
}

function differenceLines(comparison: Comparison, paint: Paint, width: number): string[] {
  return findingsOf(comparison).flatMap(({ a, b, found, notFound }) => {
    const none = notFound.map(({ metric }) => titleOf(metric)).join(', ');
    const lines = [
      ...found.map(
        (one) => `  ${differenceText(one)}${one.better === null ? '' : `: ${one.better} is better`}`,
      ),
      ...(notFound.length === 0 ? [] : [`  ${paint.dim(`no difference found: ${none}`)}`]),
    ];
    return [
      '',
      `${paint.bold(b)} against ${paint.bold(a)}`,
      ...lines.flatMap((line) => wrapped(line, width)),
    ];
  });
}

const verdictMarks = { held: '✓', violated: '✗', undecided: '?' } as const;

function thresholdLines(thresholds: readonly ThresholdResult[], paint: Paint, width: number): string[] {
  if (thresholds.length === 0) return [];
  const colours = { held: paint.green, violated: paint.red, undecided: paint.yellow };
  const lines = thresholds.flatMap(({ verdict, reason, against }) => {
    const than = against === null ? '' : `, against ${against}`;
    return wrapped(`${verdictMarks[verdict]} ${reason}${than}`, width).map(colours[verdict]);
  });
  return ['', ...lines];
}

/** In lines that fit; the later ones indented. */
function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  const indent = `${/^\s*/.exec(text)?.[0] ?? ''}  `;
  for (const word of text.split(/(?<=\S) /)) {
    if (line !== '' && stripVTControlCharacters(`${line} ${word}`).length > width) {
      lines.push(line);
      line = `${indent}${word}`;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
