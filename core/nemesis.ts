import type { Slot } from './ids.ts';
import type { FaultClass, PlannedFault } from './fault.ts';
import type { Random } from './random.ts';
import type { Millis } from './units.ts';

/** One direction between two places that talk. `clients`: every client that may ask any node; `client@n1`: the one pinned to n1. */
export interface Direction {
  readonly from: Slot | ClientPlace;
  readonly to: Slot | ClientPlace;
}
export type ClientPlace = 'clients' | `client@${string}`;

/**
 * What a nemesis can do to a cluster, the same for real processes and for the simulator. All of it takes effect before the call returns
 * (an exit shows in `counters` a little later). Whoever does a thing undoes it; holds and delays nest, so that two faults can overlap.
 */
export interface ClusterControl {
  readonly slots: readonly Slot[];
  /** The slots that play this role now, by what nodes said of themselves; `any` and `all` work for each impl. Empty if none is known. */
  slotsWithRole(role: string): readonly Slot[];
  isRunning(slot: Slot): boolean;
  /** Bytes, FIN and RST of this direction wait in the proxy, and go on in order after `release`. */
  hold(direction: Direction): void;
  release(direction: Direction): void;
  /** Connections between the two are reset and new ones refused, until `mend`. */
  cut(a: Slot, b: Slot): void;
  mend(a: Slot, b: Slot): void;
  delay(direction: Direction, delay: { readonly delayMs: Millis; readonly jitterMs: Millis }): void;
  undelay(direction: Direction): void;
  /** SIGKILL. `host`: the peers never see the connections close, as with a machine that died. */
  kill(slot: Slot, how: 'process' | 'host'): void;
  /** While withheld, nobody starts a new process in this slot, whoever asks. */
  withholdReplacement(slot: Slot): void;
  /** The slot may be filled again; it is, as soon as the group asks or has asked for it. */
  allowReplacement(slot: Slot): void;
  stop(slot: Slot): void;
  resume(slot: Slot): void;
  /**
   * Everything that can be counted, by name; only evidence is made of it. Names: `exits.SIGKILL:n1`, `stopped:n1` (1 while the operating
   * system says so), `bytes-held:n1>n2`, `connections-reset:n1-n2`, `connections-refused:n1-n2`, `bytes-delayed:n1>n2`,
   * `closes-swallowed:n1`, `bytes:n1>n2`, `frames:n1>n2`, and of these each kind that was seen, as core/protocol.ts names it:
   * `frames:n1>n2:beat`. Either place of a direction may be that of clients: `frames:clients>n1:request`. Counters only grow.
   */
  counters(): ReadonlyMap<string, number>;
}

/** A fault in force. `heal` undoes all of it and may be called once. */
export interface ActiveFault {
  /** The slots that the fault was aimed at, roles resolved. */
  readonly targets: readonly Slot[];
  /** The slots that are down, stopped, slow, or out of reach of the largest mutually connected rest. */
  readonly impaired: readonly Slot[];
  /** Names of counters, any of which proves the effect by having grown (or, for `stopped:`, by being 1). */
  readonly evidence: readonly string[];
  heal(): void;
}

export interface ScheduleContext {
  readonly slots: readonly Slot[];
  readonly roles: readonly string[];
  /** Where this nemesis may place faults: since the start of the phase `faults`. */
  readonly windows: readonly { readonly atMs: Millis; readonly forMs: Millis }[];
  readonly random: Random;
  /** What stands after the colon: `isolate-primary`, `one-way`. Checked against `variants` before. */
  readonly variants: readonly string[];
}

/** Plug-in: one kind of fault, one file in nemesis/. */
export interface Nemesis {
  readonly name: string;
  readonly class: FaultClass;
  readonly description: string;
  /** What may stand after the colon; roles of the impl are allowed besides where `takesRole`. `<role>` in a name stands for each of them. */
  readonly variants: readonly { readonly name: string; readonly description: string }[];
  readonly takesRole: boolean;
  /** How many slots one fault of these variants takes out at once; without it, a minority. The plan keeps faults that overlap within a minority. */
  impairs?(variants: readonly string[], nodes: number): number;
  /** With these variants the faults begin when they can, not in the windows given: no other nemesis may be joined to it. */
  standsAlone?(variants: readonly string[]): boolean;
  schedule(context: ScheduleContext): readonly Omit<PlannedFault, 'id' | 'nemesis' | 'class'>[];
  /** Null: there is nobody to do it to (no such role now); the run says so. */
  inject(fault: PlannedFault, cluster: ClusterControl, random: Random): ActiveFault | null;
}
