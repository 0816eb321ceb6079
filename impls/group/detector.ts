/**
 * Failure detector of class ◇S (Guerraoui and Schiper, "failure detectors"): who crashed stays suspected, and each mistake lengthens a
 * time-out, so that mistakes end once delays are bounded below its cap. It may be wrong at any time; nothing that is safe relies on it.
 *
 * Hearing somebody counts only as far as he has heard me: a member that can send and not receive is as useless as a dead one, and
 * without this would be waited for as long as its direction of the network is broken.
 */
import type { MemberId } from '../../core/ids.ts';
import type { Now, Timing } from '../../core/machine.ts';

interface Watched {
  /** On my clock: the peer was alive and hearing me no earlier than this. */
  last: Now;
  /** Not heard yet, and not missed before this. */
  graceUntil: Now;
  timeoutMs: number;
  suspected: boolean;
  /** Known to be dead or useless; no sign of life lifts this. */
  condemned: boolean;
}

export class Detector {
  private readonly watched = new Map<MemberId, Watched>();
  private readonly timing: Timing;

  constructor(timing: Timing) {
    this.timing = timing;
  }

  /** Watches these and nobody else; who was watched before keeps its history, a newcomer has some time to be heard first. */
  watch(members: readonly MemberId[], now: Now, graceMs: number): void {
    for (const id of this.watched.keys()) if (!members.includes(id)) this.watched.delete(id);
    for (const id of members) {
      const entry = this.watched.get(id);
      if (entry === undefined) {
        const timeoutMs = this.timing.suspectMs;
        this.watched.set(id, {
          last: now,
          graceUntil: now + graceMs,
          timeoutMs,
          suspected: false,
          condemned: false,
        });
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
    if (!entry.suspected || entry.condemned || now - confirmed > entry.timeoutMs) return false;
    entry.suspected = false;
    entry.timeoutMs = Math.min(entry.timeoutMs * 1.5 + 10, this.timing.suspectMsMax);
    return true;
  }

  /** Proof of death, or of uselessness for this view. True if it was not suspected before. */
  condemn(id: MemberId): boolean {
    const entry = this.watched.get(id);
    if (entry === undefined) return false;
    const news = !entry.suspected;
    entry.suspected = true;
    entry.condemned = true;
    return news;
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
}
