import { closeSync, fstatSync, openSync, writeSync } from 'node:fs';
import { assert } from '../core/assert.ts';
import type { EventType, HistoryEvent } from '../core/history.ts';
import type { Json } from '../core/json.ts';
import type { Nanos } from '../core/units.ts';
import { HarnessError } from './harness-errors.ts';

/** An operation about to begin. */
export type Invocation = Pick<
  HistoryEvent,
  'process' | 'f' | 'key' | 'value' | 'request' | 'node' | 'due' | 'final'
>;

/** How an operation ended; only `ok` has a value of its own. */
export type Completion =
  { readonly type: 'ok'; readonly value: Json } | { readonly type: 'fail' | 'info'; readonly error: string };

/**
 * The one writer of `history.jsonl`. A line handed to the kernel survives the death of this process, so an invocation is written before
 * `invoke` returns, which is before its first byte leaves. Completions wait for the next invocation or the end of the turn and go in one
 * write with it: the order of lines stays the order of calls, and a completion that is lost only makes its interval wider.
 */
export class Recorder implements Disposable {
  readonly path: string;
  private fd: number | null;
  private readonly now: () => Nanos;
  private readonly onFailure: (error: HarnessError) => void;
  private readonly open = new Set<number>();
  private readonly totals: Record<EventType, number> = { invoke: 0, ok: 0, fail: 0, info: 0 };
  private index = 0;
  private pending = '';
  private failure: HarnessError | null = null;

  /** `onFailure` hears of a write that failed when nobody was there to be told by a throw. */
  constructor(input: {
    readonly path: string;
    readonly now: () => Nanos;
    readonly onFailure: (error: HarnessError) => void;
  }) {
    this.path = input.path;
    this.now = input.now;
    this.onFailure = input.onFailure;
    this.fd = openNew(this.path);
  }

  /** Events so far, by type. */
  get counts(): Readonly<Record<EventType, number>> {
    return this.totals;
  }

  /** Records that an operation begins. When it returns, the line is the kernel's. */
  invoke(invocation: Invocation): HistoryEvent {
    assert(!this.open.has(invocation.process), 'a process has at most one open invocation');
    const event: HistoryEvent = { index: this.index++, time: this.now(), type: 'invoke', ...invocation };
    this.open.add(invocation.process);
    this.totals.invoke += 1;
    this.pending += JSON.stringify(event) + '\n';
    this.flush();
    return event;
  }

  /** Records how an operation ended, after the last byte of its answer. */
  complete(invocation: HistoryEvent, completion: Completion): HistoryEvent {
    assert(this.open.delete(invocation.process), 'only an open invocation completes');
    const { process, f, key } = invocation;
    const result =
      completion.type === 'ok'
        ? { value: completion.value }
        : { value: invocation.value, error: completion.error };
    const event: HistoryEvent = {
      index: this.index++,
      time: this.now(),
      process,
      type: completion.type,
      f,
      key,
      ...result,
    };
    this.totals[completion.type] += 1;
    if (this.pending === '') setImmediate(this.flushLater);
    this.pending += JSON.stringify(event) + '\n';
    return event;
  }

  /** Writes what waits and closes the file. */
  close(): void {
    if (this.fd === null) return;
    try {
      if (this.failure === null) this.flush();
    } finally {
      closeSync(this.fd);
      this.fd = null;
    }
  }

  [Symbol.dispose](): void {
    this.close();
  }

  private readonly flushLater = (): void => {
    try {
      if (this.fd !== null) this.flush();
    } catch (error) {
      if (error instanceof HarnessError) this.onFailure(error);
      else throw error;
    }
  };

  private flush(): void {
    if (this.failure !== null) throw this.failure;
    if (this.pending === '') return;
    assert(this.fd !== null, 'the history is open');
    const bytes = Buffer.from(this.pending);
    this.pending = '';
    try {
      for (let at = 0; at < bytes.length;) at += writeSync(this.fd, bytes, at);
    } catch (cause) {
      this.failure = new HarnessError(`cannot write the history ${this.path}`, cause);
      throw this.failure;
    }
  }
}

/** Opens a file for appending to which nobody has written yet: two runs in one history would make neither. */
function openNew(path: string): number {
  let fd: number;
  try {
    fd = openSync(path, 'a');
  } catch (cause) {
    throw new HarnessError(`cannot create the history ${path}`, cause);
  }
  if (fstatSync(fd).size === 0) return fd;
  closeSync(fd);
  throw new HarnessError(`the history ${path} has something in it already`);
}
