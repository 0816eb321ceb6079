import type { RowShape } from './memo.ts';
import { makeOpenList, type OpenList } from './open-list.ts';
import { makeTrail, type Trail } from './search-trail.ts';
import { makeUsedCounts, type UsedCounts } from './search-used.ts';
import type { States } from './states.ts';
import { isLoose, roles, type Timeline } from './timeline.ts';

/**
 * Where a search stands: at a return that waits for something to be placed, in a state. A row of numbers: the return, the state, bits of the
 * open operations that are placed, bits of loose ones (see `isLoose`), the number of used counts.
 */
export interface Configuration {
  readonly row: Int32Array;
  readonly shape: RowShape;
  readonly open: OpenList;
  readonly used: UsedCounts;
  readonly trail: Trail;
  event(): number;
  state(): number;
  usedCounts(): number;
  isPlaced(operation: number): boolean;
  /** How many of that class of unknown operations can still be used by that event, if any. */
  hasUnused(unknownClass: number, event: number): boolean;
  /** Takes over a row that was copied from here. */
  load(rows: Int32Array, from: number): void;
  /** Begins where nothing is placed, just before the calls that precede a return. */
  begin(event: number, state: number, used: number): void;
  /** The state after an operation is placed next; -1: it does not fit, or something else must come first. */
  after(operation: number): number;
  /** The same for one of a class of unknown operations, whether or not one is left. */
  afterUnknown(unknownClass: number): number;
  /** What was asked for by `after` and `afterUnknown`. */
  place(operation: number, after: number): void;
  use(unknownClass: number, after: number): void;
  /** Passes the return of an optional operation that is not placed. */
  skip(): void;
  /** Passes all returns of what is placed, until a choice is needed or this event is reached; false: nothing can be placed next. */
  settle(until: number): boolean;
}

/** A pair of numbers that no operation has as its index: an unknown one is never what alone may end a state. */
const unknownSource = -2;
const stateAt = 1;
const tightFrom = 2;

/** `isStretch`: what is known of the order of operations, and of states that must stay, holds for whole histories only. */
export function makeConfiguration(timeline: Timeline, states: States, isStretch: boolean): Configuration {
  const { last, kinds, roles: roleOf, slots, sources, calls, callsBefore, returned, unknown } = timeline;
  const order = isStretch ? null : timeline.order;
  const hasOutlook = states.hasOutlook && !isStretch;
  const open = makeOpenList(timeline);
  const { quick, chosen } = open;
  const used = makeUsedCounts();
  const trail = makeTrail();
  const looseFrom = tightFrom + Math.ceil(timeline.tightSlots / 32);
  const usedAt = looseFrom + Math.ceil(timeline.looseSlots / 32);
  const row = new Int32Array(usedAt + 1);
  const firstUnknown = unknown.reduce((least, { from }) => Math.min(least, from[0] ?? last), last);

  const wordOf = (operation: number): number =>
    (isLoose(roleOf[operation] ?? 0) ? looseFrom : tightFrom) + ((slots[operation] ?? 0) >>> 5);
  const bitOf = (operation: number): number => 1 << ((slots[operation] ?? 0) & 31);
  const isSet = (operation: number): boolean => ((row[wordOf(operation)] ?? 0) & bitOf(operation)) !== 0;
  const flip = (operation: number): void => {
    const word = wordOf(operation);
    row[word] = (row[word] ?? 0) ^ bitOf(operation);
  };
  // A pure operation has its bit while it waits, the others while they are placed.
  const isPlaced = (operation: number): boolean => isSet(operation) !== (roleOf[operation] === roles.pure);
  const markPlaced = (operation: number): void => {
    flip(operation);
    trail.add(sources[operation] ?? -1);
  };

  /** Places all that fits and is not chosen. */
  const placeQuick = (from: number): number => {
    let state = from;
    for (let each = open.after(quick); each !== quick;) {
      const after = isPlaced(each) ? -1 : states.next(state, kinds[each] ?? 0);
      if (after >= 0) markPlaced(each);
      const isChanged = after >= 0 && after !== state;
      if (isChanged) state = after;
      each = open.after(isChanged ? quick : each);
    }
    return state;
  };
  /** The calls just before a return: those that fit are placed at once, if they are not chosen. */
  const welcome = (event: number, from: number): number => {
    let state = from;
    for (let i = event === 0 ? 0 : (callsBefore[event - 1] ?? 0); i < (callsBefore[event] ?? 0); i++) {
      const call = calls[i] ?? 0;
      const role = roleOf[call];
      if (role !== roles.pure && role !== roles.eager) continue;
      const after = states.next(state, kinds[call] ?? 0);
      if (role === roles.pure) flip(call);
      if (after < 0) continue;
      markPlaced(call);
      state = after;
    }
    return state === from ? state : placeQuick(state);
  };

  const mustWait = (operation: number): boolean => {
    const start = order?.start[operation] ?? -Infinity;
    if (order === null || start === -Infinity) return false;
    if ((order.endLater[callsBefore[row[0] ?? 0] ?? 0] ?? Infinity) < start) return true;
    for (const list of [quick, chosen]) {
      for (let each = open.after(list); each !== list; each = open.after(each)) {
        if (each !== operation && (order.end[each] ?? Infinity) < start && !isPlaced(each)) return true;
      }
    }
    return false;
  };
  const mayEnd = (state: number, source: number): boolean => {
    const { heldUntil, successor } = states.outlook(state);
    return heldUntil <= (returned[row[0] ?? 0] ?? 0) && (successor < 0 || successor === source);
  };
  const after = (operation: number): number => {
    const state = row[stateAt] ?? 0;
    const next = states.next(state, kinds[operation] ?? 0);
    if (next < 0) return -1;
    if (hasOutlook && next !== state && !mayEnd(state, sources[operation] ?? -1)) return -1;
    return order !== null && mustWait(operation) ? -1 : next;
  };
  const isOnlyChoice = (event: number): boolean => {
    if (event >= firstUnknown) return false;
    for (let each = open.after(chosen); each !== chosen; each = open.after(each)) {
      if (each !== event && !isSet(each)) return false;
    }
    return true;
  };
  const pass = (): void => {
    const event = row[0] ?? 0;
    // The slot will be somebody else's.
    if (isSet(event)) flip(event);
    row[0] = event + 1;
  };
  const arrive = (): void => {
    const event = row[0] ?? 0;
    open.moveTo(event);
    row[stateAt] = welcome(event, row[stateAt] ?? 0);
  };
  const place = (operation: number, next: number): void => {
    markPlaced(operation);
    row[stateAt] = placeQuick(next);
  };

  return {
    row,
    shape: { keyLength: looseFrom, rowLength: row.length, isWithin: used.isWithin },
    open,
    used,
    trail,
    event: () => row[0] ?? 0,
    state: () => row[stateAt] ?? 0,
    usedCounts: () => row[usedAt] ?? 0,
    isPlaced,
    hasUnused: (unknownClass, event) => {
      const { from } = unknown[unknownClass] ?? {};
      return (from?.[used.countOf(row[usedAt] ?? 0, unknownClass)] ?? Infinity) <= event;
    },
    load: (rows, from) => {
      for (let k = 0; k < row.length; k++) row[k] = rows[from + k] ?? 0;
      open.moveTo(row[0] ?? 0);
    },
    begin: (event, state, usedBefore) => {
      row.fill(0);
      row[0] = event;
      row[stateAt] = state;
      row[usedAt] = usedBefore;
      if (event < last) arrive();
    },
    after,
    afterUnknown: (unknownClass) => {
      const state = row[stateAt] ?? 0;
      const next = states.next(state, unknown[unknownClass]?.kind ?? 0);
      return next < 0 || (hasOutlook && !mayEnd(state, unknownSource)) ? -1 : next;
    },
    place,
    use: (unknownClass, next) => {
      const before = row[usedAt] ?? 0;
      trail.add(unknown[unknownClass]?.sources[used.countOf(before, unknownClass)] ?? -1);
      row[usedAt] = used.withOneMore(before, unknownClass);
      row[stateAt] = placeQuick(next);
    },
    skip: () => {
      pass();
      arrive();
    },
    settle: (until) => {
      for (let event = row[0] ?? 0; event < until; event = row[0] ?? 0) {
        if (isPlaced(event)) {
          pass();
          if (event + 1 < until) arrive();
        } else if (roleOf[event] === roles.mutator && isOnlyChoice(event)) {
          const next = after(event);
          if (next < 0) return false;
          place(event, next);
        } else return true;
      }
      return true;
    },
  };
}
