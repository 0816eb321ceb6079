import type { HistoryEvent } from '../core/history.ts';
import type { Generator } from '../core/workload.ts';
import { HarnessError } from './harness-errors.ts';
import type { Completed } from './probe-cluster.ts';
import { waitMs } from './wait.ts';
import type { Worker } from './worker.ts';

/** An operation that has ended. */
interface Ended {
  readonly invocation: HistoryEvent;
  readonly completion: HistoryEvent;
}

/** A moment at which operations were due: how many, and for how many of them a client was free. Nanoseconds. */
interface Ask {
  readonly time: number;
  readonly due: number;
  readonly begun: number;
}

/** What a probe has seen since it was cleared. */
export interface Sighting {
  /** Invocations with their completions, in their order. What has not ended is left out. */
  readonly history: readonly HistoryEvent[];
  readonly asks: readonly Ask[];
}

/** What a probe asks: the part of a ProbeCluster that it uses. */
export interface Probed {
  readonly trace: { now(): number };
  makeGenerator(): Generator;
  addClient(generator: Generator, retryMs: number, completed: Completed): Client;
}
type Client = Pick<Worker, 'process' | 'perform'>;

/** The shortest wait of a timer. */
const tickMs = 1;

/**
 * Asks a cluster all the time, in open loop: so many operations a second are due, and a client that waits for no answer takes each. What is due
 * while all of them wait is left out, so that a service that comes back is not met by all that it has missed.
 */
export class Probe implements AsyncDisposable {
  private readonly cluster: Probed;
  private readonly rate: number;
  private readonly idle: Client[];
  private readonly generator: Generator;
  private readonly stopping = new AbortController();
  private readonly running: Promise<void>;
  private ended: Ended[] = [];
  private asks: Ask[] = [];
  private failure: HarnessError | null = null;

  constructor(
    cluster: Probed,
    load: { readonly clients: number; readonly rate: number; readonly retryMs: number },
  ) {
    this.cluster = cluster;
    this.rate = load.rate;
    this.generator = cluster.makeGenerator();
    this.idle = Array.from({ length: load.clients }, () =>
      cluster.addClient(this.generator, load.retryMs, (invocation, completion) =>
        this.ended.push({ invocation, completion }),
      ),
    );
    this.running = this.run();
  }

  /** Forgets what was asked until now. */
  clear(): void {
    this.ended = [];
    this.asks = [];
  }

  /** What has been seen since it was cleared. */
  get sighting(): Sighting {
    const history = this.ended
      .flatMap(({ invocation, completion }) => [invocation, completion])
      .sort((a, b) => a.index - b.index);
    return { history, asks: this.asks };
  }

  /** When the first operation was answered that was invoked after this time; null: none so far. */
  firstOkAfter(time: number): number | null {
    const first = this.ended.find(
      ({ invocation, completion }) => completion.type === 'ok' && invocation.time > time,
    );
    return first?.completion.time ?? null;
  }

  /** Throws what went wrong in a client. */
  check(): void {
    if (this.failure !== null) throw this.failure;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    const { trace } = this.cluster;
    const startNs = trace.now();
    let seen = 0;
    while (!this.stopping.signal.aborted) {
      const now = trace.now();
      const due = Math.floor(((now - startNs) / 1e9) * this.rate) - seen;
      let begun = 0;
      for (let i = 0; i < due; i++) if (this.askOne()) begun += 1;
      if (due > 0) this.asks.push({ time: now, due, begun });
      seen += due;
      await waitMs(tickMs, this.stopping.signal);
    }
  }

  private askOne(): boolean {
    const client = this.idle.shift(); // whoever has waited the longest: all of them are asked for in turn
    if (client === undefined) return false;
    client
      .perform(this.generator.next(client.process))
      .catch((cause: unknown) => (this.failure ??= new HarnessError('a client of the probe broke', cause)))
      .finally(() => this.idle.push(client));
    return true;
  }
}
