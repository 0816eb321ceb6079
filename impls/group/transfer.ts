/**
 * A joiner's side of state transfer (Guerraoui and Schiper, "state transfer"): it takes part in everything at once, keeps what is delivered
 * after its join, pulls a snapshot from one member with state, and goes on from the snapshot's position. No part of an attempt that
 * failed is ever used; chunks and timers name their attempt.
 */
import type { MemberId } from '../../core/ids.ts';
import type { Json } from '../../core/json.ts';
import type { MessageOf, Position } from '../messages.ts';

export interface Delivery {
  readonly position: Position;
  readonly payload: Json;
}

export const isAfter = (a: Position, b: Position): boolean => a[0] > b[0] || (a[0] === b[0] && a[1] > b[1]);

export interface TransferPort {
  /** Members with state, in the order in which they are to be asked, as far as nobody suspects them. */
  donors(): readonly MemberId[];
  send(to: MemberId, message: MessageOf<'state-request'>): void;
  setTimer(name: string, afterMs: number): void;
  received(chunks: readonly Json[], position: Position): void;
}

export class Transfer {
  private readonly joinView: number;
  private readonly waitMs: number;
  private readonly port: TransferPort;
  private attempt = 0;
  private chunks = new Map<number, Json>();
  donor: MemberId | null = null;

  constructor(joinView: number, waitMs: number, port: TransferPort) {
    this.joinView = joinView;
    this.waitMs = waitMs;
    this.port = port;
  }

  /** Drops what the last attempt brought and asks the next member; with none to ask, tries again after the wait. */
  ask(): void {
    this.attempt++;
    this.chunks = new Map();
    const donors = this.port.donors();
    this.donor = donors[(this.attempt - 1) % Math.max(1, donors.length)] ?? null;
    if (this.donor !== null) {
      this.port.send(this.donor, { kind: 'state-request', joinView: this.joinView, attempt: this.attempt });
    }
    this.wait();
  }

  /** The donor is suspected or gone. */
  lost(donor: MemberId): void {
    if (donor === this.donor) this.ask();
  }

  timer(attempt: number): void {
    if (attempt === this.attempt) this.ask();
  }

  chunk(from: MemberId, message: MessageOf<'state-chunk'>): void {
    if (from !== this.donor || message.attempt > this.attempt) return;
    // Late pieces of an attempt that was given up are of no use, but show that the donor is at work.
    if (message.attempt < this.attempt) return this.wait();
    this.chunks.set(message.index, message.chunk);
    if (this.chunks.size < message.count) return this.wait();
    const chunks = Array.from({ length: message.count }, (_, i) => this.chunks.get(i) ?? null);
    this.port.received(chunks, message.position);
  }

  private wait(): void {
    this.port.setTimer(`transfer:${this.attempt}`, this.waitMs);
  }
}
