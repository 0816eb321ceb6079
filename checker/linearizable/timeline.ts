import type { ForeseenOperation, Model, TimedOperation } from '../../core/model.ts';
import { canonicalJson } from '../canonical-json.ts';

/** Unknown operations that are all alike: any of those called by then may be used, in any number. */
export interface UnknownClass {
  readonly operation: TimedOperation;
  /** Positions of their calls, rising. */
  readonly called: readonly number[];
  /** Their indexes in the part. */
  readonly sources: readonly number[];
}

/**
 * A part's history as a search walks through it. Operations with an answer are numbered by their returns, so that operation e is the one
 * that returns at step e, and of two open ones the lower must be placed first. `calls` has them in order of call.
 */
export interface Timeline {
  readonly operations: readonly ForeseenOperation[];
  readonly returned: Float64Array;
  readonly calls: Int32Array;
  /** How many calls came before return e. */
  readonly callsBefore: Int32Array;
  /** The bit that stands for an operation while it is open. */
  readonly slots: Int32Array;
  readonly slotCount: number;
  /** The index in the part. */
  readonly sources: Int32Array;
  /** Changes no state, or loses nothing by being placed as soon as it fits. */
  readonly isEager: Uint8Array;
  readonly isPure: Uint8Array;
  readonly orderStart: Float64Array;
  readonly orderEnd: Float64Array;
  /** The least `orderEnd` of calls i and later. */
  readonly orderEndLater: Float64Array;
  readonly hasOrder: boolean;
  readonly unknown: readonly UnknownClass[];
}

export function makeTimeline(
  foreseen: readonly (ForeseenOperation | null)[],
  model: Model<unknown>,
): Timeline {
  const answered = inOrderOfReturn(foreseen);
  const operations = answered.map((source) => foreseen[source] ?? raise());
  const numbers = new Map(answered.map((source, number) => [source, number]));
  const calls = Int32Array.from(
    foreseen.flatMap((_, source) => {
      const number = numbers.get(source);
      return number === undefined ? [] : [number];
    }),
  );
  const returned = Float64Array.from(operations, (operation) => operation.returned);
  const isPure = Uint8Array.from(operations, (operation) => (model.isPure?.(operation) === true ? 1 : 0));
  const orderEnd = Float64Array.from(operations, ({ order }) => order?.end ?? Infinity);
  const { slots, slotCount, callsBefore } = assignSlots(operations, calls);
  return {
    operations,
    returned,
    calls,
    callsBefore,
    slots,
    slotCount,
    sources: Int32Array.from(answered),
    isPure,
    isEager: isPure.map((pure, number) => (pure === 1 || operations[number]?.eager === true ? 1 : 0)),
    orderStart: Float64Array.from(operations, ({ order }) => order?.start ?? -Infinity),
    orderEnd,
    orderEndLater: leastFromEnd(calls, orderEnd),
    hasOrder: operations.some(({ order }) => order !== undefined),
    unknown: classesOf(foreseen, model),
  };
}

const raise = (): never => {
  throw new RangeError('no such operation');
};

/** Indexes of the operations with an answer, by return; of two that return at once, first the one called first. */
function inOrderOfReturn(foreseen: readonly (ForeseenOperation | null)[]): number[] {
  const answered = foreseen.flatMap((operation, source) =>
    operation === null || operation.returned === Infinity ? [] : [source],
  );
  // One number to sort by is many times faster than a comparison function.
  const count = foreseen.length;
  const keys = Float64Array.from(answered, (source) => (foreseen[source]?.returned ?? 0) * count + source);
  return Array.from(keys.sort(), (key) => key % count);
}

/** The lowest free slot for as long as an operation is open. */
function assignSlots(
  operations: readonly ForeseenOperation[],
  calls: Int32Array,
): { readonly slots: Int32Array; readonly slotCount: number; readonly callsBefore: Int32Array } {
  const slots = new Int32Array(operations.length);
  const callsBefore = new Int32Array(operations.length + 1);
  const isTaken: boolean[] = [];
  let at = 0;
  for (const [number, { returned }] of operations.entries()) {
    for (; at < calls.length; at++) {
      const call = calls[at] ?? 0;
      if ((operations[call]?.called ?? Infinity) > returned) break;
      let slot = 0;
      while (isTaken[slot] === true) slot += 1;
      isTaken[slot] = true;
      slots[call] = slot;
    }
    callsBefore[number] = at;
    isTaken[slots[number] ?? 0] = false;
  }
  callsBefore[operations.length] = calls.length;
  return { slots, slotCount: isTaken.length, callsBefore };
}

function leastFromEnd(calls: Int32Array, ends: Float64Array): Float64Array {
  const least = new Float64Array(calls.length + 1).fill(Infinity);
  for (let i = calls.length - 1; i >= 0; i--) {
    least[i] = Math.min(least[i + 1] ?? Infinity, ends[calls[i] ?? 0] ?? Infinity);
  }
  return least;
}

function classesOf(
  foreseen: readonly (ForeseenOperation | null)[],
  model: Model<unknown>,
): readonly UnknownClass[] {
  const classes = new Map<string, { operation: TimedOperation; called: number[]; sources: number[] }>();
  for (const [source, operation] of foreseen.entries()) {
    if (operation === null || operation.returned !== Infinity || model.isPure?.(operation) === true) continue;
    const name = `${operation.f} ${canonicalJson(operation.key)} ${canonicalJson(operation.value)} ${String(operation.result !== undefined)}`;
    const known = classes.get(name);
    if (known === undefined) {
      classes.set(name, { operation, called: [operation.called], sources: [source] });
    } else {
      known.called.push(operation.called);
      known.sources.push(source);
    }
  }
  return [...classes.values()];
}
