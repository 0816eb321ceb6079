import { metrics, type Metric } from './metrics.ts';
import type { Column, Comparison, Difference, Figure } from './schema.ts';
import { changeText, valueText } from './units.ts';

/** A row of the table, whatever it is drawn in. */
export interface Row {
  readonly metric: Metric;
  readonly cells: readonly Cell[];
}

export interface Cell {
  /** `1.52 ms`; `-` where there is nothing. */
  readonly value: string;
  /** `1.43 to 1.61 ms`, or why there is no figure; empty: nothing to say. */
  readonly range: string;
  /** Better than every other, surely. */
  readonly isBest: boolean;
}

/** Only metrics of which anything is known. */
export function rowsOf({ columns, best }: Comparison): Row[] {
  return metrics
    .map((metric) => ({
      metric,
      cells: columns.map((column) => cellOf(column, metric, best[metric.name] === column.label)),
    }))
    .filter(({ metric }) => columns.some(({ figures }) => isKnown(figures[metric.name])));
}

const isKnown = (figure: Figure | undefined): boolean =>
  figure !== undefined && (figure.estimate !== null || figure.endless);

function cellOf({ figures }: Column, metric: Metric, isBest: boolean): Cell {
  const figure = figures[metric.name];
  if (figure === undefined) return { value: '-', range: '', isBest };
  if (figure.endless) return { value: 'never ended', range: '', isBest };
  if (figure.estimate === null) return { value: '-', range: '', isBest };
  return { value: valueText(figure.estimate, metric.unit), range: rangeText(figure, metric), isBest };
}

/** `1.43 to 1.61`, in the unit of the value. */
export function rangeText({ low, high }: Figure, { unit }: Metric): string {
  if (low === null) return '';
  const lowText = valueText(low, unit);
  const highText = high === null ? 'without end' : valueText(high, unit);
  const unitOf = (text: string): string => /[^\d.,]*$/.exec(text)?.[0] ?? '';
  const isSameUnit = unitOf(lowText) === unitOf(highText);
  return `${isSameUnit ? lowText.slice(0, lowText.length - unitOf(lowText).length) : lowText} to ${highText}`;
}

/** What was found about a pair: `p50 -27 % (-31 % to -22 %)`. */
export interface PairFindings {
  readonly a: string;
  readonly b: string;
  readonly found: readonly Difference[];
  readonly notFound: readonly Difference[];
}

export function findingsOf({ differences }: Comparison): PairFindings[] {
  const pairs = new Map<string, Difference[]>();
  for (const one of differences) {
    const key = JSON.stringify([one.a, one.b]);
    pairs.set(key, [...(pairs.get(key) ?? []), one]);
  }
  return [...pairs.values()].flatMap((all) => {
    const [first] = all;
    if (first === undefined || all.every(({ why }) => why !== null)) return [];
    return [
      {
        a: first.a,
        b: first.b,
        found: all.filter(({ differs }) => differs),
        notFound: all.filter(({ differs }) => !differs),
      },
    ];
  });
}

export const titleOf = (name: string): string => metrics.find((one) => one.name === name)?.title ?? name;

/** `latency p50 +21 % (+15 % to +27 %)`, of b against a. */
export function differenceText({ metric, ratio, low, high }: Difference): string {
  const change = ratio === null ? 'without end' : changeText(ratio);
  const range =
    low === null && high === null
      ? ''
      : ` (${low === null ? 'without end' : changeText(low)} to ${high === null ? 'without end' : changeText(high)})`;
  return `${titleOf(metric)} ${change}${range}`;
}

/** What a comparison was made of, in one line. */
export function settingText({ setting, columns, kind }: Comparison): string {
  const { workload, nemesis, clients, rate, durationMs } = setting;
  const counts = [...new Set(columns.map(({ rounds }) => rounds.length))];
  const rounds = counts.map((count) => `${count} ${count === 1 ? 'round' : 'rounds'}`).join(' and ');
  const load = rate === null ? 'closed loop' : `open loop at ${rate}/s`;
  const how = { paired: ' in turn', unpaired: '', 'single-runs': '' }[kind];
  return `${rounds}${how} of ${durationMs / 1000} s: workload ${workload}, nemesis ${nemesis}, ${clients} clients in ${load}`;
}

/** What the marks and the intervals mean. */
export function legend({ kind, comparisons, confidence, best, columns, differences }: Comparison): string {
  const sure = `${Math.round(confidence * 100)} %`;
  if (kind === 'single-runs') {
    return `Intervals of differences: ${sure} over all ${comparisons} together, over blocks of time.`;
  }
  const hasRanges = columns.some(({ figures }) => Object.values(figures).some(({ low }) => low !== null));
  return [
    Object.keys(best).length > 0 ? '* better than every other.' : '',
    differences.every(({ why }) => why !== null)
      ? ''
      : `Differences: ${sure} sure over all ${comparisons} comparisons together.`,
    hasRanges ? `Ranges: ${sure} for each figure, over rounds.` : '',
  ]
    .filter((text) => text !== '')
    .join(' ');
}
