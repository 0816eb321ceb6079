import { type Json } from '../../core/json.ts';
import type { AppStates } from '../apps/app.ts';
import type { KeyEntry } from '../messages.ts';
import { digestOf } from './digest.ts';

/** The states of an application's keys, which tell who listens what was written. */
export class Keys implements AppStates {
  private readonly states = new Map<string, Json>();
  /** Written since the last `takeWritten`. */
  private written = new Set<string>();
  /** Written since a transfer began, and not sent since; null: nobody wants to know. */
  private dirty: Set<string> | null = null;

  get names(): string[] {
    return [...this.states.keys()];
  }

  read(key: string): Json | undefined {
    return this.states.get(key);
  }

  write(key: string, state: Json | undefined): void {
    this.written.add(key);
    this.dirty?.add(key);
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

  /** From now on changes are remembered, until `takeDirty` or `forgetDirty`. */
  watch(): void {
    this.dirty = new Set();
  }

  get dirtyCount(): number {
    return this.dirty?.size ?? 0;
  }

  takeDirty(): ReadonlySet<string> {
    const dirty = this.dirty ?? new Set<string>();
    this.dirty = new Set();
    return dirty;
  }

  forgetDirty(): void {
    this.dirty = null;
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
    this.dirty = null;
  }

  /** Over the whole, whatever the order in which keys came to be. */
  digest(): string {
    return digestOf('', this.entries(this.names.sort()));
  }
}
