import { mkdtempSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assert } from '../core/assert.ts';
import { FtcheckError, messageOf } from '../core/errors.ts';
import type { HistoryEvent } from '../core/history.ts';
import { slots as slotsOf } from '../core/ids.ts';
import type { Impl } from '../core/impl.ts';
import type { ClientConfig, Machine } from '../core/machine.ts';
import { parseTrace } from '../core/parse-run.ts';
import type { Plan } from '../core/plan.ts';
import { makeRandom } from '../core/random.ts';
import { isInService } from '../core/roles.ts';
import type { TraceEvent } from '../core/trace.ts';
import { millis } from '../core/units.ts';
import type { Generator, Workload } from '../core/workload.ts';
import { monotonicMs } from './clock.ts';
import { Cluster, type ClusterOptions } from './cluster.ts';
import { HarnessError } from './harness-errors.ts';
import { Recorder } from './recorder.ts';
import { TraceWriter } from './trace-writer.ts';
import { waitMs } from './wait.ts';
import { Worker } from './worker.ts';

const readyMs = millis(15_000);
const pollMs = 2;

/** Hours of operations need not be kept. */
const nowhere = '/dev/null';

/** Of the trace, what tells how a group went on after a fault. Its other lines, several for each operation, are not even parsed. */
const eventsKept =
  /^\{"time":\d+,"node":"[^"]*","event":"(start|suspect|trust|change|view|role|synced|state-transfer|want-replacement|excluded|lag|node-\w+|fault-\w+)"/;

/** What a cluster for measurements is made from. */
export interface ProbeClusterOptions {
  /** Its faults and phases are not played. */
  readonly plan: Plan;
  readonly impl: Impl;
  readonly workload: Workload;
  readonly makeClient: (config: ClientConfig) => Machine;
  readonly entries: ClusterOptions['entries'];
  /** Whether `takeTrace` will be asked for the trace, again and again: it grows by megabytes a second. */
  readonly keepsTrace: boolean;
  readonly signal: AbortSignal;
}

/** Told of every operation when it has ended. */
export type Completed = (invocation: HistoryEvent, completion: HistoryEvent) => void;

interface Parts {
  readonly nodes: Cluster;
  readonly runDir: string;
  readonly trace: TraceWriter;
}

/** A cluster whose clients and faults are driven from outside, as long as it takes. It keeps no history, and of its trace only what is asked for. */
export class ProbeCluster implements AsyncDisposable {
  readonly nodes: Cluster;
  /** The zero of all times of operations and of the trace. */
  readonly trace: TraceWriter;
  private readonly options: ProbeClusterOptions;
  private readonly runDir: string;
  private readonly recorder: Recorder;
  private readonly workers: Worker[] = [];
  private processes = 0;
  private trouble: unknown = null;

  static async launch(options: ProbeClusterOptions): Promise<ProbeCluster> {
    const runDir = mkdtempSync(join(tmpdir(), 'ftcheck-probe-'));
    let trace: TraceWriter | null = null;
    try {
      const { plan, impl, entries, keepsTrace, signal } = options;
      trace = new TraceWriter(keepsTrace ? join(runDir, 'trace.jsonl') : nowhere);
      const nodes = await Cluster.launch({
        plan,
        runDir,
        entries,
        layer: impl.layer,
        trace,
        readyMs,
        signal,
      });
      return new ProbeCluster(options, { nodes, runDir, trace });
    } catch (thrown) {
      trace?.close();
      rmSync(runDir, { recursive: true });
      throw thrown;
    }
  }

  private constructor(options: ProbeClusterOptions, { nodes, runDir, trace }: Parts) {
    this.options = options;
    this.nodes = nodes;
    this.runDir = runDir;
    this.trace = trace;
    this.recorder = new Recorder({
      path: nowhere,
      now: () => this.trace.now(),
      onFailure: (error) => (this.trouble = error),
    });
    void this.nodes.failed.then((error) => (this.trouble = error));
  }

  /** A client that asks again after so long without an answer. It is driven by `perform` with what its generator says. */
  addClient(generator: Generator, retryMs: number, completed: Completed = () => {}): Worker {
    const { plan, impl, makeClient } = this.options;
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
        mode: impl.clientMode(plan.impl.options),
        address: (place, slot) => this.nodes.clientAddress(place, slot),
        opTimeoutMs: plan.opTimeoutMs,
        nextProcess: () => this.processes++,
      },
    );
    this.workers.push(worker);
    return worker;
  }

  /** The operations that the workload of this cluster asks for. */
  makeGenerator(): Generator {
    const { plan, workload } = this.options;
    return workload.generator(plan.workload.options, makeRandom(plan.seed).fork('workload'));
  }

  /** What the trace tells of suspicions, views, roles and faults since the last call. The rest of it is dropped. */
  takeTrace(): readonly TraceEvent[] {
    assert(this.options.keepsTrace, 'the trace was kept');
    const { path } = this.trace;
    try {
      const text = readFileSync(path, 'utf8');
      // All who write to it append, so that each goes on at the new end.
      truncateSync(path);
      const kept = text.split('\n').filter((line) => eventsKept.test(line));
      return parseTrace(kept.map((line) => `${line}\n`).join('')).events;
    } catch (cause) {
      throw cause instanceof FtcheckError ? cause : new HarnessError(`cannot read the trace ${path}`, cause);
    }
  }

  /** Processes started after the launch. */
  get replacements(): number {
    return this.nodes.slots.reduce((sum, slot) => sum + this.nodes.incarnation(slot), 0);
  }

  /** Every node plays its role, all of a group in one view. */
  get isAtFullStrength(): boolean {
    const { impl, nodes } = this.options.plan;
    const slots = this.nodes.describe();
    const groups = impl.claims.units ?? [slotsOf(nodes)];
    return groups.every((group) => {
      const own = slots.filter(({ slot }) => group.includes(slot));
      return own.every(
        ({ state, role, view }) => state === 'running' && isInService(role) && view === own[0]?.view,
      );
    });
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
      await waitMs(pollMs, this.options.signal);
    }
  }

  /** Throws what has gone wrong meanwhile with the harness or with a node, and when the signal is aborted. */
  check(): void {
    this.options.signal.throwIfAborted();
    if (this.trouble instanceof FtcheckError) throw this.trouble;
    if (this.trouble !== null) throw new HarnessError(messageOf(this.trouble), this.trouble);
    const [exit] = this.nodes.unexpectedExits;
    if (exit === undefined) return;
    const how = exit.signal === null ? `with code ${exit.code}` : `by ${exit.signal}`;
    throw new NodeEndedError(`${exit.node} ended by itself ${how}`, exit.log);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const worker of this.workers) worker.drop();
    await this.nodes[Symbol.asyncDispose]();
    this.recorder.close();
    this.trace.close();
    rmSync(this.runDir, { recursive: true });
  }
}

/** A node of the system under test ended though nobody had killed it: a finding for `ftcheck run`, and the end of this cluster. */
export class NodeEndedError extends FtcheckError {
  override readonly name = 'NodeEndedError';
  /** The last lines of its log. */
  readonly log: string;
  constructor(message: string, log: string) {
    super(message);
    this.log = log;
  }
}
