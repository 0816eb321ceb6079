import type { Json } from '../../core/json.ts';
import type { LookAhead, Model, Outlook } from '../../core/model.ts';
import { sizeOf } from './states-size.ts';
import type { SearchOperations } from './timeline-operations.ts';

/** States by number, and what kinds of operation make of them, remembered (the "memo" of Knossos). State 0 is the initial one. */
export interface States {
  /** The state after an operation of that kind, or -1 where the object would not have answered so. */
  next(state: number, kind: number): number;
  /** How long a state must stay, and what alone may end it. */
  outlook(state: number): Outlook;
  readonly hasOutlook: boolean;
  count(): number;
  /** How often the model was asked: nobody knows how long that takes. */
  asked(): number;
  stateAt(state: number): unknown;
  /** Forgets all but these, which from now on have the numbers 0, 1, 2... */
  keepOnly(kept: readonly number[]): void;
  /** Whether none was ever forgotten. */
  isWhole(): boolean;
  bytes(): number;
}

const anyFuture: Outlook = { heldUntil: -1, successor: -1 };
const denseEntriesMax = 1 << 20;
const cacheEntriesMax = 1 << 16;
const notAsked = -2;
/** The size of a state is estimated for the first few, and then for one in so many. */
const sizedAll = 8;
const sizedEach = 16;
/** A Map must not come near 2^24 entries: it cannot hold more. */
const mapEntriesMax = 1 << 22;

export function makeStates(
  model: Model<unknown>,
  operations: Pick<SearchOperations, 'kindCount' | 'kindAt'>,
  ahead: Pick<LookAhead<unknown>, 'outlook'>,
  initial: Json | undefined,
): States {
  const { kindCount, kindAt } = operations;
  let states: unknown[] = [];
  let outlooks: Outlook[] = [];
  let numbers = [new Map<string, number>()];
  let ownBytes = 0;
  let lastBytes = 0;
  let isWhole = true;

  const knownNumber = (text: string): number | undefined => {
    for (const some of numbers) {
      const number = some.get(text);
      if (number !== undefined) return number;
    }
    return undefined;
  };
  const numberOf = (state: unknown): number => {
    const text = model.fingerprint(state);
    const known = knownNumber(text);
    if (known !== undefined) return known;
    let newest = numbers[numbers.length - 1];
    if (newest === undefined || newest.size === mapEntriesMax) {
      newest = new Map();
      numbers.push(newest);
    }
    newest.set(text, states.length);
    if (states.length < sizedAll || states.length % sizedEach === 0) lastBytes = sizeOf(state, text);
    ownBytes += lastBytes;
    if (ahead.outlook !== undefined) outlooks.push(ahead.outlook(state));
    return states.push(state) - 1;
  };
  numberOf(model.initial(initial));

  // All pairs of state and kind have a place of their own while they are few; then a cache that forgets: each pair has one place, and the
  // newer takes it.
  let dense: Int32Array | null = new Int32Array(Math.max(16, 4 * kindCount)).fill(notAsked);
  let cacheEntries = 0;
  let cached = new Int32Array();

  let asked = 0;
  const stepped = (state: number, kind: number): number => {
    asked += 1;
    const from = states[state];
    const to = model.step(from, kindAt(kind));
    return to === null ? -1 : to === from ? state : numberOf(to);
  };
  const growDense = (): void => {
    if (dense === null || states.length * kindCount <= dense.length) return;
    if (states.length * kindCount > denseEntriesMax) {
      dense = null;
      cacheEntries = 64;
      while (cacheEntries < cacheEntriesMax && cacheEntries < kindCount * 4) cacheEntries *= 2;
      cached = new Int32Array(cacheEntries * 3).fill(-1);
      return;
    }
    const more = new Int32Array(Math.max(states.length * kindCount, dense.length * 2)).fill(notAsked);
    more.set(dense);
    dense = more;
  };
  const nextCached = (state: number, kind: number): number => {
    const hash = Math.imul(state, 0x9e3779b1) + Math.imul(kind, 0x85ebca6b);
    const at = 3 * ((hash ^ (hash >>> 15)) & (cacheEntries - 1));
    if (cached[at] === state && cached[at + 1] === kind) return cached[at + 2] ?? -1;
    const number = stepped(state, kind);
    cached[at] = state;
    cached[at + 1] = kind;
    cached[at + 2] = number;
    return number;
  };
  growDense();

  return {
    next: (state, kind) => {
      if (dense === null) return nextCached(state, kind);
      const known = dense[state * kindCount + kind] ?? notAsked;
      if (known !== notAsked) return known;
      const number = stepped(state, kind);
      growDense();
      if (dense !== null) dense[state * kindCount + kind] = number;
      return number;
    },
    outlook: (state) => outlooks[state] ?? anyFuture,
    hasOutlook: ahead.outlook !== undefined,
    count: () => states.length,
    asked: () => asked,
    stateAt: (state) => states[state],
    isWhole: () => isWhole,
    keepOnly: (kept) => {
      isWhole = false;
      const before = kept.map((number) => states[number]);
      states = [];
      outlooks = [];
      numbers = [new Map<string, number>()];
      ownBytes = 0;
      dense?.fill(notAsked);
      cached.fill(-1);
      for (const state of before) numberOf(state);
    },
    bytes: () => (dense?.byteLength ?? 0) + cached.byteLength + ownBytes,
  };
}
