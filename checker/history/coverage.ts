import type { JsonObject } from '../../core/json.ts';
import { never, type OperationTable } from './operation-table.ts';
import type { Part } from './parts.ts';

/**
 * How much real time says about a history: of all pairs of operations on one object, those that it puts in order, and those that overlapped
 * and could have come either way. Where nearly all overlapped, nearly every answer is allowed, and `valid` says little.
 */
export interface Coverage {
  readonly operations: number;
  readonly unknown: number;
  readonly orderedPairs: number;
  readonly concurrentPairs: number;
}

export function coverageOf(parts: readonly Part[]): Coverage {
  const each = parts.map(({ table }) => coverageOfPart(table));
  const sum = (name: keyof Coverage): number => each.reduce((total, one) => total + one[name], 0);
  return {
    operations: sum('operations'),
    unknown: sum('unknown'),
    orderedPairs: sum('orderedPairs'),
    concurrentPairs: sum('concurrentPairs'),
  };
}

/** An operation comes after all that had returned when it was called; there are as many pairs in order as that makes. */
function coverageOfPart({ count, called, returned }: OperationTable): Coverage {
  const returns = returned.filter((position) => position !== never).sort();
  let orderedPairs = 0;
  let done = 0;
  for (let row = 0; row < count; row++) {
    while (done < returns.length && (returns[done] ?? never) < (called[row] ?? 0)) done += 1;
    orderedPairs += done;
  }
  return {
    operations: count,
    unknown: count - returns.length,
    orderedPairs,
    concurrentPairs: (count * (count - 1)) / 2 - orderedPairs,
  };
}

/** Below this share of pairs in order a history proves next to nothing; of a handful of operations nobody expects more. */
const fewOrdered = 0.1;
const operationsLeast = 10;

/** The share of pairs that real time puts in order, 1 where there is no pair. */
export function orderedShare({ orderedPairs, concurrentPairs }: Coverage): number {
  const pairs = orderedPairs + concurrentPairs;
  return pairs === 0 ? 1 : orderedPairs / pairs;
}

/** What a reader of a `valid` must know; empty: nothing. */
export function coverageRemark(coverage: Coverage): string {
  const share = orderedShare(coverage);
  return share >= fewOrdered || coverage.operations < operationsLeast
    ? ''
    : `; but nearly all operations overlapped: only ${(100 * share).toFixed(1)} % of their pairs were ordered in real time, so this says little`;
}

export const coverageDetails = (coverage: Coverage): JsonObject => ({
  ...coverage,
  orderedShare: Number(orderedShare(coverage).toFixed(4)),
});
