import { neverTick, type OperationColumns } from './report-data.ts';

/** What clients got in one short stretch of the run. */
export interface LoadBin {
  readonly from: number;
  readonly to: number;
  /** Ok operations that were completed in it. */
  readonly ok: number;
  /** Operations invoked in it that ended in fail or info. */
  readonly other: number;
  /** Of the ok ones, in ticks; null: there was none. */
  readonly medianTicks: number | null;
  readonly maxTicks: number | null;
}

const okNumber = 0;

export function loadBins(columns: OperationColumns, end: number, count: number): LoadBin[] {
  const width = Math.max(1, Math.ceil((end + 1) / count));
  const latencies: number[][] = Array.from({ length: Math.ceil((end + 1) / width) }, () => []);
  const others = latencies.map(() => 0);
  for (let row = 0; row < columns.count; row++) {
    const completed = columns.completed[row] ?? neverTick;
    if (columns.outcome[row] === okNumber) {
      latencies[Math.floor(completed / width)]?.push(completed - (columns.due[row] ?? 0));
    } else {
      const bin = Math.floor((columns.invoked[row] ?? 0) / width);
      others[bin] = (others[bin] ?? 0) + 1;
    }
  }
  return latencies.map((values, i) => {
    const ascending = Float64Array.from(values).sort();
    return {
      from: i * width,
      to: Math.min((i + 1) * width, end + 1),
      ok: values.length,
      other: others[i] ?? 0,
      medianTicks: ascending[Math.floor(ascending.length / 2)] ?? null,
      maxTicks: ascending.at(-1) ?? null,
    };
  });
}
