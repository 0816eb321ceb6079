/** One signal that ends a run early: because the user said so, or because the harness met trouble of its own. Remembers the first trouble. */
export class Halt implements Disposable {
  private readonly controller = new AbortController();
  private readonly user: AbortSignal;
  private readonly failures: unknown[] = [];
  private readonly onUser = (): void => this.controller.abort(this.user.reason);

  constructor(user: AbortSignal) {
    this.user = user;
    if (user.aborted) this.onUser();
    else user.addEventListener('abort', this.onUser);
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** The name of the signal by which the user ended the run, or null. */
  get interrupted(): string | null {
    if (!this.user.aborted) return null;
    return typeof this.user.reason === 'string' ? this.user.reason : 'SIGINT';
  }

  /** Ends the run; `check` will throw this. */
  readonly fail = (error: unknown): void => {
    this.failures.push(error);
    this.controller.abort(error);
  };

  /** Runs what must not throw into an event loop: its trouble ends the run. */
  guard(task: () => void): void {
    try {
      task();
    } catch (error) {
      this.fail(error);
    }
  }

  /** Throws the first trouble, if there was any. */
  check(): void {
    if (this.failures.length > 0) throw this.failures[0];
  }

  [Symbol.dispose](): void {
    this.user.removeEventListener('abort', this.onUser);
  }
}
