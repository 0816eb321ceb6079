import type { Closure } from './search-closure.ts';
import type { Configuration } from './search-configuration.ts';
import type { States } from './states.ts';
import { roles, type Timeline } from './timeline.ts';

/** Whether there is any prospect for a configuration. */
export interface Prospect {
  /**
   * The first of the operations open that will never fit, though every other operation that can come before its return were placed as often
   * as one likes; -1: there is none.
   */
  firstHopeless(): number;
}

/** Few states are asked of it: what operations make of sets of them is gone through each time. */
export function makeProspect(
  timeline: Timeline,
  states: States,
  closure: Closure,
  configuration: Configuration,
): Prospect {
  const { last, kinds, roles: roleOf, calls, callsBefore, unknown } = timeline;
  const { stateCount, constants } = closure;
  const { open } = configuration;
  const { quick, chosen } = open;
  const firstUnknown = unknown.reduce((least, { from }) => Math.min(least, from[0] ?? last), last);

  const isReached = new Uint8Array(stateCount);
  const reached = new Int32Array(stateCount);
  let reachedCount = 0;
  const reach = (state: number): void => {
    if (state < 0 || isReached[state] === 1) return;
    isReached[state] = 1;
    reached[reachedCount] = state;
    reachedCount += 1;
  };
  // Kinds whose effect depends on the state.
  const partial = new Int32Array(constants.length);
  const addedIn = new Int32Array(constants.length);
  let partialCount = 0;
  let round = 0;
  const supply = (kind: number): void => {
    const target = constants[kind] ?? -1;
    if (target >= 0) reach(target);
    else if (addedIn[kind] !== round) {
      addedIn[kind] = round;
      partial[partialCount] = kind;
      partialCount += 1;
    }
  };
  const spread = (): void => {
    for (let i = 0; i < reachedCount; i++) {
      for (let k = 0; k < partialCount; k++) reach(states.next(reached[i] ?? 0, partial[k] ?? 0));
    }
  };

  let suppliedCalls = 0;
  const supplyUntil = (event: number): void => {
    for (; suppliedCalls < (callsBefore[event] ?? 0); suppliedCalls++) {
      const call = calls[suppliedCalls] ?? 0;
      if (roleOf[call] !== roles.pure) supply(kinds[call] ?? 0);
    }
    if (event >= firstUnknown) {
      for (let each = 0; each < unknown.length; each++) {
        if (configuration.hasUnused(each, event)) supply(unknown[each]?.kind ?? 0);
      }
    }
    spread();
  };
  const supplyOpen = (): void => {
    for (const list of [quick, chosen]) {
      for (let each = open.after(list); each !== list; each = open.after(each)) {
        if (roleOf[each] !== roles.pure && !configuration.isPlaced(each)) supply(kinds[each] ?? 0);
      }
    }
  };
  const begin = (): void => {
    isReached.fill(0);
    reachedCount = 0;
    partialCount = 0;
    round += 1;
    suppliedCalls = callsBefore[configuration.event()] ?? 0;
    reach(configuration.state());
    supplyOpen();
    supplyUntil(configuration.event());
  };
  const fits = (operation: number): boolean => {
    const kind = kinds[operation] ?? 0;
    if ((constants[kind] ?? -1) >= 0) return true;
    for (let i = 0; i < reachedCount; i++) if (states.next(reached[i] ?? 0, kind) >= 0) return true;
    return false;
  };
  const isHopeless = (operation: number): boolean => {
    if (roleOf[operation] === roles.optional || configuration.isPlaced(operation) || fits(operation))
      return false;
    supplyUntil(operation);
    return !fits(operation);
  };

  return {
    firstHopeless: () => {
      begin();
      // Both lists at once, by their returns, so that what is supplied only grows.
      let first = open.after(quick);
      let second = open.after(chosen);
      while (first !== quick || second !== chosen) {
        const isFirst = second === chosen || (first !== quick && first < second);
        const each = isFirst ? first : second;
        if (isHopeless(each)) return each;
        if (isFirst) first = open.after(first);
        else second = open.after(second);
      }
      return -1;
    },
  };
}
