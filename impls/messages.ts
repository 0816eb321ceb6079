/** What nodes and clients say to each other, and the check that a decoded payload is such a message: the only place where bytes gain a type. */
import type { MemberId, Slot } from '../core/ids.ts';
import { isMemberId } from '../core/ids.ts';
import type { Json, JsonObject } from '../core/json.ts';
import { isJsonObject } from '../core/json.ts';
import type { Frame, FrameKind } from '../core/protocol.ts';
import { clientKinds, connectionKinds, FrameError, linkKinds, unitKinds } from '../core/protocol.ts';

/** Names a request: at most one effect, whoever sends it how often. */
export type RequestId = { readonly client: string; readonly epoch: number; readonly seq: number };

export type Request = RequestId & {
  /** The client has the answers up to this number: they need not be kept, and a late copy of such a request is refused. */
  readonly acked: number;
  readonly f: string;
  readonly key: Json;
  readonly value: Json;
  /** The client may reach this node only: have the others do the work, but answer here. */
  readonly here: boolean;
};

export const requestKey = (id: RequestId): string => `${id.client}/${id.epoch}/${id.seq}`;

/** An agreed membership. `members` in order: those with state first, in old order, then those without (`fresh`). */
export type View = {
  readonly id: number;
  readonly members: readonly MemberId[];
  readonly fresh: readonly MemberId[];
  /** The highest incarnation ever removed, by slot: an incarnation is admitted once. */
  readonly gone: { readonly [slot: string]: number };
};

/** Lexicographic; (v, 0) is the installation of view v itself. */
export type Position = readonly [view: number, n: number];

/** What the members of a view agree on to leave it (VSCAST), or the next step in it (TOCAST). */
export type Value = {
  readonly next: View | null;
  readonly cut: number;
  /**
   * What a survivor may lack. VSCAST: messages of the view up to the cut, by number. TOCAST, with `next` only: the batches of earlier
   * agreements of the view, by number.
   */
  readonly messages: readonly (readonly [seq: number, payload: Json])[];
  readonly batch: readonly Request[];
};

export type Message =
  | { readonly kind: 'join'; readonly id: MemberId }
  /** `decision`: the agreement that made this view, for the joiner to pass on; null if it was not kept. */
  | { readonly kind: 'welcome'; readonly view: View; readonly decision: Decision | null }
  | { readonly kind: 'excluded'; readonly id: MemberId }
  | {
      readonly kind: 'flush';
      readonly v: number;
      readonly synced: boolean;
      /** In a fan-out: has what any sender before may have shown (decision 10). */
      readonly heir: boolean;
      readonly stable: number;
      readonly messages: readonly (readonly [seq: number, payload: Json])[];
      readonly joins: readonly MemberId[];
    }
  | { readonly kind: 'synced'; readonly v: number }
  | { readonly kind: 'state-request'; readonly joinView: number; readonly attempt: number }
  | {
      readonly kind: 'state-chunk';
      readonly attempt: number;
      readonly index: number;
      readonly count: number;
      readonly chunk: Json;
      readonly position: Position;
    }
  | ConsensusMessage
  | { readonly kind: 'data'; readonly v: number; readonly seq: number; readonly payload: Json }
  | { readonly kind: 'stored'; readonly v: number; readonly upTo: number }
  | { readonly kind: 'relay'; readonly v: number; readonly request: Request }
  | UnitMessage
  | ConnectionFrame;

/** Another unit, or a client, by name. */
export type Peer = string;

/** What passes between units; a client is a unit of one process (Somersault §3.3.1). `ep`: the client's life, 1 between recovery units. */
export type ConnectionFrame =
  /** The nth message of a connection, with its header: `ack` says up to which number every replica of the sending unit has the other direction. */
  | {
      readonly kind: 'output';
      readonly from: Peer;
      readonly to: Peer;
      readonly ep: number;
      readonly n: number;
      readonly type: 'request' | 'response';
      readonly body: Json;
      readonly ack: number;
      /** The node that passes it on, for a client who can reach no other; null: nobody. */
      readonly via: Slot | null;
    }
  | {
      readonly kind: 'output-ack';
      readonly from: Peer;
      readonly to: Peer;
      readonly ep: number;
      readonly ack: number;
      readonly via: Slot | null;
    }
  /** Who receives for a unit, as of its view v. */
  | { readonly kind: 'role'; readonly unit: string; readonly v: number; readonly receiver: MemberId }
  /** Who I am; who receives? `here`: I can reach this node only. */
  | { readonly kind: 'probe'; readonly from: Peer; readonly ep: number; readonly here: boolean };

/** Acknowledgements by peers, up to a number of that life of the peer. */
export type Acks = readonly (readonly [peer: Peer, ep: number, upTo: number])[];

/**
 * A record of the logging channel (Somersault §3.2): non-deterministic events in the order of their consumption, numbered from 1 in one
 * sequence. `origin`: the primary that made it. `choices`: those made while it was consumed; null: each follows as a record of its own.
 */
export type LogRecord =
  | {
      readonly type: 'in';
      readonly lsn: number;
      readonly origin: MemberId;
      readonly peer: Peer;
      readonly ep: number;
      readonly n: number;
      readonly input: 'request' | 'response';
      readonly body: Json;
      readonly via: Slot | null;
      readonly acks: Acks;
      readonly choices: readonly Json[] | null;
    }
  | {
      readonly type: 'timer';
      readonly lsn: number;
      readonly origin: MemberId;
      readonly name: string;
      readonly acks: Acks;
      readonly choices: readonly Json[] | null;
    }
  | {
      readonly type: 'choice';
      readonly lsn: number;
      readonly origin: MemberId;
      readonly of: number;
      readonly value: Json;
    }
  | {
      readonly type: 'acks';
      readonly lsn: number;
      readonly origin: MemberId;
      readonly acks: Acks;
      /** Peers that repeat what is consumed: they lack an acknowledgement, or an answer. */
      readonly nudge: readonly Peer[];
    };

/** A connection as a replica keeps it: numbers of both directions, and what was generated and not acknowledged. */
export type ConnectionState = {
  readonly ep: number;
  readonly in: number;
  readonly out: number;
  readonly acked: number;
  readonly queue: readonly QueueEntry[];
  readonly via: Slot | null;
};

export type QueueEntry = {
  readonly n: number;
  readonly type: 'request' | 'response';
  readonly body: Json;
  readonly digest: string;
};

export type Route = { readonly v: number; readonly receiver: MemberId };

/** Between the replicas of a unit; `v`: the sender's view. */
export type UnitMessage =
  /** `stable`: every replica has everything up to here. */
  | {
      readonly kind: 'log';
      readonly v: number;
      readonly records: readonly LogRecord[];
      readonly stable: number;
    }
  | { readonly kind: 'log-ack'; readonly v: number; readonly upTo: number }
  /** To the one before me, when that is another than before: have I state, how much of the log, and how much have all behind me. */
  | {
      readonly kind: 'report';
      readonly v: number;
      readonly full: boolean;
      readonly received: number;
      readonly stable: number;
    }
  | { readonly kind: 'fetch'; readonly v: number; readonly after: number }
  | { readonly kind: 'fetched'; readonly v: number; readonly records: readonly LogRecord[] }
  /** A piece of the state; `first` begins a transfer. */
  | {
      readonly kind: 'chunk';
      readonly v: number;
      readonly first: boolean;
      readonly entries: readonly KeyEntry[];
    }
  | { readonly kind: 'chunk-ack'; readonly v: number }
  /** The end of a transfer: what changed meanwhile, everything that is not keys, and with it the place in the log. */
  | {
      readonly kind: 'hand-over';
      readonly v: number;
      readonly entries: readonly KeyEntry[];
      readonly consumed: number;
      readonly received: number;
      /** Received, not consumed. */
      readonly pending: readonly LogRecord[];
      /** What some replica may lack: everything after `stable`. */
      readonly retained: readonly LogRecord[];
      readonly stable: number;
      /** Executed, and not known to be everywhere. */
      readonly unstable: readonly (readonly [lsn: number, request: string])[];
      readonly connections: readonly (readonly [Peer, ConnectionState])[];
      readonly timers: readonly (readonly [name: string, afterMs: number])[];
      readonly routes: readonly (readonly [unit: string, Route])[];
      /** Peers that could not be reached when something was emitted for them. */
      readonly missed: readonly Peer[];
      /** Over all that was consumed so far. */
      readonly digest: string;
    };

/** A key's state; `present` false: the key is gone. */
export type KeyEntry = readonly [key: string, state: Json, present: boolean];

/** `k`: which agreement of the view, from 1; `r`: its round, from 1. */
export type ConsensusMessage =
  | {
      readonly kind: 'estimate';
      readonly v: number;
      readonly k: number;
      readonly r: number;
      readonly ts: number;
      readonly value: Value;
    }
  | {
      readonly kind: 'propose';
      readonly v: number;
      readonly k: number;
      readonly r: number;
      readonly value: Value;
    }
  | { readonly kind: 'accept'; readonly v: number; readonly k: number; readonly r: number }
  | { readonly kind: 'round'; readonly v: number; readonly k: number; readonly r: number }
  | { readonly kind: 'decide'; readonly v: number; readonly k: number; readonly value: Value };

export type Decision = { readonly v: number; readonly k: number; readonly value: Value };

export type MessageOf<K extends Message['kind']> = Extract<Message, { kind: K }>;

export type LinkFrame =
  | {
      readonly kind: 'hello';
      readonly from: MemberId;
      readonly knows: MemberId | null;
      readonly lastIn: number;
    }
  | { readonly kind: 'ack'; readonly ack: number }
  /** `at`: the sender's clock; `echo`: the newest `at` that it had from the receiver, or null. */
  | {
      readonly kind: 'beat';
      readonly last: number;
      readonly ack: number;
      readonly at: number;
      readonly echo: number | null;
    }
  | { readonly kind: 'reject' };

export type ClientFrame =
  | { readonly kind: 'request'; readonly request: Request }
  | {
      readonly kind: 'reply';
      readonly client: string;
      readonly epoch: number;
      readonly seq: number;
      readonly value: Json;
    }
  | {
      readonly kind: 'redirect';
      readonly client: string;
      readonly epoch: number;
      readonly seq: number;
      readonly slot: Slot;
    }
  | ConnectionFrame;

type Check = (value: unknown) => boolean;

const count: Check = (value) => typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
const number: Check = (value) => typeof value === 'number';
const text: Check = (value) => typeof value === 'string';
const flag: Check = (value) => typeof value === 'boolean';
const json: Check = (value) => value !== undefined;
const member: Check = isMemberId;
const slot: Check = (value) => typeof value === 'string' && /^n[1-9]\d*$/.test(value);
const orNull =
  (check: Check): Check =>
  (value) =>
    value === null || check(value);
const list =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);
const pair =
  (first: Check, second: Check): Check =>
  (value) =>
    Array.isArray(value) && value.length === 2 && first(value[0]) && second(value[1]);
const record =
  (fields: Readonly<Record<string, Check>>): Check =>
  (value) => {
    if (!isJsonObject(value)) return false;
    for (const name in fields) if (!(fields[name] as Check)(value[name])) return false;
    return true;
  };

const request = record({
  client: text,
  epoch: count,
  seq: count,
  acked: count,
  f: text,
  key: json,
  value: json,
  here: flag,
});
const gone: Check = (value) => isJsonObject(value) && Object.values(value).every(count);
const view = record({ id: count, members: list(member), fresh: list(member), gone });
const numbered = list(pair(count, json));
const value = record({ next: orNull(view), cut: count, messages: numbered, batch: list(request) });
const instance = { v: count, k: count, r: count };
const triple =
  (first: Check, second: Check, third: Check): Check =>
  (value) =>
    Array.isArray(value) && value.length === 3 && first(value[0]) && second(value[1]) && third(value[2]);
const inputType: Check = (value) => value === 'request' || value === 'response';
const acks = list(triple(text, count, count));
const choices = orNull(list(json));
const placed = { lsn: count, origin: member };
const records: Readonly<Record<string, Check>> = {
  in: record({
    ...placed,
    peer: text,
    ep: count,
    n: count,
    input: inputType,
    body: json,
    via: orNull(slot),
    acks,
    choices,
  }),
  timer: record({ ...placed, name: text, acks, choices }),
  choice: record({ ...placed, of: count, value: json }),
  acks: record({ ...placed, acks, nudge: list(text) }),
};
const logRecord: Check = (value) =>
  isJsonObject(value) && typeof value['type'] === 'string' && records[value['type']]?.(value) === true;
const queueEntry = record({ n: count, type: inputType, body: json, digest: text });
const connectionState = record({
  ep: count,
  in: count,
  out: count,
  acked: count,
  queue: list(queueEntry),
  via: orNull(slot),
});
const keyEntry = triple(text, json, flag);

const bodies: Readonly<Record<FrameKind, Check>> = {
  hello: record({ from: member, knows: orNull(member), lastIn: count }),
  ack: record({ ack: count }),
  beat: record({ last: count, ack: count, at: number, echo: orNull(number) }),
  reject: record({}),
  request: record({ request }),
  reply: record({ client: text, epoch: count, seq: count, value: json }),
  redirect: record({ client: text, epoch: count, seq: count, slot }),
  join: record({ id: member }),
  welcome: record({ view, decision: orNull(record({ v: count, k: count, value })) }),
  excluded: record({ id: member }),
  flush: record({
    v: count,
    synced: flag,
    heir: flag,
    stable: count,
    messages: numbered,
    joins: list(member),
  }),
  synced: record({ v: count }),
  'state-request': record({ joinView: count, attempt: count }),
  'state-chunk': record({ attempt: count, index: count, count, chunk: json, position: pair(count, count) }),
  estimate: record({ ...instance, ts: count, value }),
  propose: record({ ...instance, value }),
  accept: record(instance),
  round: record(instance),
  decide: record({ v: count, k: count, value }),
  data: record({ v: count, seq: count, payload: json }),
  stored: record({ v: count, upTo: count }),
  relay: record({ v: count, request }),
  output: record({
    from: text,
    to: text,
    ep: count,
    n: count,
    type: inputType,
    body: json,
    ack: count,
    via: orNull(slot),
  }),
  'output-ack': record({ from: text, to: text, ep: count, ack: count, via: orNull(slot) }),
  role: record({ unit: text, v: count, receiver: member }),
  probe: record({ from: text, ep: count, here: flag }),
  log: record({ v: count, records: list(logRecord), stable: count }),
  'log-ack': record({ v: count, upTo: count }),
  report: record({ v: count, full: flag, received: count, stable: count }),
  fetch: record({ v: count, after: count }),
  fetched: record({ v: count, records: list(logRecord) }),
  chunk: record({ v: count, first: flag, entries: list(keyEntry) }),
  'chunk-ack': record({ v: count }),
  'hand-over': record({
    v: count,
    entries: list(keyEntry),
    consumed: count,
    received: count,
    pending: list(logRecord),
    retained: list(logRecord),
    stable: count,
    unstable: list(pair(count, text)),
    connections: list(pair(text, connectionState)),
    timers: list(pair(text, number)),
    routes: list(pair(text, record({ v: count, receiver: member }))),
    missed: list(text),
    digest: text,
  }),
};

const ofLinks: ReadonlySet<string> = new Set(linkKinds);
const ofClients: ReadonlySet<string> = new Set(clientKinds);
const ofConnections: ReadonlySet<string> = new Set(connectionKinds);
const ofUnits: ReadonlySet<string> = new Set(unitKinds);

export const isConnectionFrame = (message: Message): message is ConnectionFrame =>
  ofConnections.has(message.kind);
export const isUnitMessage = (message: Message): message is UnitMessage => ofUnits.has(message.kind);

export type Decoded =
  | { readonly type: 'link'; readonly frame: LinkFrame }
  | { readonly type: 'client'; readonly frame: ClientFrame }
  | { readonly type: 'message'; readonly seq: number; readonly message: Message };

/** A frame as what it says, or FrameError if it says nothing that we know. */
export function decodeMessage(frame: Frame): Decoded {
  const { kind, payload } = frame;
  const numberedBody = Array.isArray(payload);
  const body: unknown = numberedBody ? payload[1] : payload;
  const ofMember = ofConnections.has(kind) ? numberedBody : !ofLinks.has(kind) && !ofClients.has(kind);
  if (ofMember !== numberedBody || (numberedBody && !count(payload[0])) || !bodies[kind](body)) {
    throw new FrameError(`a ${kind} frame that says nothing known`);
  }
  // The checks above are the proof of these three types.
  const typed = { ...(body as JsonObject), kind };
  if (numberedBody)
    return { type: 'message', seq: payload[0] as number, message: typed as unknown as Message };
  if (ofLinks.has(kind)) return { type: 'link', frame: typed as unknown as LinkFrame };
  return { type: 'client', frame: typed as unknown as ClientFrame };
}

/** The frame that carries a message or says it plainly; with `seq` for messages between members. */
export function encodeMessage(message: Message | LinkFrame | ClientFrame, seq?: number): Frame {
  const { kind, ...body } = message;
  return { kind, payload: seq === undefined ? body : [seq, body] };
}
