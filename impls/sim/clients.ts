/**
 * Workers in closed loop, each with a client stub of the impl, recorded by the rules of the real recorder: the invocation before the first
 * frame leaves, the completion after the answer arrived; no answer in time is `info`, after which the process number and the stub retire.
 */
import { assert } from '../../core/assert.ts';
import type { HistoryEvent } from '../../core/history.ts';
import type { Slot } from '../../core/ids.ts';
import type { ClientRequest } from '../../core/impl.ts';
import type { Json } from '../../core/json.ts';
import type { ClientConfig, Machine } from '../../core/machine.ts';
import type { ClientPlace } from '../../core/nemesis.ts';
import type { Generator } from '../../core/workload.ts';
import { makeProcess, type SimProcess } from './process.ts';
import type { Pace, World } from './world.ts';

export interface Clients {
  /** Every worker starts, and goes on until `stop`. */
  start(): void;
  /** Nobody invokes any more; `then` is called once all open operations are over. */
  stop(then: () => void): void;
  /** Each of the generator's final reads, asked again until it is answered; then calls `then`. */
  finalReads(then: () => void): void;
}

/** What workers are made from. */
export interface ClientsOptions {
  readonly world: World;
  readonly slots: readonly Slot[];
  readonly generator: Generator;
  readonly makeClient: (config: ClientConfig) => Machine;
  readonly mode: 'all' | 'primary' | 'any';
  readonly clients: number;
  /** One more worker for each slot, that asks only there. */
  readonly pinned: boolean;
  readonly opTimeoutMs: number;
  readonly pace: Pace;
}

interface Worker {
  readonly place: ClientPlace;
  readonly targets: readonly Slot[];
  readonly node: Slot | null;
  process: number;
  stub: SimProcess | null;
  name: string;
  seq: number;
  open: { readonly invocation: HistoryEvent; readonly then: (isAnswered: boolean) => void } | null;
}

const epoch = 0;

/** The workers of a plan, none of them started. */
export function makeClients(options: ClientsOptions): Clients {
  const { world, slots, generator, pace, opTimeoutMs } = options;
  const { scheduler, network, recorder } = world;
  const random = world.random.fork('clients');
  const concurrency = options.clients + (options.pinned ? slots.length : 0) + 1;
  let isStopped = false;
  let whenQuiet: (() => void) | null = null;

  const worker = (process: number, node: Slot | null): Worker => ({
    place: node === null ? 'clients' : `client@${node}`,
    targets: node === null ? slots : [node],
    node,
    process,
    stub: null,
    name: '',
    seq: 0,
    open: null,
  });
  const workers: Worker[] = [
    ...Array.from({ length: options.clients }, (_, i) => worker(i, null)),
    ...(options.pinned ? slots.map((slot, i) => worker(options.clients + i, slot)) : []),
  ];
  const reader = worker(concurrency - 1, null);

  /** The worker's stub, a new one after the last was given up. */
  const stubOf = (worker: Worker): SimProcess | null => {
    if (worker.stub !== null) return worker.stub;
    worker.name = `c${worker.process}`;
    worker.seq = 0;
    const { name, targets, place } = worker;
    try {
      const machine = options.makeClient({
        client: name,
        epoch,
        mode: options.mode,
        targets,
        retryMs: pace.retryMs,
      });
      const stub = makeProcess({
        name,
        place,
        machine,
        scheduler,
        network,
        random,
        owner: ownerOf(worker, name),
      });
      worker.stub = stub;
      stub.start();
    } catch (thrown) {
      recorder.violated(name, thrown);
    }
    return worker.stub;
  };
  const ownerOf = (worker: Worker, name: string) => ({
    traced: (event: string, fields: object) => recorder.traced(name, event, { ...fields }),
    wantsReplacement: () => recorder.violated(name, new Error('a client stub asked for a replacement')),
    ended: () => recorder.violated(name, new Error('a client stub ended itself')),
    answered: (value: Json) => {
      // A late answer of a stub that was given up is nobody's.
      if (worker.name === name && worker.open !== null) complete(worker, worker.open, value);
    },
    broke: (thrown: unknown) => recorder.violated(name, thrown),
  });

  const invoke = (
    worker: Worker,
    request: ClientRequest,
    isFinal: boolean,
    then: (isAnswered: boolean) => void,
  ): void => {
    assert(worker.open === null, 'a process has at most one open invocation');
    const stub = stubOf(worker);
    const { f, key, value } = request;
    const seq = ++worker.seq;
    const invocation = recorder.recorded({
      process: worker.process,
      type: 'invoke',
      f,
      key,
      value,
      request: `${worker.name}/${epoch}/${seq}`,
      ...(worker.node === null ? {} : { node: worker.node }),
      ...(isFinal ? { final: true } : {}),
    });
    const open = { invocation, then };
    worker.open = open;
    scheduler.after(opTimeoutMs, () => giveUp(worker, open));
    stub?.invoke({ f, key, value, seq });
  };
  const complete = (worker: Worker, { invocation, then }: NonNullable<Worker['open']>, value: Json): void => {
    const { f, key } = invocation;
    const completion = recorder.recorded({ process: worker.process, type: 'ok', f, key, value });
    worker.open = null;
    tellGenerator(invocation, completion);
    then(true);
  };
  const giveUp = (worker: Worker, open: NonNullable<Worker['open']>): void => {
    if (worker.open !== open) return;
    const { f, key, value } = open.invocation;
    const completion = recorder.recorded({
      process: worker.process,
      type: 'info',
      f,
      key,
      value,
      error: 'timeout',
    });
    worker.open = null;
    worker.stub?.die('process');
    worker.stub = null;
    worker.process += concurrency;
    tellGenerator(open.invocation, completion);
    open.then(false);
  };
  const tellGenerator = (invocation: HistoryEvent, completion: HistoryEvent): void => {
    generator.completed(invocation, completion);
  };

  const loop = (worker: Worker): void => {
    scheduler.after(random.unit() * pace.thinkMsMax, () => {
      if (isStopped) return quiet();
      invoke(worker, generator.next(worker.process), false, () => loop(worker));
    });
  };
  const quiet = (): void => {
    if (whenQuiet === null || workers.some((worker) => worker.open !== null)) return;
    const then = whenQuiet;
    whenQuiet = null;
    then();
  };

  return {
    start: () => workers.forEach(loop),
    stop: (then) => {
      isStopped = true;
      whenQuiet = then;
      quiet();
    },
    finalReads: (then) => {
      const reads = generator.finalReads();
      const next = (i: number): void => {
        const read = reads[i];
        if (read === undefined) return then();
        // Not from within the step that gave the last answer.
        const goOn = (isAnswered: boolean) => scheduler.after(0, () => next(isAnswered ? i + 1 : i));
        invoke(reader, read, true, goOn);
      };
      next(0);
    },
  };
}
