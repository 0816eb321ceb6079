import type { Checker, RecordedRun } from '../core/checker.ts';
import type { Operation } from '../core/history.ts';
import type { JsonObject } from '../core/json.ts';
import type { TraceEvent } from '../core/trace.ts';
import type { PropertyResult } from '../core/verdict.ts';
import { judgeClaim } from './claim.ts';
import { eventsNamed, operationsIn } from './run-index.ts';
import { groupsHit, groupsOf, slotsHit, type Group } from './groups.ts';
import {
  lagMsMax,
  slotNameOf,
  syncTimes,
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
  const operations = operationsIn(history).filter(({ invocation }) => invocation.node === undefined);
  const clients = operations.map(clientOf);
  const groups = groupsOf(plan, trace);
  const facts: Facts = { run, operations, clients, groups, syncedAt: syncTimes(trace) };
  const outages = struck.map((fault) =>
    outageOf(fault, claim.faults.get(fault.id) === true, nextEffect(struck, fault), facts),
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

/** What outages are read from. */
interface Facts {
  readonly run: RecordedRun;
  /** Of clients that may ask any node; and the client of each. */
  readonly operations: readonly Operation[];
  readonly clients: readonly string[];
  readonly groups: readonly Group[];
  readonly syncedAt: ReadonlyMap<string, number>;
}

function outageOf(fault: TracedFault, isWithinClaim: boolean, nextFault: number, facts: Facts): Outage {
  const { operations, clients, syncedAt } = facts;
  const { trace, history, plan } = facts.run;
  const from = fault.effect ?? fault.begin;
  const halfBound = (plan.impl.claims.outageMsMax / 2) * 1e6;
  const end = firstOk(operations, from);
  const until = end ?? history.at(-1)?.time ?? from;
  // From the next fault on, that one is to blame.
  const blamed = Math.min(until, nextFault);
  const since = (time: number | null | undefined): number | null =>
    time === null || time === undefined ? null : (time - from) / 1e6;
  const groups = groupsHit(facts.groups, fault);
  const detect = firstDetection(trace, fault, groups, from);
  const changes = groups.flatMap((group) => nextView(group, from));
  const agree = earliest(changes);
  const ownChanges = changes.filter((change) => change === agree || change.time < nextFault);
  return {
    fault,
    isWithinClaim,
    outageMs: since(end),
    waitedMs: (blamed - from - idleNs(operations, from, blamed)) / 1e6,
    isAtWork: eventsNamed(trace, 'executed').some(({ time }) => time > from + halfBound && time < blamed),
    clientMsMax: since(slowestClient(operations, clients, from)),
    phases: {
      detectMs: since(detect),
      agreeMs: since(agree?.time),
      recoverMs: since(agree === undefined ? null : firstOk(operations, from, agree.time)),
      fullStrengthMs: since(fullStrength(ownChanges, syncedAt)),
    },
    lagMs: worstLagMs(trace, from, until),
  };
}

/** The first ok, from a time on, of the operations invoked after a time. */
function firstOk(operations: readonly Operation[], invokedAfter: number, from = 0): number | null {
  let first = Infinity;
  for (const { invocation, completion } of operations) {
    if (invocation.time <= invokedAfter || completion?.type !== 'ok' || completion.time < from) continue;
    first = Math.min(first, completion.time);
  }
  return first === Infinity ? null : first;
}

/** Of all clients that succeeded again, the time at which the last of them did. */
function slowestClient(
  operations: readonly Operation[],
  clients: readonly string[],
  invokedAfter: number,
): number | null {
  const firstOks = new Map<string, number>();
  for (const [i, { invocation, completion }] of operations.entries()) {
    if (invocation.time <= invokedAfter || completion?.type !== 'ok') continue;
    const client = clients[i] ?? '';
    const known = firstOks.get(client);
    if (known === undefined || completion.time < known) firstOks.set(client, completion.time);
  }
  return firstOks.size === 0 ? null : Math.max(...firstOks.values());
}

const clientOf = ({ invocation: { request, process } }: Operation): string =>
  request?.split('/')[0] ?? `process ${process}`;

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

/** When somebody first noticed: a suspicion of one that the fault hit, or the beginning of a view change in a group that it hit. */
function firstDetection(
  trace: readonly TraceEvent[],
  fault: TracedFault,
  groups: readonly Group[],
  from: number,
): number | undefined {
  const hit = slotsHit(fault);
  const isDetection = ({ event, node, peer }: TraceEvent): boolean =>
    event === 'change'
      ? groups.some(({ slots }) => slots.has(slotNameOf(node)))
      : hit.has(slotNameOf(textOf(peer)));
  const signs = eventsNamed(trace, 'change', 'suspect');
  return earliest(signs.filter((event) => event.time >= from && isDetection(event)))?.time;
}

const earliest = <Event extends { readonly time: number }>(events: readonly Event[]): Event | undefined =>
  events.reduce<Event | undefined>(
    (first, event) => (first === undefined || event.time < first.time ? event : first),
    undefined,
  );

/** A group went on in another view. */
interface ViewChange {
  readonly group: Group;
  readonly to: InstalledView;
  readonly time: number;
}

/** To the first view of a group that is newer than any it knew when the fault struck; none if it stayed. */
function nextView(group: Group, from: number): readonly ViewChange[] {
  const known = group.views.reduce((id, view) => (view.time < from ? Math.max(id, view.id) : id), 0);
  const to = earliest(group.views.filter(({ id, time }) => id > known && time >= from));
  return to === undefined ? [] : [{ group, to, time: to.time }];
}

/** From when on every group that changed its view is at full strength again. */
function fullStrength(changes: readonly ViewChange[], syncedAt: ReadonlyMap<string, number>): number | null {
  const times = changes.map((change) => fullStrengthOf(change, syncedAt));
  const latest = Math.max(...times);
  return Number.isFinite(latest) ? latest : null;
}

/**
 * From when on a view holds every slot of the group, all but witnesses with the whole state, and nobody has begun to leave it. Infinity: the
 * trace does not come to it.
 */
function fullStrengthOf(
  { group: { slots, views, changes }, to }: ViewChange,
  syncedAt: ReadonlyMap<string, number>,
): number {
  const complete = views.filter(
    ({ id, members }) => id >= to.id && new Set(members.map(slotNameOf)).size === slots.size,
  );
  const times = complete.map(({ id, time, fresh, witnesses }) => {
    const joiners = fresh.filter((member) => !witnesses.includes(member));
    const whole = Math.max(time, ...joiners.map((member) => syncedAt.get(member) ?? Infinity));
    const isLeft = changes.some((change) => change.view === id && change.time <= whole);
    return isLeft ? Infinity : whole;
  });
  return Math.min(...times);
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
