/** What passes between the harness and a child process outside TCP: the configuration, and lines on the child's standard output. */
import type { Slot } from './ids.ts';
import type { JsonObject } from './json.ts';
import type { TimingProfile } from './machine.ts';

/** Given to a node as its first argument, as JSON, or as `@file`. */
export interface NodeConfig {
  readonly layer: string;
  readonly options: JsonObject;
  readonly app: string;
  readonly slot: Slot;
  readonly incarnation: number;
  readonly mode: 'bootstrap' | 'join';
  /** Every slot of the cluster with the address at which this node reaches it (a link proxy's); its own slot included, unused. */
  readonly peers: readonly { readonly slot: Slot; readonly host: string; readonly port: number }[];
  readonly timing: TimingProfile;
  /** The processing time of each execution, milliseconds; 0: none. */
  readonly serviceMs: number;
  /** Seeds the application's choices. */
  readonly seed: number;
  /** Where trace lines go, appended; null: nowhere. */
  readonly traceFile: string | null;
  /** `process.hrtime.bigint()` at the run's start, in decimal: the zero of all times in the trace. */
  readonly originNs: string;
  /** Where every event that the core took is logged, one JSON line each, for exact replay; null: nowhere. */
  readonly eventFile: string | null;
  /** The port to listen on; 0: any. */
  readonly port: number;
}

/** One JSON line each on a node's standard output. Anything else that it prints goes to its log. */
export type ChildLine =
  | { readonly type: 'ready'; readonly port: number; readonly pid: number }
  | { readonly type: 'role'; readonly role: string; readonly view: number }
  | { readonly type: 'synced' }
  | { readonly type: 'want-replacement'; readonly slot: Slot };

/** How a node ends by itself. Whoever started it tells a replaced node (start the next one) from a crash (a finding). */
export const nodeExitCodes = {
  /** Its standard input ended: nobody owns it any more. */
  orphaned: 0,
  /** It was excluded from the group, or replaced. */
  replaced: 17,
  /** An exception that nobody expected. */
  crashed: 70,
  /** It could not write its trace or its event log: a full disk is no finding about the system under test. */
  traceLost: 74,
  /** The port to listen on was not to be had. */
  noPort: 75,
  usage: 254,
} as const;
