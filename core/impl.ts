import type { Slot } from './ids.ts';
import type { Json, JsonObject } from './json.ts';
import type { ClientMode, TimingProfile } from './machine.ts';
import type { Millis } from './units.ts';

/** An option of an impl, a workload or a nemesis, as `list` prints it and as flags and YAML are checked against it. */
export interface OptionSpec {
  readonly name: string;
  readonly values: readonly string[] | 'number';
  readonly default: string | number;
  readonly description: string;
}

/** What an impl promises; stored in the plan, so that a stored run is judged by what was promised then. */
export interface Claims {
  /**
   * `majority`: safe under any crash, pause, partition, delay; live while a majority of the latest view is alive and mutually connected.
   * `unit`: as majority, and besides a replica with state of the latest view must be alive and connected.
   * `none`: one process; safe while it lives, no liveness under any fault, and its state dies with it.
   */
  readonly tolerates: 'majority' | 'unit' | 'none';
  /** Which replicas of a view may carry a unit on without the others: any, or only the first two of the view. Absent: any. */
  readonly heirs?: 'any' | 'first-two';
  /** The slots of each group that agrees on views of its own; absent: one of all slots. */
  readonly units?: readonly (readonly Slot[])[];
  /** The longest client-observed outage of a tolerated fault, clients' own back-off included. */
  readonly outageMsMax: Millis;
  readonly text: string;
}

/** What a client stub is asked to do, and what became of it. */
export interface ClientRequest {
  readonly f: string;
  readonly key: Json;
  readonly value: Json;
}

/** Plug-in: a system under test that ftcheck starts itself. */
export interface Impl {
  readonly name: string;
  readonly description: string;
  readonly roles: readonly string[];
  readonly options: readonly OptionSpec[];
  /** The layer that impls/node/main.ts and impls/sim build for it, with options already checked. */
  readonly layer: string;
  /** The impl whose seeded bug this is, for mutants. */
  readonly parent?: string;
  /** How many nodes it runs with unless told otherwise; 3 where not said. */
  readonly nodesDefault?: number;
  /** More nodes than this make no sense for it; 9 where not said. */
  readonly nodesMax?: number;
  /** How many nodes these options ask for; null: they do not say. */
  nodesFor?(options: JsonObject): number | null;
  /**
   * What is wrong with this combination, as the text of a usage error; null: nothing. One that begins with a flag (`--nodes: ...`) is told
   * with the place in ftcheck.yaml where that is set.
   */
  check?(nodes: number, options: JsonObject): string | null;
  claims(nodes: number, options: JsonObject, timing: TimingProfile): Claims;
  clientMode(options: JsonObject): ClientMode;
}
