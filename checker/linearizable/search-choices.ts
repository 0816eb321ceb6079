import type { Closure } from './search-closure.ts';
import type { Configuration } from './search-configuration.ts';
import type { States } from './states.ts';
import { roles, type Timeline } from './timeline.ts';

/** What can be placed next, in order of promise. */
export interface Choices {
  /** Adds the choices of a configuration but for the returning operation itself; the last one is the best. */
  addAll(choices: ChoiceStack): void;
  /** Follows one. */
  enter(choice: number): void;
  /** From now on, kinds of operations are held against each other. */
  learn(closure: Closure): void;
}

/** Choices that are not tried yet, of all configurations on a path. */
export interface ChoiceStack {
  push(choice: number): void;
}

/** A choice is the number of an operation, `timeline.last` more than a class of unknown ones, or to skip. */
export function makeChoices(timeline: Timeline, states: States, configuration: Configuration): Choices {
  const { last, kinds, roles: roleOf, unknown } = timeline;
  const { open } = configuration;
  const { chosen } = open;
  const skip = last + unknown.length;

  // What can be placed next, and the state after it.
  const candidates = new Int32Array(timeline.tightSlots + timeline.looseSlots + unknown.length);
  const targets = new Int32Array(candidates.length);
  let count = 0;
  const addCandidate = (choice: number, target: number): void => {
    candidates[count] = choice;
    targets[count] = target;
    count += 1;
  };
  const kindOf = (choice: number): number =>
    (choice < last ? kinds[choice] : unknown[choice - last]?.kind) ?? 0;
  let closure: Closure | null = null;
  const covers = (a: number, b: number): boolean => a === b || (closure?.covers(a, b) ?? false);

  /**
   * Whether one of the first candidates can be placed in its stead: it leads to the same state, has to be placed no later, if this one has to
   * be, and whatever it would do later this one can do. Then nothing is lost by placing that one first, since the two can change places.
   */
  const canWait = (choice: number, target: number, from: number, until: number): boolean => {
    const mustBePlaced = choice < last && roleOf[choice] !== roles.optional;
    for (let i = from; i < until; i++) {
      const other = candidates[i] ?? 0;
      if (targets[i] !== target || (mustBePlaced && roleOf[other] === roles.optional)) continue;
      if (covers(kindOf(choice), kindOf(other))) return true;
    }
    return false;
  };
  /** By their returns. */
  const findAnswered = (): void => {
    for (let each = open.after(chosen); each !== chosen; each = open.after(each)) {
      if (configuration.isPlaced(each)) continue;
      const target = configuration.after(each);
      if (target >= 0 && !canWait(each, target, 0, count)) addCandidate(each, target);
    }
  };
  /** One that changes nothing need not be used. */
  const findUnknown = (event: number): void => {
    const state = configuration.state();
    for (let each = 0; each < unknown.length; each++) {
      if (!configuration.hasUnused(each, event)) continue;
      const target = configuration.afterUnknown(each);
      if (target < 0 || target === state || canWait(last + each, target, 0, count)) continue;
      addCandidate(last + each, target);
    }
  };

  return {
    learn: (known) => {
      closure = known;
    },
    // The returning operation itself is tried before. Then those that make it fit, the others by their returns, at last unknown ones.
    addAll: (choices) => {
      const event = configuration.event();
      const eventKind = kinds[event] ?? 0;
      const isOptional = roleOf[event] === roles.optional;
      count = 0;
      findAnswered();
      const answeredCount = count;
      findUnknown(event);
      for (let i = count - 1; i >= answeredCount; i--) {
        // Of two unknown ones the later may be the one that can do less, and so goes first.
        if (!canWait(candidates[i] ?? 0, targets[i] ?? 0, i + 1, count)) choices.push(candidates[i] ?? 0);
      }
      for (const makesFit of [false, true]) {
        for (let i = answeredCount - 1; i >= 0; i--) {
          const each = candidates[i] ?? 0;
          if (each === event) continue;
          if (states.next(targets[i] ?? 0, eventKind) >= 0 === makesFit) choices.push(each);
        }
      }
      if (isOptional) {
        if (candidates[0] === event && answeredCount > 0) choices.push(event);
        choices.push(skip);
      }
    },
    enter: (choice) => {
      if (choice === skip) configuration.skip();
      else if (choice >= last) configuration.use(choice - last, configuration.afterUnknown(choice - last));
      else configuration.place(choice, states.next(configuration.state(), kinds[choice] ?? 0));
    },
  };
}
