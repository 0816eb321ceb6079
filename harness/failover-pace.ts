import type { Sighting } from './probe.ts';

/** How evenly a probe asked between a fault and the end of its outage. */
export interface Pace {
  /** Between two moments at which operations were due, milliseconds. */
  readonly gapsMs: readonly number[];
  readonly due: number;
  /** Of these, how many a client was free for. */
  readonly begun: number;
}

/** What a probe's lateness is measured by, milliseconds. */
export interface Tempo {
  /** The failure detector's first time-out. */
  readonly suspectMs: number;
  /** Between two moments at which the probe shall ask. */
  readonly askEveryMs: number;
}

/** A trial in which the probe asked later than this during the outage is thrown away: it measures us. */
const lateMsMax = ({ suspectMs }: Tempo): number => Math.min(20, suspectMs / 3);
/** Afterwards only stalls are measured, which are longer. */
const laterMsMax = 50;

/** What is wrong with the probe's pace during a trial; null: nothing. */
export function lateness(
  asks: Sighting['asks'],
  { from, served, to }: { readonly from: number; readonly served: number; readonly to: number },
  rules: Tempo,
): string | null {
  const lateMs = (since: number, until: number): number =>
    Math.max(0, ...gapsMs(asks, since, until)) - rules.askEveryMs;
  const outage = lateMs(from, served);
  const later = lateMs(served, to);
  if (outage <= lateMsMax(rules) && later <= laterMsMax) return null;
  return `the probe asked ${Math.round(Math.max(outage, later))} ms too late`;
}

/** The times between moments at which the probe asked, from the last before one time to the first after another. */
function gapsMs(asks: Sighting['asks'], from: number, to: number): number[] {
  return asks.flatMap(({ time }, i) => {
    const next = asks[i + 1]?.time;
    return next === undefined || next < from || time >= to ? [] : [(next - time) / 1e6];
  });
}

export function paceOf(asks: Sighting['asks'], from: number, to: number): Pace {
  const within = asks.filter(({ time }) => time >= from && time <= to);
  return {
    gapsMs: gapsMs(asks, from, to),
    due: within.reduce((sum, { due }) => sum + due, 0),
    begun: within.reduce((sum, { begun }) => sum + begun, 0),
  };
}
