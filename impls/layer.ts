/** The boundary between a process (links, client connections) and the ft-layer in it. */
import type { MemberId, Slot } from '../core/ids.ts';
import type { Json, JsonObject } from '../core/json.ts';
import type { Chance, ConnectionId, Now, Timing } from '../core/machine.ts';
import type { App } from './apps/app.ts';
import type { ConnectionFrame, Message, Request, RequestId } from './messages.ts';

/** What a layer may do; every call becomes an effect, in the order of the calls. */
export interface LayerPort {
  readonly me: MemberId;
  /** All slots of the cluster, this one included, lowest first. */
  readonly slots: readonly Slot[];
  readonly timing: Timing;
  now(): Now;
  /** Reliable and in order, while both incarnations live. To myself: handled at the end of the step. */
  send(to: MemberId, message: Message): void;
  /** To whoever is in the slot now, if in reach: for what is repeated anyway. */
  offer(slot: Slot, message: Message): void;
  /** Messages to this slot are meant for this incarnation from now on. */
  expect(id: MemberId): void;
  setTimer(name: string, afterMs: number): void;
  answer(client: ConnectionId, id: RequestId, value: Json): void;
  redirect(client: ConnectionId, id: RequestId, slot: Slot): void;
  /** To a client that speaks the protocol between units. */
  say(client: ConnectionId, frame: ConnectionFrame): void;
  trace(event: string, fields: JsonObject): void;
  wantReplacement(slot: Slot): void;
  exit(reason: 'excluded' | 'replaced'): void;
}

/** An ft-layer: the protocol of one impl, around an application that knows nothing of it. */
export interface Layer {
  start(mode: 'bootstrap' | 'join'): void;
  message(from: MemberId, message: Message): void;
  /** The peer beats, and heard me no later than `confirmed` on my clock (null: nothing yet). */
  heard(from: MemberId, confirmed: Now | null): void;
  /** Another incarnation is in the slot: the old one is dead. */
  replaced(old: MemberId): void;
  timer(name: string): void;
  /** Once a heartbeat period. `late`: this process was itself stopped or starved meanwhile. */
  tick(late: boolean): void;
  /** From a client that asks and is answered. */
  request?(client: ConnectionId, request: Request): void;
  /** From a client that speaks the protocol between units. A layer has this or `request`. */
  fromClient?(client: ConnectionId, frame: ConnectionFrame): void;
  /** The client's connection is gone: nothing need be answered on it. */
  disconnected(client: ConnectionId): void;
}

export interface LayerConfig {
  readonly app: App;
  readonly options: JsonObject;
  /** The processing time of each execution, milliseconds; 0: none. */
  readonly serviceMs: number;
  readonly chance: Chance;
}

export type MakeLayer = (port: LayerPort, config: LayerConfig) => Layer;
