import type { HistoryEvent } from './history.ts';
import type { Plan } from './plan.ts';
import type { TraceEvent } from './trace.ts';
import type { PropertyResult } from './verdict.ts';

/** A run as its checkers see it, live or stored. */
export interface RecordedRun {
  readonly plan: Plan;
  readonly history: readonly HistoryEvent[];
  readonly trace: readonly TraceEvent[];
  /** What could not be read: a torn last line, a damaged one. Properties that need the missing part say `unknown`. */
  readonly damage: {
    readonly history: readonly string[];
    readonly trace: readonly string[];
  };
}

/** Limits that the checker itself observes; the process around it is limited from outside as well. */
export interface CheckerLimits {
  /** Monotone clock, milliseconds. */
  readonly now: () => number;
  readonly deadline: number;
  readonly memoryBytesMax: number;
}

/** Takes what proves a verdict, to be kept beside the record: text in pieces, under the name of a file. */
export type KeepEvidence = (file: string, pieces: Iterable<string>) => void;

/** Plug-in: one property of a run. */
export interface Checker {
  readonly name: string;
  readonly description: string;
  check(run: RecordedRun, limits: CheckerLimits, keep?: KeepEvidence): PropertyResult;
}
