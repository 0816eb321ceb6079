/** Rows of configurations: first a key, then words of which each bit is a burden, at last a number of used counts. */
export interface RowShape {
  readonly keyLength: number;
  readonly rowLength: number;
  /** Whether used counts are nowhere higher than others. */
  readonly isWithin: (a: number, b: number) => boolean;
}

/**
 * The configurations that a search has been in. One that was seen with the same key and no more burdens is as good: what waits for its state
 * there waits here as well, and what an unknown operation may still do it need not do.
 */
export interface Memo {
  /** False if this row, or a better one, is there already. */
  add(row: Int32Array): boolean;
  clear(): void;
  bytes(): number;
}

const chunkBits = 8;
const chunkRows = 1 << chunkBits;
/** So many rows of one key are held against others; the rest only against their like, or each new row would take longer than the last. */
const comparedMax = 48;
/** What clearing keeps, since it is soon filled again. */
const tableKept = 1024;

export function makeMemo({ keyLength, rowLength, isWithin }: RowShape): Memo {
  const usedAt = rowLength - 1;
  // Pieces of equal size: growing copies no rows, and takes little at a time.
  const chunks: Int32Array[] = [];
  let table = new Int32Array(64); // row number plus one, negative where it is only held against its like; 0: free
  let count = 0;

  const grow = (): void => {
    const before = table;
    table = new Int32Array(before.length * 2);
    const mask = table.length - 1;
    for (const entry of before) {
      if (entry === 0) continue;
      const i = Math.abs(entry) - 1;
      const chunk = chunks[i >>> chunkBits] ?? table;
      let at = hashOf(chunk, (i & (chunkRows - 1)) * rowLength, entry > 0 ? keyLength : rowLength) & mask;
      while (table[at] !== 0) at = (at + 1) & mask;
      table[at] = entry;
    }
  };
  const append = (row: Int32Array): void => {
    let chunk = chunks[count >>> chunkBits];
    if (chunk === undefined) {
      chunk = new Int32Array(chunkRows * rowLength);
      chunks.push(chunk);
    }
    chunk.set(row, (count & (chunkRows - 1)) * rowLength);
    count += 1;
  };
  const covers = (a: Int32Array, aFrom: number, b: Int32Array, bFrom: number): boolean => {
    for (let i = keyLength; i < usedAt; i++)
      if (((a[aFrom + i] ?? 0) & ~(b[bFrom + i] ?? 0)) !== 0) return false;
    return isWithin(a[aFrom + usedAt] ?? 0, b[bFrom + usedAt] ?? 0);
  };

  /** Whether a row is there already that could not be held against all others. */
  const addToOverflow = (row: Int32Array): boolean => {
    const mask = table.length - 1;
    let at = hashOf(row, 0, rowLength) & mask;
    for (let entry = table[at] ?? 0; entry !== 0; entry = table[at] ?? 0) {
      if (entry < 0) {
        const chunk = chunks[(-entry - 1) >>> chunkBits] ?? table;
        if (sameStart(chunk, ((-entry - 1) & (chunkRows - 1)) * rowLength, row, rowLength)) return false;
      }
      at = (at + 1) & mask;
    }
    append(row);
    table[at] = -count;
    return true;
  };

  return {
    add: (row) => {
      if (4 * count >= 3 * table.length) grow();
      const mask = table.length - 1;
      let at = hashOf(row, 0, keyLength) & mask;
      let compared = 0;
      for (let entry = table[at] ?? 0; entry !== 0; entry = table[at] ?? 0) {
        const chunk = chunks[(entry - 1) >>> chunkBits] ?? table;
        const from = ((entry - 1) & (chunkRows - 1)) * rowLength;
        if (entry > 0 && sameStart(chunk, from, row, keyLength)) {
          if (covers(chunk, from, row, 0)) return false;
          if (covers(row, 0, chunk, from)) {
            chunk.set(row, from);
            return true;
          }
          compared += 1;
          if (compared === comparedMax) return addToOverflow(row);
        }
        at = (at + 1) & mask;
      }
      append(row);
      table[at] = count;
      return true;
    },
    clear: () => {
      if (chunks.length > 1) chunks.length = 1;
      if (table.length > tableKept) table = new Int32Array(tableKept);
      else table.fill(0);
      count = 0;
    },
    bytes: () => chunks.length * chunkRows * rowLength * 4 + table.byteLength,
  };
}

/** A memo that can lose what lies behind: rows are kept by blocks of events, and the oldest blocks go when there is too much of it. */
export interface WindowedMemo {
  /** `isGate`: the row is where a path enters a block. These are kept, so that what lies behind is not gone through again and again. */
  add(row: Int32Array, block: number, isGate: boolean): boolean;
  clear(): void;
  bytes(): number;
}

export function makeWindowedMemo(shape: RowShape, bytesMax: number): WindowedMemo {
  const gates = makeMemo(shape);
  const blocks = new Map<number, Memo>();
  let newest = -1;
  let current: Memo | undefined;
  let spare: Memo | undefined;
  let added = 0;

  const blockBytes = (): number => {
    let sum = 0;
    for (const memo of blocks.values()) sum += memo.bytes();
    return sum;
  };
  const forgetOldest = (kept: number): void => {
    const oldestFirst = [...blocks.keys()].sort((a, b) => a - b);
    for (const block of oldestFirst) {
      if (blockBytes() <= bytesMax / 2) return;
      if (block !== kept) blocks.delete(block);
    }
  };
  const memoOf = (block: number): Memo => {
    if (block === newest && current !== undefined) return current;
    newest = block;
    current = blocks.get(block);
    if (current === undefined) {
      current = spare ?? makeMemo(shape);
      spare = undefined;
      blocks.set(block, current);
    }
    return current;
  };

  return {
    add: (row, block, isGate) => {
      if (isGate) return gates.add(row);
      const memo = memoOf(block);
      added += 1;
      if (added % 4096 === 0 && blockBytes() > bytesMax) forgetOldest(block);
      return memo.add(row);
    },
    clear: () => {
      gates.clear();
      if (current !== undefined) spare = current;
      spare?.clear();
      blocks.clear();
      newest = -1;
      current = undefined;
    },
    bytes: () => gates.bytes() + blockBytes(),
  };
}

function hashOf(row: Int32Array, from: number, length: number): number {
  let hash = 0;
  for (let i = from; i < from + length; i++) {
    hash = Math.imul(hash ^ (row[i] ?? 0), 0x9e3779b1);
    hash ^= hash >>> 15;
  }
  return hash >>> 0;
}

function sameStart(chunk: Int32Array, from: number, row: Int32Array, length: number): boolean {
  for (let i = 0; i < length; i++) if (chunk[from + i] !== row[i]) return false;
  return true;
}
