import { monotonicMs } from '../../harness/clock.ts';
import type { TrialLine } from '../../results/failover/trial.ts';
import { quantile } from '../../results/statistics.ts';
import { countText, msText, plural } from '../../results/units-text.ts';
import type { ProgressDisplay } from '../progress.ts';

/** Tells how a series gets on: at each trial on a live line, at each tenth part elsewhere. */
export interface FailoverProgress {
  launching(): void;
  told(line: TrialLine): void;
}

export function failoverProgress(input: {
  readonly display: ProgressDisplay;
  readonly isLive: boolean;
  readonly faults: readonly string[];
  readonly trials: number;
  /** One trial, as a first estimate. */
  readonly trialMs: number;
}): FailoverProgress {
  const { display, isLive, faults, trials, trialMs } = input;
  const startMs = monotonicMs();
  const wanted = trials * faults.length;
  const outages = new Map(faults.map((fault): [string, number[]] => [fault, []]));
  let measured = 0;
  let discarded = 0;
  let launches = 0;
  const step = isLive ? 1 : Math.max(1, Math.ceil(wanted / 10));
  return {
    launching: () => {
      launches += 1;
      const scope = `${plural(trials, 'trial')} of ${faults.join(', ')}`;
      display.note(
        launches === 1
          ? `${scope}${faults.length > 1 ? ' each' : ''}: ${timeText(wanted * trialMs)}`
          : `starting another cluster, the group was lost (${countText(measured)} of ${countText(wanted)})`,
      );
    },
    told: (line) => {
      if (line.result !== 'measured') {
        discarded += 1;
        if (isLive) display.note(`${line.fault}: ${line.result}: ${line.why}`);
        return;
      }
      measured += 1;
      outages.set(line.fault, [...(outages.get(line.fault) ?? []), line.outageMs ?? Infinity]);
      if (measured % step !== 0 && measured !== wanted) return;
      const leftMs = ((monotonicMs() - startMs) / measured) * (wanted - measured);
      const medians = [...outages].map(([fault, ms]) => `${fault} ${medianText(ms)}`);
      const thrown = discarded === 0 ? '' : `, ${countText(discarded)} thrown away`;
      display.note(
        `${countText(measured)} of ${countText(wanted)} trials${thrown}, ${timeText(leftMs)} left; median outage: ${medians.join(', ')}`,
      );
    },
  };
}

const medianText = (outagesMs: readonly number[]): string => {
  const median = quantile(
    [...outagesMs].sort((a, b) => a - b),
    0.5,
  );
  if (median === null) return '-';
  return median === Infinity ? 'beyond the limit' : msText(median);
};

/** `about 40 s`, `about 6 min` */
export const timeText = (ms: number): string =>
  ms < 90_000 ? `about ${Math.max(0, Math.round(ms / 1000))} s` : `about ${Math.round(ms / 60_000)} min`;
