/** What several checkers read from a trace. */
import { isMemberId, slotOf } from '../core/ids.ts';
import { isJsonObject, type Json } from '../core/json.ts';
import type { TraceEvent } from '../core/trace.ts';
import { eventsNamed } from './run-index.ts';

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
  for (const event of eventsNamed(trace, 'fault-begin', 'fault-effect', 'fault-heal', 'fault-end')) {
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
  eventsNamed(trace, 'phase').find((event) => event['phase'] === phase)?.time;

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
  return eventsNamed(trace, 'lag')
    .filter(({ time }) => time >= from && time <= to + slack)
    .filter(({ node }) => !stopped.has(slotNameOf(node)))
    .reduce((worst, event) => Math.max(worst, numberOf(event['maxMs']) || 0), 0);
}

/** A view as some member installed it. */
export interface InstalledView {
  readonly time: number;
  readonly node: string;
  /** The recovery unit whose view it is; '' where there is one group. Views of two units have nothing to do with each other. */
  readonly unit: string;
  readonly id: number;
  readonly members: readonly string[];
  /** Members that had no state when it was formed. */
  readonly fresh: readonly string[];
  /** Members that vote and never have state. */
  readonly witnesses: readonly string[];
  readonly primary: string | null;
}

/** What nodes call the only unit of a run. */
const loneUnit = 'unit';

/** The recovery unit that an event is of; '' where there is one or none, and its name would tell nothing. */
export function unitOf(event: TraceEvent): string {
  const unit = textOf(event['unit']);
  return unit === loneUnit ? '' : unit;
}

export function installedViews(trace: readonly TraceEvent[]): InstalledView[] {
  return eventsNamed(trace, 'view').map((event) => ({
    time: event.time,
    node: event.node,
    unit: unitOf(event),
    id: numberOf(event['view']),
    members: textsOf(event['members']),
    fresh: textsOf(event['fresh']),
    witnesses: textsOf(event['witnesses']),
    primary: typeof event['primary'] === 'string' ? event['primary'] : null,
  }));
}

/** From a process's start to its end; Infinity where the trace tells of none. */
export interface Life {
  readonly from: number;
  readonly to: number;
}

/** By member. */
export function livesOf(trace: readonly TraceEvent[]): ReadonlyMap<string, Life> {
  const lives = new Map<string, { from: number; to: number }>();
  for (const { event, node, time } of eventsNamed(trace, 'node-start', 'node-exit')) {
    if (event === 'node-start') lives.set(node, { from: time, to: Infinity });
    const life = lives.get(node);
    if (event === 'node-exit' && life !== undefined) life.to = Math.min(life.to, time);
  }
  return lives;
}

export const isAliveAt = (life: Life | undefined, time: number): boolean =>
  life !== undefined && life.from <= time && life.to > time;

/** When each member that joined first had the whole state. */
export function syncTimes(trace: readonly TraceEvent[]): ReadonlyMap<string, number> {
  const times = new Map<string, number>();
  for (const { node, time } of eventsNamed(trace, 'synced')) {
    if (!times.has(node)) times.set(node, time);
  }
  return times;
}
