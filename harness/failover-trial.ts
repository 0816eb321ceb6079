import { defined } from '../core/assert.ts';
import type { PlannedFault } from '../core/fault.ts';
import type { HistoryEvent } from '../core/history.ts';
import type { Slot } from '../core/ids.ts';
import type { ActiveFault } from '../core/nemesis.ts';
import { makeRandom, type Random } from '../core/random.ts';
import type { TraceEvent } from '../core/trace.ts';
import { millis } from '../core/units.ts';
import { monotonicMs } from './clock.ts';
import { lateness, paceOf, type Pace, type Tempo } from './failover-pace.ts';
import type { NemesisChoice } from './nemesis-spec.ts';
import type { Probe } from './probe.ts';
import type { ProbeCluster } from './probe-cluster.ts';
import { waitMs } from './wait.ts';

/** Trials of one fault are made from this. */
export interface TrialRules extends Tempo {
  readonly roles: readonly string[];
  /** A fault is kept up until clients are served again; not so where nothing can serve them but what the fault took away. */
  readonly outlastsOutage: boolean;
  readonly signal: AbortSignal;
}

/** What was seen of one fault. Times in nanoseconds of the cluster's trace. */
export interface TrialRecord {
  /** With its evidence, as `fault-begin` to `fault-end` in the trace have it. */
  readonly fault: PlannedFault;
  readonly targets: readonly Slot[];
  readonly effectNs: number;
  /** When healing was over: from here on a killed node may be replaced. */
  readonly healNs: number;
  /** When every node was in service again; null: not within the limit. */
  readonly wholeNs: number | null;
  /** When the first operation was answered that was invoked after that. */
  readonly endNs: number;
  /** An operation invoked after the effect succeeded within the limit, `outageMsMax`. */
  readonly isServed: boolean;
  /** From the quiet time before the fault to the end. */
  readonly history: readonly HistoryEvent[];
  readonly trace: readonly TraceEvent[];
  readonly pace: Pace;
}

/**
 * `lost`: without any fault the group was not at full strength, or did not serve its clients. `late`: the probe itself ran late meanwhile, so
 * nothing can be said of the fault. `no effect`: nobody to do it to, or nothing that counted its effect.
 */
export type Trial =
  | { readonly type: 'measured'; readonly record: TrialRecord }
  | { readonly type: 'late' | 'no effect' | 'lost'; readonly why: string };

/** An outage is waited for so long. */
export const outageMsMax = 10_000;
/** Quiet time at full strength before each fault: everybody has heard everybody, and clients are served. By seed, so that beats are hit anywhere. */
const calmMs = { min: 100, max: 200 } as const;
/** A fault lasts so many times a failure detector's first time-out, by seed, and until clients are served again. */
export const forTimeouts = { min: 1.5, max: 3 } as const;
const recoveryMsMax = 15_000;
/** Roles move while a view changes. */
const roleWaitMsMax = 300;
const pollMs = 2;

/** What a trial is played on. */
interface Stage {
  readonly cluster: ProbeCluster;
  readonly probe: Probe;
  readonly choice: NemesisChoice;
  readonly rules: TrialRules;
  readonly random: Random;
}

/** Injects one fault, keeps what is seen of it until the group is whole again. Throws on trouble of the harness, and when the signal is aborted. */
export async function playTrial(input: {
  readonly cluster: ProbeCluster;
  readonly probe: Probe;
  readonly choice: NemesisChoice;
  /** Decides the quiet time, the fault's length and its victim. */
  readonly seed: number;
  readonly rules: TrialRules;
}): Promise<Trial> {
  const { cluster, probe, choice, rules } = input;
  const stage = { ...input, random: makeRandom(input.seed).fork(choice.nemesis.name) };
  const unready = await becomesReady(stage);
  if (unready !== null) return { type: 'lost', why: unready };
  const fault = planned(stage);
  const { id, name, target } = fault;
  const before = new Map(cluster.nodes.counters());
  cluster.trace.write('harness', 'fault-begin', { id, fault: name, class: fault.class, target });
  const inForce = await injected(stage, fault);
  if (inForce === null) return { type: 'no effect', why: `nobody to do it to: ${target}` };
  const { effectNs, healNs, atHeal } = await strikes(stage, fault, inForce);
  const { wholeNs, endNs } = await comesBack(stage);
  const evidence = evidenceOf(inForce, [before, atHeal, cluster.nodes.counters()]);
  const effect = evidence.some(({ before: was, after }) => after > was);
  cluster.trace.write('harness', 'fault-end', { id, evidence, effect });
  cluster.check();
  const { history, asks } = probe.sighting;
  const servedNs = probe.firstOkAfter(effectNs);
  const outageEndNs = servedNs ?? endNs;
  const late = lateness(asks, { from: effectNs, served: outageEndNs, to: endNs }, rules);
  if (late !== null) return { type: 'late', why: late };
  if (!effect) return { type: 'no effect', why: 'no counter shows an effect' };
  const isServed = servedNs !== null && servedNs - effectNs <= outageMsMax * 1e6;
  const pace = paceOf(asks, effectNs, outageEndNs);
  const { targets } = inForce;
  const trace = cluster.takeTrace();
  return {
    type: 'measured',
    record: { fault, targets, effectNs, healNs, wholeNs, endNs, isServed, history, trace, pace },
  };
}

/** What keeps the group from being tried; null: nothing. */
async function becomesReady({ cluster, probe, random, rules }: Stage): Promise<string | null> {
  if (!(await cluster.settles(random.int(calmMs.min, calmMs.max), recoveryMsMax))) {
    return `the group was not at full strength for ${recoveryMsMax / 1000} s without any fault`;
  }
  cluster.takeTrace();
  probe.clear();
  const from = cluster.trace.now();
  const deadlineMs = monotonicMs() + recoveryMsMax;
  while (probe.firstOkAfter(from) === null) {
    if (monotonicMs() > deadlineMs)
      return `no operation succeeded for ${recoveryMsMax / 1000} s without any fault`;
    cluster.check();
    probe.check();
    await waitMs(pollMs, rules.signal);
  }
  return null;
}

/** As the plug-in plans it for one window. */
function planned({ choice: { nemesis, variants }, cluster, rules, random }: Stage): PlannedFault {
  const { roles, suspectMs } = rules;
  const { slots } = cluster.nodes;
  const forMs = millis(suspectMs * (forTimeouts.min + (forTimeouts.max - forTimeouts.min) * random.unit()));
  const windows = [{ atMs: millis(0), forMs }];
  const [fault] = nemesis.schedule({ slots, roles, windows, random, variants });
  return {
    id: 'f1',
    nemesis: nemesis.name,
    class: nemesis.class,
    ...defined(fault, `a fault of ${nemesis.name} in a window`),
  };
}

async function injected(
  { choice: { nemesis }, cluster, random, rules }: Stage,
  fault: PlannedFault,
): Promise<ActiveFault | null> {
  const deadlineMs = monotonicMs() + roleWaitMsMax;
  for (;;) {
    const inForce = nemesis.inject(fault, cluster.nodes, random);
    if (inForce !== null || monotonicMs() > deadlineMs) return inForce;
    await waitMs(pollMs, rules.signal);
    cluster.check();
  }
}

interface Struck {
  readonly effectNs: number;
  readonly healNs: number;
  /** The cluster's counters while the fault was in force. */
  readonly atHeal: Counters;
}

/** A fault in force, until it is healed. */
async function strikes(stage: Stage, { id, forMs }: PlannedFault, inForce: ActiveFault): Promise<Struck> {
  const { trace, nodes } = stage.cluster;
  const effectNs = trace.now();
  let atHeal: Counters;
  try {
    trace.write('harness', 'fault-effect', { id, targets: inForce.targets, impaired: inForce.impaired });
    await lasts(stage, forMs, effectNs);
    atHeal = new Map(nodes.counters());
    trace.write('harness', 'fault-heal', { id });
  } finally {
    inForce.heal();
  }
  return { effectNs, healNs: trace.now(), atHeal };
}

/** Until the fault has lasted its time and clients have been served again, or the limit is reached. */
async function lasts({ cluster, probe, rules }: Stage, forMs: number, effectNs: number): Promise<void> {
  const startMs = monotonicMs();
  for (;;) {
    const isWaitedFor = rules.outlastsOutage && probe.firstOkAfter(effectNs) === null;
    if (monotonicMs() - startMs >= (isWaitedFor ? outageMsMax : forMs)) return;
    cluster.check();
    probe.check();
    await waitMs(pollMs, rules.signal);
  }
}

/** Until everybody is back, and an operation invoked after that was answered. */
async function comesBack({ cluster, probe, rules }: Stage): Promise<Pick<TrialRecord, 'wholeNs' | 'endNs'>> {
  const isWhole = await cluster.settles(0, recoveryMsMax);
  const now = cluster.trace.now();
  const wholeNs = isWhole ? now : null;
  const deadlineMs = monotonicMs() + recoveryMsMax;
  for (;;) {
    const ok = probe.firstOkAfter(now);
    if (ok !== null || monotonicMs() > deadlineMs) return { wholeNs, endNs: ok ?? cluster.trace.now() };
    cluster.check();
    probe.check();
    await waitMs(pollMs, rules.signal);
  }
}

type Counters = ReadonlyMap<string, number>;

/** `stopped:` says how things are, all other counters only grow: the highest value seen since the injection is the proof. */
const evidenceOf = (
  fault: ActiveFault,
  [before, atHeal, after]: readonly [Counters, Counters, Counters],
): { counter: string; before: number; after: number }[] =>
  fault.evidence.map((counter) => ({
    counter,
    before: before.get(counter) ?? 0,
    after: Math.max(atHeal.get(counter) ?? 0, after.get(counter) ?? 0),
  }));
