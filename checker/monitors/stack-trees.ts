/** Counts of places, of which ranges can be raised and lowered in logarithmic time, and places that fell to 0 be found. */
export interface CoverTree {
  add(from: number, to: number, delta: number): void;
  /** Gives all places whose count is 0, in order, and closes them: they are never given again. */
  drain(give: (place: number) => void): void;
  /** The least count of a range. */
  least(from: number, to: number): number;
  /** The first place from there on whose count is 0; -1: none. */
  firstZero(from: number): number;
  /** The last place up to there whose count is 0; -1: none. */
  lastZero(to: number): number;
}

/** The count of a place that is closed from the beginning. */
export const closed = 1 << 29;

/** A segment tree; what is added to a node counts for all below it. Takes the counts as they are, 0 or more. */
export function makeCoverTree(counts: Int32Array): CoverTree {
  let size = 1;
  while (size < counts.length) size *= 2;
  const least = new Int32Array(2 * size).fill(closed);
  const extra = new Int32Array(size);
  least.set(counts, size);
  for (let node = size - 1; node > 0; node--) {
    least[node] = Math.min(least[2 * node] ?? 0, least[2 * node + 1] ?? 0);
  }

  const raise = (node: number, delta: number): void => {
    least[node] = (least[node] ?? 0) + delta;
    if (node < size) extra[node] = (extra[node] ?? 0) + delta;
  };
  const renew = (node: number): void => {
    least[node] = Math.min(least[2 * node] ?? 0, least[2 * node + 1] ?? 0) + (extra[node] ?? 0);
  };
  const drain = (node: number, above: number, give: (place: number) => void): void => {
    if ((least[node] ?? 0) + above > 0) return;
    if (node >= size) {
      least[node] = closed;
      give(node - size);
      return;
    }
    const sum = above + (extra[node] ?? 0);
    drain(2 * node, sum, give);
    drain(2 * node + 1, sum, give);
    renew(node);
  };
  const leastOf = (node: number, low: number, width: number, from: number, to: number): number => {
    if (to < low || from >= low + width) return closed;
    if (from <= low && low + width - 1 <= to) return least[node] ?? 0;
    const half = width / 2;
    const below = Math.min(
      leastOf(2 * node, low, half, from, to),
      leastOf(2 * node + 1, low + half, half, from, to),
    );
    return below + (extra[node] ?? 0);
  };
  const firstZero = (node: number, low: number, width: number, from: number, above: number): number => {
    if (from >= low + width || (least[node] ?? 0) + above > 0) return -1;
    if (node >= size) return low;
    const half = width / 2;
    const sum = above + (extra[node] ?? 0);
    const left = firstZero(2 * node, low, half, from, sum);
    return left >= 0 ? left : firstZero(2 * node + 1, low + half, half, from, sum);
  };
  const lastZero = (node: number, low: number, width: number, to: number, above: number): number => {
    if (to < low || (least[node] ?? 0) + above > 0) return -1;
    if (node >= size) return low;
    const half = width / 2;
    const sum = above + (extra[node] ?? 0);
    const right = lastZero(2 * node + 1, low + half, half, to, sum);
    return right >= 0 ? right : lastZero(2 * node, low, half, to, sum);
  };

  return {
    add: (from, to, delta) => {
      if (from > to) return;
      let left = from + size;
      let right = to + size + 1;
      for (; left < right; left >>= 1, right >>= 1) {
        if ((left & 1) === 1) raise(left++, delta);
        if ((right & 1) === 1) raise(--right, delta);
      }
      left = (from + size) >> 1;
      right = (to + size) >> 1;
      for (; left !== right; left >>= 1, right >>= 1) {
        renew(left);
        renew(right);
      }
      for (; left > 0; left >>= 1) renew(left);
    },
    drain: (give) => drain(1, 0, give),
    least: (from, to) => leastOf(1, 0, size, from, to),
    firstZero: (from) => firstZero(1, 0, size, from, 0),
    lastZero: (to) => lastZero(1, 0, size, to, 0),
  };
}

/** Ranges of places that can be asked for by what they overlap, each once. */
export interface RangeTree {
  /** Gives all ranges that overlap this one, and forgets them. */
  take(from: number, to: number, give: (name: number) => void): void;
}

/** A tree of the latest ends over ranges in order of their beginnings. Names count from 0; a range with an end below 0 is none. */
export function makeRangeTree(from: Int32Array, to: Int32Array, places: number): RangeTree {
  /** How many ranges begin up to a place. */
  const begun = new Int32Array(places + 1);
  let count = 0;
  for (let name = 0; name < to.length; name++) {
    if ((to[name] ?? 0) < 0) continue;
    const place = (from[name] ?? 0) + 1;
    begun[place] = (begun[place] ?? 0) + 1;
    count += 1;
  }
  for (let place = 1; place <= places; place++) begun[place] = (begun[place] ?? 0) + (begun[place - 1] ?? 0);
  let size = 1;
  while (size < count) size *= 2;
  const latest = new Int32Array(2 * size).fill(-1);
  const names = new Int32Array(count);
  for (let name = 0; name < to.length; name++) {
    const end = to[name] ?? 0;
    if (end < 0) continue;
    const place = from[name] ?? 0;
    const at = begun[place] ?? 0;
    begun[place] = at + 1;
    names[at] = name;
    latest[size + at] = end;
  }
  // Each count has moved on by what begins there: now it includes the place itself.
  for (let node = size - 1; node > 0; node--) {
    latest[node] = Math.max(latest[2 * node] ?? 0, latest[2 * node + 1] ?? 0);
  }

  const takeBelow = (root: number, reach: number, give: (name: number) => void): void => {
    while ((latest[root] ?? -1) >= reach) {
      let node = root;
      while (node < size) node = (latest[2 * node] ?? -1) >= reach ? 2 * node : 2 * node + 1;
      latest[node] = -1;
      give(names[node - size] ?? 0);
      for (node >>= 1; node > 0; node >>= 1) {
        const most = Math.max(latest[2 * node] ?? 0, latest[2 * node + 1] ?? 0);
        if (most === latest[node]) break;
        latest[node] = most;
      }
    }
  };

  return {
    take: (first, last, give) => {
      let left = size;
      let right = size + (begun[last] ?? 0);
      for (; left < right; left >>= 1, right >>= 1) {
        if ((left & 1) === 1) takeBelow(left++, first, give);
        if ((right & 1) === 1) takeBelow(--right, first, give);
      }
    },
  };
}
