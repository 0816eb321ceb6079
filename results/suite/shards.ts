/** One of `of` parts of a suite; the first is 1. */
export interface Shard {
  readonly index: number;
  readonly of: number;
}

/**
 * The items of one shard, in their order. Longest first, each goes to the shard that has least to do, so that all take about as long;
 * equal input gives equal shards on every machine, and every item is in exactly one.
 */
export function itemsOfShard<T>(
  items: readonly T[],
  shard: Shard,
  durationMs: (item: T) => number,
): readonly T[] {
  const loads = Array.from({ length: shard.of }, () => 0);
  const longestFirst = items
    .map((item, position) => ({ position, ms: durationMs(item) }))
    .sort((a, b) => b.ms - a.ms || a.position - b.position);
  const chosen = new Set<number>();
  for (const { position, ms } of longestFirst) {
    const least = loads.indexOf(Math.min(...loads));
    loads[least] = (loads[least] ?? 0) + ms;
    if (least === shard.index - 1) chosen.add(position);
  }
  return items.filter((_, position) => chosen.has(position));
}
