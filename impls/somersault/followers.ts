/** Who gets the log from this replica: the next one in the chain, or at a fanning-out primary every other replica (Somersault §3.5). */
import type { MemberId } from '../../core/ids.ts';
import type { KeyEntry } from '../messages.ts';
import type { Keys } from './keys.ts';

/**
 * `wait`: it may have state and part of the log, and will tell. `transfer`: it has no state yet, and is given it. `full`: it has state, and
 * gets each record.
 */
export type Phase = 'wait' | 'transfer' | 'full';

export interface Follower {
  readonly id: MemberId;
  phase: Phase;
  /** What it is known to have of the log. */
  received: number;
  /** What it said when asked in phase `wait`; null: nothing yet. */
  reported: number | null;
  donation: Donation | null;
}

export const makeFollower = (id: MemberId, phase: Phase, received = 0): Follower => ({
  id,
  phase,
  received,
  reported: null,
  donation: null,
});

/** So many passes over what changed meanwhile, and a transfer ends with all of it at once. */
const passesMax = 5;

/**
 * The state on its way to one joiner, in pieces between executions (§3.3.3, fuzzy state transfer). Every key is sent; what is written after
 * its key was sent is sent again, and what is left in the end goes with the hand-over, so that the copy ends exact.
 */
export class Donation {
  private readonly keys: Keys;
  private readonly chunkKeys: number;
  private readonly changed = new Set<string>();
  private names: string[];
  private passes = 1;
  private begun = false;
  /** A piece is on its way. */
  isAwaited = false;

  constructor(keys: Keys, chunkKeys: number) {
    this.keys = keys;
    this.chunkKeys = chunkKeys;
    this.names = keys.names;
    keys.watch(this.changed);
  }

  /** The next piece, or null: what is left goes with the hand-over. */
  next(): { readonly first: boolean; readonly entries: readonly KeyEntry[] } | null {
    const first = !this.begun;
    this.begun = true;
    if (this.names.length === 0 && this.changed.size > this.chunkKeys && this.passes < passesMax) {
      this.passes++;
      this.names = [...this.changed];
      this.changed.clear();
    }
    const names = this.names.splice(0, this.chunkKeys);
    return first || names.length > 0 ? { first, entries: this.keys.entries(names) } : null;
  }

  /** What changed after it was sent. */
  rest(): readonly KeyEntry[] {
    return this.keys.entries(this.changed);
  }

  end(): void {
    this.keys.unwatch(this.changed);
  }
}
