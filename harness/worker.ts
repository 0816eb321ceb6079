import type { Slot } from '../core/ids.ts';
import type { HistoryEvent } from '../core/history.ts';
import type { ClientRequest } from '../core/impl.ts';
import type { ClientConfig, Machine } from '../core/machine.ts';
import type { ClientPlace } from '../core/nemesis.ts';
import type { Nanos } from '../core/units.ts';
import type { Generator } from '../core/workload.ts';
import { ClientShell, type Outcome } from './client-shell.ts';
import type { Completion, Recorder } from './recorder.ts';
import type { TraceWriter } from './trace-writer.ts';

/** After so long without an answer a stub asks again. */
export const clientRetryMs = 120;

/** What all workers of a run share. */
export interface WorkerContext {
  readonly generator: Generator;
  readonly recorder: Recorder;
  readonly trace: TraceWriter;
  readonly makeClient: (config: ClientConfig) => Machine;
  readonly mode: ClientConfig['mode'];
  readonly address: (place: ClientPlace, slot: Slot) => { readonly host: string; readonly port: number };
  readonly opTimeoutMs: number;
  /** Numbers of logical clients: each is given out once. */
  readonly nextProcess: () => number;
}

/** Who a worker is: its client's name, where it stands, whom it may ask. `node` is set on pinned ones. */
export interface WorkerIdentity {
  readonly name: string;
  readonly place: ClientPlace;
  readonly targets: readonly Slot[];
  readonly node?: Slot;
}

/**
 * One logical client after another, each with at most one operation at a time. An operation without an answer in time is recorded as `info`,
 * or as `fail` if none of its bytes ever left; its stub and connections are dropped, and the worker goes on as the next epoch of the same
 * client, after `info` under a new process number.
 */
export class Worker {
  readonly identity: WorkerIdentity;
  private readonly context: WorkerContext;
  private shell: ClientShell | null = null;
  private currentProcess: number;
  private epoch = 0;
  private seq = 0;

  constructor(identity: WorkerIdentity, context: WorkerContext) {
    this.identity = identity;
    this.context = context;
    this.currentProcess = context.nextProcess();
  }

  get process(): number {
    return this.currentProcess;
  }

  async perform(
    request: ClientRequest,
    how: { readonly due?: Nanos; readonly isFinal?: boolean; readonly timeoutMs?: number } = {},
  ): Promise<HistoryEvent> {
    const { recorder, generator, opTimeoutMs } = this.context;
    const { name, node } = this.identity;
    const shell = (this.shell ??= this.openShell());
    this.seq += 1;
    const invocation = recorder.invoke({
      process: this.currentProcess,
      ...request,
      request: `${name}/${this.epoch}/${this.seq}`,
      ...(node === undefined ? {} : { node }),
      ...(how.due === undefined ? {} : { due: how.due }),
      ...(how.isFinal === true ? { final: true } : {}),
    });
    const outcome = await shell.perform({ ...request, seq: this.seq }, how.timeoutMs ?? opTimeoutMs);
    const completion = recorder.complete(invocation, completionOf(outcome));
    generator.completed(invocation, completion);
    if (outcome.type !== 'answer') this.drop();
    if (completion.type === 'info') this.currentProcess = this.context.nextProcess();
    return completion;
  }

  /** Gives up the operation under way, if any: it is then recorded as without an answer. */
  drop(): void {
    this.shell?.[Symbol.dispose]();
    this.shell = null;
  }

  private openShell(): ClientShell {
    const { makeClient, mode, address, trace } = this.context;
    const { name, place, targets } = this.identity;
    this.epoch += 1;
    this.seq = 0;
    const config = { client: name, epoch: this.epoch, mode, targets, retryMs: clientRetryMs };
    return new ClientShell({
      machine: makeClient(config),
      address: (slot) => address(place, slot),
      onTrace: (event, fields) => trace.write('harness', event, { client: name, ...fields }),
    });
  }
}

function completionOf(outcome: Outcome): Completion {
  if (outcome.type === 'answer') return { type: 'ok', value: outcome.value };
  if (!outcome.isSent) return { type: 'fail', error: 'no byte left the client' };
  return { type: 'info', error: outcome.type === 'timeout' ? 'timeout' : 'the run ended' };
}
