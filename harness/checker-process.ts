import { readFileSync } from 'node:fs';
import { execa, execaSync } from 'execa';
import { messageOf } from '../core/errors.ts';
import type { Json, JsonObject } from '../core/json.ts';
import type { Millis } from '../core/units.ts';
import { monotonicMs } from './clock.ts';
import type { Reaper } from './reaper.ts';

const watchMs = 50;
const outputBytesMax = 256 * 1024 * 1024;
const stderrTailChars = 2_000;

/** How the checkers are run. */
export interface CheckerProcessOptions {
  /** The built program of the checker; its one argument is the job as JSON, its output one JSON document. */
  readonly entry: string;
  readonly job: JsonObject;
  readonly timeMs: Millis;
  readonly memoryMb: number;
  readonly signal: AbortSignal;
  readonly reaper?: Reaper;
}

/** What became of it: a judgement, a limit that it met, or trouble of its own. */
export type CheckerOutcome =
  | { readonly output: Json }
  | { readonly limit: 'time' | 'memory'; readonly text: string }
  | { readonly failure: string };

const startChecker = ({ entry, job, memoryMb }: CheckerProcessOptions) =>
  execa(process.execPath, [`--max-old-space-size=${memoryMb}`, entry, JSON.stringify(job)], {
    detached: true,
    cleanup: false,
    reject: false,
    buffer: false,
    stdin: 'pipe', // its lifeline
    stdout: 'pipe',
    stderr: 'pipe',
  });

/** Runs the checkers in a process of their own, whose time and memory are limited from outside: limits inside do not hold typed arrays. */
export async function runChecker(options: CheckerProcessOptions): Promise<CheckerOutcome> {
  const child = startChecker(options);
  const { pid } = child;
  if (pid === undefined) return { failure: `cannot start the checker: ${messageOf((await child).cause)}` };
  options.reaper?.register(pid);
  let verdict: CheckerOutcome | null = null;
  const end = (outcome: CheckerOutcome): void => {
    verdict ??= outcome;
    killGroup(pid);
  };
  const limits = watchLimits(options, pid, end);
  const interrupted = (): void => end({ failure: 'interrupted' });
  options.signal.addEventListener('abort', interrupted);
  if (options.signal.aborted) interrupted();
  const output: Buffer[] = [];
  let outputBytes = 0;
  child.stdout.on('data', (chunk: Buffer) => {
    output.push(chunk);
    outputBytes += chunk.length;
    if (outputBytes > outputBytesMax)
      end({ failure: `the checker printed more than ${outputBytesMax} bytes` });
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-stderrTailChars);
  });
  child.stdin.on('error', () => {}); // it ended, which the result tells
  try {
    const { exitCode, signal } = await child;
    if (verdict !== null) return verdict;
    if (stderr.includes('heap out of memory')) return outOfMemory(options.memoryMb);
    if (exitCode !== 0) return { failure: `the checker ended with ${signal ?? exitCode}: ${stderr.trim()}` };
    return parseOutput(Buffer.concat(output));
  } finally {
    limits.stop();
    options.signal.removeEventListener('abort', interrupted);
    options.reaper?.unregister(pid);
    killGroup(pid);
  }
}

function parseOutput(bytes: Buffer): CheckerOutcome {
  try {
    return { output: JSON.parse(bytes.toString('utf8')) as Json };
  } catch (cause) {
    return { failure: `the checker's output is no JSON document: ${messageOf(cause)}` };
  }
}

const outOfMemory = (memoryMb: number): CheckerOutcome => ({
  limit: 'memory',
  text: `the checkers needed more than ${memoryMb} MB`,
});

function watchLimits(
  { timeMs, memoryMb }: CheckerProcessOptions,
  pid: number,
  end: (outcome: CheckerOutcome) => void,
): { stop(): void } {
  const deadlineMs = monotonicMs() + timeMs;
  const timer = setInterval(() => {
    if (residentMb(pid) > memoryMb) end(outOfMemory(memoryMb));
    if (monotonicMs() > deadlineMs)
      end({ limit: 'time', text: `the checkers needed more than ${timeMs / 1000} s` });
  }, watchMs);
  return { stop: () => clearInterval(timer) };
}

/** 0 for a process that is gone. */
function residentMb(pid: number): number {
  if (process.platform !== 'linux') {
    const { stdout } = execaSync('ps', ['-o', 'rss=', '-p', String(pid)], { reject: false });
    return Number(stdout.trim()) / 1024;
  }
  try {
    const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return Number(kilobytes ?? 0) / 1024;
  } catch {
    return 0;
  }
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    return; // it is gone
  }
}
