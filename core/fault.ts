import type { JsonObject } from './json.ts';
import type { Millis } from './units.ts';

/** Cristian §2.2, with crash split by what survives it. */
export type FaultClass = 'crash' | 'crash-pause' | 'omission' | 'timing' | 'response' | 'none';

/** A fault as planned: roles are resolved at injection and recorded in the trace. */
export interface PlannedFault {
  readonly id: string;
  /** The nemesis that knows how to inject it. */
  readonly nemesis: string;
  /** As a person would name it: `partition:isolate-primary,hold`. */
  readonly name: string;
  readonly class: FaultClass;
  /** Since the start of the phase `faults`. */
  readonly atMs: Millis;
  readonly forMs: Millis;
  /**
   * Set: it waits for all faults before it to end and for the group to be at full strength, however long that takes, and is left out if that
   * does not come while faults may begin. Otherwise it begins at its time, or little later.
   */
  readonly inTurn?: true;
  readonly target: string;
  /** What the nemesis decided by seed; only it reads this. */
  readonly options: JsonObject;
}
