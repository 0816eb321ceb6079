import { quantile, rounded, trialsMin } from '../statistics.ts';
import { flagFinal, flagPinned, type OperationRows } from './operation-rows.ts';
import type { LatencyWindow, Span } from './report-data.ts';

/** A fault as far as it divides time; nanoseconds. `effect` null: it never came into force. */
export interface FaultTime {
  readonly id: string;
  readonly begin: number;
  readonly effect: number | null;
  readonly end: number;
}

/** Times in nanoseconds, half open. */
interface Stretch {
  readonly name: string;
  readonly fault: string | null;
  readonly place: LatencyWindow['place'];
  readonly from: number;
  readonly to: number;
}

const ok = 0;
const cdfPointsMax = 200;

/**
 * Of what verdict.json counts as latency: ok operations of the impl's own stub, from when they were due, without final reads. The whole run
 * first, then each fault: from the end of the one before it, in force, and until the next one.
 */
export function latencyWindowsOf(
  rows: OperationRows,
  faults: readonly FaultTime[],
  load: Omit<Span, 'name'>,
): LatencyWindow[] {
  const whole: Stretch = { name: 'whole run', fault: null, place: 'all', from: -Infinity, to: Infinity };
  return [whole, ...stretchesOf(faults, load)].map((stretch) =>
    windowOf(stretch, latenciesIn(rows, stretch)),
  );
}

function stretchesOf(faults: readonly FaultTime[], load: Omit<Span, 'name'>): Stretch[] {
  const inOrder = faults.toSorted((a, b) => a.begin - b.begin);
  return inOrder.flatMap(({ id, begin, effect, end }, i) => {
    const since = effect ?? begin;
    const before = Math.max(load.from, ...inOrder.slice(0, i).map((earlier) => earlier.end));
    const after = inOrder[i + 1]?.begin ?? load.to;
    const stretch = (place: Stretch['place'], from: number, to: number): Stretch => ({
      name: `${place} ${id}`,
      fault: id,
      place,
      from,
      to: Math.max(from, to),
    });
    return [stretch('before', before, since), stretch('during', since, end), stretch('after', end, after)];
  });
}

/** In milliseconds, ascending. */
function latenciesIn(rows: OperationRows, { from, to }: Stretch): Float64Array {
  const values = new Float64Array(rows.count);
  let count = 0;
  for (let row = 0; row < rows.count; row++) {
    const invoked = rows.invokedNs[row] ?? 0;
    if (invoked < from) continue;
    if (invoked >= to) break;
    if (rows.outcome[row] !== ok || ((rows.flags[row] ?? 0) & (flagFinal | flagPinned)) !== 0) continue;
    values[count++] = ((rows.completedNs[row] ?? 0) - (rows.dueNs[row] ?? 0)) / 1e6;
  }
  return values.subarray(0, count).sort();
}

function windowOf({ name, fault, place }: Stretch, ascending: Float64Array): LatencyWindow {
  const at = (q: number): number | null =>
    ascending.length < trialsMin(q) ? null : rounded(quantile(ascending, q));
  return {
    name,
    fault,
    place,
    count: ascending.length,
    p50Ms: at(0.5),
    p90Ms: at(0.9),
    p99Ms: at(0.99),
    maxMs: at(1),
    cdf: cdfOf(ascending),
  };
}

/** Half of the points evenly, half of them ever closer to the slowest, since the tail is what people look for. */
export function cdfOf(ascending: Float64Array): [number, number][] {
  const count = ascending.length;
  const ranks = new Set<number>();
  if (count <= cdfPointsMax) for (let rank = 1; rank <= count; rank++) ranks.add(rank);
  else {
    const half = cdfPointsMax / 2;
    for (let i = 0; i < half; i++) {
      ranks.add(1 + Math.floor((i / half) * count));
      ranks.add(count - Math.round(count ** (1 - (i + 1) / half)) + 1);
    }
    ranks.add(count);
  }
  return [...ranks]
    .filter((rank) => rank >= 1 && rank <= count)
    .sort((a, b) => a - b)
    .slice(-cdfPointsMax)
    .map((rank) => [rounded(ascending[rank - 1] ?? 0), Math.round((rank / count) * 1e6) / 1e6]);
}
