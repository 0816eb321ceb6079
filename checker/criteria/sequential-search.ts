import { makeFailures } from './failures.ts';
import type { Objects } from './objects.ts';
import type { Sessions } from './sessions.ts';

/** What is to be put in an order. Operations by number. */
export interface Task {
  readonly sessions: Sessions;
  readonly objects: Objects;
  /** In positions of events: an operation is tried from its `start` on, and those with an early `end` first. */
  readonly start: Float64Array;
  readonly end: Float64Array;
  readonly guide: Guide | null;
}

/** What is known in advance of where operations must go; exact: it leaves out only what leads nowhere. A search uses it up. */
export interface Guide {
  mayPlace(operation: number): boolean;
  /** Whether nothing could follow if it were placed now; takes longer. */
  isDeadEnd(operation: number): boolean;
  /** What was placed last is taken back first. */
  place(operation: number): void;
  takeBack(operation: number): void;
}

/** `exhausted`: there is no such order; `limited`: there is none in which no operation leads by more than was allowed. */
export type SequentialStatus = 'running' | 'found' | 'exhausted' | 'limited';

/** A search for an order that keeps each process's own, to be run a little at a time. */
export interface SequentialSearch {
  run(choices: number): SequentialStatus;
  /** The operations in the order found; an unknown one that took no effect is missing. */
  order(): Int32Array;
  bytes(): number;
  /** The most operations that fitted into an order, and what should have come next then, for each process. */
  furthest(): { readonly placed: number; readonly next: readonly number[] };
}

/**
 * Depth first over the orders that keep each process's own [sequential consistency: Lamport 1979]. Operations that change nothing are placed
 * as soon as they fit; of others, those that returned earlier are tried first, since most histories are near to real time. Configurations
 * (how far each process is, and the state of each object) from which there was no way on are remembered.
 *
 * `lead`: so many events may an operation be called after the return of one that is placed after it.
 */
export function makeSequentialSearch(task: Task, lead: number): SequentialSearch {
  const { guide, start, end } = task;
  const { partOf, kindOf, statesOf, isPure } = task.objects;
  const { rowsOf, answered } = task.sessions;
  const processes = rowsOf.length;
  const total = answered.reduce((sum, count) => sum + count, 0);

  // A configuration: how many operations of each process are placed, then the state of each part.
  const parts = statesOf.length;
  const now = new Int32Array(processes + parts);
  const failures = makeFailures(now);
  // What was placed, with the process and the state of its part before: three numbers each.
  let log = new Int32Array(3 * 1024);
  let placed = 0;
  let answeredPlaced = 0;
  // The path: how many were placed before a choice, and which process was tried last.
  let frames = new Int32Array(2 * 1024);
  let depth = 0;
  let isLimited = false;
  let hasBegun = false;
  let furthest = -1;
  const furthestNow = new Int32Array(processes);

  const nextOf = (process: number): number => rowsOf[process]?.[now[process] ?? 0] ?? -1;
  const isAnswered = (process: number): boolean => (now[process] ?? 0) < (answered[process] ?? 0);
  /** The state of its part after the row, or -1. */
  const after = (row: number): number => {
    if (guide?.mayPlace(row) === false) return -1;
    const part = partOf[row] ?? 0;
    return statesOf[part]?.next(now[processes + part] ?? 0, kindOf[row] ?? 0) ?? -1;
  };
  const place = (process: number, state: number): void => {
    const row = nextOf(process);
    const part = partOf[row] ?? 0;
    if (3 * (placed + 1) > log.length) log = enlarged(log);
    log[3 * placed] = row;
    log[3 * placed + 1] = process;
    log[3 * placed + 2] = now[processes + part] ?? 0;
    placed += 1;
    if (isAnswered(process)) answeredPlaced += 1;
    failures.set(process, (now[process] ?? 0) + 1);
    if (state !== now[processes + part]) failures.set(processes + part, state);
    guide?.place(row);
  };
  const takeBackTo = (count: number): void => {
    while (placed > count) {
      placed -= 1;
      const row = log[3 * placed] ?? 0;
      const process = log[3 * placed + 1] ?? 0;
      failures.set(process, (now[process] ?? 0) - 1);
      failures.set(processes + (partOf[row] ?? 0), log[3 * placed + 2] ?? 0);
      if (isAnswered(process)) answeredPlaced -= 1;
      guide?.takeBack(row);
    }
  };
  /** Places whatever changes nothing and fits. What fits may come after it in its process, so that all are looked at again. */
  const settle = (): void => {
    for (let isSettled = false; !isSettled;) {
      isSettled = true;
      for (let process = 0; process < processes; process++) {
        for (let row = nextOf(process); row >= 0 && isPure[row] === 1; row = nextOf(process)) {
          const state = after(row);
          if (state < 0) break;
          place(process, state);
          isSettled = false;
        }
      }
    }
    if (answeredPlaced <= furthest) return;
    furthest = answeredPlaced;
    furthestNow.set(now.subarray(0, processes));
  };
  const nextChoice = (lastTried: number): number => {
    let process = nextInOrder(lastTried);
    while (process >= 0 && guide?.isDeadEnd(nextOf(process)) === true) process = nextInOrder(process);
    return process;
  };
  /** The untried process whose next operation ends first, after the one that was tried last. */
  const nextInOrder = (lastTried: number): number => {
    const lastEnd = lastTried < 0 ? -Infinity : (end[nextOf(lastTried)] ?? Infinity);
    let earliest = Infinity;
    for (let process = 0; process < processes; process++) {
      if (isAnswered(process)) earliest = Math.min(earliest, end[nextOf(process)] ?? Infinity);
    }
    let best = -1;
    let bestEnd = Infinity;
    for (let process = 0; process < processes; process++) {
      const row = nextOf(process);
      if (row < 0) continue;
      const its = end[row] ?? Infinity;
      if (its < lastEnd || (its === lastEnd && process <= lastTried) || its >= bestEnd) continue;
      if ((start[row] ?? 0) > earliest + lead) {
        isLimited = true;
        continue;
      }
      if (!isAnswered(process) && isTwin(process)) continue;
      const state = after(row);
      if (state < 0 || (!isAnswered(process) && state === now[processes + (partOf[row] ?? 0)])) continue;
      best = process;
      bestEnd = its;
    }
    return best;
  };
  /** Whether another process could do the same now, without an answer either: one of them is enough. */
  const isTwin = (process: number): boolean => {
    const row = nextOf(process);
    for (let other = 0; other < process; other++) {
      const twin = isAnswered(other) ? -1 : nextOf(other);
      if (twin >= 0 && partOf[twin] === partOf[row] && kindOf[twin] === kindOf[row]) return true;
    }
    return false;
  };
  const push = (): void => {
    if (2 * (depth + 1) > frames.length) frames = enlarged(frames);
    frames[2 * depth] = placed;
    frames[2 * depth + 1] = -1;
    depth += 1;
  };
  /** One choice further, or one back. */
  const step = (): SequentialStatus => {
    const at = 2 * (depth - 1);
    takeBackTo(frames[at] ?? 0);
    const process = nextChoice(frames[at + 1] ?? -1);
    if (process < 0) {
      failures.add();
      depth -= 1;
      return depth > 0 ? 'running' : isLimited ? 'limited' : 'exhausted';
    }
    frames[at + 1] = process;
    place(process, after(nextOf(process)));
    settle();
    if (answeredPlaced === total) return 'found';
    if (!failures.has()) push();
    return 'running';
  };
  const begin = (): SequentialStatus => {
    hasBegun = true;
    settle();
    if (answeredPlaced === total) return 'found';
    push();
    return 'running';
  };
  return {
    run: (choices) => {
      let status = hasBegun ? 'running' : begin();
      for (let i = 0; i < choices && status === 'running'; i++) status = step();
      return status;
    },
    order: () => Int32Array.from({ length: placed }, (_, i) => log[3 * i] ?? 0),
    bytes: () =>
      failures.bytes() +
      log.byteLength +
      frames.byteLength +
      statesOf.reduce((sum, states) => sum + states.bytes(), 0),
    furthest: () => ({
      placed: furthest,
      next: rowsOf.flatMap((rows, process) => {
        const done = furthestNow[process] ?? 0;
        return done < (answered[process] ?? 0) ? [rows[done] ?? 0] : [];
      }),
    }),
  };
}

function enlarged(column: Int32Array): Int32Array<ArrayBuffer> {
  const more = new Int32Array(column.length * 2);
  more.set(column);
  return more;
}
