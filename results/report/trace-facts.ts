import type { JsonObject } from '../../core/json.ts';
import { textOf } from './json-text.ts';
import { laneEvents, lanesBuilder } from './node-lanes.ts';
import { forEachLine, objectIn } from './read-lines.ts';
import type { NodeLane, Span } from './report-data.ts';

/** What a report takes from a trace in one pass; times in nanoseconds since the run's start. */
export interface TraceFacts {
  readonly phases: readonly Span[];
  readonly nodes: readonly NodeLane[];
  /** When each fault came into force, by its id. */
  readonly effectNs: ReadonlyMap<string, number>;
  readonly lag: readonly { readonly at: number; readonly maxMs: number }[];
  readonly lastNs: number;
}

const harnessEvents: ReadonlySet<string> = new Set(['phase', 'fault-effect', 'fault-end', 'lag']);

/** `end`: at least so long did the run last, by what else is known. */
export function readTraceFacts(path: string, endNs: number): TraceFacts {
  const phases: { name: string; from: number }[] = [];
  const effectNs = new Map<string, number>();
  const lag: { at: number; maxMs: number }[] = [];
  const lanes = lanesBuilder();
  let lastNs = endNs;

  const fromHarness = (event: JsonObject, at: number): void => {
    const { maxMs, phase, id } = event;
    if (event['event'] === 'lag' && typeof maxMs === 'number') lag.push({ at, maxMs });
    else if (event['event'] === 'phase') phases.push({ name: textOf(phase), from: at });
    else if (event['event'] === 'fault-effect') effectNs.set(textOf(id), at);
  };

  forEachLine(path, (line) => {
    const name = eventIn(line);
    if (name !== null && !laneEvents.has(name) && !harnessEvents.has(name)) return;
    const event = objectIn(line);
    const at = event?.['time'];
    if (event === null || typeof at !== 'number') return;
    lastNs = Math.max(lastNs, at);
    if (event['node'] === 'harness') fromHarness(event, at);
    else lanes.add(event, at);
  });
  return {
    phases: phases
      .map(({ name, from }, i) => ({ name, from, to: phases[i + 1]?.from ?? lastNs }))
      .filter(({ name }) => name !== 'end'),
    nodes: lanes.lanes(lastNs),
    effectNs,
    lag,
    lastNs,
  };
}

const eventField = '"event":"';

/** The event's name without parsing the line, which most lines are not worth; null where that does not do. */
export function eventIn(line: string): string | null {
  const at = line.indexOf(eventField);
  // A line with two beginnings is one that a process left unfinished.
  if (at < 0 || line.lastIndexOf('{"time":') > 0) return null;
  const end = line.indexOf('"', at + eventField.length);
  return end < 0 ? null : line.slice(at + eventField.length, end);
}
