import type { Slot } from '../core/ids.ts';
import type { ClientRequest } from '../core/impl.ts';
import type { Plan } from '../core/plan.ts';
import { nanos } from '../core/units.ts';
import { monotonicMs } from './clock.ts';
import { waitMs } from './wait.ts';
import { Worker, type WorkerContext } from './worker.ts';

/** A pinned worker asks so often at most: a lone node is really asked, and does not dominate the run. */
const pinnedIntervalMs = 50;
/** What is under way when the load stops has so long to be answered. */
const graceMsMax = 300;
/** In open loop, a stall is met by more workers, up to so many times the clients. */
const openLoopGrowthMax = 10;

/** The numbers of a plan that the load follows. */
export type LoadPlan = Pick<Plan, 'clients' | 'rate' | 'pinned' | 'opTimeoutMs'>;

/**
 * All clients of a run. Closed loop: each worker asks again as soon as it was answered. Open loop: operations are due at fixed times over all
 * workers; an idle worker takes each, a new one is made when none is idle, up to ten times the clients; beyond that, due operations
 * queue and start as soon as a worker is free. Either way the due time is recorded, so that a stall is charged to all it delayed.
 */
export class Load implements AsyncDisposable {
  private readonly plan: LoadPlan;
  private readonly slots: readonly Slot[];
  private readonly context: WorkerContext;
  private readonly onFailure: (error: unknown) => void;
  private readonly stopping = new AbortController();
  private readonly workers: Worker[] = [];
  private readonly running = new Set<Promise<void>>();
  private overdue = 0;

  constructor(input: {
    readonly plan: LoadPlan;
    readonly slots: readonly Slot[];
    readonly context: WorkerContext;
    readonly onFailure: (error: unknown) => void;
  }) {
    this.plan = input.plan;
    this.slots = input.slots;
    this.context = input.context;
    this.onFailure = input.onFailure;
  }

  /** Operations of the open loop that were due when the load stopped and had not begun. */
  get unstarted(): number {
    return this.overdue;
  }

  start(): void {
    if (this.plan.rate === null) {
      for (let i = 0; i < this.plan.clients; i++) this.run(this.closedLoop(this.addWorker()));
    } else this.run(this.openLoop(this.plan.rate));
    if (this.plan.pinned) this.slots.forEach((slot, i) => this.run(this.pinnedLoop(slot, i)));
  }

  /** Begins nothing more, and gives what is under way a moment; then every operation has its completion. */
  async stop(): Promise<void> {
    this.stopping.abort();
    const limit = new AbortController();
    const graceMs = Math.min(graceMsMax, this.plan.opTimeoutMs);
    const settled = Promise.all(this.running).then(() => limit.abort());
    await waitMs(graceMs, limit.signal);
    this.dropAll();
    await settled;
  }

  /** Asks each request until it is answered or the time is over, by as many workers as there are clients. Result: how many were answered. */
  async finalReads(
    requests: readonly ClientRequest[],
    limitMs: number,
    signal: AbortSignal,
  ): Promise<number> {
    const deadline = monotonicMs() + limitMs;
    let next = 0;
    let answered = 0;
    const ask = async (worker: Worker): Promise<void> => {
      while (next < requests.length && !signal.aborted) {
        const request = requests[next++] as ClientRequest;
        let isAnswered = false;
        while (!isAnswered && !signal.aborted) {
          const timeoutMs = Math.min(this.plan.opTimeoutMs, deadline - monotonicMs());
          if (timeoutMs <= 0) return;
          isAnswered = (await worker.perform(request, { isFinal: true, timeoutMs })).type === 'ok';
        }
        if (isAnswered) answered += 1;
      }
    };
    const onAbort = (): void => this.dropAll();
    signal.addEventListener('abort', onAbort);
    try {
      while (this.workers.length < this.plan.clients) this.addWorker();
      await Promise.all(this.workers.filter(isUnpinned).slice(0, this.plan.clients).map(ask));
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
    return answered;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.stopping.abort();
    this.dropAll();
    await Promise.all(this.running);
  }

  private dropAll(): void {
    for (const worker of this.workers) worker.drop();
  }

  private run(task: Promise<void>): void {
    const guarded: Promise<void> = task.catch(this.onFailure).finally(() => this.running.delete(guarded));
    this.running.add(guarded);
  }

  private addWorker(): Worker {
    const name = `c${this.workers.filter(isUnpinned).length + 1}`;
    const worker = new Worker({ name, place: 'clients', targets: this.slots }, this.context);
    this.workers.push(worker);
    return worker;
  }

  private async closedLoop(worker: Worker): Promise<void> {
    while (!this.stopping.signal.aborted) await worker.perform(this.context.generator.next(worker.process));
  }

  private async pinnedLoop(slot: Slot, i: number): Promise<void> {
    const identity = { name: `p${slot}`, place: `client@${slot}`, targets: [slot], node: slot } as const;
    const worker = new Worker(identity, this.context);
    this.workers.push(worker);
    const { signal } = this.stopping;
    await waitMs((pinnedIntervalMs * i) / this.slots.length, signal);
    while (!signal.aborted) {
      const dueMs = monotonicMs() + pinnedIntervalMs;
      await worker.perform(this.context.generator.next(worker.process));
      await waitMs(dueMs - monotonicMs(), signal);
    }
  }

  private async openLoop(rate: number): Promise<void> {
    const { signal } = this.stopping;
    const { trace } = this.context;
    const intervalNs = 1e9 / rate;
    const startNs = trace.now();
    const workersMax = this.plan.clients * openLoopGrowthMax;
    const idle = Array.from({ length: this.plan.clients }, () => this.addWorker());
    let workers = idle.length;
    let begun = 0;
    const dueNow = (): number => Math.floor((trace.now() - startNs) / intervalNs) + 1;
    const serve = async (worker: Worker): Promise<void> => {
      while (begun < dueNow() && !signal.aborted) {
        const due = nanos(startNs + begun * intervalNs);
        begun += 1;
        await worker.perform(this.context.generator.next(worker.process), { due });
      }
      idle.push(worker);
    };
    while (!signal.aborted) {
      for (let wanted = dueNow() - begun; wanted > 0; wanted--) {
        if (idle.length === 0 && workers < workersMax) {
          idle.push(this.addWorker());
          workers += 1;
        }
        const worker = idle.pop();
        if (worker === undefined) break;
        this.run(serve(worker));
      }
      const nextDueNs = startNs + dueNow() * intervalNs;
      await waitMs(Math.max(1, (nextDueNs - trace.now()) / 1e6), signal);
    }
    this.overdue = Math.max(0, dueNow() - begun);
  }
}

const isUnpinned = (worker: Worker): boolean => worker.identity.node === undefined;
