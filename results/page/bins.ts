import type { ReportData } from '../report/report-data.ts';
import { neverTick } from '../report/report-data.ts';
import type { Range } from './time-axis.ts';

/** Completions counted by equal stretches of time; bin i begins at `first + i * width` ticks. */
export interface Bins {
  readonly first: number;
  readonly width: number;
  readonly ok: Float64Array;
  readonly fail: Float64Array;
  readonly info: Float64Array;
}

/** Bins that cover the range, with edges at multiples of their width, whatever the range: so they do not flicker while one pans. */
export function binsOf(
  columns: ReportData['columns'],
  passes: Uint8Array,
  range: Range,
  width: number,
): Bins {
  const first = Math.floor(range.from / width) * width;
  const size = Math.max(1, Math.ceil((range.to - first) / width));
  const byOutcome = [new Float64Array(size), new Float64Array(size), new Float64Array(size)] as const;
  const { completed, outcome, count } = columns;
  const to = first + size * width;
  for (let row = 0; row < count; row++) {
    const at = completed[row] ?? neverTick;
    if (at < first || at >= to || at === neverTick || passes[row] !== 1) continue;
    const counts = byOutcome[outcome[row] ?? 0];
    const bin = Math.floor((at - first) / width);
    if (counts !== undefined) counts[bin] = (counts[bin] ?? 0) + 1;
  }
  const [ok, fail, info] = byOutcome;
  return { first, width, ok, fail, info };
}
