import type { TraceEvent } from '../core/trace.ts';
import { numberOf, textOf, unitOf } from './trace-facts.ts';
import type { Violation } from './violations.ts';

/** A part of what mirroring promises, judged from the events of units in order of time. */
export interface Rule {
  /** Names of the events that it wants to see. */
  readonly events: readonly string[];
  readonly see: (event: TraceEvent) => void;
  /** After the last event. */
  readonly found: () => readonly Violation[];
}

export interface CountingRule extends Rule {
  readonly counts: Readonly<Record<string, number>>;
}

/** Something for each life `ep` of each peer of each unit. */
export interface Connections<Kept> {
  readonly of: (event: TraceEvent) => Kept;
  /** Of one unit, by peer and by life. */
  readonly inUnit: (unit: string) => ReadonlyMap<string, ReadonlyMap<number, Kept>>;
}

// Nested maps and no key made of all three: there are several such look-ups for every message of a run.
export function connections<Kept>(make: () => Kept): Connections<Kept> {
  type Lives = Map<number, Kept>;
  const units = new Map<string, Map<string, Lives>>();
  const newUnit = (): Map<string, Lives> => new Map();
  const newPeer = (): Lives => new Map();
  return {
    of: (event) => {
      const peers = within(units, unitOf(event), newUnit);
      return within(within(peers, textOf(event['peer']), newPeer), numberOf(event['ep']), make);
    },
    inUnit: (unit) => units.get(unit) ?? newUnit(),
  };
}

/** What a map holds under a key, made where there is nothing yet. */
export function within<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}

/** A connection in words: `c1`, or `c1 in its life 2`. */
export function peerName(event: TraceEvent): string {
  const ep = numberOf(event['ep']);
  return ep === 1 ? textOf(event['peer']) : `${textOf(event['peer'])} in its life ${ep}`;
}
