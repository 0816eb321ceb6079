/** Exit codes, as in Jepsen. */
export const exitCodes = {
  valid: 0,
  invalid: 1,
  unknown: 2,
  usage: 254,
  internal: 255,
  interrupted: 130,
} as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** What breaks the harness. What the system under test does is a value, never one of these. */
export class FtcheckError extends Error {
  override readonly name: string = 'FtcheckError';
  readonly exitCode: ExitCode;
  constructor(message: string, options: { readonly cause?: unknown; readonly exitCode?: ExitCode } = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.exitCode = options.exitCode ?? exitCodes.internal;
  }
}

/** Bad input from the user: says where it stands (flag, or file:line:column), what was found and what would be right. */
export class UsageError extends FtcheckError {
  override readonly name = 'UsageError';
  constructor(message: string, cause?: unknown) {
    super(message, { cause, exitCode: exitCodes.usage });
  }
}

/** The text of anything thrown, with its causes, on one line. */
export function messageOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  return thrown.cause === undefined ? thrown.message : `${thrown.message}: ${messageOf(thrown.cause)}`;
}

/** `ENOENT` and its like; null for what did not come from the operating system. */
export function systemErrorCode(thrown: unknown): string | null {
  const code = typeof thrown === 'object' && thrown !== null && 'code' in thrown ? thrown.code : null;
  return typeof code === 'string' ? code : null;
}
