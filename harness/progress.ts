import type { Millis } from '../core/units.ts';
import { millis } from '../core/units.ts';
import { monotonicMs } from './clock.ts';
import type { SlotDescription } from './cluster.ts';

/** The phases of a run, as the trace names them; `launch` comes before the first. */
export type Phase = 'launch' | 'warm-up' | 'faults' | 'settle' | 'final-reads' | 'stop' | 'end';

/** What a display of a run in progress can show. */
export interface Progress {
  readonly phase: Phase;
  /** Operations answered in the last second. */
  readonly opsPerSecond: number;
  readonly okTotal: number;
  /** Names of the faults in force. */
  readonly faults: readonly string[];
  readonly nodes: readonly SlotDescription[];
  /** Until the nominal end of the run. */
  readonly remainingMs: Millis;
}

/** What progress is read from, whenever a display asks. */
export interface ProgressSources {
  readonly phase: () => Phase;
  readonly okTotal: () => number;
  readonly faults: () => readonly string[];
  readonly nodes: () => readonly SlotDescription[];
  readonly remainingMs: () => number;
}

const intervalMs = 200;
const rateOverMs = 1000;

/** Calls `report` five times a second until it is disposed. */
export class ProgressTicker implements Disposable {
  private readonly timer: NodeJS.Timeout;
  private samples: { readonly atMs: number; readonly okTotal: number }[] = [];

  constructor(sources: ProgressSources, report: (progress: Progress) => void) {
    this.timer = setInterval(() => report(this.progress(sources)), intervalMs);
  }

  [Symbol.dispose](): void {
    clearInterval(this.timer);
  }

  private progress(sources: ProgressSources): Progress {
    const now = { atMs: monotonicMs(), okTotal: sources.okTotal() };
    this.samples = [...this.samples.filter(({ atMs }) => now.atMs - atMs <= rateOverMs), now];
    const first = this.samples[0] ?? now;
    const seconds = (now.atMs - first.atMs) / 1000;
    return {
      phase: sources.phase(),
      opsPerSecond: seconds > 0 ? Math.round((now.okTotal - first.okTotal) / seconds) : 0,
      okTotal: now.okTotal,
      faults: sources.faults(),
      nodes: sources.nodes(),
      remainingMs: millis(Math.max(0, Math.round(sources.remainingMs()))),
    };
  }
}
