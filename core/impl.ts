import type { Json, JsonObject } from './json.ts';
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
   * `none`: one process; safe while it lives, no liveness under any fault, and its state dies with it.
   */
  readonly tolerates: 'majority' | 'none';
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
  claims(nodes: number, options: JsonObject): Claims;
  /** How its client stub finds a server: every request to all nodes, or to the known primary with redirects, or to any. */
  clientMode(options: JsonObject): 'all' | 'primary' | 'any';
}
