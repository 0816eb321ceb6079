/** What several checkers look for in one run, looked for once. */
import { operationsOf, type HistoryEvent, type Operation } from '../core/history.ts';
import type { TraceEvent } from '../core/trace.ts';

/** The events of a trace by their names, each list in order of the trace. */
interface TraceIndex {
  /** Of the trace, when this was made: a trace that grew since then is gone through again. */
  readonly length: number;
  readonly byName: ReadonlyMap<string, readonly TraceEvent[]>;
  /** Lists of several names, by all of them. */
  readonly byNames: Map<string, readonly TraceEvent[]>;
}

// A run has hundreds of thousands of deliveries and executions, and a few events of each of the other kinds that checkers ask for.
const traces = new WeakMap<readonly TraceEvent[], TraceIndex>();

/** The events that have one of these names, in order of the trace. */
export function eventsNamed(
  trace: readonly TraceEvent[],
  ...names: readonly string[]
): readonly TraceEvent[] {
  const index = indexOf(trace);
  const [only = ''] = names;
  if (names.length === 1) return index.byName.get(only) ?? [];
  const key = names.join(' ');
  let events = index.byNames.get(key);
  if (events === undefined) {
    const wanted = names.filter((name) => index.byName.has(name));
    events =
      wanted.length <= 1
        ? (index.byName.get(wanted[0] ?? '') ?? [])
        : trace.filter(({ event }) => wanted.includes(event));
    index.byNames.set(key, events);
  }
  return events;
}

function indexOf(trace: readonly TraceEvent[]): TraceIndex {
  const known = traces.get(trace);
  if (known?.length === trace.length) return known;
  const byName = new Map<string, TraceEvent[]>();
  for (const event of trace) {
    const same = byName.get(event.event);
    if (same === undefined) byName.set(event.event, [event]);
    else same.push(event);
  }
  const made = { length: trace.length, byName, byNames: new Map<string, readonly TraceEvent[]>() };
  traces.set(trace, made);
  return made;
}

const histories = new WeakMap<
  readonly HistoryEvent[],
  { readonly length: number; readonly operations: readonly Operation[] }
>();

/** Invocations with their completions, in order of invocation. Of a well-formed history only. */
export function operationsIn(history: readonly HistoryEvent[]): readonly Operation[] {
  const known = histories.get(history);
  if (known?.length === history.length) return known.operations;
  const operations = operationsOf(history);
  histories.set(history, { length: history.length, operations });
  return operations;
}
