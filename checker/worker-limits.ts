import type { CheckerLimits } from '../core/checker.ts';

/** Shares of the limits that checkers may use: whoever limits this process from outside starts to count earlier, and counts more. */
const timeShare = 0.85;
const memoryShare = 0.5;

const nowMs = (): number => Number(process.hrtime.bigint()) / 1e6;

/** Limits for checkers in this process, out of those that it has as a whole since its start. */
export const checkerLimits = (timeMs: number, memoryBytes: number): CheckerLimits => ({
  now: nowMs,
  deadline: nowMs() - process.uptime() * 1000 + timeMs * timeShare,
  memoryBytesMax: memoryBytes * memoryShare,
});
