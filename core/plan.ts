import type { JsonObject } from './json.ts';
import type { PlannedFault } from './fault.ts';
import type { Claims } from './impl.ts';
import type { TimingProfile } from './machine.ts';
import type { Millis } from './units.ts';

/** Everything that a run is decided by, apart from interleavings. Pure function of configuration and seed; JSON; replayable. */
export interface Plan {
  readonly format: 'ftcheck-plan-1';
  readonly version: string;
  readonly seed: number;
  readonly impl: { readonly name: string; readonly options: JsonObject; readonly claims: Claims };
  readonly workload: {
    readonly name: string;
    readonly options: JsonObject;
    /** The sequential model that judges it, by its name in checker/models. */
    readonly model: string;
    readonly app: string;
  };
  /** As the user gave it: `partition:isolate-primary+slow`. */
  readonly nemesis: string;
  readonly nodes: number;
  readonly clients: number;
  /** Operations a second in open loop, over all clients; null: closed loop. */
  readonly rate: number | null;
  /** One more client for each node, which asks only that node. */
  readonly pinned: boolean;
  readonly opTimeoutMs: Millis;
  /** The time-outs of nodes: heartbeats, suspicion, retransmission. */
  readonly timing: TimingProfile;
  /** The processing time of each execution; 0: none. */
  readonly serviceMs: Millis;
  readonly phases: {
    readonly warmUpMs: Millis;
    readonly faultsMs: Millis;
    readonly settleMs: Millis;
    /** The longest that the final reads may take. */
    readonly finalReadsMs: Millis;
  };
  readonly faults: readonly PlannedFault[];
  readonly checkers: readonly string[];
  readonly checkerLimits: { readonly timeMs: Millis; readonly memoryMb: number };
  /** `--slo`: each a bound on a figure of the summary, `outage.max<1s`. */
  readonly slos: readonly string[];
}
