import { UsageError } from '../../core/errors.ts';
import { metricOf, metrics, type Metric } from './metrics.ts';

/** A bound on a figure: relative to a baseline, `p99<+10%`, or on the figure itself, `outage.p99<1s`. */
export interface Threshold {
  readonly text: string;
  readonly metric: Metric;
  readonly relation: '<' | '>';
  /** A factor for a relative one, 1.1 for +10 %; else in the unit of the metric. */
  readonly bound: number;
  readonly isRelative: boolean;
}

const factors: Readonly<Record<Metric['unit'], Readonly<Record<string, number>>>> = {
  ms: { us: 0.001, ms: 1, s: 1000, m: 60_000 },
  'per-second': { '': 1, '/s': 1 },
  count: { '': 1 },
  bytes: { B: 1, kB: 1e3, MB: 1e6, GB: 1e9, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 },
};

const grammar =
  "FIGURE<+10%, FIGURE>-5%, or FIGURE<BOUND with a unit, such as 'p99<+10%', 'outage.p99<1s', 'memory<200MB'";

/** `place`: the flag, or the position in a file, that it comes from. */
export function parseThreshold(text: string, place: string): Threshold {
  const wrong = (what: string): UsageError =>
    new UsageError(`${place}: ${what} in '${text}'; a threshold is ${grammar}`);
  const match = /^\s*([a-z][\w.]*)\s*([<>])=?\s*([+-]?\d+(?:\.\d+)?)\s*([a-z%/]*)\s*$/i.exec(text);
  if (match === null) throw wrong('no figure, relation and bound');
  const [, name = '', relation = '', number = '', unit = ''] = match;
  const metric = metricOf(name);
  if (metric === undefined) {
    throw wrong(`unknown figure '${name}' (there are ${metrics.map((one) => one.name).join(', ')})`);
  }
  const bare = { text: text.trim(), metric, relation: relation === '<' ? '<' : '>' } as const;
  const isSigned = number.startsWith('+') || number.startsWith('-');
  if (unit === '%') {
    if (!isSigned) throw wrong(`'${number}%' is neither more nor less (write +${number}% or -${number}%)`);
    const bound = 1 + Number(number) / 100;
    if (bound <= 0) throw wrong(`${number}% leaves nothing`);
    return { ...bare, bound, isRelative: true };
  }
  if (isSigned) throw wrong(`'${number}' is relative, so it is in %`);
  const factor = factors[metric.unit][unit];
  if (factor === undefined) {
    const units = Object.keys(factors[metric.unit]).filter((one) => one !== '');
    throw wrong(
      `${unit === '' ? 'no unit' : `unknown unit '${unit}'`} (${units.join(', ') || 'a bare number'})`,
    );
  }
  return { ...bare, bound: Number(number) * factor, isRelative: false };
}
