import type { Random } from '../../core/random.ts';
import { expandedTail, percentiles } from '../bootstrap.ts';
import type { Difference } from './schema.ts';

/** An ok operation of one run: when it ended, since the start of the load, and how long it took. */
export interface TimedOperation {
  readonly endMs: number;
  /** Null for what counts for throughput alone. */
  readonly latencyMs: number | null;
}

export interface SingleRun {
  readonly label: string;
  readonly operations: readonly TimedOperation[];
  readonly measuredMs: number;
}

/** Pieces of time that a run is cut into: so few that neighbours hardly depend on each other, so many that they can be drawn from. */
const blocks = 20;
const resamplesMax = 2000;
/** Work that a comparison may take: operations looked at, over all draws. */
const stepsMax = 5e7;
const shares = [
  ['p50', 0.5],
  ['p90', 0.9],
  ['p99', 0.99],
] as const;
const names = [...shares.map(([name]) => name), 'throughput'] as const;

interface Blocks {
  /** Ascending. */
  readonly latenciesMs: Float64Array;
  /** The block of each of them. */
  readonly block: Uint8Array;
  readonly timedByBlock: readonly number[];
  readonly okByBlock: readonly number[];
}

/**
 * One run each: what there is to draw from is time. Blocks of time are drawn with replacement [Künsch 1989, the block bootstrap, without
 * overlap], as clusters of operations that depend on each other. It tells how sure each run is of its own figures; what differed between
 * the two besides the systems is in the difference, and nobody is called better.
 */
export function blockDifferences(a: SingleRun, b: SingleRun, alpha: number, random: Random): Difference[] {
  const drawsOfA = draws(blocksOf(a), random.fork('a'));
  const drawsOfB = draws(blocksOf(b), random.fork('b'));
  const tail = expandedTail(blocks, alpha / names.length);
  const truth = { a: figures(blocksOf(a), ones), b: figures(blocksOf(b), ones) };
  return names.flatMap((name, at): Difference[] => {
    const before = truth.a[at] ?? NaN;
    const after = truth.b[at] ?? NaN;
    // Throughput counts whole runs of different lengths.
    const scale = name === 'throughput' ? a.measuredMs / b.measuredMs : 1;
    if (!(before > 0) || !(after > 0)) return [];
    const ratios = drawsOfA
      .slice(0, drawsOfB.length)
      .map((figuresOfA, i) => ((drawsOfB[i]?.[at] ?? NaN) / (figuresOfA[at] ?? NaN)) * scale)
      .filter((ratio) => ratio > 0 && ratio < Infinity);
    const interval = percentiles(ratios, tail);
    return [
      {
        metric: name,
        a: a.label,
        b: b.label,
        ratio: (after / before) * scale,
        low: interval?.low ?? null,
        high: interval?.high ?? null,
        rounds: 1,
        differs: interval !== null && (interval.low > 1 || interval.high < 1),
        better: null,
        why: null,
      },
    ];
  });
}

function blocksOf({ operations, measuredMs }: SingleRun): Blocks {
  const blockOf = (endMs: number): number =>
    Math.max(0, Math.min(blocks - 1, Math.floor((endMs / measuredMs) * blocks)));
  const okByBlock = Array.from({ length: blocks }, () => 0);
  for (const { endMs } of operations) okByBlock[blockOf(endMs)] = (okByBlock[blockOf(endMs)] ?? 0) + 1;
  const timed = operations
    .flatMap(({ endMs, latencyMs }) => (latencyMs === null ? [] : [{ endMs, latencyMs }]))
    .sort((one, other) => one.latencyMs - other.latencyMs);
  const block = Uint8Array.from(timed, ({ endMs }) => blockOf(endMs));
  const timedByBlock = Array.from({ length: blocks }, () => 0);
  for (const one of block) timedByBlock[one] = (timedByBlock[one] ?? 0) + 1;
  return {
    latenciesMs: Float64Array.from(timed, ({ latencyMs }) => latencyMs),
    block,
    timedByBlock,
    okByBlock,
  };
}

const ones: readonly number[] = Array.from({ length: blocks }, () => 1);

function draws(of: Blocks, random: Random): number[][] {
  const steps = Math.max(1, of.latenciesMs.length);
  const resamples = Math.max(500, Math.min(resamplesMax, Math.floor(stepsMax / steps)));
  return Array.from({ length: resamples }, () => {
    const times = Array.from({ length: blocks }, () => 0);
    for (let i = 0; i < blocks; i++) {
      const drawn = random.int(0, blocks - 1);
      times[drawn] = (times[drawn] ?? 0) + 1;
    }
    return figures(of, times);
  });
}

/** As `names` has them, each block counted so many times; the throughput as a count. */
function figures(
  { latenciesMs, block, timedByBlock, okByBlock }: Blocks,
  times: readonly number[],
): number[] {
  const total = weighted(timedByBlock, times);
  const found: number[] = [];
  let seen = 0;
  for (let i = 0; i < block.length && found.length < shares.length; i++) {
    seen += times[block[i] ?? 0] ?? 0;
    while (found.length < shares.length && seen >= (shares[found.length]?.[1] ?? 1) * total - 1e-9) {
      found.push(latenciesMs[i] ?? NaN);
    }
  }
  while (found.length < shares.length) found.push(NaN);
  return [...found, weighted(okByBlock, times)];
}

const weighted = (counts: readonly number[], times: readonly number[]): number =>
  counts.reduce((sum, count, i) => sum + count * (times[i] ?? 0), 0);
