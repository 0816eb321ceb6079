/** The state that replicas agree on: the application's keys, and for each client the answers that it may still ask for again. */
import type { Json } from '../core/json.ts';
import type { AppStates } from './apps/app.ts';
import type { RequestId } from './messages.ts';

type CacheEntry = {
  readonly epoch: number;
  readonly acked: number;
  readonly replies: readonly (readonly [seq: number, reply: Json])[];
};

/** What the state knows of a request: never seen, answered like this, or so old that it must not be executed again. */
export type Known =
  { readonly type: 'new' } | { readonly type: 'answered'; readonly reply: Json } | { readonly type: 'stale' };

/** Changed keys; a missing state means that the key is gone. */
export type Delta = readonly (readonly [key: string, state: Json | null, present: boolean])[];

const chunkEntriesMax = 500;

/** Keys and reply cache, possibly as changes on top of another state that stays as it is. */
export class ReplicatedState implements AppStates {
  private readonly keys = new Map<string, Json | undefined>();
  private readonly cache = new Map<string, CacheEntry>();
  private readonly below: ReplicatedState | null;
  private changed: Set<string> | null = null;

  constructor(below: ReplicatedState | null = null) {
    this.below = below;
  }

  read(key: string): Json | undefined {
    return this.keys.has(key) ? this.keys.get(key) : this.below?.read(key);
  }

  write(key: string, state: Json | undefined): void {
    this.changed?.add(key);
    if (state === undefined && this.below === null) this.keys.delete(key);
    else this.keys.set(key, state);
  }

  /** What `change` writes, as a delta that `applyDelta` of an equal state repeats. */
  record(change: () => void): Delta {
    this.changed = new Set();
    change();
    const delta = [...this.changed].map((key): Delta[number] => {
      const state = this.read(key);
      return [key, state ?? null, state !== undefined];
    });
    this.changed = null;
    return delta;
  }

  applyDelta(delta: Delta): void {
    for (const [key, state, present] of delta) this.write(key, present ? state : undefined);
  }

  known(id: RequestId): Known {
    const entry = this.entry(id.client);
    if (entry === undefined || id.epoch > entry.epoch) return { type: 'new' };
    if (id.epoch < entry.epoch) return { type: 'stale' };
    const reply = entry.replies.find(([seq]) => seq === id.seq);
    if (reply !== undefined) return { type: 'answered', reply: reply[1] };
    return id.seq <= entry.acked ? { type: 'stale' } : { type: 'new' };
  }

  /** Keeps the answer until the client has said that it has it. */
  remember(id: RequestId, acked: number, reply: Json): void {
    const entry = this.entry(id.client);
    const sameEpoch = entry !== undefined && entry.epoch === id.epoch;
    const upTo = Math.max(acked, sameEpoch ? entry.acked : 0);
    const kept = sameEpoch ? entry.replies.filter(([seq]) => seq > upTo) : [];
    this.cache.set(id.client, { epoch: id.epoch, acked: upTo, replies: [...kept, [id.seq, reply]] });
  }

  /** The whole state in pieces of bounded size, for a joiner. */
  snapshot(): Json[] {
    const entries: Json[] = [];
    for (const [key, state] of this.keys) if (state !== undefined) entries.push(['key', key, state]);
    for (const [client, entry] of this.cache) entries.push(['client', client, entry]);
    const chunks: Json[] = [];
    for (let i = 0; i < entries.length; i += chunkEntriesMax)
      chunks.push(entries.slice(i, i + chunkEntriesMax));
    return chunks.length === 0 ? [[]] : chunks;
  }

  static restore(chunks: readonly Json[]): ReplicatedState {
    const state = new ReplicatedState();
    for (const entries of chunks as readonly (readonly [string, string, Json][])[]) {
      for (const [type, name, content] of entries) {
        if (type === 'key') state.keys.set(name, content);
        else state.cache.set(name, content as unknown as CacheEntry);
      }
    }
    return state;
  }

  private entry(client: string): CacheEntry | undefined {
    return this.cache.get(client) ?? this.below?.entry(client);
  }
}
