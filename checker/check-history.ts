import type { CheckerLimits } from '../core/checker.ts';
import { UsageError } from '../core/errors.ts';
import type { EventType, HistoryEvent } from '../core/history.ts';
import type { Json, JsonObject } from '../core/json.ts';
import type { Model, TimedOperation } from '../core/model.ts';
import { nanos } from '../core/units.ts';
import type { Coverage } from './history/coverage.ts';
import { never, operationAt, tableOf, type OperationTable } from './history/operation-table.ts';
import { checkTable, type TableResult } from './linearizable/linearizable.ts';
import { mergedLinearization } from './linearizable/linearization.ts';
import { judgeWellFormed } from './well-formed.ts';

/** One event of a history. The order of events is their order in real time; `time`, in nanoseconds, is only for people to read. */
export interface HistoryEntry {
  /** A whole number for each client that does one thing after another. After an `info` a client goes on under another number. */
  readonly process: number;
  /** `fail`: it certainly did not happen; `info`: nobody knows. */
  readonly type: EventType;
  readonly f: string;
  /** The object that is asked, where there are several. */
  readonly key?: Json;
  /** The argument on `invoke`, the result on `ok`. */
  readonly value?: Json;
  readonly time?: number;
}

export interface CheckOptions {
  /** What each object holds at first; the model's own beginning if it is left out. */
  readonly initial?: Json;
  /** Milliseconds after which the answer is `unknown`; 10,000 if it is left out. */
  readonly timeMs?: number;
  /** What the search may hold in memory, in megabytes; 512 if it is left out. */
  readonly memoryMb?: number;
}

/** An operation at its place in an order. */
export interface PlacedOperation extends TimedOperation {
  readonly process: number;
  /** It can have taken effect just after the event with this index. */
  readonly point: number;
}

/** What `check` says. `reason` is a sentence for a person, on `invalid` a proof. */
export type CheckResult =
  | {
      readonly verdict: 'valid';
      readonly reason: string;
      readonly coverage: Coverage;
      /** One order of all operations, keys together, that proves it; made when it is asked for. */
      linearization(): readonly PlacedOperation[];
    }
  | {
      readonly verdict: 'invalid';
      readonly reason: string;
      readonly coverage: Coverage;
      /** The smallest part of the history that is still invalid, and what was possible before it went wrong. */
      readonly counterexample: JsonObject;
    }
  | {
      readonly verdict: 'unknown';
      readonly reason: string;
      readonly coverage: Coverage;
      /** Which limit was met, which keys and which prefix were proven. */
      readonly progress: JsonObject;
    };

/**
 * Whether the history is linearizable: whether one copy of the object, as the model describes it, could have answered so, each operation at one
 * instant between its invocation and its completion [Herlihy & Wing 1990]. Throws UsageError on a history that is none (a completion without
 * an invocation, two invocations at once) and on operations that the model does not have.
 */
export function check<State>(
  history: Iterable<HistoryEntry>,
  model: Model<State>,
  options: CheckOptions = {},
): CheckResult {
  const events = eventsOf(history);
  const assumptions = judgeWellFormed(events);
  if (assumptions.verdict !== 'valid') throw new UsageError(assumptions.reason);
  const table = tableOf(events);
  return resultOf(table, checkTable(table, { model, initial: options.initial, limits: limitsOf(options) }));
}

const eventsOf = (history: Iterable<HistoryEntry>): HistoryEvent[] =>
  Array.from(history, ({ process, type, f, key = null, value = null, time }, index) => ({
    index,
    time: nanos(time ?? index),
    process,
    type,
    f,
    key,
    value,
  }));

const nowMs = (): number => Number(process.hrtime.bigint()) / 1e6;

const limitsOf = ({ timeMs = 10_000, memoryMb = 512 }: CheckOptions): CheckerLimits => ({
  now: nowMs,
  deadline: nowMs() + timeMs,
  memoryBytesMax: memoryMb * 2 ** 20,
});

function resultOf(table: OperationTable, result: TableResult): CheckResult {
  const { verdict, reason, coverage, details, proven } = result;
  if (verdict === 'invalid') return { verdict, reason, coverage, counterexample: details };
  if (verdict === 'unknown' || proven === null) {
    return { verdict: 'unknown', reason, coverage, progress: details };
  }
  return {
    verdict,
    reason,
    coverage,
    linearization: () => {
      const { rows, points } = mergedLinearization(proven);
      return Array.from(rows, (row, i) => ({
        ...operationAt(table, row),
        process: table.process[row] ?? 0,
        point: points[i] ?? never,
      }));
    },
  };
}
