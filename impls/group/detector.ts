/**
 * Failure detector of class ◇S (Guerraoui and Schiper, "failure detectors"): who crashed stays suspected, and each mistake lengthens a
 * time-out, so that mistakes end once delays are bounded below its cap. It may be wrong at any time; nothing that is safe relies on it.
 *
 * Hearing somebody counts only as far as he has heard me: a member that can send and not receive is as useless as a dead one, and
 * without this would be waited for as long as its direction of the network is broken.
 */
import type { MemberId, Slot } from '../../core/ids.ts';
import { slotOf } from '../../core/ids.ts';
import type { Now, Timing } from '../../core/machine.ts';

interface Watched {
  readonly slot: Slot;
  /** On my clock: the peer was alive and hearing me no earlier than this. */
  last: Now;
  /** Not heard yet, and not missed before this. */
  graceUntil: Now;
  timeoutMs: number;
  grownAt: Now;
  suspected: boolean;
  /** No sign of life lifts this: `stuck` ends with the view, `dead` never. */
  condemned: 'dead' | 'stuck' | null;
}

export class Detector {
  private readonly watched = new Map<MemberId, Watched>();
  /** The longest time-out that a slot has needed so far. */
  private readonly ofSlot = new Map<Slot, number>();
  private readonly timing: Timing;

  constructor(timing: Timing) {
    this.timing = timing;
  }

  /**
   * Watches these and nobody else. A newcomer has some time to be heard first. Who was watched before has answered for the new view, so a
   * suspicion of it was a mistake and begins anew: without this, two members that do not hear each other and a third that hears both
   * would change views without a pause.
   */
  watch(members: readonly MemberId[], now: Now, graceMs: number): void {
    for (const id of this.watched.keys()) if (!members.includes(id)) this.watched.delete(id);
    for (const id of members) {
      const entry = this.watched.get(id);
      if (entry === undefined) {
        // Whoever comes back to a slot has as long a way as who was there before.
        const timeoutMs = this.ofSlot.get(slotOf(id)) ?? this.timing.suspectMs;
        this.watched.set(id, {
          slot: slotOf(id),
          grownAt: -Infinity,
          last: now,
          graceUntil: now + graceMs,
          timeoutMs,
          suspected: false,
          condemned: null,
        });
      } else if (entry.suspected && entry.condemned !== 'dead') {
        entry.condemned = null;
        entry.last = now;
        this.mistaken(entry);
      }
    }
  }

  suspects(id: MemberId): boolean {
    return this.watched.get(id)?.suspected === true;
  }

  timeoutMs(id: MemberId): number {
    return this.watched.get(id)?.timeoutMs ?? this.timing.suspectMs;
  }

  /** True if this ends a suspicion. */
  heard(id: MemberId, confirmed: Now, now: Now): boolean {
    const entry = this.watched.get(id);
    if (entry === undefined || confirmed <= entry.last) return false;
    entry.last = confirmed;
    entry.graceUntil = -Infinity;
    if (!entry.suspected || entry.condemned !== null) return false;
    if (now - confirmed > entry.timeoutMs) {
      // Alive, only further away than the time-out allows: it grows until it covers the way there and back. Not for each of many
      // old beats that a healed link brings at once.
      if (now - entry.grownAt < entry.timeoutMs) return false;
      entry.grownAt = now;
      this.grow(entry);
      if (now - confirmed > entry.timeoutMs) return false;
      entry.suspected = false;
      return true;
    }
    this.mistaken(entry);
    return true;
  }

  /** Proof of death, or of being of no use to this view. True if it was not suspected before. */
  condemn(id: MemberId, why: 'dead' | 'stuck'): boolean {
    const entry = this.watched.get(id);
    if (entry === undefined) return false;
    const news = !entry.suspected;
    entry.suspected = true;
    entry.condemned = why;
    return news;
  }

  /** It did what it was condemned for not doing. */
  unstuck(id: MemberId): void {
    const entry = this.watched.get(id);
    if (entry?.condemned !== 'stuck') return;
    entry.condemned = null;
    this.mistaken(entry);
  }

  /** Once a heartbeat period; returns the newly suspected. `late`: my own stop explains the silence, so everybody gets a new start. */
  tick(now: Now, late: boolean): MemberId[] {
    const news: MemberId[] = [];
    for (const [id, entry] of this.watched) {
      if (late) entry.last = now;
      else if (!entry.suspected && now > entry.graceUntil && now - entry.last > entry.timeoutMs) {
        entry.suspected = true;
        news.push(id);
      }
    }
    return news;
  }

  private mistaken(entry: Watched): void {
    entry.suspected = false;
    this.grow(entry);
  }

  private grow(entry: Watched): void {
    entry.timeoutMs = Math.min(entry.timeoutMs * 1.5 + 10, this.timing.suspectMsMax);
    this.ofSlot.set(entry.slot, entry.timeoutMs);
  }
}
