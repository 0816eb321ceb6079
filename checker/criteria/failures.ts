/** Remembers configurations, rows of numbers, while the one at hand changes number by number. */
export interface Failures {
  /** Changes one number of the row at hand. */
  set(at: number, value: number): void;
  /** Remembers the row at hand. */
  add(): void;
  /** Whether the row at hand was remembered. */
  has(): boolean;
  bytes(): number;
}

/** `now`: the row at hand, all zeros at first. Its hash is kept up to date, so that it costs nothing to ask. */
export function makeFailures(now: Int32Array): Failures {
  const width = now.length;
  let rows = new Int32Array(16 * width);
  let hashes = new Int32Array(16);
  let table = new Int32Array(32); // row number plus one; 0: free
  let count = 0;
  let hash = 0;

  const find = (): number => {
    const mask = table.length - 1;
    let at = spread(hash) & mask;
    for (let entry = table[at] ?? 0; entry !== 0; entry = table[at] ?? 0) {
      if (hashes[entry - 1] === hash && isSame(rows, (entry - 1) * width, now)) return at;
      at = (at + 1) & mask;
    }
    return at;
  };
  const grow = (): void => {
    const more = new Int32Array(rows.length * 2);
    more.set(rows);
    rows = more;
    const moreHashes = new Int32Array(hashes.length * 2);
    moreHashes.set(hashes);
    hashes = moreHashes;
    table = new Int32Array(table.length * 2);
    const mask = table.length - 1;
    for (let i = 0; i < count; i++) {
      let at = spread(hashes[i] ?? 0) & mask;
      while (table[at] !== 0) at = (at + 1) & mask;
      table[at] = i + 1;
    }
  };
  return {
    set: (at, value) => {
      hash ^= mixed(at, now[at] ?? 0) ^ mixed(at, value);
      now[at] = value;
    },
    add: () => {
      const at = find();
      if (table[at] !== 0) return;
      if (count === hashes.length) grow();
      rows.set(now, count * width);
      hashes[count] = hash;
      count += 1;
      table[find()] = count;
    },
    has: () => count > 0 && table[find()] !== 0,
    bytes: () => rows.byteLength + hashes.byteLength + table.byteLength,
  };
}

/** Each number of a row has a hash by its place, and the row's is all of them together, whatever the order. */
function mixed(at: number, value: number): number {
  let hash = Math.imul(at + 1, 0x9e3779b1) ^ Math.imul(value, 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  hash = Math.imul(hash ^ (hash >>> 12), 0x297a2d39);
  return hash ^ (hash >>> 15);
}

const spread = (hash: number): number => hash ^ (hash >>> 16);

function isSame(rows: Int32Array, from: number, row: Int32Array): boolean {
  for (let i = 0; i < row.length; i++) if (rows[from + i] !== row[i]) return false;
  return true;
}
