import type { EventType } from '../core/history.ts';
import type { Json } from '../core/json.ts';
import type { HistoryEntry } from './check-history.ts';

/** What an operation is asked for. */
export type Asked = Pick<HistoryEntry, 'process' | 'f' | 'key' | 'value'>;

/** An operation that was invoked; completed once, by one of the three. */
export interface Call {
  /** It answered. */
  ok(result?: Json): void;
  /** It certainly did not happen. */
  fail(): void;
  /** Nobody knows whether it happened, now or later. */
  info(): void;
}

/** A history as it is being written. */
export interface HistoryRecord {
  readonly entries: readonly HistoryEntry[];
  /** To be called before the operation begins. */
  invoke(asked: Asked): Call;
  /**
   * Records one operation from its call to its return: what `perform` returns is its result, and if it throws nobody knows whether it
   * happened, so that its process must not be used again. Hands on what `perform` returned or threw.
   */
  record<Result extends Json | void>(asked: Asked, perform: () => Result | Promise<Result>): Promise<Result>;
}

/**
 * A history to be filled by a test. The order of calls of its methods is taken for the order in real time, as it is within one process; `now`,
 * in nanoseconds, is only for people to read.
 */
export function recordHistory(now: () => number = stopwatch()): HistoryRecord {
  const entries: HistoryEntry[] = [];
  const invoke = (asked: Asked): Call => {
    entries.push({ ...asked, type: 'invoke', time: now() });
    const complete = (type: EventType, value: Json): void => {
      entries.push({ ...asked, type, value, time: now() });
    };
    return {
      ok: (result = null) => complete('ok', result),
      fail: () => complete('fail', asked.value ?? null),
      info: () => complete('info', asked.value ?? null),
    };
  };
  return {
    entries,
    invoke,
    record: async (asked, perform) => {
      const call = invoke(asked);
      try {
        const result = await perform();
        call.ok(result ?? null);
        return result;
      } catch (error) {
        call.info();
        throw error;
      }
    },
  };
}

function stopwatch(): () => number {
  const startedAt = process.hrtime.bigint();
  return () => Number(process.hrtime.bigint() - startedAt);
}
