import { setTimeout as sleep } from 'node:timers/promises';
import { defined } from '../core/assert.ts';
import type { PlannedFault } from '../core/fault.ts';
import type { Impl } from '../core/impl.ts';
import type { ActiveFault, Nemesis } from '../core/nemesis.ts';
import { makeRandom, type Random } from '../core/random.ts';
import { millis } from '../core/units.ts';
import { monotonicMs } from '../harness/clock.ts';
import { LagMeter } from '../harness/lag.ts';
import { parseNemesisSpec, type NemesisChoice } from '../harness/nemesis-spec.ts';
import type { BenchCluster } from './bench-cluster.ts';
import type { Probe } from './failover-probe.ts';

/** What is done to whom: a nemesis with its variants, which names the role. */
export interface FaultKind {
  readonly choice: NemesisChoice;
  readonly impl: Impl;
}

/** How `--nemesis` would name each fault on a role. */
const specs: Readonly<Record<string, (role: string) => string>> = {
  kill: (role) => `kill:${role}`,
  'crash:host': (role) => `crash:host,${role}`,
  pause: (role) => `pause:${role}`,
  partition: (role) => `partition:isolate-${role},hold`,
  'partition:cut': (role) => `partition:isolate-${role},cut`,
};

/** A fault by its name here, on a role of an impl. */
export function faultKind(
  name: string,
  role: string,
  impl: Impl,
  nemeses: Readonly<Record<string, Nemesis>>,
): FaultKind {
  const specOf = defined(specs[name], `the fault ${name}, which is one of ${Object.keys(specs).join(', ')}`);
  const [choice] = parseNemesisSpec(specOf(role), nemeses, impl.roles);
  return { choice: defined(choice, specOf(role)), impl };
}

/**
 * One fault as clients felt it. `lost`: without any fault the group was not at full strength, or did not serve its clients. `late`: this process stood still meanwhile, so nothing can be said of the fault. `no effect`: nobody to do it to, or
 * nothing that counted its effect.
 */
export type Trial =
  | {
      readonly type: 'measured';
      /** From the fault's effect to the first ok of an operation invoked after it. */
      readonly outageMs: number;
      /** That did not come: `outageMs` is how long it was waited for. */
      readonly isBeyondLimit: boolean;
      /** The longest time without any ok, from the effect until the group was at full strength again. */
      readonly stallMs: number;
      /** The group was at full strength again within the limit. */
      readonly isRecovered: boolean;
    }
  | { readonly type: 'late' | 'no effect' | 'lost' };

/** A trial with a late event loop is thrown away: it measures us. */
const lagMsMax = 50;
/** Quiet time at full strength before each fault: everybody has heard everybody, and clients are served. By seed, so that beats are hit anywhere. */
const calmMs = { min: 100, max: 200 } as const;
/** A fault lasts so many times a failure detector's first time-out, and until clients are served again. */
const forTimeouts = { min: 1.5, max: 3 } as const;
const outageMsMax = 10_000;
const recoveryMsMax = 15_000;
/** Roles move while a view changes. */
const roleWaitMsMax = 300;
const pollMs = 5;

/** Plays faults one after another on one cluster. */
export class Trials implements Disposable {
  private readonly cluster: BenchCluster;
  private readonly probe: Probe;
  private readonly suspectMs: number;
  private readonly lag = new LagMeter();

  constructor(cluster: BenchCluster, probe: Probe, suspectMs: number) {
    this.cluster = cluster;
    this.probe = probe;
    this.suspectMs = suspectMs;
  }

  /** The nth trial of its kind. */
  async play(kind: FaultKind, n: number): Promise<Trial> {
    const { cluster, probe } = this;
    const random = makeRandom(n).fork(kind.choice.nemesis.name);
    if (!(await this.isReady(random))) return { type: 'lost' };
    const fault = this.planned(kind, random);
    const before = new Map(cluster.nodes.counters());
    this.lag.take();
    const inForce = await this.inject(kind.choice.nemesis, fault, random);
    if (inForce === null) return { type: 'no effect' };
    const effect = cluster.trace.now();
    let firstOk: number | null;
    let atHeal: Counters;
    try {
      firstOk = await this.lasts(fault.forMs, effect);
      atHeal = new Map(cluster.nodes.counters());
    } finally {
      inForce.heal();
    }
    const isRecovered = await cluster.settles(0, recoveryMsMax);
    const end = cluster.trace.now();
    probe.check();
    if (this.lag.take() > lagMsMax) return { type: 'late' };
    if (!isProven(inForce, before, [atHeal, cluster.nodes.counters()])) return { type: 'no effect' };
    return {
      type: 'measured',
      outageMs: firstOk === null ? outageMsMax : (firstOk - effect) / 1e6,
      isBeyondLimit: firstOk === null,
      stallMs: probe.longestStall(effect, end) / 1e6,
      isRecovered,
    };
  }

  [Symbol.dispose](): void {
    this.lag[Symbol.dispose]();
  }

  private async isReady(random: Random): Promise<boolean> {
    const { cluster, probe } = this;
    if (!(await cluster.settles(random.int(calmMs.min, calmMs.max), recoveryMsMax))) return false;
    probe.clear();
    const from = cluster.trace.now();
    const deadlineMs = monotonicMs() + recoveryMsMax;
    while (probe.firstOkAfter(from) === null) {
      if (monotonicMs() > deadlineMs) return false;
      cluster.check();
      probe.check();
      await sleep(pollMs);
    }
    probe.clear();
    return true;
  }

  private async inject(nemesis: Nemesis, fault: PlannedFault, random: Random): Promise<ActiveFault | null> {
    const deadlineMs = monotonicMs() + roleWaitMsMax;
    for (;;) {
      const inForce = nemesis.inject(fault, this.cluster.nodes, random);
      if (inForce !== null || monotonicMs() > deadlineMs) return inForce;
      await sleep(pollMs);
    }
  }

  /** Until the fault has lasted its time and clients have been served again, or the limit is reached. */
  private async lasts(forMs: number, effect: number): Promise<number | null> {
    const startMs = monotonicMs();
    for (;;) {
      const firstOk = this.probe.firstOkAfter(effect);
      if (monotonicMs() - startMs >= (firstOk === null ? outageMsMax : forMs)) return firstOk;
      this.cluster.check();
      await sleep(pollMs);
    }
  }

  /** As the plug-in plans it for one window. */
  private planned(
    { choice: { nemesis, variants }, impl: { roles } }: FaultKind,
    random: Random,
  ): PlannedFault {
    const { slots } = this.cluster.nodes;
    const forMs = millis(
      this.suspectMs * (forTimeouts.min + (forTimeouts.max - forTimeouts.min) * random.unit()),
    );
    const windows = [{ atMs: millis(0), forMs }];
    const [fault] = nemesis.schedule({ slots, roles, windows, random, variants });
    return {
      id: 'f1',
      nemesis: nemesis.name,
      class: nemesis.class,
      ...defined(fault, `a fault of ${nemesis.name} in a window`),
    };
  }
}

type Counters = ReadonlyMap<string, number>;

/** Whether any of the counters that prove the effect has grown. */
function isProven({ evidence }: ActiveFault, before: Counters, later: readonly Counters[]): boolean {
  return evidence.some((counter) =>
    later.some((counters) => (counters.get(counter) ?? 0) > (before.get(counter) ?? 0)),
  );
}
