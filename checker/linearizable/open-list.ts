import { roles, type Timeline } from './timeline.ts';

/**
 * The answered operations that are open at a return, in two lists, lowest (earliest return) first: those that are placed as soon as they
 * fit, and those that are chosen. Can be moved from return to return both ways.
 */
export interface OpenList {
  moveTo(event: number): void;
  /** The first of a list, given the list; the one after it, given an operation. A list ends with itself. */
  after(operation: number): number;
  readonly quick: number;
  readonly chosen: number;
  widest(): number;
  bytes(): number;
}

export function makeOpenList({ calls, callsBefore, last, roles: roleOf }: Timeline): OpenList {
  const quick = last;
  const chosen = last + 1;
  const next = new Int32Array(last + 2);
  const previous = new Int32Array(last + 2);
  for (const list of [quick, chosen]) {
    next[list] = list;
    previous[list] = list;
  }
  let event = 0;
  let length = 0;
  let widest = 0;

  const listOf = (operation: number): number => {
    const role = roleOf[operation];
    return role === roles.pure || role === roles.eager ? quick : chosen;
  };
  const link = (operation: number, before: number): void => {
    const after = next[before] ?? 0;
    next[before] = operation;
    previous[operation] = before;
    next[operation] = after;
    previous[after] = operation;
    length += 1;
  };
  const unlink = (operation: number): void => {
    const before = previous[operation] ?? 0;
    const after = next[operation] ?? 0;
    next[before] = after;
    previous[after] = before;
    length -= 1;
  };
  const openCalls = (from: number, to: number): void => {
    for (let i = from; i < to; i++) {
      const operation = calls[i] ?? 0;
      const list = listOf(operation);
      let before = previous[list] ?? list;
      while (before !== list && before > operation) before = previous[before] ?? list;
      link(operation, before);
    }
    if (length > widest) widest = length;
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
          unlink(calls[i] ?? 0);
        }
        link(event - 1, listOf(event - 1));
      }
    },
    after: (operation) => next[operation] ?? quick,
    quick,
    chosen,
    widest: () => widest,
    bytes: () => next.byteLength + previous.byteLength,
  };
}
