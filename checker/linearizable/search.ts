import type { Json } from '../../core/json.ts';
import type { LookAhead, Model, ModelOperation } from '../../core/model.ts';
import { isContradictory } from './contradiction.ts';
import { makeWindowedMemo } from './memo.ts';
import { makeOpenList } from './open-list.ts';
import { makeStates } from './states.ts';
import { makeTimeline } from './timeline.ts';

/** `exhausted`: there is no further linearization; the first time, that there is none at all. */
export type SearchStatus = 'running' | 'found' | 'exhausted';

/** A search for linearizations of one part, to be run a little at a time. */
export interface Search {
  /** Goes on for so many choices at most, or to the next linearization. */
  run(choices: number): SearchStatus;
  /** The state in which the linearization just found ends. */
  foundState(): unknown;
  /** The linearization just found: indexes of the operations given, in order; an unknown one that took no effect is missing. */
  order(): number[];
  bytes(): number;
  /** Everything before the position `provenTo` is linearizable; `widest`: most operations open at once; unknown ones are open for ever. */
  progress(): { readonly provenTo: number; readonly widest: number; readonly unknown: number };
}

export interface SearchOptions {
  /** What the memo of the last blocks may take. */
  readonly windowBytes: number;
  /** What the object holds at first; undefined: as the model begins by itself. */
  readonly initial?: Json | undefined;
}

const blockEvents = 4096;
/** A configuration is a row: next return, state; bits of the open operations that are placed; how many of each unknown class are used. */
const headLength = 2;

/**
 * Just-in-time linearization, depth first [Wing & Gong 1993; Lowe 2017, section 5]. Returns are gone through in order, and an operation is
 * placed no earlier than some return needs it. Configurations that were entered are never entered again. Operations that change nothing
 * are placed as soon as they fit. An unknown operation is used any time after its call, or never.
 *
 * Memory: the path, and a memo of the last blocks of returns, so that it follows the concurrency and not the length of the history.
 */
export function makeSearch(
  model: Model<unknown>,
  ahead: LookAhead<unknown>,
  { windowBytes, initial }: SearchOptions,
): Search {
  const timeline = makeTimeline(ahead.operations, model);
  const { returned, slots, sources, isPure, isEager, orderStart, orderEnd, orderEndLater, unknown } =
    timeline;
  const last = timeline.operations.length;
  const numbered: ModelOperation[] = [...timeline.operations, ...unknown.map(({ operation }) => operation)];
  const states = makeStates(model, numbered, ahead, initial);
  const open = makeOpenList(timeline);

  const countsFrom = headLength + Math.max(1, Math.ceil(timeline.slotCount / 32));
  const rowLength = countsFrom + unknown.length;
  const memo = makeWindowedMemo(countsFrom, rowLength, windowBytes);

  // The path: a row for each configuration on it, then how far its choices were tried: phase and operation.
  const stride = rowLength + 2;
  let path = new Int32Array(stride * 64);
  let depth = 0;
  const row = new Int32Array(rowLength);
  let stateAfter = -1; // of the operation that was last allowed
  let furthest = -1;
  /** Told of every operation that is placed; of a class of unknown ones, which of them. */
  let recorder: ((index: number) => void) | null = null;

  const wordOf = (operation: number): number => headLength + ((slots[operation] ?? 0) >>> 5);
  const bitOf = (operation: number): number => 1 << ((slots[operation] ?? 0) & 31);
  const isPlaced = (operation: number): boolean => ((row[wordOf(operation)] ?? 0) & bitOf(operation)) !== 0;
  const place = (operation: number): void => {
    const word = wordOf(operation);
    row[word] = (row[word] ?? 0) | bitOf(operation);
    recorder?.(sources[operation] ?? -1);
  };
  const use = (unknownClass: number): void => {
    const at = countsFrom + unknownClass;
    const used = row[at] ?? 0;
    row[at] = used + 1;
    recorder?.(unknown[unknownClass]?.sources[used] ?? -1);
  };

  const placeEager = (from: number): number => {
    let state = from;
    let each = open.first();
    while (each !== last) {
      const after = isEager[each] === 1 && !isPlaced(each) ? states.next(state, each) : -1;
      if (after >= 0) place(each);
      const isChanged = after >= 0 && after !== state;
      if (isChanged) state = after;
      each = isChanged ? open.first() : open.after(each);
    }
    return state;
  };

  /** Passes all returns of what is placed, until a choice is needed or the end is reached. */
  const settle = (): void => {
    let event = row[0] ?? 0;
    let state = placeEager(row[1] ?? 0);
    while (event < last && isPlaced(event)) {
      const word = wordOf(event);
      row[word] = (row[word] ?? 0) & ~bitOf(event);
      event += 1;
      open.moveTo(event);
      state = placeEager(state);
    }
    row[0] = event;
    row[1] = state;
    if (event > furthest) furthest = event;
  };

  /** Whether somebody who is not placed yet must come before this operation. */
  const mustWait = (operation: number): boolean => {
    const start = orderStart[operation] ?? -Infinity;
    if (start === -Infinity) return false;
    if ((orderEndLater[open.called()] ?? Infinity) < start) return true;
    for (let each = open.first(); each !== last; each = open.after(each)) {
      if (each !== operation && (orderEnd[each] ?? Infinity) < start && !isPlaced(each)) return true;
    }
    return false;
  };

  /** Whether the operation may be placed next; leaves the state after it in `stateAfter`. */
  const isAllowed = (operation: number, source: number): boolean => {
    const state = row[1] ?? 0;
    stateAfter = states.next(state, operation);
    if (stateAfter < 0) return false;
    if (stateAfter !== state) {
      const { heldUntil, successor } = states.outlook(state);
      if (heldUntil > (returned[row[0] ?? 0] ?? 0)) return false;
      if (successor >= 0 && successor !== source) return false;
    }
    return operation >= last || !timeline.hasOrder || !mustWait(operation);
  };

  /**
   * The next untried choice of the configuration in `row`, or -1: the returning operation itself, those that make it fit, the others by their
   * returns, at last unknown ones.
   */
  const nextChoice = (at: number): number => {
    const event = row[0] ?? 0;
    let phase = path[at] ?? 0;
    let tried = path[at + 1] ?? -1;
    const chosen = (operation: number): number => {
      path[at] = phase;
      path[at + 1] = operation;
      return operation;
    };
    if (phase === 0) {
      phase = 1;
      tried = -1;
      path[at] = phase;
      path[at + 1] = tried;
      if (isPure[event] !== 1 && isAllowed(event, sources[event] ?? -1)) return event;
    }
    for (; phase <= 2; phase++, tried = -1) {
      for (let each = tried < 0 ? open.first() : open.after(tried); each !== last; each = open.after(each)) {
        if (each === event || isPure[each] === 1 || isPlaced(each)) continue;
        if (!isAllowed(each, sources[each] ?? -1)) continue;
        const makesFit = states.next(stateAfter, event) >= 0;
        if (makesFit === (phase === 1)) return chosen(each);
      }
    }
    for (let each = tried < 0 ? last : tried + 1; each < numbered.length; each++) {
      const { called = [] } = unknown[each - last] ?? {};
      const next = called[row[countsFrom + each - last] ?? 0] ?? Infinity;
      if (next > (returned[event] ?? 0)) continue;
      if (isAllowed(each, -2) && stateAfter !== row[1]) return chosen(each);
    }
    return -1;
  };

  const push = (): void => {
    if ((depth + 1) * stride > path.length) {
      const more = new Int32Array(path.length * 2);
      more.set(path);
      path = more;
    }
    path.set(row, depth * stride);
    path[depth * stride + rowLength] = 0;
    path[depth * stride + rowLength + 1] = -1;
    depth += 1;
  };

  /** Follows the operation from the configuration in `row`. */
  const enter = (operation: number): SearchStatus => {
    const blockBefore = Math.floor((row[0] ?? 0) / blockEvents);
    if (operation < last) place(operation);
    else use(operation - last);
    row[1] = stateAfter;
    settle();
    if (row[0] === last) return 'found';
    const block = Math.floor((row[0] ?? 0) / blockEvents);
    if (memo.add(row, block, block !== blockBefore)) push();
    return 'running';
  };

  /** Goes along the path once more. */
  const replayed = (): number[] => {
    const found = row.slice();
    const placed: number[] = [];
    recorder = (index) => placed.push(index);
    row.fill(0);
    open.moveTo(0);
    settle();
    for (let step = 0; step < depth; step++) {
      const at = step * stride + rowLength;
      const tried = path[at + 1] ?? -1;
      const operation = path[at] === 1 && tried < 0 ? (row[0] ?? 0) : tried;
      if (operation < last) place(operation);
      else use(operation - last);
      row[1] = states.next(row[1] ?? 0, operation);
      settle();
    }
    recorder = null;
    row.set(found);
    return placed;
  };

  const begin = (): SearchStatus => {
    if (isContradictory(timeline)) {
      furthest = 0;
      return 'exhausted';
    }
    settle();
    if (row[0] === last) return 'found';
    push();
    return 'running';
  };

  return {
    run: (choices) => {
      if (furthest < 0) {
        const status = begin();
        if (status !== 'running') return status;
      }
      for (let i = 0; i < choices; i++) {
        if (depth === 0) return 'exhausted';
        const from = (depth - 1) * stride;
        for (let k = 0; k < rowLength; k++) row[k] = path[from + k] ?? 0;
        open.moveTo(row[0] ?? 0);
        const choice = nextChoice(from + rowLength);
        if (choice < 0) depth -= 1;
        else if (enter(choice) === 'found') return 'found';
      }
      return 'running';
    },
    foundState: () => states.stateAt(row[1] ?? 0),
    order: replayed,
    bytes: () =>
      path.byteLength +
      memo.bytes() +
      states.bytes() +
      numbered.length * 200 +
      timeline.calls.byteLength * 12,
    progress: () => ({
      provenTo: furthest >= last ? Infinity : (returned[Math.max(0, furthest)] ?? Infinity),
      widest: open.widest(),
      unknown: unknown.reduce((sum, { called }) => sum + called.length, 0),
    }),
  };
}
