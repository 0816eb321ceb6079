import { UsageError } from '../../core/errors.ts';
import type { Random } from '../../core/random.ts';
import { clustersMin, expandedTail, percentiles } from '../bootstrap.ts';
import { plural } from '../units-text.ts';
import { paired, unpaired } from './differences.ts';
import { estimateOf, figureOf, whyNotClaimed } from './figures.ts';
import type { Metric } from './metrics.ts';
import { confidence } from './rounds.ts';
import type { Column, Comparison, Difference, ThresholdResult } from './schema.ts';
import type { Threshold } from './thresholds.ts';
import { changeText, valueText } from './units.ts';

/** A figure, or the ratio of two, with the interval that a threshold is judged by. */
interface Estimate {
  readonly value: number | null;
  readonly interval: { readonly low: number; readonly high: number } | null;
  /** Why there is no interval. */
  readonly why: string;
}

interface Judged {
  readonly column: Column;
  /** What a relative threshold is relative to. */
  readonly base: Column | null;
  readonly threshold: Threshold;
}

/**
 * Judges thresholds on every column, relative ones against the column of the same name of the baseline, or else against the first column.
 * All of them together are wrong with a probability of at most 5 %: a threshold is violated only where its whole interval lies beyond the
 * bound, held where the whole interval lies within, and undecided otherwise.
 */
export function judgeThresholds(input: {
  readonly comparison: Comparison;
  readonly thresholds: readonly Threshold[];
  readonly baseline: readonly Column[] | null;
  readonly random: Random;
}): ThresholdResult[] {
  const { comparison, thresholds, baseline, random } = input;
  const [first, ...others] = comparison.columns;
  const judged = thresholds.flatMap((threshold): Judged[] => {
    if (!threshold.isRelative || baseline !== null) {
      return comparison.columns.map((column) => {
        const base =
          threshold.isRelative && baseline !== null ? baseOf(column, comparison.columns, baseline) : null;
        return { column, base, threshold };
      });
    }
    if (first === undefined || others.length === 0) {
      throw new UsageError(
        `--threshold: '${threshold.text}' is relative: give --baseline, or a second system`,
      );
    }
    return others.map((column) => ({ column, base: first, threshold }));
  });
  const alpha = (1 - confidence) / Math.max(1, judged.length);
  return judged.map((one) => {
    const name = `threshold/${one.threshold.text}/${one.column.label}`;
    return resultOf(one, estimate(one, comparison, baseline !== null, alpha, random.fork(name)));
  });
}

/** By name, the number of one that stands twice left away; where there is one column on each side, that one. */
function baseOf(column: Column, columns: readonly Column[], baseline: readonly Column[]): Column {
  const [only] = baseline;
  const found =
    baseline.find(({ label }) => label === column.label) ??
    baseline.find(({ label }) => label === column.label.replace(/#\d+$/, '')) ??
    (baseline.length === 1 && columns.length === 1 ? only : undefined);
  if (found !== undefined) return found;
  throw new UsageError(
    `--baseline: it has no ${column.label}; it has ${baseline.map(({ label }) => label).join(', ')}`,
  );
}

function estimate(
  { column, base, threshold }: Judged,
  comparison: Comparison,
  isStored: boolean,
  alpha: number,
  random: Random,
): Estimate {
  const { metric } = threshold;
  const misleading = whyNotClaimed(column.rounds, metric) ?? whyNotClaimed(base?.rounds ?? [], metric);
  if (misleading !== null) return { value: null, interval: null, why: misleading };
  if (base === null) return ofFigure(column, metric, alpha, random);
  if (metric.outageQuantile !== undefined) return ofOutages(column, base, metric, alpha, random);
  if (comparison.kind === 'single-runs' && !isStored)
    return ofBlocks(column, base, metric, comparison.differences);
  const baseRounds = base.rounds.filter(({ trouble }) => trouble === null);
  if (baseRounds.length === 1) return ofFixed(column, base, metric, alpha, random);
  const pair = { a: base, b: column };
  const isPaired = comparison.kind === 'paired' && !isStored;
  const { interval, estimate: log, rounds } = (isPaired ? paired : unpaired)(pair, metric, alpha);
  return {
    value: log === null ? null : Math.exp(log),
    interval: interval === null ? null : { low: Math.exp(interval.low), high: Math.exp(interval.high) },
    why: `${plural(rounds, 'round')} cannot be so sure: more are needed`,
  };
}

function ofFigure(column: Column, metric: Metric, alpha: number, random: Random): Estimate {
  const { estimate: value, low, high, endless, why } = figureOf(column.rounds, metric, alpha, random);
  if (endless) return { value: Infinity, interval: { low: Infinity, high: Infinity }, why: '' };
  if (value !== null && metric.outageQuantile === 1)
    return { value, interval: { low: value, high: value }, why: '' };
  const interval = low === null || value === null ? null : { low, high: high ?? Infinity };
  return { value, interval, why: why ?? 'it has no interval' };
}

/** Against one run: its figure is taken as it stands, since one run says nothing about how far another would be from it. */
function ofFixed(column: Column, base: Column, metric: Metric, alpha: number, random: Random): Estimate {
  const bound = estimateOf(base.rounds, metric);
  if (bound === null) return { value: null, interval: null, why: 'the baseline has no such figure' };
  const { value, interval, why } = ofFigure(column, metric, alpha, random);
  return {
    value: value === null ? null : value / bound,
    interval: interval === null ? null : { low: interval.low / bound, high: interval.high / bound },
    why,
  };
}

/** Quantiles of all outages of two sides, drawn again on both. */
function ofOutages(column: Column, base: Column, metric: Metric, alpha: number, random: Random): Estimate {
  const after = estimateOf(column.rounds, metric);
  const before = estimateOf(base.rounds, metric);
  if (after === null || before === null) return { value: null, interval: null, why: 'too few outages' };
  const fewest = Math.min(column.rounds.length, base.rounds.length);
  const why = `${plural(fewest, 'round')}, at least ${clustersMin} are needed for an interval`;
  if (fewest < clustersMin || metric.outageQuantile === 1)
    return { value: after / before, interval: null, why };
  const ratios: number[] = [];
  const drawn = (rounds: Column['rounds']) => rounds.map(() => random.pick(rounds));
  for (let i = 0; i < 4000; i++) {
    const [one, other] = [estimateOf(drawn(column.rounds), metric), estimateOf(drawn(base.rounds), metric)];
    if (one !== null && other !== null && !(one === Infinity && other === Infinity)) ratios.push(one / other);
  }
  return { value: after / before, interval: percentiles(ratios, expandedTail(fewest, alpha)), why };
}

/** Of one run each: the interval over blocks of time that the comparison has. */
function ofBlocks(
  column: Column,
  base: Column,
  metric: Metric,
  differences: readonly Difference[],
): Estimate {
  const found = differences.find(
    (one) => one.metric === metric.name && one.a === base.label && one.b === column.label,
  );
  const interval =
    found === undefined || found.low === null || found.high === null
      ? null
      : { low: found.low, high: found.high };
  return { value: found?.ratio ?? null, interval, why: 'one run each has no interval for this figure' };
}

function resultOf({ column, base, threshold }: Judged, { value, interval, why }: Estimate): ThresholdResult {
  const { metric, isRelative, bound, relation, text } = threshold;
  const shown = (given: number): string => {
    if (given === Infinity) return 'without end';
    return isRelative ? changeText(given) : valueText(given, metric.unit);
  };
  const stored = (given: number | undefined): number | null => {
    if (given === undefined || !Number.isFinite(given)) return null;
    return isRelative ? given - 1 : given;
  };
  const verdict = interval === null ? 'undecided' : verdictOf(interval, relation, bound);
  const range = interval === null ? why : `${shown(interval.low)} to ${shown(interval.high)}`;
  const measured = value === null ? `not known: ${why}` : `${shown(value)} (${range})`;
  // One run says nothing about how far another of the same build would be from it.
  const isSingle = base !== null && base.rounds.length === 1;
  return {
    threshold: text,
    label: column.label,
    against: base === null ? null : `${base.label}${isSingle ? ' (one run, taken as it stands)' : ''}`,
    verdict,
    actual: stored(value ?? undefined),
    low: stored(interval?.low),
    high: stored(interval?.high),
    reason: `${text}: ${column.label} ${verdict}, ${metric.title} is ${measured}`,
  };
}

function verdictOf(
  { low, high }: { readonly low: number; readonly high: number },
  relation: Threshold['relation'],
  bound: number,
): ThresholdResult['verdict'] {
  if (relation === '<') return high < bound ? 'held' : low >= bound ? 'violated' : 'undecided';
  return low > bound ? 'held' : high <= bound ? 'violated' : 'undecided';
}
