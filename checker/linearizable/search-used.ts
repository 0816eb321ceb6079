/**
 * How many of each class of unknown operations were used, by number: a configuration holds one number, however many classes there are, and
 * only what was used takes room. Number 0: none.
 */
export interface UsedCounts {
  countOf(used: number, unknownClass: number): number;
  /** With one more of that class. */
  withOneMore(used: number, unknownClass: number): number;
  /** Whether no class was used more often in a than in b. */
  readonly isWithin: (a: number, b: number) => boolean;
  clear(): void;
  bytes(): number;
}

/** Entries are pairs of a class and its count, classes rising. */
export function makeUsedCounts(): UsedCounts {
  let pool = new Int32Array(64);
  let starts = new Int32Array(16);
  let totals = new Int32Array(16);
  let table = new Int32Array(32); // number; 0: free, since the empty one is never looked up
  let count = 1;
  /** The number after the newest, whose entries are being written. */
  const endOf = (used: number): number => starts[used + 1] ?? 0;

  const grow = (): void => {
    const wider = (from: Int32Array): Int32Array<ArrayBuffer> => {
      const more = new Int32Array(from.length * 2);
      more.set(from);
      return more;
    };
    starts = wider(starts);
    totals = wider(totals);
    table = new Int32Array(table.length * 2);
    for (let used = 1; used < count; used++) table[placeOf(used)] = used;
  };
  const hashOf = (used: number): number => {
    let hash = 0;
    for (let i = starts[used] ?? 0; i < endOf(used); i++) {
      hash = Math.imul(hash ^ (pool[i] ?? 0), 0x9e3779b1);
      hash ^= hash >>> 15;
    }
    return hash;
  };
  const areEqual = (a: number, b: number): boolean => {
    const length = endOf(a) - (starts[a] ?? 0);
    if (totals[a] !== totals[b] || length !== endOf(b) - (starts[b] ?? 0)) return false;
    for (let i = 0; i < length; i++) {
      if (pool[(starts[a] ?? 0) + i] !== pool[(starts[b] ?? 0) + i]) return false;
    }
    return true;
  };
  /** Where its like stands in the table, or the free place for it. */
  const placeOf = (used: number): number => {
    const mask = table.length - 1;
    let at = hashOf(used) & mask;
    for (let entry = table[at] ?? 0; entry !== 0; entry = table[at] ?? 0) {
      if (areEqual(entry, used)) return at;
      at = (at + 1) & mask;
    }
    return at;
  };
  /** Writes the entries of the next number. */
  const write = (from: number, unknownClass: number): void => {
    const start = starts[count] ?? 0;
    const until = endOf(from);
    const needed = start + until - (starts[from] ?? 0) + 2;
    if (needed > pool.length) {
      const more = new Int32Array(Math.max(needed, pool.length * 2));
      more.set(pool);
      pool = more;
    }
    let to = start;
    let isDone = false;
    for (let i = starts[from] ?? 0; i < until; i += 2) {
      const each = pool[i] ?? 0;
      if (!isDone && each > unknownClass) {
        pool[to++] = unknownClass;
        pool[to++] = 1;
        isDone = true;
      }
      pool[to++] = each;
      pool[to++] = (pool[i + 1] ?? 0) + (each === unknownClass ? 1 : 0);
      isDone ||= each === unknownClass;
    }
    if (!isDone) {
      pool[to++] = unknownClass;
      pool[to++] = 1;
    }
    starts[count + 1] = to;
    totals[count] = (totals[from] ?? 0) + 1;
  };

  return {
    countOf: (used, unknownClass) => {
      for (let i = starts[used] ?? 0; i < endOf(used); i += 2) {
        if (pool[i] === unknownClass) return pool[i + 1] ?? 0;
      }
      return 0;
    },
    withOneMore: (from, unknownClass) => {
      write(from, unknownClass);
      const place = placeOf(count);
      const known = table[place] ?? 0;
      if (known !== 0) return known;
      table[place] = count;
      count += 1;
      if (count + 2 >= starts.length) grow();
      return count - 1;
    },
    isWithin: (a, b) => {
      if (a === b || a === 0) return true;
      if ((totals[a] ?? 0) >= (totals[b] ?? 0)) return false;
      let j = starts[b] ?? 0;
      const end = endOf(b);
      for (let i = starts[a] ?? 0; i < endOf(a); i += 2) {
        const each = pool[i] ?? 0;
        while (j < end && (pool[j] ?? 0) < each) j += 2;
        if (j >= end || pool[j] !== each || (pool[j + 1] ?? 0) < (pool[i + 1] ?? 0)) return false;
      }
      return true;
    },
    clear: () => {
      count = 1;
      table.fill(0);
    },
    bytes: () => pool.byteLength + starts.byteLength + totals.byteLength + table.byteLength,
  };
}
