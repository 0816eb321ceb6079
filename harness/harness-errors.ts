import { FtcheckError } from '../core/errors.ts';

/** Trouble of the harness itself: never a finding about the system under test. */
export class HarnessError extends FtcheckError {
  override readonly name: string = 'HarnessError';
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
  }
}

/** A process of the cluster could not be started. */
export class LaunchError extends HarnessError {
  override readonly name = 'LaunchError';
  constructor(what: string, cause: unknown) {
    super(`cannot launch ${what}`, cause);
  }
}

/** The system's name for what went wrong (ENOSPC, ESRCH, ...), or an empty text. */
export const errorCode = (thrown: unknown): string =>
  typeof thrown === 'object' && thrown !== null && 'code' in thrown ? String(thrown.code) : '';
