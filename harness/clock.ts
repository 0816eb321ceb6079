/** The only place that reads a clock on the harness side. All processes of one host share its zero: CLOCK_MONOTONIC. */
import { nanos, type Millis, type Nanos, millis } from '../core/units.ts';

/** Nanoseconds of the monotone clock; only differences mean anything. */
export const monotonicNs = (): bigint => process.hrtime.bigint();

/** Nanoseconds since `originNs`. */
export const nanosSince = (originNs: bigint): Nanos => nanos(Number(process.hrtime.bigint() - originNs));

/** Milliseconds of the monotone clock, with fractions. */
export const monotonicMs = (): Millis => millis(performance.now());

/** The same as `now` in what follows, but quicker to ask: for what happens a hundred thousand times a second. */
export function quickNanos(now: () => Nanos): () => number {
  const originNs = now() - performance.now() * 1e6;
  return () => originNs + performance.now() * 1e6;
}

/** The wall clock, for names of directories and for people; nothing is decided by it. */
export const wallClock = (): Date => new Date();
