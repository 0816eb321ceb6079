import { readFileSync } from 'node:fs';

/** What one process has used so far. */
export interface ProcessUsage {
  /** User and system time of all its threads since its start. */
  readonly cpuMs: number;
  /** Resident memory now. */
  readonly rssBytes: number;
  /** The most resident memory that it ever had. */
  readonly rssMaxBytes: number;
}

/** USER_HZ, in which /proc counts processor time: 100 on every architecture that Node runs on [proc(5), time(7)]. */
const ticksPerSecond = 100;

/** By the operating system's word; null for a process that is gone, and where there is no /proc. */
export function usageOf(pid: number): ProcessUsage | null {
  if (process.platform !== 'linux') return null;
  try {
    return parseUsage(readFileSync(`/proc/${pid}/stat`, 'utf8'), readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return null; // it ended
  }
}

/** Of the texts of /proc/PID/stat and /proc/PID/status; null for a zombie, which has no memory any more. */
export function parseUsage(stat: string, status: string): ProcessUsage | null {
  // The name of the program, in parentheses, may hold anything; utime and stime are fields 14 and 15 [proc_pid_stat(5)].
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[11]) + Number(fields[12]);
  const rssBytes = kilobytes(status, 'VmRSS');
  const rssMaxBytes = kilobytes(status, 'VmHWM');
  if (!Number.isFinite(ticks) || rssBytes === null || rssMaxBytes === null) return null;
  return { cpuMs: (ticks * 1000) / ticksPerSecond, rssBytes, rssMaxBytes };
}

function kilobytes(status: string, field: string): number | null {
  const match = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status);
  return match === null ? null : Number(match[1]) * 1024;
}
