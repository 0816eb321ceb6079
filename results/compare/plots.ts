import { endlessly, valueOf } from './figures.ts';
import { element, escapeHtml } from './markup.ts';
import type { Metric } from './metrics.ts';
import type { Column, Comparison, Difference } from './schema.ts';
import { differenceText, titleOf } from './cells.ts';
import { changeText, valueText } from './units.ts';

/** How many colours there are before they recur; lines are told apart by their dashes as well. */
const colours = 8;
const dashes = ['none', '7 3', '2 3', '9 3 2 3', '4 2', '12 4', '1 4', '6 2 1 2'] as const;
const width = 760;
const left = 190;
const right = 24;

export const colourOf = (index: number): string => `c${index % colours}`;

interface Scale {
  readonly at: (value: number) => number;
  readonly ticks: readonly number[];
}

/** By factors, over at least a quarter, so that little is not drawn large. */
function logScale(values: readonly number[]): Scale {
  const finite = values.filter((value) => value > 0 && value < Infinity).map(Math.log);
  const centre = (Math.min(...finite) + Math.max(...finite)) / 2;
  const half = Math.max(0.12, ((Math.max(...finite) - Math.min(...finite)) / 2) * 1.08);
  const low = centre - half;
  const at = (value: number): number =>
    left + ((Math.log(value) - low) / (2 * half)) * (width - left - right);
  return { at, ticks: ticksBetween(Math.exp(low), Math.exp(low + 2 * half)) };
}

/** Of ratios, those that read well as a change. */
const roundRatios = [
  0.01, 0.1, 0.2, 0.35, 0.5, 0.7, 0.8, 0.9, 0.95, 1, 1.05, 1.1, 1.2, 1.4, 2, 3, 5, 10, 100,
];

/** Those whose texts do not run into one another; no difference is always among them. */
function apart(ticks: readonly number[], at: (value: number) => number): number[] {
  const kept = [1];
  const isClear = (value: number): boolean => kept.every((other) => Math.abs(at(value) - at(other)) > 55);
  for (const value of ticks) if (isClear(value)) kept.push(value);
  return kept;
}

/** Round numbers, four to nine of them. */
function ticksBetween(low: number, high: number): number[] {
  const steps = [[1], [1, 3], [1, 2, 5], [1, 1.5, 2, 3, 5, 7]];
  const from = Math.floor(Math.log10(low));
  const to = Math.ceil(Math.log10(high));
  for (const digits of steps) {
    const found: number[] = [];
    for (let power = from; power <= to; power++) for (const digit of digits) found.push(digit * 10 ** power);
    const inside = found.filter((value) => value >= low && value <= high);
    if (inside.length >= 4) return inside.slice(0, 9);
  }
  const count = 4;
  return Array.from({ length: count + 1 }, (_, i) =>
    Number((low + ((high - low) * (i + 0.5)) / (count + 1)).toPrecision(3)),
  );
}

function axis(scale: Scale, y: number, text: (value: number) => string): string {
  return scale.ticks
    .map((value) =>
      [
        element('line', { x1: scale.at(value), x2: scale.at(value), y1: 4, y2: y, class: 'grid' }),
        element('text', { x: scale.at(value), y: y + 15, 'text-anchor': 'middle' }, escapeHtml(text(value))),
      ].join(''),
    )
    .join('');
}

const svg = (height: number, title: string, ...content: readonly string[]): string =>
  element(
    'svg',
    { viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': title },
    element('title', {}, escapeHtml(title)),
    ...content,
  );

const rowText = (label: string, y: number, index: number): string =>
  element(
    'text',
    { x: left - 14, y: y + 4, 'text-anchor': 'end', class: `label ${colourOf(index)}` },
    escapeHtml(label.length > 26 ? `${label.slice(0, 25)}…` : label),
  );

/** A metric: a dot for each round (or outage), the estimate as a tick, its interval as a bar. Empty where there is nothing. */
export function dotPlot(columns: readonly Column[], metric: Metric): string {
  const rows = columns.map((column) => ({
    column,
    dots: dotsOf(column, metric),
    figure: column.figures[metric.name],
  }));
  const all = rows.flatMap(({ dots, figure }) => [
    ...dots,
    ...[figure?.estimate, figure?.low, figure?.high].flatMap((value) =>
      typeof value === 'number' ? [value] : [],
    ),
  ]);
  const finite = all.filter((value) => value > 0 && value < Infinity);
  if (finite.length === 0) return '';
  const scale = logScale(finite);
  const height = rows.length * 30 + 8;
  const drawn = rows.map(({ column, dots, figure }, i) => {
    const y = 20 + i * 30;
    const marks = dots
      .filter((value) => value > 0 && value < Infinity)
      .map((value, at) =>
        element('circle', { cx: scale.at(value), cy: y + ((at * 7) % 11) - 5, r: 2.6, class: colourOf(i) }),
      );
    const endless = dots.filter((value) => value === Infinity).length;
    const interval =
      figure === undefined || figure.low === null || figure.high === null
        ? ''
        : element('rect', {
            x: scale.at(figure.low),
            width: Math.max(1, scale.at(figure.high) - scale.at(figure.low)),
            y: y - 9,
            height: 18,
            rx: 3,
            class: `interval ${colourOf(i)}`,
          });
    const estimate =
      figure === undefined || figure.estimate === null
        ? ''
        : element('line', {
            x1: scale.at(figure.estimate),
            x2: scale.at(figure.estimate),
            y1: y - 11,
            y2: y + 11,
            class: `estimate ${colourOf(i)}`,
          });
    const never =
      endless === 0
        ? ''
        : element('text', { x: width - right, y: y + 4, 'text-anchor': 'end' }, `${endless} never ended →`);
    return `${rowText(column.label, y, i)}${interval}${marks.join('')}${estimate}${never}`;
  });
  return svg(
    height + 24,
    `${metric.title} by round`,
    axis(scale, height, (value) => valueText(value, metric.unit)),
    ...drawn,
  );
}

function dotsOf({ rounds }: Column, metric: Metric): number[] {
  if (metric.outageQuantile !== undefined) return rounds.flatMap(({ outagesMs }) => endlessly(outagesMs));
  return rounds.flatMap((round) => {
    const value = valueOf(round, metric);
    return value === null ? [] : [value];
  });
}

/** The share of operations that took at most so long, on a scale that gives the slow ones room: 50, 90, 99, 99.9 %. */
export function latencyCurves(columns: readonly Column[]): string {
  const drawn = columns.filter(({ latencyMs }) => latencyMs.length > 0);
  if (drawn.length === 0) return '';
  const scale = logScale(drawn.flatMap(({ latencyMs }) => latencyMs.map(([, ms]) => ms)));
  const height = 300;
  const room = -Math.log10(1 - 0.9995);
  const yOf = (share: number): number =>
    height - (Math.min(room, -Math.log10(Math.max(1e-9, 1 - share))) / room) * (height - 12);
  const levels = [0.5, 0.9, 0.99, 0.999].map((share) =>
    [
      element('line', { x1: left, x2: width - right, y1: yOf(share), y2: yOf(share), class: 'grid' }),
      element('text', { x: left - 14, y: yOf(share) + 4, 'text-anchor': 'end' }, `${share * 100} %`),
    ].join(''),
  );
  const lines = columns.map(({ latencyMs }, i) =>
    element('polyline', {
      points: latencyMs.map(([share, ms]) => `${scale.at(ms).toFixed(1)},${yOf(share).toFixed(1)}`).join(' '),
      class: `curve ${colourOf(i)}`,
      'stroke-dasharray': dashes[i % dashes.length] ?? 'none',
    }),
  );
  const keys = columns.map(({ label }, i) => {
    const y = height + 40 + i * 18;
    return [
      element('line', {
        x1: left,
        x2: left + 44,
        y1: y,
        y2: y,
        class: `curve ${colourOf(i)}`,
        'stroke-dasharray': dashes[i % dashes.length] ?? 'none',
      }),
      element('text', { x: left + 54, y: y + 4, class: `label ${colourOf(i)}` }, escapeHtml(label)),
    ].join('');
  });
  return svg(
    height + 44 + columns.length * 18,
    'share of operations by latency',
    axis(scale, height, (value) => valueText(value, 'ms')),
    ...levels,
    ...lines,
    ...keys,
  );
}

/** The differences of one pair, each with its interval about the line of no difference. */
export function differencePlot(differences: readonly Difference[], columns: Comparison['columns']): string {
  const shown = differences.filter(({ ratio }) => ratio !== null);
  const values = shown.flatMap(({ ratio, low, high }) =>
    [ratio, low, high].filter((value) => value !== null),
  );
  if (shown.length === 0) return '';
  const { at } = logScale([...values, 1]);
  const scale = {
    at,
    ticks: apart(
      roundRatios.filter((value) => at(value) > left && at(value) < width - right),
      at,
    ),
  };
  const height = shown.length * 26 + 8;
  const rows = shown.map((one, i) => {
    const y = 18 + i * 26;
    const { ratio, low, high, differs, metric } = one;
    const better = columns.findIndex(({ label }) => label === one.better);
    const kind = differs && better >= 0 ? colourOf(better) : 'even';
    const interval =
      low === null || high === null
        ? ''
        : element('line', { x1: scale.at(low), x2: scale.at(high), y1: y, y2: y, class: `bar ${kind}` });
    const dot = ratio === null ? '' : element('circle', { cx: scale.at(ratio), cy: y, r: 5, class: kind });
    return [
      element('g', {}, element('title', {}, escapeHtml(differenceText(one))), interval, dot),
      element('text', { x: left - 14, y: y + 4, 'text-anchor': 'end' }, escapeHtml(titleOf(metric))),
    ].join('');
  });
  const none = element('line', { x1: scale.at(1), x2: scale.at(1), y1: 0, y2: height, class: 'none' });
  return svg(height + 24, 'differences', axis(scale, height, changeText), none, ...rows);
}
