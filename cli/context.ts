import type { ExitCode } from '../core/errors.ts';

/** What of a terminal, a pipe or a file we use. */
export interface OutputStream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** The world as a command sees it. */
export interface Context {
  /** Aborted by the first SIGINT, SIGTERM or SIGHUP, with the signal's name as the reason. */
  readonly signal: AbortSignal;
  readonly debug: boolean;
  readonly cwd: string;
  /** Results, and nothing else. */
  readonly stdout: OutputStream;
  /** Progress, warnings, errors. */
  readonly stderr: OutputStream;
}

/** Takes what a command ended with: main.ts alone makes it the exit code of the process. */
export type Finish = (code: ExitCode) => void;

/** Which signal interrupted us; null while none has. main.ts aborts with its name as the reason. */
export const interruptedBy = (signal: AbortSignal): string | null =>
  signal.aborted ? String(signal.reason) : null;
