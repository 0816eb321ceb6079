import { UsageError } from '../../core/errors.ts';
import { ascendingOf, figureNames, type Figure } from './figures.ts';
import type { MeasuredTrial, TrialLine } from './trial.ts';
import { estimateQuantile } from '../order-statistics.ts';
import { trialsMin } from '../statistics.ts';
import { msText, plural } from '../units-text.ts';

/** A bound on a figure of every fault of a series: `outage.p99<1s`. */
export interface FailoverSlo {
  readonly text: string;
  readonly figure: Figure;
  /** 1 is the maximum of the trials. */
  readonly q: number;
  readonly relation: '<' | '<=';
  readonly boundMs: number;
}

/** What an interval says of a bound: it lies below it, above it, or on both sides. */
export type SloAnswer = 'met' | 'missed' | 'undecided';

export interface FailoverSloResult {
  readonly slo: string;
  readonly fault: string;
  readonly answer: SloAnswer;
  readonly reason: string;
}

const quantiles: Readonly<Record<string, number>> = { p50: 0.5, p90: 0.9, p95: 0.95, p99: 0.99, max: 1 };
const unitMs: Readonly<Record<string, number>> = { us: 0.001, ms: 1, s: 1000, m: 60_000 };
/** Clients of one trial share its fate: no interval can be claimed from them. */
const judged = figureNames.filter((name) => name !== 'client');
const grammar =
  `FIGURE.QUANTILE<BOUND with FIGURE one of ${judged.join(', ')}, QUANTILE one of ${Object.keys(quantiles).join(', ')}, ` +
  "a relation < or <=, and a BOUND such as 50ms or 1s; quote it: --slo 'outage.p99<1s'";

export function parseFailoverSlo(text: string, place: string): FailoverSlo {
  const wrong = (what: string): UsageError =>
    new UsageError(`${place}: ${what} in '${text}'; an SLO of failover is ${grammar}`);
  const match = /^\s*([a-z-]+)\.([a-z0-9]+)\s*(<=|<|>=|>)\s*(\d+(?:\.\d+)?)\s*([a-z]*)\s*$/.exec(text);
  if (match === null) throw wrong('no figure, quantile, relation and bound');
  const [, name = '', quantile = '', relation = '', number = '', unit = ''] = match;
  const figure = judged.find((one) => one === name);
  if (figure === undefined) throw wrong(`no figure '${name}'`);
  const q = quantiles[quantile];
  if (q === undefined) throw wrong(`no quantile '${quantile}'`);
  if (relation !== '<' && relation !== '<=') throw wrong(`'${relation}' bounds nothing from above`);
  const factor = unitMs[unit];
  if (factor === undefined)
    throw wrong(unit === '' ? 'no unit (us, ms, s, m)' : `no unit '${unit}' (us, ms, s, m)`);
  return { text: text.trim(), figure, q, relation, boundMs: Number(number) * factor };
}

/** Every SLO for every fault. */
export function judgeFailoverSlos(
  slos: readonly FailoverSlo[],
  faults: readonly string[],
  lines: readonly TrialLine[],
): readonly FailoverSloResult[] {
  return slos.flatMap((slo) =>
    faults.map((fault) => {
      const measured = lines
        .filter((line) => line.fault === fault)
        .filter((line) => line.result === 'measured');
      return { slo: slo.text, fault, ...judge(slo, measured) };
    }),
  );
}

/** One fault that misses it misses it; one that cannot be told of leaves it open. */
export function combineAnswers(results: readonly FailoverSloResult[]): SloAnswer | null {
  if (results.length === 0) return null;
  if (results.some(({ answer }) => answer === 'missed')) return 'missed';
  return results.some(({ answer }) => answer === 'undecided') ? 'undecided' : 'met';
}

interface Answer {
  readonly answer: SloAnswer;
  readonly reason: string;
}

function judge(slo: FailoverSlo, measured: readonly MeasuredTrial[]): Answer {
  const ascending = ascendingOf(measured, slo.figure);
  if (ascending.length === 0) return { answer: 'undecided', reason: 'no trial has this figure' };
  return slo.q === 1 ? judgeMaximum(slo, ascending) : judgeQuantile(slo, ascending);
}

/** A statement about these trials alone: nothing bounds the longest of all that will ever be. */
function judgeMaximum(slo: FailoverSlo, ascending: readonly number[]): Answer {
  const longest = ascending.at(-1) ?? Infinity;
  return {
    answer: holds(longest, slo) ? 'met' : 'missed',
    reason: `the longest of ${plural(ascending.length, 'trial')} took ${shown(longest)}`,
  };
}

function judgeQuantile(slo: FailoverSlo, ascending: readonly number[]): Answer {
  const { low, high } = estimateQuantile(ascending, slo.q);
  const name = `p${Math.round(slo.q * 100)}`;
  const trials = plural(ascending.length, 'trial');
  if (low !== null && !holds(low, slo)) {
    return { answer: 'missed', reason: `${name} is at least ${shown(low)} (95 % sure, ${trials})` };
  }
  if (high !== null && holds(high, slo)) {
    return { answer: 'met', reason: `${name} is at most ${shown(high)} (95 % sure, ${trials})` };
  }
  const needed = trialsMin(slo.q);
  if (high === null)
    return { answer: 'undecided', reason: `${name} needs ${needed} trials, there are ${ascending.length}` };
  return {
    answer: 'undecided',
    reason: `${name} lies between ${shown(low ?? 0)} and ${shown(high)} (90 % sure, ${trials}): more trials narrow it`,
  };
}

const holds = (ms: number, { relation, boundMs }: FailoverSlo): boolean =>
  relation === '<' ? ms < boundMs : ms <= boundMs;

const shown = (ms: number): string => (ms === Infinity ? 'longer than was waited for' : msText(ms));
