/**
 * The client's side of a replicated service: one operation at a time, under one number however often it is sent, so that it takes effect at
 * most once; the first answer wins. It repeats until somebody answers; giving up is its owner's business.
 */
import type { Slot } from '../core/ids.ts';
import type {
  ClientConfig,
  ClientOperation,
  ConnectionId,
  Effect,
  Machine,
  MachineEvent,
} from '../core/machine.ts';
import { FrameError } from '../core/protocol.ts';
import type { Request } from './messages.ts';
import { decodeMessage, encodeMessage } from './messages.ts';
import { Places } from './client-places.ts';
import { UnitClient } from './somersault/client.ts';

/** A chain of redirects longer than this is a quarrel between nodes: wait for the next repeat. */
const redirectsMax = 3;

/** The pause between two repeats doubles up to so many times. */
const doublingsMax = 3;

/** After so many repeats without an answer, every connection is made anew. */
const reconnectEvery = 2;

class Client implements Machine {
  private readonly config: ClientConfig;
  private readonly places: Places;
  private effects: Effect[] = [];
  private operation: ClientOperation | null = null;
  /** The slot believed to answer (modes `primary` and `any`). */
  private preferred: Slot;
  private redirects = 0;
  private retries = 0;
  /** Where the current try has still to be sent, once connected. */
  private wanted = new Set<Slot>();

  constructor(config: ClientConfig) {
    this.config = config;
    this.places = new Places(config.targets, (effect) => this.effects.push(effect));
    this.preferred = this.places.first;
  }

  step(event: MachineEvent): readonly Effect[] {
    this.effects = [];
    switch (event.type) {
      case 'invoke':
        this.operation = event.operation;
        this.redirects = 0;
        this.retries = 0;
        this.attempt();
        break;
      case 'connected':
        this.connected(event.connection);
        break;
      case 'closed':
        this.closed(event.connection);
        break;
      case 'frame':
        this.frame(event);
        break;
      case 'timer':
        if (event.name === 'retry' && this.operation !== null) this.retry();
        break;
      case 'start':
      case 'accepted':
    }
    return this.effects;
  }

  private attempt(): void {
    this.wanted = new Set(this.config.mode === 'all' ? this.config.targets : [this.preferred]);
    for (const slot of this.wanted) this.sendTo(slot);
    // Twice as long each time: a service that is slow because it is overloaded must not be asked more for it.
    const afterMs = this.config.retryMs * 2 ** Math.min(this.retries, doublingsMax);
    this.effects.push({ type: 'set-timer', name: 'retry', afterMs });
  }

  private retry(): void {
    this.redirects = 0;
    if (++this.retries % reconnectEvery === 0) this.places.hangUp();
    // Nobody answered: somebody else may.
    this.preferred = this.after(this.preferred);
    this.attempt();
  }

  private after(slot: Slot): Slot {
    const { targets } = this.config;
    return targets[(targets.indexOf(slot) + 1) % targets.length] ?? slot;
  }

  private sendTo(slot: Slot): void {
    const place = this.places.at(slot);
    if (place === undefined || this.operation === null) return;
    if (place.connection === null || !place.connected) return this.places.dial(place);
    this.wanted.delete(slot);
    const { client, epoch, targets } = this.config;
    const { seq, f, key, value } = this.operation;
    const request: Request = {
      client,
      epoch,
      seq,
      acked: seq - 1,
      f,
      key,
      value,
      here: targets.length === 1,
    };
    this.effects.push({
      type: 'send',
      connection: place.connection,
      frame: encodeMessage({ kind: 'request', request }),
    });
  }

  private connected(connection: ConnectionId): void {
    const place = this.places.of(connection);
    if (place === undefined) return;
    place.connected = true;
    if (this.wanted.has(place.slot)) this.sendTo(place.slot);
  }

  private closed(connection: ConnectionId): void {
    const place = this.places.of(connection);
    if (place === undefined) return;
    this.places.closed(place);
    if (this.operation === null || this.config.mode === 'all' || place.slot !== this.preferred) return;
    // The one that was to answer went away: ask the next one soon, not at once, since all of them may be away.
    this.effects.push({ type: 'set-timer', name: 'retry', afterMs: Math.min(this.config.retryMs, 20) });
  }

  private frame(event: Extract<MachineEvent, { type: 'frame' }>): void {
    const decoded = decodeMessage(event.frame);
    if (decoded.type !== 'client') throw new FrameError('a frame that is no answer');
    const { frame } = decoded;
    if (frame.kind !== 'reply' && frame.kind !== 'redirect')
      throw new FrameError('a frame that is no answer');
    const { operation } = this;
    const { client, epoch } = this.config;
    if (operation === null || frame.client !== client || frame.epoch !== epoch || frame.seq !== operation.seq)
      return;
    if (frame.kind === 'reply') {
      this.preferred = this.places.of(event.connection)?.slot ?? this.preferred;
      this.operation = null;
      this.wanted.clear();
      this.effects.push({ type: 'clear-timer', name: 'retry' }, { type: 'answer', value: frame.value });
    } else if (++this.redirects <= redirectsMax && this.places.at(frame.slot) !== undefined) {
      this.preferred = frame.slot;
      this.wanted = new Set([frame.slot]);
      this.sendTo(frame.slot);
    }
  }
}

/** A stub for one logical client in one life. */
export const makeClient = (config: ClientConfig): Machine =>
  config.mode === 'unit' ? new UnitClient(config) : new Client(config);
