import type { Json } from '../../core/json.ts';
import { never, type OperationTable } from '../history/operation-table.ts';
import { columnsOf, kinds, type RegisterColumns } from '../monitors/register-columns.ts';

/** In the place of a writer: what the register held at first. */
export const initially = -1;
/** In the place of a writer: the operation met nothing, or nothing that is known. */
export const nothing = -2;

/**
 * Operations on registers as nodes, of which each has two causes at most: the operation before it in its process, and the write that it read
 * [Bouajjani, Enea, Guerraoui & Hamza 2017: program order and read-from]. Nodes are numbered process by process, so that the node before is
 * the one with the number before. A true cas is a read and a write in one. Reads without an answer are no nodes, nor are writes without
 * one that nobody read: to say that they never happened is always possible, and costs nothing.
 */
export interface RegisterGraph {
  readonly count: number;
  /** The row of the table of each node, and the node of each row, or -1. */
  readonly rows: Int32Array;
  readonly nodeOf: Int32Array;
  /** A process that did something. An operation without an answer that its process did not stop at is a process of its own. */
  readonly chain: Int32Array;
  readonly chainCount: number;
  /** First node of each chain; one more at the end. */
  readonly chainStart: Int32Array;
  /** Registers from 0. */
  readonly key: Int32Array;
  readonly keyCount: number;
  /** The write that was read: a node, `initially` or `nothing`. */
  readonly readsFrom: Int32Array;
  /** Of a failed cas, the write of the value that it expected and did not meet: a node, `initially`, or `nothing` where nobody wrote it. */
  readonly refused: Int32Array;
  readonly refusedCount: number;
  readonly isWrite: Uint8Array;
  /** Writes without an answer that nobody met, which are no nodes. */
  readonly unseen: readonly UnseenWrite[];
  /** Nodes that read from node w: `readers[readersStart[w]]` up to `readers[readersStart[w + 1] - 1]`. */
  readonly readersStart: Int32Array;
  readonly readers: Int32Array;
  /** Rows that met a value which several may have written: what they tell is not in the graph. */
  readonly unclear: readonly number[];
  /** Rows that met a value which nobody wrote. */
  readonly thinAir: readonly number[];
}

/** A write that may have happened or not. */
export interface UnseenWrite {
  readonly key: number;
  /** The last node of its process, or -1. */
  readonly after: number;
  /** A cas, which can only have written if it met what it expected. */
  readonly isCas: boolean;
}

/** No graph: rows that no register would have answered so, and why; no rows where it is not the answer's fault. */
export interface NoGraph {
  readonly rows: readonly number[];
  readonly why: string;
}

/** Throws UsageError on what is no operation of a register. */
export function registerGraphOf(table: OperationTable, initial: Json = null): RegisterGraph | NoGraph {
  const columns = columnsOf(table, table.values.numberOf(initial));
  if ('verdict' in columns) {
    return columns.verdict === 'invalid'
      ? { rows: columns.rows, why: columns.rule }
      : { rows: [], why: 'an operation returned without an answer' };
  }
  const facts = factsOf(columns);
  return graphOf(columns, facts, placesOf(columns, facts));
}

/** What each row met, by the row that wrote it. */
interface Facts {
  readonly keys: Int32Array;
  readonly keyCount: number;
  /** The row that wrote what this row met, `initially`, or `nothing`. */
  readonly writerOf: Int32Array;
  /** Whether the row is a write that took effect. */
  readonly isWrite: Uint8Array;
  readonly unclear: number[];
  readonly thinAir: number[];
}

const several = -3;

function factsOf({ table, kind, met, written, valueCount }: RegisterColumns): Facts {
  const { keys, keyCount } = denseKeys(table);
  const writers = new Map<number, number>();
  const placeOf = (row: number, value: number): number => (keys[row] ?? 0) * valueCount + value;
  for (let key = 0; key < keyCount; key++) writers.set(key * valueCount, initially);
  for (let row = 0; row < table.count; row++) {
    const value = written[row] ?? -1;
    if (value < 0) continue;
    const place = placeOf(row, value);
    writers.set(place, writers.has(place) ? several : row);
  }
  const facts: Facts = {
    keys,
    keyCount,
    writerOf: new Int32Array(table.count).fill(nothing),
    isWrite: new Uint8Array(table.count),
    unclear: [],
    thinAir: [],
  };
  const { writerOf, isWrite, unclear, thinAir } = facts;
  /** What is met by an operation that happened did happen, too: a write without an answer, and what that met in turn. */
  const meet = (row: number): void => {
    for (let at = row; at >= 0;) {
      if (kind[at] === kinds.writer || kind[at] === kinds.unknownWriter) isWrite[at] = 1;
      const value = met[at] ?? -1;
      if (value < 0) return;
      const writer = writers.get(placeOf(at, value));
      if (writer === undefined) thinAir.push(at);
      if (writer === several) unclear.push(at);
      if (writer === undefined || writer === several) return;
      writerOf[at] = writer;
      if (writer < 0 || kind[writer] !== kinds.unknownWriter || isWrite[writer] === 1) return;
      at = writer;
    }
  };
  for (let row = 0; row < table.count; row++) {
    if (kind[row] === kinds.read || kind[row] === kinds.writer) meet(row);
  }
  for (let row = 0; row < table.count; row++) {
    if (kind[row] !== kinds.failedCas) continue;
    const writer = writers.get(placeOf(row, met[row] ?? 0)) ?? nothing;
    if (writer === several) unclear.push(row);
    else if (writer < 0 || isWrite[writer] === 1) writerOf[row] = writer;
  }
  return facts;
}

function denseKeys(table: OperationTable): { readonly keys: Int32Array; readonly keyCount: number } {
  const numbers = new Map<number, number>();
  const keys = new Int32Array(table.count);
  for (let row = 0; row < table.count; row++) {
    const key = table.key[row] ?? 0;
    let number = numbers.get(key);
    if (number === undefined) {
      number = numbers.size;
      numbers.set(key, number);
    }
    keys[row] = number;
  }
  return { keys, keyCount: numbers.size };
}

/** Where the rows are in the graph. */
interface Places {
  /** -1: nowhere. */
  readonly nodeOf: Int32Array;
  readonly chainStart: Int32Array;
  readonly count: number;
}

function placesOf({ table, kind }: RegisterColumns, { writerOf, isWrite, unclear }: Facts): Places {
  const isUnclear = new Set(unclear);
  const lastRows = new Map<number, number>();
  for (let row = 0; row < table.count; row++) lastRows.set(table.process[row] ?? 0, row);
  const chains = new Map<number, number>();
  const chainOf = new Int32Array(table.count).fill(-1);
  const sizes: number[] = [];
  for (let row = 0; row < table.count; row++) {
    const isNode =
      isWrite[row] === 1 ||
      (kind[row] === kinds.failedCas && !isUnclear.has(row)) ||
      (kind[row] === kinds.read && writerOf[row] !== nothing);
    if (!isNode) continue;
    const process = table.process[row] ?? 0;
    const isAlone = table.returned[row] === never && lastRows.get(process) !== row;
    const chain = (isAlone ? undefined : chains.get(process)) ?? sizes.length;
    if (!isAlone) chains.set(process, chain);
    chainOf[row] = chain;
    sizes[chain] = (sizes[chain] ?? 0) + 1;
  }
  const chainStart = new Int32Array(sizes.length + 1);
  for (const [chain, size] of sizes.entries()) chainStart[chain + 1] = (chainStart[chain] ?? 0) + size;
  const nodeOf = new Int32Array(table.count).fill(-1);
  const filled = chainStart.slice();
  for (let row = 0; row < table.count; row++) {
    const chain = chainOf[row] ?? -1;
    if (chain < 0) continue;
    const node = filled[chain] ?? 0;
    filled[chain] = node + 1;
    nodeOf[row] = node;
  }
  return { nodeOf, chainStart, count: chainStart[sizes.length] ?? 0 };
}

function graphOf({ table, kind, met }: RegisterColumns, facts: Facts, places: Places): RegisterGraph {
  const { nodeOf, chainStart, count } = places;
  const chainCount = chainStart.length - 1;
  const rows = new Int32Array(count);
  const chain = new Int32Array(count);
  const key = new Int32Array(count);
  const readsFrom = new Int32Array(count).fill(nothing);
  const refused = new Int32Array(count).fill(nothing);
  const isWrite = new Uint8Array(count);
  const unseen: UnseenWrite[] = [];
  const lastNodes = new Map<number, number>();
  let refusedCount = 0;
  for (let row = 0; row < table.count; row++) {
    const node = nodeOf[row] ?? -1;
    if (node < 0) {
      if (kind[row] !== kinds.unknownWriter) continue;
      const after = lastNodes.get(table.process[row] ?? 0) ?? -1;
      unseen.push({ key: facts.keys[row] ?? 0, after, isCas: (met[row] ?? -1) >= 0 });
      continue;
    }
    lastNodes.set(table.process[row] ?? 0, node);
    rows[node] = row;
    key[node] = facts.keys[row] ?? 0;
    isWrite[node] = facts.isWrite[row] ?? 0;
    const writer = facts.writerOf[row] ?? nothing;
    const source = writer < 0 ? writer : (nodeOf[writer] ?? nothing);
    if (kind[row] === kinds.failedCas) {
      refused[node] = source;
      if (source !== nothing) refusedCount += 1;
    } else readsFrom[node] = source;
  }
  for (let each = 0; each < chainCount; each++) {
    chain.fill(each, chainStart[each] ?? 0, chainStart[each + 1] ?? 0);
  }
  return {
    count,
    rows,
    nodeOf,
    chain,
    chainCount,
    chainStart,
    key,
    keyCount: facts.keyCount,
    readsFrom,
    refused,
    refusedCount,
    isWrite,
    unseen,
    ...readersOf(readsFrom),
    unclear: facts.unclear,
    thinAir: facts.thinAir,
  };
}

/** The other way about. */
export function readersOf(readsFrom: Int32Array): Pick<RegisterGraph, 'readers' | 'readersStart'> {
  const count = readsFrom.length;
  const readersStart = new Int32Array(count + 1);
  for (let node = 0; node < count; node++) {
    const writer = readsFrom[node] ?? nothing;
    if (writer >= 0) readersStart[writer + 1] = (readersStart[writer + 1] ?? 0) + 1;
  }
  for (let node = 0; node < count; node++)
    readersStart[node + 1] = (readersStart[node + 1] ?? 0) + (readersStart[node] ?? 0);
  const readers = new Int32Array(readersStart[count] ?? 0);
  const filled = readersStart.slice();
  for (let node = 0; node < count; node++) {
    const writer = readsFrom[node] ?? nothing;
    if (writer < 0) continue;
    const at = filled[writer] ?? 0;
    filled[writer] = at + 1;
    readers[at] = node;
  }
  return { readers, readersStart };
}

/** The node before in the same process, or -1. */
export const nodeBefore = ({ chain, chainStart }: RegisterGraph, node: number): number =>
  node > (chainStart[chain[node] ?? 0] ?? 0) ? node - 1 : -1;
