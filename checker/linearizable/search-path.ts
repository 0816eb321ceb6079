import type { ChoiceStack } from './search-choices.ts';

/**
 * The configurations that lead to where a search stands, one above the other, each with the choices that are left to try. Some are only
 * beginnings: where the path starts anew, see search-stretches.ts.
 */
export interface Path extends ChoiceStack {
  depth(): number;
  /** `beginning`: its number, if it is one; otherwise -1. */
  add(row: Int32Array, trailLength: number, beginning: number): void;
  /** The rest speaks of the uppermost one. */
  drop(): void;
  rows(): Int32Array;
  rowStart(): number;
  trailLength(): number;
  beginning(): number;
  /** Whether its choices were listed: what is pushed from `list` on are they. */
  isListed(): boolean;
  list(): void;
  finishList(): void;
  /** Whether they were listed and none is left. */
  isTried(): boolean;
  /** The next one to try; there must be one. */
  take(): number;
  /** The uppermost beginning, and how long the trail was there. */
  lastBeginning(): { readonly beginning: number; readonly trailLength: number };
  clear(): void;
  bytes(): number;
}

const choicesFrom = 0;
const choicesUntil = 1;
const trailAt = 2;
const beginningAt = 3;
const ownColumns = 4;

export function makePath(rowLength: number): Path {
  const stride = rowLength + ownColumns;
  let rows = new Int32Array(stride * 32);
  let depth = 0;
  let choices = new Int32Array(64);
  let choiceCount = 0;
  /** Where the columns of the uppermost one begin. */
  let top = rowLength - stride;

  return {
    depth: () => depth,
    add: (row, trailLength, beginning) => {
      const from = depth * stride;
      if (from + stride > rows.length) {
        const more = new Int32Array(Math.ceil(depth * 1.5) * stride);
        more.set(rows);
        rows = more;
      }
      for (let k = 0; k < rowLength; k++) rows[from + k] = row[k] ?? 0;
      depth += 1;
      top = from + rowLength;
      rows[top + choicesFrom] = -1;
      rows[top + trailAt] = trailLength;
      rows[top + beginningAt] = beginning;
    },
    drop: () => {
      choiceCount = rows[top + choicesFrom] ?? 0;
      depth -= 1;
      top -= stride;
    },
    rows: () => rows,
    rowStart: () => top - rowLength,
    trailLength: () => rows[top + trailAt] ?? 0,
    beginning: () => rows[top + beginningAt] ?? -1,
    isListed: () => rows[top + choicesFrom] !== -1,
    list: () => {
      rows[top + choicesFrom] = choiceCount;
    },
    finishList: () => {
      rows[top + choicesUntil] = choiceCount;
    },
    push: (choice) => {
      if (choiceCount === choices.length) {
        const more = new Int32Array(choiceCount * 2);
        more.set(choices);
        choices = more;
      }
      choices[choiceCount] = choice;
      choiceCount += 1;
    },
    isTried: () => {
      const from = rows[top + choicesFrom] ?? -1;
      return from !== -1 && from === rows[top + choicesUntil];
    },
    take: () => {
      choiceCount = (rows[top + choicesUntil] ?? 0) - 1;
      rows[top + choicesUntil] = choiceCount;
      return choices[choiceCount] ?? -1;
    },
    lastBeginning: () => {
      let at = top;
      while ((rows[at + beginningAt] ?? 0) < 0) at -= stride;
      return { beginning: rows[at + beginningAt] ?? 0, trailLength: rows[at + trailAt] ?? 0 };
    },
    clear: () => {
      depth = 0;
      choiceCount = 0;
      top = rowLength - stride;
    },
    bytes: () => rows.byteLength + choices.byteLength,
  };
}
