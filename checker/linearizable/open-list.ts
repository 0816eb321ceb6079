import type { Timeline } from './timeline.ts';

/** The answered operations that are open at a return, lowest (earliest return) first; can be moved from return to return both ways. */
export interface OpenList {
  moveTo(event: number): void;
  /** The end of the list is the number of operations. */
  first(): number;
  after(operation: number): number;
  /** How many calls are open or past. */
  called(): number;
  widest(): number;
}

export function makeOpenList(timeline: Timeline): OpenList {
  const { calls, callsBefore } = timeline;
  const none = timeline.operations.length;
  const next = new Int32Array(none + 1).fill(none);
  const previous = new Int32Array(none + 1).fill(none);
  let event = 0;
  let length = 0;
  let widest = 0;

  const link = (operation: number, before: number): void => {
    const after = next[before] ?? none;
    next[before] = operation;
    previous[operation] = before;
    next[operation] = after;
    previous[after] = operation;
    length += 1;
  };
  const unlink = (operation: number): void => {
    const before = previous[operation] ?? none;
    const after = next[operation] ?? none;
    next[before] = after;
    previous[after] = before;
    length -= 1;
  };
  const openCalls = (from: number, to: number): void => {
    for (let i = from; i < to; i++) {
      const operation = calls[i] ?? none;
      let before = previous[none] ?? none;
      while (before !== none && before > operation) before = previous[before] ?? none;
      link(operation, before);
    }
    widest = Math.max(widest, length);
  };
  openCalls(0, callsBefore[0] ?? 0);

  return {
    moveTo: (to) => {
      for (; event < to; event++) {
        unlink(event);
        openCalls(callsBefore[event] ?? 0, callsBefore[event + 1] ?? 0);
      }
      for (; event > to; event--) {
        for (let i = (callsBefore[event] ?? 0) - 1; i >= (callsBefore[event - 1] ?? 0); i--) {
          unlink(calls[i] ?? none);
        }
        link(event - 1, none);
      }
    },
    first: () => next[none] ?? none,
    after: (operation) => next[operation] ?? none,
    called: () => callsBefore[event] ?? 0,
    widest: () => widest,
  };
}
