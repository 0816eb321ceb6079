import { makeRandom } from '../../core/random.ts';
import { version } from '../../core/version.ts';
import { plural } from '../units-text.ts';
import { differencesOf, pairsOf, type Pair } from './differences.ts';
import { figureOf, geometricMean } from './figures.ts';
import { metrics } from './metrics.ts';
import { confidence } from './rounds.ts';
import type { Column, Comparison, Difference, Round } from './schema.ts';

/** A run of a column, and what of it the comparison shows besides its figures. */
export interface MeasuredRound {
  readonly round: Round;
  /** Ascending; what the curve of latencies is drawn from. */
  readonly latenciesMs: ArrayLike<number>;
  /** By slot: cpuShare of one core, memory. */
  readonly nodes: Column['nodes'];
}

export interface ColumnInput {
  readonly label: string;
  readonly impl: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly source: string | null;
  readonly rounds: readonly MeasuredRound[];
}

/** What surrounds the figures of a comparison. */
export type ComparisonFacts = Pick<
  Comparison,
  'date' | 'environment' | 'seed' | 'setting' | 'interrupted' | 'command'
>;

/** Two of 20 points each: enough for a curve, and not what a file is made large by. */
const curveShares = [...Array.from({ length: 99 }, (_, i) => (i + 1) / 100), 0.995, 0.999, 1];

/** A column with its figures and their intervals; the seed decides what the bootstrap draws. */
export function columnOf(input: ColumnInput, seed: number): Column {
  const random = makeRandom(seed).fork(`bootstrap/${input.label}`);
  const rounds = input.rounds.map(({ round }) => round);
  return {
    label: input.label,
    impl: input.impl,
    options: { ...input.options },
    source: input.source,
    rounds,
    figures: Object.fromEntries(
      metrics.map((metric) => [
        metric.name,
        figureOf(rounds, metric, 1 - confidence, random.fork(metric.name)),
      ]),
    ),
    latencyMs: curveOf(input.rounds),
    nodes: nodesOf(input.rounds),
  };
}

/** Columns with who is better. `pairs` where not each is compared with each; `blocks` where the rounds themselves were looked into. */
export function comparisonOf(input: {
  readonly kind: Comparison['kind'];
  readonly columns: readonly Column[];
  readonly pairs?: readonly Pair<Column>[];
  readonly differences?: readonly Difference[];
  readonly facts: ComparisonFacts;
  readonly notes?: readonly string[];
}): Comparison {
  const { kind, columns, facts } = input;
  const made =
    input.differences === undefined
      ? differencesOf({
          columns,
          pairs: input.pairs ?? pairsOf(columns),
          isPaired: kind === 'paired',
          alpha: 1 - confidence,
        })
      : { differences: input.differences, comparisons: input.differences.length, best: {} };
  return {
    format: 'ftcheck-comparison-1',
    kind,
    ftcheck: version,
    ...facts,
    confidence,
    comparisons: made.comparisons,
    columns: [...columns],
    differences: [...made.differences],
    best: { ...made.best },
    thresholds: [],
    notes: [...notesOn(columns, made.differences), ...(input.notes ?? [])],
  };
}

/** By how much the harness may be late before times are no finding about the system; as in a verdict. */
const lagMsTrusted = 100;

function notesOn(columns: readonly Column[], differences: readonly Difference[]): string[] {
  const rounds = columns.flatMap((column) => column.rounds.map((round) => ({ column, round })));
  const late = rounds.filter(({ round }) => (round.lagMsMax ?? 0) > lagMsTrusted).length;
  const tooFew = differences.find(({ why }) => why !== null)?.why;
  return [
    ...rounds
      .filter(({ round }) => round.verdict === 'invalid')
      .map(({ column, round }) => `${column.label} was INVALID in ${round.runDir}: ${round.reason}`),
    ...rounds
      .filter(({ round }) => round.trouble !== null)
      .map(
        ({ column, round }) => `${column.label} could not be run (${round.runDir}): ${round.trouble ?? ''}`,
      ),
    ...columns.flatMap((column) => {
      const unknown = column.rounds.filter(
        ({ verdict, trouble }) => verdict === 'unknown' && trouble === null,
      );
      const reason = unknown[0]?.reason ?? '';
      return unknown.length === 0
        ? []
        : [`${column.label}: verdict unknown in ${plural(unknown.length, 'round')}: ${reason}`];
    }),
    ...(late === 0
      ? []
      : [
          `ftcheck itself ran more than ${lagMsTrusted} ms late in ${plural(late, 'run')}: the machine was too busy`,
        ]),
    ...(tooFew === undefined ? [] : [`nobody is called better: ${tooFew}`]),
  ];
}

function curveOf(rounds: readonly MeasuredRound[]): [number, number][] {
  const measured = rounds.map(({ latenciesMs }) => latenciesMs).filter(({ length }) => length > 0);
  return curveShares.flatMap((share): [number, number][] => {
    const values = measured.map((ms) => ms[Math.max(0, Math.ceil(share * ms.length - 1e-9) - 1)] ?? 0);
    const mean = geometricMean(values.map((ms) => Math.max(ms, 1e-6)));
    return mean === null ? [] : [[share, Math.round(mean * 1000) / 1000]];
  });
}

function nodesOf(rounds: readonly MeasuredRound[]): Column['nodes'] {
  const slots = [...new Set(rounds.flatMap(({ nodes }) => Object.keys(nodes)))].sort();
  return Object.fromEntries(
    slots.map((slot) => {
      const found = rounds.flatMap(({ nodes }) => nodes[slot] ?? []);
      const mean = (values: readonly number[]): number =>
        values.reduce((sum, value) => sum + value, 0) / values.length;
      return [
        slot,
        {
          cpuShare: mean(found.map(({ cpuShare }) => cpuShare)),
          rssMeanBytes: mean(found.map(({ rssMeanBytes }) => rssMeanBytes)),
          rssMaxBytes: Math.max(...found.map(({ rssMaxBytes }) => rssMaxBytes)),
        },
      ] as const;
    }),
  );
}
