import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type * as entriesModule from '../cli/entries.ts';
import { messageOf } from '../core/errors.ts';
import type { HistoryEvent } from '../core/history.ts';
import type { OptionSpec } from '../core/impl.ts';
import type { JsonObject } from '../core/json.ts';
import type { Plan } from '../core/plan.ts';
import { makeRandom } from '../core/random.ts';
import { millis } from '../core/units.ts';
import type { Generator } from '../core/workload.ts';
import type * as clusterModule from '../harness/cluster.ts';
import { monotonicMs } from '../harness/clock.ts';
import { makePlan, type PlanInput } from '../harness/plan.ts';
import type * as recorderModule from '../harness/recorder.ts';
import type * as traceWriterModule from '../harness/trace-writer.ts';
import type * as workerModule from '../harness/worker.ts';
import type * as clientModule from '../impls/client.ts';
import { built } from './built.ts';

const { Cluster } = await built<typeof clusterModule>('harness/cluster');
const { Recorder } = await built<typeof recorderModule>('harness/recorder');
const { TraceWriter } = await built<typeof traceWriterModule>('harness/trace-writer');
const { Worker } = await built<typeof workerModule>('harness/worker');
const { makeClient } = await built<typeof clientModule>('impls/client');
const { nodeEntry, reaperEntry } = await built<typeof entriesModule>('cli/entries');

const readyMs = millis(15_000);
const pollMs = 5;
/** Hours of operations need not be kept. */
const nowhere = '/dev/null';

/** What a cluster is made from, besides what `makePlan` fills in. */
export type BenchPlan = Pick<PlanInput, 'impl' | 'workload'> &
  Partial<
    Pick<PlanInput, 'implOptions' | 'nodes' | 'seed' | 'timing' | 'serviceMs' | 'clients' | 'opTimeoutMs'>
  >;

interface Parts {
  readonly plan: Plan;
  readonly runDir: string;
  readonly trace: traceWriterModule.TraceWriter;
  readonly nodes: clusterModule.Cluster;
}

/** Told of every operation when it has ended. */
export type Completed = (invocation: HistoryEvent, completion: HistoryEvent) => void;

export const defaultsOf = (options: readonly OptionSpec[]): JsonObject =>
  Object.fromEntries(options.map((option) => [option.name, option.default]));

/** Aborted by the signals that end a bench; what it has started then ends with it. */
export const interruption = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => interruption.abort(signal));
}

/** A cluster with clients of a bench's own, for measurements that no plan describes. Neither history nor trace is kept. */
export class BenchCluster implements AsyncDisposable {
  readonly nodes: clusterModule.Cluster;
  /** The zero of all times of operations. */
  readonly trace: traceWriterModule.TraceWriter;
  private readonly input: BenchPlan;
  private readonly plan: Plan;
  private readonly runDir: string;
  private readonly recorder: recorderModule.Recorder;
  private readonly workers: workerModule.Worker[] = [];
  private processes = 0;
  private trouble: unknown = null;

  static async launch(input: BenchPlan): Promise<BenchCluster> {
    const plan = makePlan({
      seed: 1,
      nemesis: 'none',
      choices: [],
      pinned: false,
      ...input,
      implOptions: { ...defaultsOf(input.impl.options), ...input.implOptions },
      workloadOptions: defaultsOf(input.workload.options),
    });
    const runDir = mkdtempSync(join(tmpdir(), 'ftcheck-bench-'));
    const trace = new TraceWriter(nowhere);
    try {
      const nodes = await Cluster.launch({
        plan,
        runDir,
        entries: { node: nodeEntry(), reaper: reaperEntry() },
        layer: input.impl.layer,
        trace,
        readyMs,
        signal: interruption.signal,
      });
      return new BenchCluster(input, { nodes, plan, runDir, trace });
    } catch (thrown) {
      trace.close();
      rmSync(runDir, { recursive: true });
      throw thrown;
    }
  }

  private constructor(input: BenchPlan, parts: Parts) {
    this.input = input;
    this.nodes = parts.nodes;
    this.plan = parts.plan;
    this.runDir = parts.runDir;
    this.trace = parts.trace;
    this.recorder = new Recorder({
      path: nowhere,
      now: () => this.trace.now(),
      onFailure: (error) => (this.trouble = error),
    });
    void this.nodes.failed.then((error) => (this.trouble = error));
  }

  /** A client that asks again after so long without an answer. It is driven by `perform` with what its generator says. */
  addClient(generator: Generator, retryMs: number, completed: Completed = () => {}): workerModule.Worker {
    const worker = new Worker(
      { name: `c${this.workers.length + 1}`, place: 'clients', targets: this.nodes.slots },
      {
        generator: {
          next: (process) => generator.next(process),
          completed: (invocation, completion) => {
            generator.completed(invocation, completion);
            completed(invocation, completion);
          },
          finalReads: () => [],
        },
        recorder: this.recorder,
        trace: this.trace,
        makeClient: (config) => makeClient({ ...config, retryMs }),
        mode: this.input.impl.clientMode(this.plan.impl.options),
        address: (place, slot) => this.nodes.clientAddress(place, slot),
        opTimeoutMs: this.plan.opTimeoutMs,
        nextProcess: () => this.processes++,
      },
    );
    this.workers.push(worker);
    return worker;
  }

  /** The operations that the workload of this cluster asks for. */
  makeGenerator(): Generator {
    const { workload, seed } = this.plan;
    return this.input.workload.generator(workload.options, makeRandom(seed).fork('workload'));
  }

  /** Processes started after the launch. */
  get replacements(): number {
    return this.nodes.slots.reduce((sum, slot) => sum + this.nodes.incarnation(slot), 0);
  }

  /** Every node plays its role in one view. */
  get isAtFullStrength(): boolean {
    const slots = this.nodes.describe();
    const [first] = slots;
    return slots.every(
      ({ state, role, view }) =>
        state === 'running' && role !== '' && role !== 'joining' && view === first?.view,
    );
  }

  /** True once the cluster has been at full strength for so long without a break; false if that does not come within the limit. */
  async settles(calmMs: number, limitMs: number): Promise<boolean> {
    const deadlineMs = monotonicMs() + limitMs;
    let sinceMs = monotonicMs();
    for (;;) {
      this.check();
      const nowMs = monotonicMs();
      if (!this.isAtFullStrength) sinceMs = nowMs;
      else if (nowMs - sinceMs >= calmMs) return true;
      if (nowMs > deadlineMs) return false;
      await sleep(pollMs);
    }
  }

  /** Throws what has gone wrong meanwhile with the harness or with a node. */
  check(): void {
    interruption.signal.throwIfAborted();
    if (this.trouble !== null) throw new Error(messageOf(this.trouble), { cause: this.trouble });
    const [exit] = this.nodes.unexpectedExits;
    if (exit !== undefined) throw new Error(`a node ended: ${JSON.stringify(exit)}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const worker of this.workers) worker.drop();
    await this.nodes[Symbol.asyncDispose]();
    this.recorder.close();
    this.trace.close();
    rmSync(this.runDir, { recursive: true });
  }
}
