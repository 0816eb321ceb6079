/** What several checkers read from a trace. */
import { isMemberId, slotOf } from '../core/ids.ts';
import { isJsonObject, type Json } from '../core/json.ts';
import type { TraceEvent } from '../core/trace.ts';

export const textOf = (value: Json | undefined): string => (typeof value === 'string' ? value : '');
export const numberOf = (value: Json | undefined): number => (typeof value === 'number' ? value : NaN);
export const textsOf = (value: Json | undefined): readonly string[] =>
  Array.isArray(value) ? value.filter((item: Json) => typeof item === 'string') : [];

/** The slot of a member id or of a slot's own name. */
export const slotNameOf = (name: string): string => (isMemberId(name) ? slotOf(name) : name);

/** A fault as it was injected; times in nanoseconds, null where the trace does not come to it. */
export interface TracedFault {
  readonly id: string;
  readonly name: string;
  readonly class: string;
  readonly begin: number;
  effect: number | null;
  /** When healing began, and when it was over. */
  heal: number | null;
  end: number | null;
  targets: readonly string[];
  impaired: readonly string[];
  evidence: readonly { readonly counter: string; readonly before: number; readonly after: number }[];
  /** What the nemesis itself says; null: nothing. */
  hadEffect: boolean | null;
}

/** Faults in order of their beginning. */
export function tracedFaults(trace: readonly TraceEvent[]): TracedFault[] {
  const faults = new Map<string, TracedFault>();
  for (const event of trace) {
    const id = textOf(event['id']);
    if (event.event === 'fault-begin') faults.set(id, begunFault(id, event));
    const fault = faults.get(id);
    if (fault === undefined) continue;
    switch (event.event) {
      case 'fault-effect':
        fault.effect = event.time;
        fault.targets = textsOf(event['targets']);
        fault.impaired = textsOf(event['impaired']).map(slotNameOf);
        break;
      case 'fault-heal':
        fault.heal = event.time;
        break;
      case 'fault-end':
        fault.end = event.time;
        fault.evidence = evidenceOf(event['evidence']);
        fault.hadEffect = typeof event['effect'] === 'boolean' ? event['effect'] : null;
        break;
      default:
    }
  }
  return [...faults.values()];
}

const begunFault = (id: string, event: TraceEvent): TracedFault => ({
  id,
  name: textOf(event['fault']),
  class: textOf(event['class']),
  begin: event.time,
  effect: null,
  heal: null,
  end: null,
  targets: [textOf(event['target'])],
  impaired: [],
  evidence: [],
  hadEffect: null,
});

function evidenceOf(value: Json | undefined): TracedFault['evidence'] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((item: Json) => {
    if (!isJsonObject(item)) return [];
    const { counter, before, after } = item;
    if (typeof counter !== 'string' || typeof before !== 'number' || typeof after !== 'number') return [];
    return [{ counter, before, after }];
  });
}

/** A phase's beginning; undefined where the run never came to it. */
export const phaseStart = (trace: readonly TraceEvent[], phase: string): number | undefined =>
  trace.find((event) => event.event === 'phase' && event['phase'] === phase)?.time;

/** Above this much event-loop lag, what was measured says little about the system under test. */
export const lagMsMax = 250;

/**
 * The worst event-loop lag reported between two times; a report speaks of the time before it. A node that was stopped on purpose lags on
 * purpose, so those do not count.
 */
export function worstLagMs(trace: readonly TraceEvent[], from: number, to: number): number {
  const slack = 1e9;
  const stopped = new Set(
    tracedFaults(trace)
      .filter((fault) => fault.class === 'crash-pause')
      .flatMap((fault) => [...fault.impaired, ...fault.targets.map(slotNameOf)]),
  );
  return trace
    .filter(({ event, time }) => event === 'lag' && time >= from && time <= to + slack)
    .filter(({ node }) => !stopped.has(slotNameOf(node)))
    .reduce((worst, event) => Math.max(worst, numberOf(event['maxMs']) || 0), 0);
}

/** A view as some member installed it. */
export interface InstalledView {
  readonly time: number;
  readonly node: string;
  readonly id: number;
  readonly members: readonly string[];
  readonly fresh: readonly string[];
  readonly primary: string | null;
}

export function installedViews(trace: readonly TraceEvent[]): InstalledView[] {
  return trace
    .filter(({ event }) => event === 'view')
    .map((event) => ({
      time: event.time,
      node: event.node,
      id: numberOf(event['view']),
      members: textsOf(event['members']),
      fresh: textsOf(event['fresh']),
      primary: typeof event['primary'] === 'string' ? event['primary'] : null,
    }));
}
