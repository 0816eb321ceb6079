import type { Metric } from './metrics.ts';

/** A figure as people read it: `1.52 ms`, `2,304/s`, `61.4 MB`, `12.3`. */
export function valueText(value: number, unit: Metric['unit']): string {
  switch (unit) {
    case 'ms':
      if (value >= 1000) return `${digits(value / 1000)} s`;
      return value < 0.1 ? `${digits(value * 1000)} µs` : `${digits(value)} ms`;
    case 'per-second':
      return `${digits(value)}/s`;
    case 'count':
      return digits(value);
    case 'bytes':
      if (value >= 1e9) return `${digits(value / 1e9)} GB`;
      if (value >= 1e6) return `${digits(value / 1e6)} MB`;
      return value >= 1e4 ? `${digits(value / 1e3)} kB` : `${digits(value)} B`;
  }
}

/** Three digits, or as many as stand before the point. */
const digits = (value: number): string =>
  Math.abs(value) >= 1000 ? Math.round(value).toLocaleString('en-US') : String(Number(value.toPrecision(3)));

/** A ratio as a change: `+12 %`, `-3.5 %`, `12 times` where per cent would say little. */
export function changeText(ratio: number): string {
  if (ratio >= 2) return `${digits(ratio)} times`;
  const percent = (ratio - 1) * 100;
  const rounded = Math.abs(percent) >= 10 ? Math.round(percent) : Math.round(percent * 10) / 10;
  return `${rounded > 0 ? '+' : ''}${rounded === 0 ? 0 : rounded} %`;
}
