/** A broken promise of our own code: never a verdict about the system under test. */
export class AssertionError extends Error {
  override readonly name = 'AssertionError';
}

export function assert(condition: boolean, whatMustHold: string): asserts condition {
  if (!condition) throw new AssertionError(`does not hold: ${whatMustHold}`);
}

/** The default branch of a switch over a closed set: the compiler proves that it is never reached. */
export function unreachable(value: never): never {
  throw new AssertionError(`unexpected case: ${JSON.stringify(value)}`);
}

/** The value, which the caller knows to be there. */
export function defined<T>(value: T | null | undefined, what: string): T {
  if (value === null || value === undefined) throw new AssertionError(`missing: ${what}`);
  return value;
}
