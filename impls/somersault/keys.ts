import { type Json } from '../../core/json.ts';
import type { AppStates } from '../apps/app.ts';
import type { KeyEntry } from '../messages.ts';
import { digestOf } from './digest.ts';

/** The states of an application's keys, which tell who listens what was written. */
export class Keys implements AppStates {
  private readonly states = new Map<string, Json>();
  /** Written since the last `takeWritten`. */
  private written = new Set<string>();
  /** Whoever wants to know what is written from now on. */
  private readonly watchers = new Set<Set<string>>();

  get names(): string[] {
    return [...this.states.keys()];
  }

  read(key: string): Json | undefined {
    return this.states.get(key);
  }

  write(key: string, state: Json | undefined): void {
    this.written.add(key);
    for (const watcher of this.watchers) watcher.add(key);
    if (state === undefined) this.states.delete(key);
    else this.states.set(key, state);
  }

  /** What was written since the last time, in order, with the states that came of it. */
  takeWritten(): readonly KeyEntry[] {
    if (this.written.size === 0) return [];
    const entries = this.entries(this.written);
    this.written = new Set();
    return entries;
  }

  entries(names: Iterable<string>): KeyEntry[] {
    return Array.from(names, (key): KeyEntry => {
      const state = this.states.get(key);
      return [key, state ?? null, state !== undefined];
    });
  }

  /** Names of keys that are written from now on are put into this set, until `unwatch`. */
  watch(watcher: Set<string>): void {
    this.watchers.add(watcher);
  }

  unwatch(watcher: Set<string>): void {
    this.watchers.delete(watcher);
  }

  apply(entries: readonly KeyEntry[]): void {
    for (const [key, state, present] of entries) {
      if (present) this.states.set(key, state);
      else this.states.delete(key);
    }
  }

  clear(): void {
    this.states.clear();
    this.written.clear();
  }

  /** Over the whole, whatever the order in which keys came to be. */
  digest(): string {
    return digestOf('', this.entries(this.names.sort()));
  }
}
