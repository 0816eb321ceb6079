import { defined } from '../../core/assert.ts';

/**
 * The configurations that a search has been in, each a row of numbers: a key of `keyLength`, then counts. One that was seen with the same key
 * and nowhere a higher count is as good: what an unknown operation may still do it need not do.
 */
export interface Memo {
  /** False if this row, or a better one, is there already. */
  add(row: Int32Array): boolean;
  bytes(): number;
}

export function makeMemo(keyLength: number, rowLength: number): Memo {
  let rows = new Int32Array(32 * rowLength);
  let table = new Int32Array(64); // row number plus one; 0: free
  let count = 0;

  const grow = (): void => {
    const more = new Int32Array(rows.length * 2);
    more.set(rows);
    rows = more;
    table = new Int32Array(table.length * 2);
    const mask = table.length - 1;
    for (let i = 0; i < count; i++) {
      let at = hashOf(rows, i * rowLength, keyLength) & mask;
      while (table[at] !== 0) at = (at + 1) & mask;
      table[at] = i + 1;
    }
  };

  return {
    add: (row) => {
      const mask = table.length - 1;
      let at = hashOf(row, 0, keyLength) & mask;
      for (let entry = defined(table[at], 'entry'); entry !== 0; entry = table[at] ?? 0) {
        const from = (entry - 1) * rowLength;
        if (sameKey(rows, from, row, keyLength)) {
          if (noHigher(rows, from, row, keyLength, rowLength)) return false;
          if (allHigher(rows, from, row, keyLength, rowLength)) {
            rows.set(row, from);
            return true;
          }
        }
        at = (at + 1) & mask;
      }
      table[at] = count + 1;
      rows.set(row, count * rowLength);
      count += 1;
      if (count * rowLength === rows.length) grow();
      return true;
    },
    bytes: () => rows.byteLength + table.byteLength,
  };
}

/** A memo that can lose what lies behind: rows are kept by blocks of events, and the oldest blocks go when there is too much of it. */
export interface WindowedMemo {
  /** `isGate`: the row is where a path enters a block. These are kept, so that what lies behind is not gone through again and again. */
  add(row: Int32Array, block: number, isGate: boolean): boolean;
  bytes(): number;
}

export function makeWindowedMemo(keyLength: number, rowLength: number, bytesMax: number): WindowedMemo {
  const gates = makeMemo(keyLength, rowLength);
  const blocks = new Map<number, Memo>();
  let added = 0;

  const blockBytes = (): number => [...blocks.values()].reduce((sum, memo) => sum + memo.bytes(), 0);
  const forgetOldest = (current: number): void => {
    const oldestFirst = [...blocks.keys()].sort((a, b) => a - b);
    for (const block of oldestFirst) {
      if (blockBytes() <= bytesMax / 2 || block === current) return;
      blocks.delete(block);
    }
  };

  return {
    add: (row, block, isGate) => {
      if (isGate) return gates.add(row);
      let memo = blocks.get(block);
      if (memo === undefined) {
        memo = makeMemo(keyLength, rowLength);
        blocks.set(block, memo);
      }
      added += 1;
      if (added % 4096 === 0 && blockBytes() > bytesMax) forgetOldest(block);
      return memo.add(row);
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

function sameKey(rows: Int32Array, from: number, row: Int32Array, keyLength: number): boolean {
  for (let i = 0; i < keyLength; i++) if (rows[from + i] !== row[i]) return false;
  return true;
}

function noHigher(
  rows: Int32Array,
  from: number,
  row: Int32Array,
  keyLength: number,
  rowLength: number,
): boolean {
  for (let i = keyLength; i < rowLength; i++) if ((rows[from + i] ?? 0) > (row[i] ?? 0)) return false;
  return true;
}

function allHigher(
  rows: Int32Array,
  from: number,
  row: Int32Array,
  keyLength: number,
  rowLength: number,
): boolean {
  for (let i = keyLength; i < rowLength; i++) if ((rows[from + i] ?? 0) < (row[i] ?? 0)) return false;
  return true;
}
