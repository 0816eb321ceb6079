import { defined } from '../../core/assert.ts';
import type { Json } from '../../core/json.ts';
import type { LookAhead, Model, ModelOperation, Outlook } from '../../core/model.ts';

/** States by number, and what operations make of them, remembered. */
export interface States {
  /** The state after the operation, or -1 where the object would not have answered so. */
  next(state: number, operation: number): number;
  /** How long a state must stay, and what alone may end it. */
  outlook(state: number): Outlook;
  stateAt(state: number): unknown;
  bytes(): number;
}

const anyFuture: Outlook = { heldUntil: -1, successor: -1 };
const cacheEntriesMax = 1 << 16;

/** State 0 is the initial one. Operations by number, too: whatever the caller numbers. */
export function makeStates(
  model: Model<unknown>,
  operations: readonly ModelOperation[],
  ahead: LookAhead<unknown>,
  initial: Json | undefined,
): States {
  const states: unknown[] = [];
  const outlooks: Outlook[] = [];
  const numbers = new Map<string, number>();
  let textLength = 0;

  const numberOf = (state: unknown): number => {
    const text = model.fingerprint(state);
    const known = numbers.get(text);
    if (known !== undefined) return known;
    numbers.set(text, states.length);
    textLength += text.length;
    outlooks.push(ahead.outlook?.(state) ?? anyFuture);
    return states.push(state) - 1;
  };
  numberOf(model.initial(initial));

  // A cache that forgets: each pair of state and operation has one place, and the newer takes it.
  let entries = 64;
  while (entries < cacheEntriesMax && entries < operations.length * 4) entries *= 2;
  const cached = new Int32Array(entries * 3).fill(-1);

  return {
    next: (state, operation) => {
      const at = 3 * ((Math.imul(state, 0x9e3779b1) + Math.imul(operation, 0x85ebca6b)) & (entries - 1));
      if (cached[at] === state && cached[at + 1] === operation) return cached[at + 2] ?? -1;
      const from = states[state];
      const to = model.step(from, defined(operations[operation], 'operation'));
      const number = to === null ? -1 : to === from ? state : numberOf(to);
      cached[at] = state;
      cached[at + 1] = operation;
      cached[at + 2] = number;
      return number;
    },
    outlook: (state) => outlooks[state] ?? anyFuture,
    stateAt: (state) => states[state],
    bytes: () => cached.byteLength + textLength * 2 + states.length * 200,
  };
}
