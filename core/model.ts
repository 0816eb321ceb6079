import type { Json } from './json.ts';

/** An operation as a sequential model sees it. `result` is undefined where the answer is unknown: then any answer fits. */
export interface ModelOperation {
  readonly f: string;
  readonly key: Json;
  readonly value: Json;
  readonly result: Json | undefined;
}

/** An operation with its interval: positions count the events of its part; `returned` is Infinity where no answer came. */
export interface TimedOperation extends ModelOperation {
  readonly called: number;
  readonly returned: number;
}

/** Plug-in: a sequential object, three pure functions. The optional ones make a search faster and never change its answer. */
export interface Model<State> {
  readonly name: string;
  /** The state at first; `given`: what the object holds then, where that is said. Throws UsageError on what it cannot hold. */
  initial(given?: Json): State;
  /**
   * The state after the operation, or null where the object would not have answered so. Never changes its argument.
   * Throws UsageError on an operation that the object does not have: that is the history's fault, not the system's.
   */
  step(state: State, operation: ModelOperation): State | null;
  /** Equal states have equal fingerprints and the other way about, among the states that come from one `initial()`. */
  fingerprint(state: State): string;
  /**
   * The objects that an operation touches, by name, at least one, where operations on different objects never meet; `key`: the one that its
   * key names; undefined: every operation touches everything.
   */
  readonly partition?: 'key' | ((operation: ModelOperation) => readonly string[]);
  /** The operation as a person would write it: `read x -> 3`. */
  describe?(operation: ModelOperation): string;
  /** The state as a person would write it. */
  describeState?(state: State): string;
  /** True where the operation, with this result, changes no state whatever. */
  isPure?(operation: ModelOperation): boolean;
  /** What the whole of a part's history tells about each of its operations. */
  lookAhead?(operations: readonly TimedOperation[], initial?: Json): LookAhead<State>;
  /**
   * What must go together where a counterexample is made smaller: for each operation the numbers of those that must be removed with it, so that
   * what is left of a valid history is valid, whatever else is removed; null: it must stay. Numbers from `operations.length` on are groups,
   * listed after the operations.
   */
  dependents?(operations: readonly TimedOperation[], initial?: Json): readonly (readonly number[] | null)[];
}

/** What a part's history tells in advance. Exact: the part is linearizable with it if and only if it is without it. */
export interface LookAhead<State> {
  /** In place of the operations given, one for one. Null: an unknown operation that nothing needs. */
  readonly operations: readonly (ForeseenOperation | null)[];
  outlook?(state: State): Outlook;
}

/** An operation with what others prove of it: its result, and an earlier return where somebody saw its effect before it returned. */
export interface ForeseenOperation extends TimedOperation {
  /** Of two operations with an order, a goes before b in every linearization if `a.order.end < b.order.start`. */
  readonly order?: { readonly start: number; readonly end: number };
  /** As soon as it fits it can be placed without loss. */
  readonly eager?: boolean;
}

/** What must become of a state once it is reached. */
export interface Outlook {
  /** An operation called at this position still needs the state as it is: nothing may change it before; -1: nobody does. */
  readonly heldUntil: number;
  /** The only operation that can end the state, by its index; -1: any. */
  readonly successor: number;
}
