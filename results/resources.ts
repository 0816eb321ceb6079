import { isJsonObject } from '../core/json.ts';
import type { TraceEvent } from '../core/trace.ts';
import { rounded } from './statistics.ts';

/** What the processes in one slot used while there was load. */
export interface NodeResources {
  /** Of all incarnations together. */
  readonly cpuMs: number;
  /** Resident memory, over all samples. */
  readonly rssMeanBytes: number;
  /** The most that any incarnation ever had, start included. */
  readonly rssMaxBytes: number;
  readonly samples: number;
}

export interface Resources {
  /** By slot. */
  readonly nodes: Readonly<Record<string, NodeResources>>;
}

interface Sample {
  readonly id: string;
  readonly cpuMs: number;
  readonly rssBytes: number;
  readonly rssMaxBytes: number;
}

/** From the samples between the begin of warm-up and the end of load; null for a record without any, as of systems without /proc. */
export function resourcesOf(trace: readonly TraceEvent[]): Resources | null {
  // The sample at the begin of a phase stands just before the line of the phase.
  const begin = trace.findIndex(({ event, phase }) => event === 'traffic' && phase === 'warm-up');
  const end = trace.findIndex(
    ({ event, phase }) => event === 'traffic' && (phase === 'final-reads' || phase === 'stop'),
  );
  if (begin < 0 || end < 0) return null;
  const fromNs = trace[begin]?.time ?? 0;
  const toNs = trace[end]?.time ?? 0;
  const lines = trace.filter(({ event }) => event === 'resources');
  // An incarnation of the launch has used something before; one that started under load has used all of it under load.
  const before = new Map(
    lines
      .filter(({ time }) => time <= fromNs)
      .flatMap(samplesOf)
      .map((one) => [one.id, one]),
  );
  const during = lines.filter(({ time }) => time > fromNs && time <= toNs).flatMap(samplesOf);
  const slots = [...new Set(during.map(({ id }) => slotOf(id)))].sort();
  if (slots.length === 0) return null;
  const nodes = slots.map((slot) => {
    const samples = during.filter(({ id }) => slotOf(id) === slot);
    return [slot, usedBy(samples, before)] as const;
  });
  return { nodes: Object.fromEntries(nodes) };
}

const slotOf = (id: string): string => id.split('.')[0] ?? id;

function usedBy(samples: readonly Sample[], before: ReadonlyMap<string, Sample>): NodeResources {
  const last = new Map(samples.map((one) => [one.id, one]));
  const cpuMs = [...last.values()].reduce(
    (sum, one) => sum + one.cpuMs - (before.get(one.id)?.cpuMs ?? 0),
    0,
  );
  return {
    cpuMs: rounded(cpuMs),
    rssMeanBytes: Math.round(samples.reduce((sum, { rssBytes }) => sum + rssBytes, 0) / samples.length),
    rssMaxBytes: Math.max(...samples.map(({ rssMaxBytes }) => rssMaxBytes)),
    samples: samples.length,
  };
}

function samplesOf({ processes }: TraceEvent): Sample[] {
  if (!isJsonObject(processes)) return [];
  return Object.entries(processes).flatMap(([id, used]) => {
    if (!isJsonObject(used)) return [];
    const { cpuMs, rssBytes, rssMaxBytes } = used;
    const isWhole =
      typeof cpuMs === 'number' && typeof rssBytes === 'number' && typeof rssMaxBytes === 'number';
    return isWhole ? [{ id, cpuMs, rssBytes, rssMaxBytes }] : [];
  });
}
