import type { ActiveFault, ClusterControl, Nemesis } from '../../core/nemesis.ts';
import type { PlannedFault } from '../../core/fault.ts';
import type { World } from './world.ts';

/** The planned faults of a run, injected by the same plug-ins as against real processes. */
export interface Faults {
  /** The phase of faults begins now. */
  start(): void;
  /** Heals what is still in force. */
  healAll(): void;
}

/** Plays the faults of a plan. A fault that has nobody to aim at is told of and left out. */
export function makeFaults(options: {
  readonly world: World;
  readonly cluster: ClusterControl;
  readonly faults: readonly PlannedFault[];
  readonly nemeses: Readonly<Record<string, Nemesis>>;
}): Faults {
  const { world, cluster, nemeses } = options;
  const { scheduler, recorder } = world;
  const random = world.random.fork('faults');
  const heals = new Map<string, () => void>();
  let isOver = false;

  const inject = (fault: PlannedFault): void => {
    if (isOver) return;
    const { id, name, target } = fault;
    recorder.traced('harness', 'fault-begin', { id, fault: name, class: fault.class, target });
    const nemesis = nemeses[fault.nemesis];
    if (nemesis === undefined) throw new RangeError(`no nemesis named ${fault.nemesis}`);
    const before = cluster.counters();
    const active = nemesis.inject(fault, cluster, random.fork(id));
    if (active === null) {
      recorder.traced('harness', 'fault-end', { id, evidence: [], effect: false });
      return;
    }
    const { targets, impaired } = active;
    recorder.traced('harness', 'fault-effect', { id, targets, impaired });
    const during = cluster.counters();
    heals.set(id, () => heal(id, active, before, during));
    scheduler.after(fault.forMs, () => heals.get(id)?.());
  };
  const heal = (
    id: string,
    active: ActiveFault,
    before: ReadonlyMap<string, number>,
    during: ReadonlyMap<string, number>,
  ): void => {
    heals.delete(id);
    recorder.traced('harness', 'fault-heal', { id });
    const atHeal = cluster.counters();
    active.heal();
    const evidence = active.evidence.map((counter) => {
      const seen = counter.startsWith('stopped:') ? during : atHeal;
      return { counter, before: before.get(counter) ?? 0, after: seen.get(counter) ?? 0 };
    });
    const effect = evidence.some((item) => item.after > item.before);
    recorder.traced('harness', 'fault-end', { id, evidence, effect });
  };

  return {
    start: () => {
      for (const fault of options.faults) scheduler.after(fault.atMs, () => inject(fault));
    },
    healAll: () => {
      isOver = true;
      for (const healOne of [...heals.values()]) healOne();
    },
  };
}
