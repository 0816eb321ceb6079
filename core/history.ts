import type { Json } from './json.ts';
import type { Nanos } from './units.ts';

/** What clients saw, in Jepsen's words. `fail` only with proof of no effect; `info`: may have happened, now or later. */
export type EventType = 'invoke' | 'ok' | 'fail' | 'info';

/**
 * One line of `history.jsonl`. Line order is real-time order: an invocation is recorded before its first byte leaves, a completion
 * after its last byte arrived, so that an interval only ever widens.
 */
export interface HistoryEvent {
  readonly index: number;
  readonly time: Nanos;
  /** A logical client. After `info` its number retires: the worker goes on under a new one. */
  readonly process: number;
  readonly type: EventType;
  readonly f: string;
  readonly key: Json;
  /** The argument on `invoke`, the result on `ok`; on `fail` and `info` the argument again. */
  readonly value: Json;
  readonly error?: string;
  /** On `invoke`: the request's id, client/epoch/sequence, under which traces speak of it. */
  readonly request?: string;
  /** On `invoke`: the one node that this worker may ask, for pinned workers. */
  readonly node?: string;
  /** On `invoke`, in open loop: when the operation should have begun. Latency counts from here, so that a stall is charged to all it delayed. */
  readonly due?: Nanos;
  /** On `invoke`: set on the reads made after everything else has ended. */
  readonly final?: boolean;
}

/** An invocation with its completion; `completion` is undefined where none was recorded, which means the same as `info`. */
export interface Operation {
  readonly invocation: HistoryEvent;
  readonly completion: HistoryEvent | undefined;
}

/** Pairs invocations with completions, in order of invocation. Events of a well-formed history only. */
export function operationsOf(history: readonly HistoryEvent[]): Operation[] {
  const operations: { invocation: HistoryEvent; completion: HistoryEvent | undefined }[] = [];
  const open = new Map<number, { invocation: HistoryEvent; completion: HistoryEvent | undefined }>();
  for (const event of history) {
    if (event.type === 'invoke') {
      const operation = { invocation: event, completion: undefined };
      open.set(event.process, operation);
      operations.push(operation);
    } else {
      const operation = open.get(event.process);
      if (operation !== undefined) operation.completion = event;
      open.delete(event.process);
    }
  }
  return operations;
}
