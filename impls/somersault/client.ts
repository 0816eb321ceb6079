/**
 * The client's side of a recovery unit: a unit of one process that speaks the same protocol (Somersault §2.1, §3.3). It numbers its
 * messages, keeps each until it is acknowledged, sends to whoever receives for the unit and takes answers from whoever sends for it. One
 * operation at a time; it repeats until it is answered, and giving up is its owner's business.
 */
import type { MemberId, Slot } from '../../core/ids.ts';
import { slotOf } from '../../core/ids.ts';
import { isJsonObject } from '../../core/json.ts';
import type {
  ClientConfig,
  ClientOperation,
  ConnectionId,
  Effect,
  Machine,
  MachineEvent,
} from '../../core/machine.ts';
import { FrameError } from '../../core/protocol.ts';
import type { ConnectionFrame } from '../messages.ts';
import type { Place } from '../client-places.ts';
import { Places } from '../client-places.ts';
import { decodeMessage, encodeMessage } from '../messages.ts';

/** The pause between two repeats doubles up to so many times. */
const doublingsMax = 3;
/** After so many repeats without an answer, every connection is made anew. */
const reconnectEvery = 2;
/** A lost connection is dialled again after so long, doubled with each failure up to so often. */
const redialMs = 20;
const redialDoublingsMax = 4;
/** An answer is acknowledged with the next request, or by itself after so long. */
const idleAckMs = 20;

type Output = Extract<ConnectionFrame, { kind: 'output' }>;

export class UnitClient implements Machine {
  private readonly config: ClientConfig;
  private readonly places: Places;
  /** Connections lost one after another without a word from the node. */
  private readonly failures = new Map<Slot, number>();
  /** The node that passes everything on, for a client that can reach no other. */
  private readonly via: Slot | null;
  private effects: Effect[] = [];
  private route: { readonly v: number; readonly receiver: MemberId } | null = null;
  private operation: ClientOperation | null = null;
  /** Answers taken so far, and the last of them that was acknowledged. */
  private in = 0;
  private said = 0;
  /** Up to here every replica has what was asked: it need not be sent again, and its answer will come, whatever fails. */
  private acked = 0;
  private readonly early = new Map<number, Output>();
  private retries = 0;

  constructor(config: ClientConfig) {
    this.config = config;
    this.places = new Places(config.targets, (effect) => this.effects.push(effect));
    this.via = config.targets.length === 1 ? this.places.first : null;
  }

  step(event: MachineEvent): readonly Effect[] {
    this.effects = [];
    switch (event.type) {
      case 'invoke':
        this.operation = event.operation;
        this.retries = 0;
        for (const place of this.places.all) this.places.dial(place);
        this.ask();
        this.waitForAnswer();
        break;
      case 'connected':
        this.connected(event.connection);
        break;
      case 'closed':
        this.closed(event.connection);
        break;
      case 'frame':
        this.frame(event.connection, event);
        break;
      case 'timer':
        this.timer(event.name);
        break;
      case 'start':
      case 'accepted':
    }
    return this.effects;
  }

  private timer(name: string): void {
    if (name === 'retry') this.retry();
    else if (name === 'idle-ack') this.acknowledge();
    else if (name.startsWith('redial:')) this.redial(name.slice('redial:'.length) as Slot);
  }

  /** Twice as long each time: a service that is slow because it is overloaded must not be asked more for it. */
  private waitForAnswer(): void {
    const afterMs = this.config.retryMs * 2 ** Math.min(this.retries, doublingsMax);
    this.effects.push({ type: 'set-timer', name: 'retry', afterMs });
  }

  private retry(): void {
    if (this.operation === null) return;
    if (++this.retries % reconnectEvery === 0) this.places.hangUp();
    // Whoever receives may have changed without a word reaching this client.
    for (const place of this.places.all) if (place.connected) this.greet(place);
    for (const place of this.places.all) this.places.dial(place);
    // Who passes on what this client says is no sender: only a repeated request makes the sender repeat its answer.
    if (this.via !== null) this.acked = 0;
    this.ask();
    this.waitForAnswer();
  }

  private redial(slot: Slot): void {
    const place = this.places.at(slot);
    if (place !== undefined) this.places.dial(place);
  }

  private connected(connection: ConnectionId): void {
    const place = this.places.of(connection);
    if (place === undefined) return;
    place.connected = true;
    this.greet(place);
    if (place.slot === this.receiver) this.ask();
  }

  private closed(connection: ConnectionId): void {
    const place = this.places.of(connection);
    if (place === undefined) return;
    const failures = this.failures.get(place.slot) ?? 0;
    this.failures.set(place.slot, failures + 1);
    this.places.closed(place);
    const afterMs = redialMs * 2 ** Math.min(failures, redialDoublingsMax);
    this.effects.push({ type: 'set-timer', name: `redial:${place.slot}`, afterMs });
  }

  /** Who I am, so that whoever sends for the unit finds me; and who receives? */
  private greet(place: Place): void {
    const { client: from, epoch: ep } = this.config;
    this.say(place, { kind: 'probe', from, ep, here: this.via !== null });
  }

  private get receiver(): Slot | null {
    return this.via ?? (this.route === null ? null : slotOf(this.route.receiver));
  }

  /** Sends what is not answered to whoever receives, if that is known and in reach. */
  private ask(): void {
    const { operation, receiver } = this;
    const place = receiver === null ? undefined : this.places.at(receiver);
    if (operation === null || operation.seq <= this.acked || place?.connected !== true) return;
    const { client: from, epoch: ep } = this.config;
    const { seq: n, f, key, value } = operation;
    this.said = this.in;
    this.say(place, {
      kind: 'output',
      from,
      to: '',
      ep,
      n,
      type: 'request',
      body: { request: `${from}/${ep}/${n}`, f, key, value },
      ack: this.in,
      via: this.via,
    });
  }

  private acknowledge(): void {
    const place = this.receiver === null ? undefined : this.places.at(this.receiver);
    if (this.operation !== null || this.said === this.in || place?.connected !== true) return;
    const { client: from, epoch: ep } = this.config;
    this.said = this.in;
    this.say(place, { kind: 'output-ack', from, to: '', ep, ack: this.in, via: this.via });
  }

  private frame(connection: ConnectionId, { frame }: Extract<MachineEvent, { type: 'frame' }>): void {
    const decoded = decodeMessage(frame);
    if (decoded.type !== 'client') throw new FrameError('a frame between nodes sent to a client');
    const place = this.places.of(connection);
    if (place !== undefined) this.failures.delete(place.slot);
    const message = decoded.frame;
    switch (message.kind) {
      case 'role': {
        const { v, receiver } = message;
        if (this.route !== null && v <= this.route.v) return;
        this.route = { v, receiver };
        return this.ask();
      }
      case 'output':
        return this.take(message);
      case 'output-ack':
        if (message.ep === this.config.epoch) this.acked = Math.max(this.acked, message.ack);
        return;
      case 'probe':
      case 'request':
      case 'reply':
      case 'redirect':
        throw new FrameError(`a ${message.kind} frame sent to a client`);
    }
  }

  private say({ connection }: Place, frame: ConnectionFrame): void {
    if (connection !== null) this.effects.push({ type: 'send', connection, frame: encodeMessage(frame) });
  }

  private take(output: Output): void {
    if (output.ep !== this.config.epoch) return;
    this.acked = Math.max(this.acked, output.ack);
    if (output.n > this.in) this.early.set(output.n, output);
    else this.said = Math.min(this.said, output.n - 1);
    for (let next = this.early.get(this.in + 1); next !== undefined; next = this.early.get(this.in + 1)) {
      this.early.delete(++this.in);
      this.answered(next);
    }
    this.effects.push({ type: 'set-timer', name: 'idle-ack', afterMs: idleAckMs });
  }

  private answered({ n, body }: Output): void {
    const { operation } = this;
    if (operation === null || n !== operation.seq) return;
    this.operation = null;
    const value = isJsonObject(body) ? (body['value'] ?? null) : null;
    this.effects.push({ type: 'clear-timer', name: 'retry' }, { type: 'answer', value });
  }
}
