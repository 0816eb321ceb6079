/**
 * The numbered messages of one view's sender, its first member: stored by all, delivered when a majority has stored them (uniform: nobody
 * stores after its flush, so what anyone delivered is in every majority's flush), stable when all have (VSCAST).
 */
import type { MemberId } from '../../core/ids.ts';
import type { Json } from '../../core/json.ts';
import { majority } from './consensus.ts';

export class Stream {
  private readonly me: MemberId;
  private readonly received = new Map<number, Json>();
  private readonly storedUpTo: Map<MemberId, number>;
  private contiguous = 0;
  private lastSent = 0;
  delivered = 0;
  stable = 0;

  constructor(me: MemberId, members: readonly MemberId[]) {
    this.me = me;
    this.storedUpTo = new Map(members.map((id) => [id, 0]));
  }

  /** The number of the sender's next message. */
  next(): number {
    return ++this.lastSent;
  }

  /** Returns the number up to which everything is stored here. */
  store(seq: number, payload: Json): number {
    if (seq > this.delivered) this.received.set(seq, payload);
    while (this.received.has(this.contiguous + 1)) this.contiguous++;
    this.stored(this.me, this.contiguous);
    return this.contiguous;
  }

  stored(by: MemberId, upTo: number): void {
    const before = this.storedUpTo.get(by);
    if (before !== undefined && upTo > before) this.storedUpTo.set(by, upTo);
  }

  /** The next message that a majority has stored, or null. Counts it as delivered. */
  deliverable(): { seq: number; payload: Json } | null {
    const sorted = [...this.storedUpTo.values()].sort((a, b) => b - a);
    const safe = Math.min(this.contiguous, sorted[majority(sorted.length) - 1] as number);
    return this.delivered < safe ? this.take() : null;
  }

  /** The next message up to the agreed end of the view, stored by a majority or not. */
  deliverableUpTo(cut: number): { seq: number; payload: Json } | null {
    return this.delivered < cut ? this.take() : null;
  }

  /** Forgets what everybody has; returns true if that moved. */
  collect(): boolean {
    const stable = Math.min(...this.storedUpTo.values());
    if (stable <= this.stable) return false;
    for (let seq = this.stable + 1; seq <= stable && seq <= this.delivered; seq++) this.received.delete(seq);
    this.stable = Math.min(stable, this.delivered);
    return true;
  }

  /** What some member may lack. */
  unstable(): (readonly [number, Json])[] {
    return [...this.received].filter(([seq]) => seq > this.stable).sort(([a], [b]) => a - b);
  }

  private take(): { seq: number; payload: Json } {
    const seq = this.delivered + 1;
    const payload = this.received.get(seq);
    if (payload === undefined) throw new Error(`message ${seq} of the view is missing`);
    this.delivered = seq;
    return { seq, payload };
  }
}
