/**
 * The boundary between a protocol and the world. A machine is a deterministic state machine: `step(event)` gives effects, to be executed in
 * order. No clock, no chance, no socket, no promise inside: time enters with each event, chance as a seeded stream given at construction.
 * Two shells run the same machines: impls/node (a child process over TCP) and impls/sim (a whole group in virtual time).
 *
 * A process may die between any two effects, so no machine may rely on a later effect of the same step.
 */
import type { Slot } from './ids.ts';
import type { Json, JsonObject } from './json.ts';
import type { Frame } from './protocol.ts';

/** A connection as one process names it. Dialled ones are numbered by the machine (1, 2, ...), accepted ones by the shell (-1, -2, ...). */
export type ConnectionId = number;

/** Milliseconds of a monotone clock, fractions allowed; only differences mean anything. */
export type Now = number;

export type MachineEvent =
  | { readonly type: 'start'; readonly now: Now }
  /** A dial came through; frames may be sent. */
  | { readonly type: 'connected'; readonly now: Now; readonly connection: ConnectionId }
  /** Somebody connected; who it is, its first frame tells. */
  | { readonly type: 'accepted'; readonly now: Now; readonly connection: ConnectionId }
  | { readonly type: 'frame'; readonly now: Now; readonly connection: ConnectionId; readonly frame: Frame }
  /** The connection is gone, or a dial failed. Never told of a connection that the machine closed itself. */
  | { readonly type: 'closed'; readonly now: Now; readonly connection: ConnectionId }
  | { readonly type: 'timer'; readonly now: Now; readonly name: string }
  /** Client stubs only: an operation to perform. One at a time. */
  | { readonly type: 'invoke'; readonly now: Now; readonly operation: ClientOperation };

export type Effect =
  | { readonly type: 'dial'; readonly connection: ConnectionId; readonly slot: Slot }
  | { readonly type: 'send'; readonly connection: ConnectionId; readonly frame: Frame }
  | { readonly type: 'close'; readonly connection: ConnectionId }
  /** Sets the timer of this name, replacing what it was set to. */
  | { readonly type: 'set-timer'; readonly name: string; readonly afterMs: number }
  | { readonly type: 'clear-timer'; readonly name: string }
  | { readonly type: 'trace'; readonly event: string; readonly fields: JsonObject }
  /** The group asks for a new process in this slot. */
  | { readonly type: 'want-replacement'; readonly slot: Slot }
  /** This process is of no further use: it was excluded, or replaced. */
  | { readonly type: 'exit'; readonly reason: 'excluded' | 'replaced' }
  /** Client stubs only: the answer to the operation. */
  | { readonly type: 'answer'; readonly value: Json };

export interface Machine {
  step(event: MachineEvent): readonly Effect[];
}

/** An operation at the client stub. Giving up is the worker's business: it then drops the stub and its connections. */
export interface ClientOperation {
  readonly f: string;
  readonly key: Json;
  readonly value: Json;
  /** Counts from 1 for each client and epoch. */
  readonly seq: number;
}

/** What a replica machine is made from. */
export interface ReplicaConfig {
  readonly layer: string;
  readonly options: JsonObject;
  readonly app: string;
  readonly slot: Slot;
  readonly incarnation: number;
  /** The first process of a slot bootstraps, every later one joins; the starter knows, an amnesiac cannot. */
  readonly mode: 'bootstrap' | 'join';
  /** All slots of the cluster, this one included, lowest first. */
  readonly slots: readonly Slot[];
  readonly timing: Timing;
  /** The processing time of each execution, milliseconds; 0: none. Executions of one process never overlap. */
  readonly serviceMs: number;
}

/**
 * How a client stub finds a server: `all` nodes are sent every request, or the `primary` that it knows, with redirects, or `any` one;
 * `unit`: the stub speaks the protocol that recovery units speak with each other.
 */
export type ClientMode = 'all' | 'primary' | 'any' | 'unit';

/** What a client stub is made from. */
export interface ClientConfig {
  readonly client: string;
  readonly epoch: number;
  readonly mode: ClientMode;
  /** The slots that it may ask; one only for a pinned worker. */
  readonly targets: readonly Slot[];
  readonly retryMs: number;
}

/** Which time-outs a run has: `default`, or `fast` for a quiet machine, with false suspicions under load. */
export type TimingProfile = 'default' | 'fast';

/** Time-outs of a profile, milliseconds. */
export interface Timing {
  /** Period of heartbeats. */
  readonly beatMs: number;
  /** The failure detector's first time-out, and the cap of its growth. */
  readonly suspectMs: number;
  readonly suspectMsMax: number;
  /** Pause between two repeats of a join request. */
  readonly joinMs: number;
  /** Without a new chunk for so long, a joiner asks another donor. */
  readonly transferMs: number;
  /** After so long without a connection attempt's success, dial again. */
  readonly redialMs: number;
}

export const defaultTiming: Timing = {
  beatMs: 20,
  suspectMs: 200,
  suspectMsMax: 800,
  joinMs: 60,
  transferMs: 300,
  redialMs: 20,
};

/** A seeded stream for an application's non-deterministic choices: numbers in [0, 1). */
export type Chance = () => number;
