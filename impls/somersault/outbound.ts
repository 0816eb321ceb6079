/**
 * What leaves a unit (Somersault §3.3): every replica numbers and keeps outputs alike, and the one that may send sends them, with
 * acknowledgements of inputs in their headers. Which replica that is, its owner knows.
 */
import { assert } from '../../core/assert.ts';
import type { Json } from '../../core/json.ts';
import type { LayerPort } from '../layer.ts';
import type { Peer, QueueEntry } from '../messages.ts';
import { Connection } from './connection.ts';
import type { Exchange } from './exchange.ts';

/** Beats without progress of a re-send queue, after which it is sent again; doubled each time up to so often. */
const resendBeats = 10;
const resendDoublingsMax = 4;
/** Beats after which an output counts as waiting long, in the trace. */
const waitingBeats = 10;

export interface OutboundOptions {
  readonly port: LayerPort;
  readonly exchange: Exchange;
  /** How this unit is called as a peer. */
  readonly self: Peer;
  readonly window: number;
  /** Send again what is not acknowledged for long. */
  readonly resend: boolean;
  /** All that was consumed here is known to every replica, so that it may be shown. */
  readonly maySend: () => boolean;
}

export class Outbound {
  protected readonly options: OutboundOptions;
  /** Replicated: equal at equal places in the log, but for acknowledgements, which the primary has first. */
  readonly connections = new Map<Peer, Connection>();
  /** Outputs found no way to these. */
  readonly missed = new Set<Peer>();
  private readonly saidAcks = new Map<Peer, readonly [ep: number, upTo: number]>();
  /** By peer: beats since its queue last moved, and how often it was sent again meanwhile. */
  private readonly stuck = new Map<
    Peer,
    { readonly ep: number; readonly acked: number; beats: number; times: number }
  >();
  private longestQueue = 0;
  private tracedQueued = '';

  constructor(options: OutboundOptions) {
    this.options = options;
  }

  connectionTo(peer: Peer): Connection {
    let connection = this.connections.get(peer);
    if (connection === undefined) {
      connection = this.newConnection(peer);
      this.connections.set(peer, connection);
    }
    return connection;
  }

  /** Of a peer of which nothing was consumed yet: a unit has one life, a client tells which it is in. */
  newConnection(peer: Peer): Connection {
    return new Connection(this.options.exchange.isUnit(peer) ? 1 : 0);
  }

  /** A request of this peer might add to a queue that is full. What waits for an earlier life of it is dropped with its first request. */
  isBlocked(peer: Peer, life: number): boolean {
    const isFull = (to: Peer): boolean =>
      (this.connections.get(to)?.queue.length ?? 0) >= this.options.window;
    if (isFull(peer) && this.connections.get(peer)?.ep === life) return true;
    return this.options.exchange.units.some(isFull);
  }

  generate(peer: Peer, ep: number, type: QueueEntry['type'], body: Json): void {
    const connection = this.connectionTo(peer);
    // The peer began another life meanwhile: nobody is there to take it.
    if (connection.ep !== ep) return;
    const { entry, isNeeded } = connection.generate(type, body);
    if (!isNeeded) return;
    const { port, window, maySend } = this.options;
    if (connection.queue.length > this.longestQueue) {
      this.longestQueue = connection.queue.length;
      // What a full queue blocks are requests; each response that comes in meanwhile may still add an answer.
      port.trace('queues', { longest: this.longestQueue, bound: 2 * window });
      assert(this.longestQueue <= 2 * window, 're-send queues are bounded');
    }
    if (maySend()) this.emit(peer, connection, entry, false);
  }

  emit(peer: Peer, connection: Connection, entry: QueueEntry, again: boolean): void {
    const { port, exchange, self } = this.options;
    const { ep, in: ack, via } = connection;
    const { n, type, body, digest } = entry;
    this.sayAcked(peer, ep, ack);
    port.trace('emitted', { peer, ep, n, digest, again });
    const frame = { kind: 'output', from: self, to: peer, ep, n, type, body, ack, via } as const;
    if (!exchange.send(peer, via, frame)) this.missed.add(peer);
  }

  private sayAcked(peer: Peer, ep: number, upTo: number): void {
    if (upTo <= this.saidUpTo(peer, ep)) return;
    this.saidAcks.set(peer, [ep, upTo]);
    this.options.port.trace('acked', { peer, ep, upTo });
  }

  private saidUpTo(peer: Peer, ep: number): number {
    const said = this.saidAcks.get(peer);
    return said !== undefined && said[0] === ep ? said[1] : 0;
  }

  /** An acknowledgement is an output too: only the sender gives it, since only then does every replica have the input (§2.4). */
  sendAck(peer: Peer, connection: Connection): void {
    const { exchange, self } = this.options;
    const { ep, in: ack, via } = connection;
    this.sayAcked(peer, ep, ack);
    exchange.send(peer, via, { kind: 'output-ack', from: self, to: peer, ep, ack, via });
  }

  /** A peer whose window is half used up is not kept waiting for a beat. */
  acknowledgeSoon(peer: Peer): void {
    const connection = this.connectionTo(peer);
    const news = connection.in - this.saidUpTo(peer, connection.ep);
    if (2 * news >= this.options.window && this.options.maySend()) this.sendAck(peer, connection);
  }

  /** What no output has carried within a beat, so that queues drain without traffic. */
  sendIdleAcks(): void {
    for (const [peer, connection] of this.connections)
      if (connection.in > this.saidUpTo(peer, connection.ep)) this.sendAck(peer, connection);
  }

  /** From the first output that the peer has not acknowledged; it ignores what it has. */
  sendAgain(peer: Peer): void {
    const connection = this.connections.get(peer);
    if (connection === undefined) return;
    this.missed.delete(peer);
    for (const entry of connection.queue) this.emit(peer, connection, entry, true);
    if (connection.in > 0) this.sendAck(peer, connection);
  }

  sendAllAgain(): void {
    for (const peer of this.connections.keys()) this.sendAgain(peer);
  }

  /** The peer has everything up to this number in that life of it. */
  acknowledge(peer: Peer, ep: number, upTo: number): void {
    if (this.connections.get(peer)?.acknowledge(ep, upTo) === true)
      this.options.port.trace('collected', { peer, ep, upTo });
  }

  /** Once a beat: queues that do not move are told of, and sent again. */
  watch(): void {
    const { port, exchange, self, resend, maySend } = this.options;
    const waiting: Peer[] = [];
    for (const [peer, { queue, acked, ep }] of this.connections) {
      if (queue.length === 0) {
        this.stuck.delete(peer);
        continue;
      }
      const before = this.stuck.get(peer);
      const isStuck = before !== undefined && before.ep === ep && before.acked === acked;
      const entry = isStuck ? before : { ep, acked, beats: 0, times: 0 };
      this.stuck.set(peer, entry);
      if (++entry.beats >= waitingBeats) waiting.push(peer);
      const patience = resendBeats * 2 ** Math.min(entry.times, resendDoublingsMax);
      if (!resend || !maySend() || entry.beats % patience !== 0) continue;
      entry.times++;
      if (exchange.isUnit(peer)) exchange.toAllOf(peer, { kind: 'probe', from: self, ep: 1, here: false });
      this.sendAgain(peer);
    }
    const queued = waiting.join();
    if (queued === this.tracedQueued) return;
    this.tracedQueued = queued;
    port.trace('queued', { peers: waiting });
  }
}
