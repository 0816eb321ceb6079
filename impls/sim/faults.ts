import { defined } from '../../core/assert.ts';
import type { PlannedFault } from '../../core/fault.ts';
import type { ActiveFault, Nemesis } from '../../core/nemesis.ts';
import type { Plan } from '../../core/plan.ts';
import { makeRandom } from '../../core/random.ts';
import type { SimCluster } from './cluster.ts';
import type { World } from './world.ts';

/** The planned faults of a run, injected by the same plug-ins as against real processes, and by the same rules. */
export interface Faults {
  /** The phase of faults begins now. */
  start(): void;
  /** Heals what is still in force. */
  healAll(): void;
}

/** A fault begins at most so much later than planned, if the group is not back at full strength by then. */
const strengthWaitMsMax = 500;
/** So long it is tried to find somebody who plays the role; roles move while a view changes. */
const roleWaitMsMax = 300;
const pollMs = 10;

type Counters = ReadonlyMap<string, number>;

/** Plays the faults of a plan. */
export function makeFaults(options: {
  readonly world: World;
  readonly cluster: SimCluster;
  readonly plan: Plan;
  readonly nemeses: Readonly<Record<string, Nemesis>>;
}): Faults {
  const { world, cluster, plan, nemeses } = options;
  const { scheduler, recorder } = world;
  const heals = new Map<string, () => void>();
  let isOver = false;

  /** `then` once the condition holds, or the limit is reached. */
  const waitFor = (condition: () => boolean, limitMs: number, then: () => void): void => {
    if (isOver) return;
    if (limitMs <= 0 || condition()) return then();
    scheduler.after(pollMs, () => waitFor(condition, limitMs - pollMs, then));
  };
  const begin = (fault: PlannedFault, ended = (): void => {}): void => {
    const { id, name, target } = fault;
    recorder.traced('harness', 'fault-begin', { id, fault: name, class: fault.class, target });
    const before = cluster.counters();
    const nemesis = defined(nemeses[fault.nemesis], `the nemesis ${fault.nemesis}`);
    const random = makeRandom(plan.seed).fork(`inject/${id}`);
    let active: ActiveFault | null = null;
    const isInjected = (): boolean => (active = nemesis.inject(fault, cluster, random)) !== null;
    waitFor(isInjected, roleWaitMsMax, () => {
      if (active !== null) return inForce(fault, active, before, ended);
      const reason = `nobody to do it to: ${target}`;
      recorder.traced('harness', 'fault-end', { id, evidence: [], effect: false, reason });
      ended();
    });
  };
  /** One after another, each as soon as nothing is in force and the group is at full strength. */
  const inTurn = ([first, ...rest]: readonly PlannedFault[]): void => {
    if (first === undefined) return;
    const isClear = (): boolean => heals.size === 0 && cluster.isFullStrength();
    waitFor(isClear, Infinity, () => begin(first, () => inTurn(rest)));
  };
  const inForce = (
    { id, forMs }: PlannedFault,
    active: ActiveFault,
    before: Counters,
    ended: () => void,
  ): void => {
    const { targets, impaired } = active;
    recorder.traced('harness', 'fault-effect', { id, targets, impaired });
    heals.set(id, () => {
      heal(id, active, before);
      ended();
    });
    scheduler.after(forMs, () => heals.get(id)?.());
  };
  const heal = (id: string, active: ActiveFault, before: Counters): void => {
    heals.delete(id);
    const atHeal = cluster.counters();
    recorder.traced('harness', 'fault-heal', { id });
    active.heal();
    const after = cluster.counters();
    const evidence = active.evidence.map((counter) => ({
      counter,
      before: before.get(counter) ?? 0,
      after: Math.max(atHeal.get(counter) ?? 0, after.get(counter) ?? 0),
    }));
    const effect = evidence.some((item) => item.after > item.before);
    recorder.traced('harness', 'fault-end', { id, evidence, effect });
  };

  return {
    start: () => {
      const [next, ...rest] = plan.faults.filter((fault) => fault.inTurn === true);
      if (next !== undefined) scheduler.after(next.atMs, () => inTurn([next, ...rest]));
      for (const fault of plan.faults.filter((other) => other.inTurn !== true)) {
        const isReady = (): boolean => heals.size > 0 || cluster.isFullStrength();
        scheduler.after(fault.atMs, () => waitFor(isReady, strengthWaitMsMax, () => begin(fault)));
      }
    },
    healAll: () => {
      isOver = true;
      for (const healOne of [...heals.values()]) healOne();
    },
  };
}
