import { setTimeout as sleep } from 'node:timers/promises';
import type { HistoryEvent } from '../core/history.ts';
import { monotonicMs } from '../harness/clock.ts';
import type * as workerModule from '../harness/worker.ts';
import type { BenchCluster } from './bench-cluster.ts';

/** An operation that succeeded: when it was invoked and when it was answered, in nanoseconds of the cluster's time. */
interface Success {
  readonly invoked: number;
  readonly answered: number;
}

/**
 * Asks a cluster all the time, in open loop: so many operations a second are due, and a client that waits for no answer takes each. What is due
 * while all of them wait is left out, so that a service that comes back is not met by all that it has missed.
 */
export class Probe implements AsyncDisposable {
  private readonly rate: number;
  private readonly idle: workerModule.Worker[];
  private readonly generator: ReturnType<BenchCluster['makeGenerator']>;
  private readonly running: Promise<void>;
  private successes: Success[] = [];
  private failure: Error | null = null;
  private isStopped = false;

  constructor(
    cluster: BenchCluster,
    load: { readonly clients: number; readonly rate: number; readonly retryMs: number },
  ) {
    this.rate = load.rate;
    this.generator = cluster.makeGenerator();
    this.idle = Array.from({ length: load.clients }, () =>
      cluster.addClient(this.generator, load.retryMs, (invocation, completion) =>
        this.completed(invocation, completion),
      ),
    );
    this.running = this.run();
  }

  /** Forgets what was asked until now. */
  clear(): void {
    this.successes = [];
  }

  /** When the first operation was answered that was invoked after this time; null: none so far. */
  firstOkAfter(time: number): number | null {
    return this.successes.find(({ invoked }) => invoked > time)?.answered ?? null;
  }

  /** The longest time without any success from one time to another. */
  longestStall(from: number, to: number): number {
    const times = this.successes.map(({ answered }) => answered).filter((time) => time > from && time < to);
    return [...times, to].reduce(
      ({ longest, last }, time) => ({ longest: Math.max(longest, time - last), last: time }),
      { longest: 0, last: from },
    ).longest;
  }

  /** Throws what went wrong in a client. */
  check(): void {
    if (this.failure !== null) throw this.failure;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.isStopped = true;
    await this.running;
  }

  private completed(invocation: HistoryEvent, completion: HistoryEvent): void {
    if (completion.type !== 'ok') return;
    this.successes.push({ invoked: invocation.time, answered: completion.time });
  }

  private async run(): Promise<void> {
    const startMs = monotonicMs();
    let seen = 0;
    while (!this.isStopped) {
      const due = Math.floor(((monotonicMs() - startMs) / 1000) * this.rate);
      for (; seen < due; seen++) this.askOne();
      await sleep(1);
    }
  }

  private askOne(): void {
    const client = this.idle.shift(); // whoever has waited the longest: all of them are asked for in turn
    if (client === undefined) return;
    client
      .perform(this.generator.next(client.process))
      .catch((cause: unknown) => (this.failure ??= new Error('a client broke', { cause })))
      .finally(() => this.idle.push(client));
  }
}
