import { isJsonObject, type Json, type JsonObject } from '../core/json.ts';
import type { TraceEvent } from '../core/trace.ts';
import { rounded } from './statistics.ts';

/** Frames and bytes, acknowledgements and heartbeats among them. */
export interface Traffic {
  readonly messages: number;
  readonly bytes: number;
}

/** What went over the links while there was load, and what of it falls to one operation. */
export interface Cost {
  /** Ok operations in the same time. */
  readonly operations: number;
  readonly betweenNodes: Traffic;
  readonly withClients: Traffic;
  /** By direction: `n1>n2`, `clients>n1`, `client@n1>n1`. */
  readonly links: Readonly<Record<string, Traffic>>;
  /** Over all links; null where no operation succeeded. */
  readonly messagesPerOperation: number | null;
  readonly bytesPerOperation: number | null;
}

/** From the counts of the link proxies at the begin of warm-up and at the end of load; null for a record without both. */
export function costOf(trace: readonly TraceEvent[], operations: number): Cost | null {
  const counts = trace.filter(({ event }) => event === 'traffic');
  const at = (...phases: readonly string[]): JsonObject | undefined => {
    const links = counts.find(({ phase }) => phases.some((name) => name === phase))?.['links'];
    return isJsonObject(links) ? links : undefined;
  };
  const before = at('warm-up');
  const after = at('final-reads', 'stop');
  if (before === undefined || after === undefined) return null;
  const links = Object.fromEntries(
    Object.keys(after)
      .sort()
      .map((name) => [name, grown(before[name], after[name])] as const),
  );
  const isOfClients = (name: string): boolean => name.includes('client');
  const names = Object.keys(links);
  const sum = (some: readonly string[]): Traffic => ({
    messages: some.reduce((total, name) => total + (links[name]?.messages ?? 0), 0),
    bytes: some.reduce((total, name) => total + (links[name]?.bytes ?? 0), 0),
  });
  const all = sum(names);
  return {
    operations,
    betweenNodes: sum(names.filter((name) => !isOfClients(name))),
    withClients: sum(names.filter(isOfClients)),
    links,
    messagesPerOperation: operations === 0 ? null : rounded(all.messages / operations),
    bytesPerOperation: operations === 0 ? null : rounded(all.bytes / operations),
  };
}

function grown(before: Json | undefined, after: Json | undefined): Traffic {
  const count = (value: Json | undefined, name: string): number => {
    const found = isJsonObject(value) ? value[name] : 0;
    return typeof found === 'number' ? found : 0;
  };
  return {
    messages: count(after, 'frames') - count(before, 'frames'),
    bytes: count(after, 'bytes') - count(before, 'bytes'),
  };
}
