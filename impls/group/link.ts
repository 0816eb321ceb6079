/**
 * One end of the reliable FIFO link between two slots. What incarnation q delivers from incarnation p is a prefix of what p sent to q, each
 * message once, across any number of connections (channel reliability by retransmission, Guerraoui and Schiper, "introduction").
 *
 * Numbers, acknowledgements and a queue for sending again; the first frame of a connection says who I am, whom I know and how much of
 * that one's messages I have. Beats carry the number of the last message, so that a lost last one shows, and an echo of the other's
 * clock, so that hearing somebody who does not hear me counts for nothing.
 */
import type { MemberId, Slot } from '../../core/ids.ts';
import { incarnationOf, slotOf } from '../../core/ids.ts';
import type { ConnectionId, Now } from '../../core/machine.ts';
import type { Frame } from '../../core/protocol.ts';
import type { LinkFrame, Message } from '../messages.ts';
import { encodeMessage } from '../messages.ts';

export interface LinkPort {
  now(): Now;
  dial(slot: Slot): ConnectionId;
  transmit(connection: ConnectionId, frame: Frame): void;
  close(connection: ConnectionId): void;
  deliver(from: MemberId, message: Message): void;
  /** The peer was alive, and heard me, no later than `confirmed` on my clock. */
  heard(from: MemberId, confirmed: Now | null): void;
  /** The slot is in the hands of another incarnation: the old one is dead. */
  replaced(old: MemberId, by: MemberId): void;
  /** A later incarnation of my own slot is known: I am of no further use. */
  rejected(): void;
}

/** So many beats without any frame, and the connection counts as dead (a peer that restarted silently, a half-open connection). */
export const silentBeatsMax = 12;
/** A connection whose hello takes long may only have a long way. */
const silentBeatsMaxUntilUp = 4 * silentBeatsMax;
/** A received message is acknowledged by the next beat, and at once after so many. */
const ackEvery = 64;

export class Link {
  readonly slot: Slot;
  private readonly me: MemberId;
  private readonly port: LinkPort;
  private readonly dials: boolean;
  private peer: MemberId | null;
  private connection: ConnectionId | null = null;
  private connected = false;
  private up = false;
  private out: { seq: number; message: Message }[] = [];
  private nextSeq = 1;
  private lastIn = 0;
  private silentBeats = 0;
  private sinceAck = 0;
  private newestAt: number | null = null;
  private redialAt: Now = -Infinity;

  constructor(options: { me: MemberId; slot: Slot; peer: MemberId | null; dials: boolean; port: LinkPort }) {
    this.me = options.me;
    this.slot = options.slot;
    this.peer = options.peer;
    this.dials = options.dials;
    this.port = options.port;
  }

  get isUp(): boolean {
    return this.up;
  }

  /** Messages that the peer has not confirmed yet. */
  get queued(): number {
    return this.out.length;
  }

  owns(connection: ConnectionId): boolean {
    return this.connection === connection;
  }

  /** The incarnation that messages to this slot are meant for, learnt from a view. Older than what is known: ignored. */
  expect(peer: MemberId): void {
    if (this.peer !== null && incarnationOf(peer) <= incarnationOf(this.peer)) return;
    this.adopt(peer);
    if (this.connection !== null && this.connected) this.sayHello();
  }

  /** Reliable, in order, unless the slot changes hands. A message for an incarnation that is known to be dead is dropped. */
  send(to: MemberId, message: Message): void {
    this.expect(to);
    if (to !== this.peer) return;
    const entry = { seq: this.nextSeq++, message };
    this.out.push(entry);
    if (this.up) this.transmit(entry);
  }

  /** To whoever is in the slot now, if anybody is in reach: for what its sender repeats anyway. */
  offer(message: Message): void {
    if (this.up && this.peer !== null) this.send(this.peer, message);
  }

  /** Dials if this end dials and there is no connection. */
  dial(): void {
    if (!this.dials || this.connection !== null || this.port.now() < this.redialAt) return;
    this.connection = this.port.dial(this.slot);
    this.silentBeats = 0;
  }

  /** A dialled connection came through, or an accepted one has said whom it comes from. The newest connection wins. */
  open(connection: ConnectionId): void {
    if (this.connection !== null && this.connection !== connection) this.port.close(this.connection);
    this.connection = connection;
    this.connected = true;
    this.up = false;
    this.silentBeats = 0;
    this.newestAt = null;
    this.sayHello();
  }

  closed(redialAfterMs: number): void {
    this.connection = null;
    this.connected = false;
    this.up = false;
    this.redialAt = this.port.now() + redialAfterMs;
  }

  /** Frames of a connection that is not the newest are the past, and ignored. */
  receive(connection: ConnectionId, frame: LinkFrame): void {
    if (connection !== this.connection) return;
    this.silentBeats = 0;
    switch (frame.kind) {
      case 'hello':
        this.hello(frame.from, frame.knows, frame.lastIn);
        return;
      case 'ack':
        this.acknowledged(frame.ack);
        return;
      case 'beat':
        if (!this.up || this.peer === null) return;
        this.acknowledged(frame.ack);
        if (frame.last > this.lastIn) return this.drop();
        this.newestAt = frame.at;
        this.port.heard(this.peer, frame.echo);
        return;
      case 'reject':
        this.port.rejected();
    }
  }

  receiveMessage(connection: ConnectionId, seq: number, message: Message): void {
    if (connection !== this.connection || !this.up || this.peer === null) return;
    this.silentBeats = 0;
    if (seq <= this.lastIn) return;
    if (seq > this.lastIn + 1) return this.drop();
    this.lastIn = seq;
    if (++this.sinceAck >= ackEvery) {
      this.sinceAck = 0;
      this.say({ kind: 'ack', ack: this.lastIn });
    }
    this.port.deliver(this.peer, message);
  }

  /** Once a heartbeat period. `late`: this process itself was stopped meanwhile, so silence proves nothing. */
  beat(late: boolean): void {
    if (this.connection === null) return this.dial();
    this.silentBeats = late ? 0 : this.silentBeats + 1;
    if (this.silentBeats > (this.up ? silentBeatsMax : silentBeatsMaxUntilUp)) return this.drop();
    if (!this.up) return;
    this.sinceAck = 0;
    this.say({
      kind: 'beat',
      last: this.nextSeq - 1,
      ack: this.lastIn,
      at: this.port.now(),
      echo: this.newestAt,
    });
  }

  private hello(from: MemberId, knows: MemberId | null, lastIn: number): void {
    if (slotOf(from) !== this.slot) return this.drop();
    if (this.peer !== null && incarnationOf(from) < incarnationOf(this.peer)) {
      this.say({ kind: 'reject' });
      return this.drop();
    }
    if (from !== this.peer) {
      const old = this.peer;
      this.adopt(from);
      this.sayHello();
      if (old !== null) this.port.replaced(old, from);
    }
    // A peer that does not know this incarnation yet counts messages of another one; its next hello will tell.
    if (knows !== this.me || this.up) return;
    this.up = true;
    this.acknowledged(lastIn);
    // A hello may be old, held somewhere while later connections came and went: it never moves a number, only a later one does.
    for (const entry of this.out) this.transmit(entry);
  }

  private adopt(peer: MemberId): void {
    if (this.peer !== null) this.out = [];
    this.peer = peer;
    this.nextSeq = 1 + this.out.length;
    this.lastIn = 0;
    this.up = false;
    this.newestAt = null;
  }

  private acknowledged(upTo: number): void {
    let gone = 0;
    while (gone < this.out.length && (this.out[gone] as { seq: number }).seq <= upTo) gone++;
    if (gone > 0) this.out.splice(0, gone);
  }

  /** Gives the connection up: the dialling end will make another. */
  private drop(): void {
    if (this.connection !== null) this.port.close(this.connection);
    this.closed(0);
    this.dial();
  }

  private transmit(entry: { seq: number; message: Message }): void {
    if (this.connection !== null)
      this.port.transmit(this.connection, encodeMessage(entry.message, entry.seq));
  }

  private sayHello(): void {
    this.say({ kind: 'hello', from: this.me, knows: this.peer, lastIn: this.lastIn });
  }

  private say(frame: LinkFrame): void {
    if (this.connection !== null) this.port.transmit(this.connection, encodeMessage(frame));
  }
}
