import type { Json } from '../../core/json.ts';
import type { TimedOperation } from '../../core/model.ts';
import type { OperationTable } from '../history/operation-table.ts';

/** What a monitor says of the operations on one object. */
export type MonitorVerdict =
  | {
      readonly verdict: 'valid';
      /** Rows in an order that the object allows and that respects real time; all with an answer, and those without one that took effect. */
      linearization(): Int32Array;
    }
  | {
      readonly verdict: 'invalid';
      /** Rows that contradict each other, as few as come to hand; with them alone the history is most often invalid, too. */
      readonly rows: readonly number[];
      /** The rule that is broken, in words without values: `a value was dequeued twice`. */
      readonly rule: string;
    }
  /** Nothing is said: values repeat, or nobody knows a rule. A search must decide. */
  | { readonly verdict: 'undecided'; readonly why: string };

/** What is there besides the operations. */
export interface MonitorContext {
  /** What the object holds at first; undefined: as the model begins by itself. */
  readonly initial: Json | undefined;
  /** Decides a few operations, on an object that begins so, by searching; `unknown` where limits were met. */
  search(operations: readonly TimedOperation[], initial: Json | undefined): SearchAnswer;
}

/** `order`: indexes of the operations that were given. */
export type SearchAnswer =
  | { readonly status: 'found'; readonly order: readonly number[] }
  | { readonly status: 'none' }
  | { readonly status: 'unknown' };

/**
 * Decides the whole history of one object in near-linear time, by what its values tell. Never wrong: what it cannot decide it leaves. The
 * operations are those of the model that it stands for, with one key.
 */
export interface Monitor {
  readonly name: string;
  judge(operations: OperationTable, context: MonitorContext): MonitorVerdict;
}
