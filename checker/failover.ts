import type { Checker, RecordedRun } from '../core/checker.ts';
import { operationsOf, type Operation } from '../core/history.ts';
import type { JsonObject } from '../core/json.ts';
import type { TraceEvent } from '../core/trace.ts';
import type { PropertyResult } from '../core/verdict.ts';
import { judgeClaim } from './claim.ts';
import {
  installedViews,
  lagMsMax,
  numberOf,
  slotNameOf,
  textOf,
  tracedFaults,
  worstLagMs,
  type InstalledView,
  type TracedFault,
} from './trace-facts.ts';
import { counted, milliseconds } from './words.ts';

/** How long clients went without service after each fault, and where that time went. All phases are counted from the fault's effect. */
export const failover = {
  name: 'failover',
  description: 'the outage after each fault, by phases, against the bound that the impl declares',
  check: (run) => judgeFailover(run),
} satisfies Checker;

/** One fault as clients felt it. Null: not seen. */
interface Outage {
  readonly fault: TracedFault;
  readonly isWithinClaim: boolean;
  /** To the first ok of an operation invoked after the effect. */
  readonly outageMs: number | null;
  /** The same, less the time in which no client was asking for anything. */
  readonly waitedMs: number;
  /** The service went on executing late into the outage: what it did was answered too late or not at all. */
  readonly isAtWork: boolean;
  readonly clientMsMax: number | null;
  readonly phases: {
    readonly detectMs: number | null;
    readonly agreeMs: number | null;
    readonly recoverMs: number | null;
    readonly fullStrengthMs: number | null;
  };
  readonly lagMs: number;
}

export function judgeFailover(run: RecordedRun): PropertyResult {
  const { plan, trace, history } = run;
  const struck = tracedFaults(trace).filter(({ effect }) => effect !== null);
  if (struck.length === 0)
    return { verdict: 'not-applicable', reason: 'no fault took effect, so there was no failover' };
  const claim = judgeClaim(run);
  const operations = operationsOf(history).filter(({ invocation }) => invocation.node === undefined);
  const outages = struck.map((fault) =>
    outageOf(fault, claim.faults.get(fault.id) === true, operations, run, nextEffect(struck, fault)),
  );
  const boundMs = plan.impl.claims.outageMsMax;
  const judged = outages.filter(({ isWithinClaim }) => isWithinClaim);
  const details = { boundMs, outages: outages.map((outage) => detailsOf(outage)) };
  const late = judged.filter((outage) => isLate(outage, boundMs));
  const [worst] = [...late].sort((a, b) => b.waitedMs - a.waitedMs);
  if (worst !== undefined) return { ...lateResult(worst, boundMs), details };
  if (judged.length === 0) {
    return { verdict: 'not-owed', reason: 'no fault was within what the impl claims to tolerate', details };
  }
  const unseen = judged.find(({ outageMs }) => outageMs === null);
  if (unseen !== undefined) {
    const reason = `no operation invoked after ${unseen.fault.name} succeeded, but the record ends before ${milliseconds(boundMs)} of waiting`;
    return { verdict: 'unknown', reason, details };
  }
  const longest = Math.max(...judged.map(({ outageMs }) => outageMs ?? 0));
  const reason = `longest outage ${milliseconds(longest)} over ${counted(judged.length, 'fault')} within the claim, bound ${milliseconds(boundMs)}`;
  return { verdict: 'valid', reason, details };
}

const isLate = ({ waitedMs }: Outage, boundMs: number): boolean => waitedMs > boundMs;

function nextEffect(struck: readonly TracedFault[], { id, effect, begin }: TracedFault): number {
  const from = effect ?? begin;
  const later = struck.filter((other) => other.id !== id && (other.effect ?? other.begin) > from);
  return Math.min(Infinity, ...later.map((other) => other.effect ?? other.begin));
}

function lateResult({ fault, outageMs, waitedMs, isAtWork, lagMs }: Outage, boundMs: number): PropertyResult {
  const what = `${fault.name} on ${fault.targets.join(', ')}`;
  const outage =
    outageMs === null
      ? `no operation succeeded for at least ${milliseconds(waitedMs)} after ${what}`
      : `clients waited ${milliseconds(waitedMs)} after ${what}`;
  const reason = `${outage}; the impl claims at most ${milliseconds(boundMs)}`;
  if (isAtWork) {
    const slow = ', but it was at work all the time, on more than it could do in time';
    return { verdict: 'unknown', reason: reason + slow };
  }
  if (lagMs <= lagMsMax) return { verdict: 'invalid', reason };
  const starved = `, but event loops stood still for up to ${milliseconds(lagMs)} at that time, so nothing can be said of it`;
  return { verdict: 'unknown', reason: reason + starved };
}

function outageOf(
  fault: TracedFault,
  isWithinClaim: boolean,
  operations: readonly Operation[],
  { trace, history, plan }: RecordedRun,
  nextFault: number,
): Outage {
  const from = fault.effect ?? fault.begin;
  const halfBound = (plan.impl.claims.outageMsMax / 2) * 1e6;
  const later = operations.filter(({ invocation }) => invocation.time > from);
  const end = firstOk(later);
  const until = end ?? history.at(-1)?.time ?? from;
  // From the next fault on, that one is to blame.
  const blamed = Math.min(until, nextFault);
  const since = (time: number | null | undefined): number | null =>
    time === null || time === undefined ? null : (time - from) / 1e6;
  const detect = firstDetection(trace, fault, from);
  const views = installedViews(trace);
  const agree = nextView(views, from);
  return {
    fault,
    isWithinClaim,
    outageMs: since(end),
    waitedMs: (blamed - from - idleNs(operations, from, blamed)) / 1e6,
    isAtWork: trace.some(
      ({ event, time }) => event === 'executed' && time > from + halfBound && time < blamed,
    ),
    clientMsMax: since(slowestClient(later)),
    phases: {
      detectMs: since(detect),
      agreeMs: since(agree?.time),
      recoverMs: since(agree === undefined ? null : firstOk(later, agree.time)),
      fullStrengthMs: since(agree === undefined ? null : fullStrength(trace, views, agree, plan.nodes)),
    },
    lagMs: worstLagMs(trace, from, until),
  };
}

/** The first ok of these operations, from a time on. */
function firstOk(operations: readonly Operation[], from = 0): number | null {
  return operations.reduce<number | null>((first, { completion }) => {
    if (completion?.type !== 'ok' || completion.time < from) return first;
    return first === null ? completion.time : Math.min(first, completion.time);
  }, null);
}

/** Of all clients that succeeded again, the time at which the last of them did. */
function slowestClient(operations: readonly Operation[]): number | null {
  const clients = new Map<string, Operation[]>();
  for (const operation of operations) {
    const { request, process } = operation.invocation;
    const client = request?.split('/')[0] ?? `process ${process}`;
    const own = clients.get(client);
    if (own === undefined) clients.set(client, [operation]);
    else own.push(operation);
  }
  const times = [...clients.values()].map((own) => firstOk(own)).filter((time) => time !== null);
  return times.length === 0 ? null : Math.max(...times);
}

/** How much of a stretch passed without any operation under way. Operations in order of invocation. */
function idleNs(operations: readonly Operation[], from: number, to: number): number {
  let idle = 0;
  let busyUntil = from;
  for (const { invocation, completion } of operations) {
    const begin = Math.max(from, invocation.time);
    const end = Math.min(to, completion?.time ?? to);
    if (end <= from || begin >= to) continue;
    idle += Math.max(0, begin - busyUntil);
    busyUntil = Math.max(busyUntil, end);
  }
  return idle + Math.max(0, to - busyUntil);
}

/** When somebody first noticed: a suspicion of one that the fault hit, or the beginning of a view change. */
function firstDetection(trace: readonly TraceEvent[], fault: TracedFault, from: number): number | undefined {
  const hit = new Set([...fault.impaired, ...fault.targets.map(slotNameOf)]);
  const isDetection = (event: TraceEvent): boolean =>
    event.event === 'change' || (event.event === 'suspect' && hit.has(slotNameOf(textOf(event['peer']))));
  return earliest(trace.filter((event) => event.time >= from && isDetection(event)))?.time;
}

const earliest = <Event extends { readonly time: number }>(events: readonly Event[]): Event | undefined =>
  events.reduce<Event | undefined>(
    (first, event) => (first === undefined || event.time < first.time ? event : first),
    undefined,
  );

/** The first view that is newer than any known when the fault struck. */
function nextView(views: readonly InstalledView[], from: number): InstalledView | undefined {
  const known = views.reduce((id, view) => (view.time < from ? Math.max(id, view.id) : id), 0);
  return earliest(views.filter(({ id, time }) => id > known && time >= from));
}

/** From when on a view holds every slot of the cluster, each with the whole state. */
function fullStrength(
  trace: readonly TraceEvent[],
  views: readonly InstalledView[],
  from: InstalledView,
  nodes: number,
): number | null {
  const syncs = trace.filter(({ event }) => event === 'synced');
  const full = views.filter(
    ({ id, members }) => id >= from.id && new Set(members.map(slotNameOf)).size === nodes,
  );
  const times = full.flatMap((view) => {
    const synced = view.fresh.map((member) =>
      syncs.find((event) => event.node === member && numberOf(event['view']) >= view.id),
    );
    if (synced.some((event) => event === undefined)) return [];
    return [synced.reduce((latest, event) => Math.max(latest, event?.time ?? 0), view.time)];
  });
  return times.length === 0 ? null : Math.min(...times);
}

const rounded = (ms: number | null): number | null => (ms === null ? null : Math.round(ms * 1000) / 1000);

function detailsOf(outage: Outage): JsonObject {
  const { fault, isWithinClaim, phases } = outage;
  return {
    id: fault.id,
    fault: fault.name,
    class: fault.class,
    target: fault.targets.join(','),
    outageMs: rounded(outage.outageMs),
    waitedMs: rounded(outage.waitedMs),
    clientMsMax: rounded(outage.clientMsMax),
    phases: {
      detectMs: rounded(phases.detectMs),
      agreeMs: rounded(phases.agreeMs),
      recoverMs: rounded(phases.recoverMs),
      fullStrengthMs: rounded(phases.fullStrengthMs),
    },
    judged: isWithinClaim,
  };
}
