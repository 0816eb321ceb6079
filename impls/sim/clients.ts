/**
 * Workers in closed loop, each with a client stub of the impl, recorded by the rules of the real recorder: the invocation before the first
 * frame leaves, the completion after the answer arrived. No answer in time is `info`, or `fail` if no frame ever left; the stub is
 * then dropped, the worker goes on as the next epoch of its client, and after `info` under a new process number.
 */
import { assert } from '../../core/assert.ts';
import type { HistoryEvent } from '../../core/history.ts';
import type { Slot } from '../../core/ids.ts';
import type { ClientRequest } from '../../core/impl.ts';
import type { Json } from '../../core/json.ts';
import type { ClientConfig, Machine } from '../../core/machine.ts';
import type { ClientPlace } from '../../core/nemesis.ts';
import type { Generator } from '../../core/workload.ts';
import { makeProcess, type ProcessOwner, type SimProcess } from './process.ts';
import type { Pace, World } from './world.ts';

export interface Clients {
  /** Every worker starts, and goes on until `stop`. */
  start(): void;
  /** From now on they think longer. */
  settle(): void;
  /** Nobody invokes any more; `then` is called once all open operations are over, which takes a moment at most. */
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
  readonly mode: ClientConfig['mode'];
  readonly clients: number;
  /** One more worker for each slot, that asks only there. */
  readonly pinned: boolean;
  readonly opTimeoutMs: number;
  readonly pace: Pace;
}

interface Worker {
  readonly name: string;
  readonly place: ClientPlace;
  readonly targets: readonly Slot[];
  readonly node: Slot | null;
  process: number;
  epoch: number;
  seq: number;
  stub: SimProcess | null;
  open: OpenOperation | null;
}

interface OpenOperation {
  readonly invocation: HistoryEvent;
  readonly framesBefore: number;
  readonly then: (isAnswered: boolean) => void;
}

/** What is under way when the workers stop has so long to be answered. */
const graceMsMax = 300;

/** The workers of a plan, none of them started. */
export function makeClients(options: ClientsOptions): Clients {
  const { world, slots, generator, pace, opTimeoutMs } = options;
  const { scheduler, network, recorder } = world;
  const random = world.random.fork('clients');
  let processes = 0;
  let thinkMsMax = pace.thinkMsMax;
  let isStopped = false;

  const worker = (name: string, node: Slot | null): Worker => ({
    name,
    place: node === null ? 'clients' : `client@${node}`,
    targets: node === null ? slots : [node],
    node,
    process: processes++,
    epoch: 0,
    seq: 0,
    stub: null,
    open: null,
  });
  const unpinned = Array.from({ length: options.clients }, (_, i) => worker(`c${i + 1}`, null));
  const pinned = options.pinned ? slots.map((slot) => worker(`p${slot}`, slot)) : [];
  const workers = [...unpinned, ...pinned];

  /** The worker's stub, in its next epoch after the last was dropped. */
  const stubOf = (worker: Worker): SimProcess => {
    if (worker.stub !== null) return worker.stub;
    worker.epoch++;
    worker.seq = 0;
    const { name: client, epoch, targets, place } = worker;
    const machine = options.makeClient({ client, epoch, mode: options.mode, targets, retryMs: pace.retryMs });
    const name = `${client}/${epoch}`;
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
    return stub;
  };
  const ownerOf = (worker: Worker, name: string): ProcessOwner => ({
    traced: (event, fields) => recorder.traced('harness', event, { client: name, ...fields }),
    wantsReplacement: () => recorder.violated(name, new Error('a client stub asked for a replacement')),
    ended: () => recorder.violated(name, new Error('a client stub ended itself')),
    answered: (value: Json) => {
      if (worker.open !== null) complete(worker, worker.open, value);
    },
    broke: (thrown) => recorder.violated(name, thrown),
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
      request: `${worker.name}/${worker.epoch}/${seq}`,
      ...(worker.node === null ? {} : { node: worker.node }),
      ...(isFinal ? { final: true } : {}),
    });
    const open: OpenOperation = { invocation, framesBefore: stub.framesSent, then };
    worker.open = open;
    scheduler.after(opTimeoutMs, () => {
      if (worker.open === open) giveUp(worker, open, 'timeout');
    });
    stub.invoke({ f, key, value, seq });
  };
  const complete = (worker: Worker, { invocation, then }: OpenOperation, value: Json): void => {
    const { f, key } = invocation;
    const completion = recorder.recorded({ process: worker.process, type: 'ok', f, key, value });
    worker.open = null;
    generator.completed(invocation, completion);
    then(true);
  };
  const giveUp = (worker: Worker, open: OpenOperation, why: string): void => {
    const { process, stub } = worker;
    const { f, key, value } = open.invocation;
    const isSent = stub !== null && stub.framesSent > open.framesBefore;
    const how = isSent
      ? ({ type: 'info', error: why } as const)
      : ({ type: 'fail', error: 'no frame left the client' } as const);
    const completion = recorder.recorded({ process, f, key, value, ...how });
    worker.open = null;
    stub?.die('process');
    worker.stub = null;
    if (isSent) worker.process = processes++;
    generator.completed(open.invocation, completion);
    open.then(false);
  };

  const loop = (worker: Worker): void => {
    scheduler.after(random.unit() * thinkMsMax, () => {
      if (isStopped) return;
      invoke(worker, generator.next(worker.process), false, () => loop(worker));
    });
  };

  return {
    start: () => workers.forEach(loop),
    settle: () => {
      thinkMsMax = pace.settleThinkMsMax;
    },
    stop: (then) => {
      isStopped = true;
      scheduler.after(Math.min(graceMsMax, opTimeoutMs), () => {
        for (const worker of workers) if (worker.open !== null) giveUp(worker, worker.open, 'the run ended');
        then();
      });
    },
    finalReads: (then) => {
      const reads = generator.finalReads();
      let next = 0;
      let answered = 0;
      const read = (worker: Worker, i: number): void => {
        const request = reads[i];
        if (request === undefined) return;
        invoke(worker, request, true, (isAnswered) => {
          if (isAnswered && ++answered === reads.length) return then();
          // Not from within the step that gave the last answer.
          scheduler.after(0, () => read(worker, isAnswered ? next++ : i));
        });
      };
      if (reads.length === 0) return then();
      for (const worker of unpinned) read(worker, next++);
    },
  };
}
