import {
  difference,
  pairsMin,
  medianOf,
  rankSumInterval,
  signedRankInterval,
  walshAverages,
  type RankInterval,
} from './exact-ranks.ts';
import { valueOf, whyNotClaimed } from './figures.ts';
import { metrics, type Metric } from './metrics.ts';
import type { Column, Difference, Round } from './schema.ts';
import { clustersMin } from '../bootstrap.ts';
import { plural } from '../units-text.ts';

export interface Pair<C> {
  readonly a: C;
  readonly b: C;
}
type Measured = Pick<Column, 'label' | 'rounds'>;

export interface Differences {
  readonly differences: readonly Difference[];
  /** How many were made: each at (1 - confidence) divided by it. */
  readonly comparisons: number;
  readonly best: Readonly<Record<string, string>>;
}

/** Every pair of columns once. */
export const pairsOf = <C>(columns: readonly C[]): Pair<C>[] =>
  columns.flatMap((a, i) => columns.slice(i + 1).map((b) => ({ a, b })));

/**
 * Every compared metric of every pair. All of them together are wrong about any with a probability of at most `alpha`: each gets its share
 * [Bonferroni]. Then the interval that is shown is the one that decides, which it would not be with Holm's steps.
 */
export function differencesOf(input: {
  readonly columns: readonly Measured[];
  readonly pairs: readonly Pair<Measured>[];
  readonly isPaired: boolean;
  readonly alpha: number;
}): Differences {
  const { columns, pairs, isPaired, alpha } = input;
  const made = metrics
    .filter(({ isCompared }) => isCompared)
    .flatMap((metric) => pairs.map((pair) => ({ metric, pair })))
    .filter(({ metric, pair }) => [pair.a, pair.b].every(({ rounds }) => isMeasured(rounds, metric)));
  const each = alpha / Math.max(1, made.length);
  const differences = made.map(({ metric, pair }) =>
    differenceOf({ metric, pair, isPaired, alpha: each, of: made.length }),
  );
  return { differences, comparisons: made.length, best: bestOf(columns, differences) };
}

const isMeasured = (rounds: readonly Round[], metric: Metric): boolean =>
  rounds.some((round) => valueOf(round, metric) !== null) && whyNotClaimed(rounds, metric) === null;

function differenceOf(input: {
  readonly metric: Metric;
  readonly pair: Pair<Measured>;
  readonly isPaired: boolean;
  readonly alpha: number;
  readonly of: number;
}): Difference {
  const { metric, pair, isPaired, alpha, of } = input;
  const { a, b } = pair;
  const found = isPaired ? paired(pair, metric, alpha) : unpaired(pair, metric, alpha);
  const { interval, rounds } = found;
  const ratio = (value: number | undefined): number | null =>
    value === undefined || !Number.isFinite(value) ? null : Math.exp(value);
  const differs = interval !== null && (interval.low > 0 || interval.high < 0);
  const isLower = interval !== null && interval.high < 0;
  const better = (metric.better === 'lower') === isLower ? b.label : a.label;
  return {
    metric: metric.name,
    a: a.label,
    b: b.label,
    ratio: ratio(found.estimate ?? undefined),
    low: ratio(interval?.low),
    high: ratio(interval?.high),
    rounds,
    differs,
    better: differs ? better : null,
    why: interval === null ? tooFew(rounds, alpha, of, isPaired) : null,
  };
}

function tooFew(rounds: number, alpha: number, of: number, isPaired: boolean): string {
  const needed = isPaired ? `at least ${pairsMin(alpha)}` : 'more';
  return `${plural(rounds, 'round')} cannot be sure of ${plural(of, 'comparison')}: ${needed} are needed`;
}

interface Found {
  /** Of the logarithm of b / a, as is the interval. */
  readonly interval: RankInterval | null;
  readonly estimate: number | null;
  readonly rounds: number;
}

/** By round, so that what all runs of a round met (another load on the machine, a certain fault) falls out. */
export function paired({ a, b }: Pair<Measured>, metric: Metric, alpha: number): Found {
  const ofA = new Map(a.rounds.map((round) => [round.round, valueOf(round, metric)]));
  const logs = b.rounds.flatMap((round) => {
    const before = ofA.get(round.round) ?? null;
    const after = valueOf(round, metric);
    return before === null || after === null ? [] : [difference(Math.log(after), Math.log(before))];
  });
  return {
    interval: signedRankInterval(logs, alpha),
    estimate: typical(walshAverages(logs)),
    rounds: logs.length,
  };
}

/** Rounds that were not made in turn: what the machine did besides is in the difference. */
export function unpaired({ a, b }: Pair<Measured>, metric: Metric, alpha: number): Found {
  const before = logsOf(a, metric);
  const after = logsOf(b, metric);
  const all = after.flatMap((one) => before.map((other) => difference(one, other)));
  const rounds = Math.min(before.length, after.length);
  const interval = rounds < clustersMin ? null : rankSumInterval(after, before, alpha);
  return { interval, estimate: typical(all), rounds };
}

const logsOf = ({ rounds }: Measured, metric: Metric): number[] =>
  rounds.flatMap((round) => {
    const value = valueOf(round, metric);
    return value === null ? [] : [Math.log(value)];
  });

/** The same estimate as that of the interval, also where there are too few for one. */
const typical = (values: readonly number[]): number | null =>
  values.length === 0 ? null : medianOf(Float64Array.from(values).sort());

/** Who is better than every other. */
function bestOf(columns: readonly Measured[], differences: readonly Difference[]): Record<string, string> {
  const best: Record<string, string> = {};
  for (const { name } of metrics) {
    const ofMetric = differences.filter(({ metric }) => metric === name);
    for (const { label } of columns) {
      const own = ofMetric.filter(({ a, b }) => a === label || b === label);
      const isBest = own.length === columns.length - 1 && own.every(({ better }) => better === label);
      if (isBest && own.length > 0) best[name] = label;
    }
  }
  return best;
}
