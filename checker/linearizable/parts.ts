import { operationsOf, type HistoryEvent } from '../../core/history.ts';
import type { Model, TimedOperation } from '../../core/model.ts';

/** An operation of a part with the events that it came from. */
export interface PartOperation extends TimedOperation {
  readonly invocation: HistoryEvent;
  /** Undefined where no answer is known. */
  readonly completion: HistoryEvent | undefined;
}

/** What can be judged by itself: the operations on one object, in order of invocation. Positions are indexes of events. */
export interface Part {
  readonly name: string;
  readonly operations: readonly PartOperation[];
}

/**
 * Linearizability is local: a history is linearizable if and only if its projection on each object is [Herlihy & Wing 1990, theorem 1;
 * Horn & Kroening 2015]. An operation that failed did not happen and is in no part.
 */
export function partsOf(history: readonly HistoryEvent[], model: Model<unknown>): Part[] {
  const parts = new Map<string, PartOperation[]>();
  for (const { invocation, completion } of operationsOf(history)) {
    if (completion?.type === 'fail') continue;
    const answer = completion?.type === 'ok' ? completion : undefined;
    const { f, key, value } = invocation;
    const name = model.partition?.(invocation) ?? '';
    let part = parts.get(name);
    if (part === undefined) {
      part = [];
      parts.set(name, part);
    }
    part.push({
      f,
      key,
      value,
      result: answer?.value,
      called: invocation.index,
      returned: answer?.index ?? Infinity,
      invocation,
      completion: answer,
    });
  }
  return [...parts].map(([name, operations]) => ({ name, operations }));
}

/** What was known of a part just after this position: later calls are gone, later answers are unknown yet. */
export function prefixOf(part: Part, position: number): Part {
  const operations = part.operations
    .filter(({ called }) => called <= position)
    .map((operation) =>
      operation.returned <= position
        ? operation
        : { ...operation, result: undefined, returned: Infinity, completion: undefined },
    );
  return { name: part.name, operations };
}
