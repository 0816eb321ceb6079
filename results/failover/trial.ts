import { operationsOf, type HistoryEvent, type Operation } from '../../core/history.ts';
import { rounded } from '../statistics.ts';

/** One line of trials.jsonl. All times are milliseconds since the fault's effect. */
export type TrialLine = MeasuredTrial | DiscardedTrial;

export interface MeasuredTrial {
  readonly result: 'measured';
  readonly fault: string;
  /** The how manieth try of this fault, counted from 1. */
  readonly n: number;
  /** The slots that were hit. */
  readonly target: string;
  /** Somebody suspected, or began to change the view; null: nobody did. */
  readonly detectMs: number | null;
  /** The next view was installed; null: none was. */
  readonly agreeMs: number | null;
  /** An operation succeeded in it. */
  readonly recoverMs: number | null;
  /** The first ok of an operation invoked after the effect; null: none within the limit. */
  readonly outageMs: number | null;
  /** The fault ended: a killed node could be replaced. */
  readonly healMs: number;
  /** Every node had its role and the state again; null: not within the limit. */
  readonly fullRecoveryMs: number | null;
  /** The longest time without any ok, until everybody was back. */
  readonly stallMs: number;
  /** The longest time without any ok from the end of the fault until everybody was back. */
  readonly rejoinStallMs: number;
  /** For each client, its own outage less the time in which it asked for nothing; null: it was never answered. */
  readonly clientsMs: readonly (number | null)[];
  /** Between two moments at which the probe asked during the outage. */
  readonly probeGapMsP50: number;
  readonly probeGapMsMax: number;
  /** Operations due during the outage, and how many of them a client was free for. */
  readonly due: number;
  readonly begun: number;
}

/** A trial of which nothing can be said. */
export interface DiscardedTrial {
  readonly result: 'late' | 'no effect' | 'lost';
  readonly fault: string;
  readonly n: number;
  readonly why: string;
}

/** When what happened, nanoseconds. */
export interface TrialTimes {
  readonly effectNs: number;
  readonly healNs: number;
  /** An operation invoked after everybody was back was answered. */
  readonly endNs: number;
}

/** What clients felt of a fault, read from what they were answered. */
export function clientFigures(
  history: readonly HistoryEvent[],
  clients: number,
  { effectNs, healNs, endNs }: TrialTimes,
): Pick<MeasuredTrial, 'stallMs' | 'rejoinStallMs' | 'clientsMs'> {
  const operations = operationsOf(history);
  const okTimes = operations
    .flatMap(({ completion }) => (completion?.type === 'ok' ? [completion.time] : []))
    .sort((a, b) => a - b);
  const byClient = new Map<string, Operation[]>();
  for (const operation of operations) {
    const client = operation.invocation.request?.split('/')[0] ?? '';
    byClient.set(client, [...(byClient.get(client) ?? []), operation]);
  }
  return {
    stallMs: rounded(longestGap(okTimes, effectNs, endNs) / 1e6),
    rejoinStallMs: rounded(longestGap(okTimes, healNs, endNs) / 1e6),
    // Workers are named c1, c2, ... in the order of their making; one none of whose operations has ended is not in the history.
    clientsMs: Array.from({ length: clients }, (_, i) =>
      clientOutageMs(byClient.get(`c${i + 1}`) ?? [], effectNs),
    ),
  };
}

/** To the client's first ok of an operation invoked after the effect, less the time in which it had nothing under way. */
function clientOutageMs(operations: readonly Operation[], effectNs: number): number | null {
  let idle = 0;
  let busyUntil = effectNs;
  for (const { invocation, completion } of operations) {
    if (completion === undefined || completion.time <= effectNs) continue;
    idle += Math.max(0, invocation.time - busyUntil);
    busyUntil = completion.time;
    if (invocation.time > effectNs && completion.type === 'ok') {
      return rounded((completion.time - effectNs - idle) / 1e6);
    }
  }
  return null;
}

/** The longest stretch without any of these ascending times, from one time to another. */
function longestGap(times: readonly number[], from: number, to: number): number {
  let longest = 0;
  let last = from;
  for (const time of times) {
    if (time <= from || time > to) continue;
    longest = Math.max(longest, time - last);
    last = time;
  }
  return Math.max(longest, to - last);
}
