import type { HistoryEvent } from '../../core/history.ts';
import type { JsonObject } from '../../core/json.ts';
import { isJsonObject } from '../../core/json.ts';
import type { TraceEvent } from '../../core/trace.ts';
import { millis, nanosOfMillis } from '../../core/units.ts';
import { messageOf } from '../../core/errors.ts';
import type { Digest } from './digest.ts';

/** What a simulation leaves behind, as it happens. */
export interface Recorder {
  readonly history: HistoryEvent[];
  readonly trace: TraceEvent[];
  /** Promises of our own code that were broken, with place and time. */
  readonly violations: string[];
  traced(node: string, event: string, fields: JsonObject): void;
  recorded(event: Omit<HistoryEvent, 'index' | 'time'>): HistoryEvent;
  violated(where: string, thrown: unknown): void;
}

/** Stamps everything with virtual time and takes it into the hash. */
export function makeRecorder(digest: Digest, now: () => number): Recorder {
  const history: HistoryEvent[] = [];
  const trace: TraceEvent[] = [];
  const violations: string[] = [];
  const time = () => nanosOfMillis(millis(now()));
  return {
    history,
    trace,
    violations,
    traced: (node, event, fields) => {
      digest.number(now());
      digest.text(node);
      digest.text(event);
      const copied = digest.copy(fields);
      trace.push({ ...(isJsonObject(copied) ? copied : {}), time: time(), node, event });
    },
    recorded: (event) => {
      digest.text(`${event.process} ${event.type} ${event.f} ${event.request} ${event.error}`);
      const [key, value] = [digest.copy(event.key), digest.copy(event.value)];
      const recorded = { index: history.length, time: time(), ...event, key, value };
      digest.number(recorded.time);
      history.push(recorded);
      return recorded;
    },
    violated: (where, thrown) => {
      const stack = thrown instanceof Error ? (thrown.stack ?? '').split('\n').slice(1, 4) : [];
      violations.push([`${where} at ${now().toFixed(3)} ms: ${messageOf(thrown)}`, ...stack].join('\n'));
    },
  };
}
