import { UsageError } from '../core/errors.ts';
import type { Verdict } from '../core/verdict.ts';
import { quantile, rounded, trialsMin } from './statistics.ts';
import { plural } from './units-text.ts';

/** A bound that the user sets on a figure of the summary: `outage.max<1s`, `read.p99<50ms`, `throughput>100`. */
export interface Slo {
  readonly text: string;
  readonly figure: 'outage' | 'latency' | 'throughput';
  /** Operation kind, for latency of one kind. */
  readonly kind: string | null;
  /** 1 is the maximum; not used for throughput. */
  readonly q: number;
  readonly relation: '<' | '<=' | '>' | '>=';
  /** Milliseconds, or operations a second. */
  readonly bound: number;
}

/** What the figures are computed from. */
export interface SloFigures {
  readonly outagesMs: readonly (number | null)[];
  readonly latenciesMs: ReadonlyMap<string, readonly number[]>;
  readonly opsPerSecond: number | null;
  /** Why times of this run may be longer than the system's own: the harness itself was starved. */
  readonly distrust: string | null;
}

export interface SloResult {
  readonly slo: string;
  readonly verdict: Verdict;
  readonly reason: string;
  readonly actual: number | null;
}

const quantiles: Readonly<Record<string, number>> = { p50: 0.5, p90: 0.9, p95: 0.95, p99: 0.99, max: 1 };
const unitMs: Readonly<Record<string, number>> = { us: 0.001, ms: 1, s: 1000, m: 60_000 };
const grammar =
  'FIGURE<BOUND with FIGURE one of outage.max, outage.p50, outage.p90, outage.p99, p50, p90, p95, p99, max (latency), KIND.p99 ' +
  "(latency of one operation kind) or throughput, a relation < <= > >=, and a BOUND such as 50ms, 1s or, for throughput, 100; quote it: --slo 'outage.max<1s'";

/** `place` is the flag or the position in the file that it comes from, for the error. */
export function parseSlo(text: string, place: string, kinds?: readonly string[]): Slo {
  const wrong = (what: string): UsageError =>
    new UsageError(`${place}: ${what} in '${text}'; an SLO is ${grammar}`);
  const match = /^\s*([a-z][\w.-]*)\s*(<=|>=|<|>)\s*([\d.]+)\s*([a-z/]*)\s*$/i.exec(text);
  if (match === null) throw wrong('no figure, relation and bound');
  const [, name = '', relation = '', number = '', unit = ''] = match;
  const value = Number(number);
  if (!Number.isFinite(value)) throw wrong(`'${number}' is not a number`);
  const bare = { text: text.trim(), relation: relation as Slo['relation'] };
  if (name === 'throughput') {
    if (unit !== '' && unit !== '/s') throw wrong(`throughput is in operations a second, not '${unit}'`);
    return { ...bare, figure: 'throughput', kind: null, q: 1, bound: value };
  }
  const factor = unitMs[unit];
  if (factor === undefined)
    throw wrong(unit === '' ? 'no unit (us, ms, s, m)' : `unknown unit '${unit}' (us, ms, s, m)`);
  const parts = name.split('.');
  const q = quantiles[parts.at(-1) ?? ''];
  const path = parts.slice(0, -1);
  if (q === undefined || path.length > 2) throw wrong(`unknown figure '${name}'`);
  const bounded = { ...bare, q, bound: value * factor };
  if (path.length === 1 && path[0] === 'outage') return { ...bounded, figure: 'outage', kind: null };
  const kind = path[0] === 'latency' ? path[1] : path.length === 1 ? path[0] : undefined;
  if (path.length === 2 && path[0] !== 'latency') throw wrong(`unknown figure '${name}'`);
  if (kind !== undefined && kinds !== undefined && !kinds.includes(kind)) {
    throw wrong(`unknown figure '${name}' (operation kinds: ${kinds.join(', ')})`);
  }
  return { ...bounded, figure: 'latency', kind: kind ?? null };
}

/** A violated SLO is `invalid`, one whose figure cannot be claimed from this run `unknown`. */
export function judgeSlo(slo: Slo, figures: SloFigures): SloResult {
  const measured = measure(slo, figures);
  const unknown = (why: string): SloResult => ({
    slo: slo.text,
    verdict: 'unknown',
    reason: `${slo.text}: ${why}`,
    actual: null,
  });
  if (typeof measured === 'string') return unknown(measured);
  const held = compare(measured.value, slo.relation, slo.bound);
  const isUpperBound = slo.relation.startsWith('<');
  // What is known to be at least so long refutes an upper bound, and cannot confirm one.
  if (measured.onlyAtLeast && held === isUpperBound) {
    return unknown('an outage had not ended when the run did, so its length is not known');
  }
  // A starved harness makes times longer and throughput lower: what held in spite of that holds.
  const isFlattered = slo.figure === 'throughput' ? held === isUpperBound : held !== isUpperBound;
  if (figures.distrust !== null && isFlattered) return unknown(figures.distrust);
  const actual = rounded(measured.value);
  const unit = slo.figure === 'throughput' ? 'operations/s' : 'ms';
  const reason = `${slo.text}: ${held ? 'held' : 'violated'}, measured ${actual} ${unit} (${measured.from})`;
  return { slo: slo.text, verdict: held ? 'valid' : 'invalid', reason, actual };
}

interface Measured {
  readonly value: number;
  readonly from: string;
  readonly onlyAtLeast: boolean;
}

/** The figure, or why there is none. */
function measure(slo: Slo, figures: SloFigures): Measured | string {
  if (slo.figure === 'throughput') {
    if (figures.opsPerSecond === null) return 'no load was measured';
    return { value: figures.opsPerSecond, from: 'ok operations', onlyAtLeast: false };
  }
  if (slo.figure === 'outage') {
    // An outage without an end is longer than every other.
    const values = figures.outagesMs.map((ms) => ms ?? Infinity);
    const measured = ofSample(values, slo.q, 'outage');
    if (typeof measured === 'string' || measured.value !== Infinity) return measured;
    const longest = Math.max(0, ...values.filter((ms) => ms !== Infinity));
    return { ...measured, value: longest, onlyAtLeast: true };
  }
  const values =
    slo.kind === null ? [...figures.latenciesMs.values()].flat() : (figures.latenciesMs.get(slo.kind) ?? []);
  return ofSample(values, slo.q, slo.kind === null ? 'operation' : `${slo.kind} operation`);
}

function ofSample(values: readonly number[], q: number, what: string): Measured | string {
  const needed = trialsMin(q);
  if (values.length < needed) {
    return values.length === 0
      ? `there was no ${what} to measure`
      : `${Math.round(q * 100)}th percentile from ${plural(values.length, what)}, at least ${needed} are needed`;
  }
  const value = quantile(Float64Array.from(values).sort(), q) ?? 0;
  return { value, from: plural(values.length, what), onlyAtLeast: false };
}

function compare(value: number, relation: Slo['relation'], bound: number): boolean {
  if (relation === '<') return value < bound;
  if (relation === '<=') return value <= bound;
  return relation === '>' ? value > bound : value >= bound;
}
