import type { ClientPlace } from '../core/nemesis.ts';
import type { Slot } from '../core/ids.ts';
import { frameKinds } from '../core/protocol.ts';
import { assert, defined } from '../core/assert.ts';
import type { FrameLog } from './frame-log.ts';
import { emptyTally } from './proxy-frame-counter.ts';

/** Where bytes come from and go to. */
export type Place = Slot | ClientPlace;

/** What a direction knows of its part of each connection. */
interface Pipe {
  readonly queuedBytes: number;
  pump(): void;
}

interface Delay {
  readonly delayMs: number;
  readonly jitterMs: number;
}

/** One direction between two places: what is done to its bytes now, and what was counted. All its connections share it. */
export class ProxyDirection {
  readonly from: Place;
  readonly to: Place;
  readonly pipes = new Set<Pipe>();
  readonly tally = emptyTally();
  bytes = 0;
  bytesHeld = 0;
  bytesDelayed = 0;
  private holds = 0;
  private readonly delays: Delay[] = [];
  private readonly unit: () => number;

  /** Where its frames are logged, and its number there. */
  readonly log: { readonly frames: FrameLog; readonly number: number } | null;

  /** `unit`: chance for jitter, in [0, 1). */
  constructor(from: Place, to: Place, unit: () => number, frames: FrameLog | null = null) {
    this.from = from;
    this.to = to;
    this.unit = unit;
    this.log = frames === null ? null : { frames, number: frames.direction(from, to) };
  }

  get isHeld(): boolean {
    return this.holds > 0;
  }

  get isDelayed(): boolean {
    return this.delays.length > 0;
  }

  hold(): void {
    this.holds++;
    if (this.holds > 1) return;
    for (const pipe of this.pipes) this.bytesHeld += pipe.queuedBytes;
  }

  release(): void {
    assert(this.holds > 0, `${this.from}>${this.to} is held when it is released`);
    this.holds--;
    if (this.holds === 0) for (const pipe of [...this.pipes]) pipe.pump();
  }

  /** Several delays add up. */
  delay(delay: Delay): void {
    this.delays.push(delay);
  }

  /** Takes back the delay that is in force the longest. What is on its way keeps the delay that it was given. */
  undelay(): void {
    defined(this.delays.shift(), `a delay of ${this.from}>${this.to} to take back`);
  }

  /** For the next piece: each delay, up to its jitter earlier or later. */
  drawDelayMs(): number {
    return this.delays.reduce(
      (sum, { delayMs, jitterMs }) => sum + Math.max(0, delayMs + (2 * this.unit() - 1) * jitterMs),
      0,
    );
  }

  /** As ClusterControl.counters documents them. */
  addCounters(counters: Map<string, number>): void {
    const name = `${this.from}>${this.to}`;
    counters.set(`bytes:${name}`, this.bytes);
    counters.set(`bytes-held:${name}`, this.bytesHeld);
    counters.set(`bytes-delayed:${name}`, this.bytesDelayed);
    counters.set(`frames:${name}`, this.tally.frames);
    for (const [i, count] of this.tally.byKind.entries()) {
      if (count > 0) counters.set(`frames:${name}:${frameKinds[i]}`, count);
    }
  }
}
