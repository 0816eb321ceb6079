import { defined } from '../core/assert.ts';
import type { PlannedFault } from '../core/fault.ts';
import type { JsonObject } from '../core/json.ts';
import type { ActiveFault, ClusterControl, Nemesis } from '../core/nemesis.ts';
import type { Plan } from '../core/plan.ts';
import { makeRandom } from '../core/random.ts';
import { monotonicMs } from './clock.ts';
import type { TraceWriter } from './trace-writer.ts';
import { waitMs } from './wait.ts';

/** A fault begins at most so much later than planned, if the group is not back at full strength by then. */
const strengthWaitMsMax = 500;
/** So long it is tried to find somebody who plays the role; roles move while a view changes. */
const roleWaitMsMax = 300;
const pollMs = 10;

/** What the faults of a plan need. */
export interface NemesisContext {
  readonly plan: Plan;
  readonly nemeses: Readonly<Record<string, Nemesis>>;
  readonly cluster: ClusterControl;
  readonly trace: TraceWriter;
  /** Every slot that can be filled is, and has the state. */
  readonly isFullStrength: () => boolean;
  readonly signal: AbortSignal;
  /** Hears of trouble of the harness in a fault; whoever hears it aborts the signal. */
  readonly onFailure: (error: unknown) => void;
}

/** The faults of a plan, one task each. When `run` has ended, all of them are healed. */
export class NemesisRunner {
  private readonly context: NemesisContext;
  private readonly active = new Map<string, PlannedFault>();
  private readonly startMs = monotonicMs();

  constructor(context: NemesisContext) {
    this.context = context;
  }

  /** Names of the faults in force now. */
  get inForce(): readonly string[] {
    return [...this.active.values()].map(({ name }) => name);
  }

  /** Resolves when every fault has been in force for its time and was healed; aborting the signal heals early. */
  async run(): Promise<void> {
    const { plan, onFailure } = this.context;
    const atTheirTime = plan.faults.filter(({ inTurn }) => inTurn !== true);
    const inTurn = plan.faults.filter((fault) => fault.inTurn === true);
    const tasks = [...atTheirTime.map((fault) => this.runFault(fault)), this.runInTurn(inTurn)];
    await Promise.all(tasks.map((task) => task.catch(onFailure)));
  }

  private async runInTurn(faults: readonly PlannedFault[]): Promise<void> {
    for (const fault of faults) await this.runFault(fault);
  }

  private async runFault(fault: PlannedFault): Promise<void> {
    const { plan, trace, signal, cluster } = this.context;
    await waitMs(fault.atMs - this.elapsedMs(), signal);
    const isInTurn = fault.inTurn === true;
    const isClear = (): boolean => this.active.size === 0 && this.context.isFullStrength();
    if (isInTurn) await this.until(isClear, plan.phases.faultsMs - this.elapsedMs());
    else if (this.active.size === 0) await this.until(this.context.isFullStrength, strengthWaitMsMax);
    if (signal.aborted) return;
    trace.write('harness', 'fault-begin', {
      id: fault.id,
      fault: fault.name,
      class: fault.class,
      target: fault.target,
    });
    const before = new Map(cluster.counters());
    const isLeftOut = isInTurn && (this.elapsedMs() >= plan.phases.faultsMs || !isClear());
    const inForce = isLeftOut ? null : await this.inject(fault);
    if (inForce === null) {
      const reason = isLeftOut
        ? 'the group was not at full strength again in time'
        : `nobody to do it to: ${fault.target}`;
      trace.write('harness', 'fault-end', { id: fault.id, evidence: [], effect: false, reason });
      return;
    }
    this.active.set(fault.id, fault);
    let atHeal: Counters;
    try {
      trace.write('harness', 'fault-effect', {
        id: fault.id,
        targets: inForce.targets,
        impaired: inForce.impaired,
      });
      await waitMs(Math.min(fault.forMs, plan.phases.faultsMs - this.elapsedMs()), signal);
      atHeal = new Map(cluster.counters());
      trace.write('harness', 'fault-heal', { id: fault.id });
    } finally {
      inForce.heal();
      this.active.delete(fault.id);
    }
    trace.write('harness', 'fault-end', {
      id: fault.id,
      ...evidenceOf(inForce, [before, atHeal, cluster.counters()]),
    });
  }

  private async inject(fault: PlannedFault): Promise<ActiveFault | null> {
    const { nemeses, plan, cluster } = this.context;
    const nemesis = defined(nemeses[fault.nemesis], `the nemesis ${fault.nemesis}`);
    const random = makeRandom(plan.seed).fork(`inject/${fault.id}`);
    let result = nemesis.inject(fault, cluster, random);
    if (result !== null) return result;
    await this.until(() => {
      result = nemesis.inject(fault, cluster, random);
      return result !== null;
    }, roleWaitMsMax);
    return result;
  }

  private async until(condition: () => boolean, limitMs: number): Promise<void> {
    const deadline = monotonicMs() + limitMs;
    while (!condition() && monotonicMs() < deadline && !this.context.signal.aborted) {
      await waitMs(pollMs, this.context.signal);
    }
  }

  private elapsedMs(): number {
    return monotonicMs() - this.startMs;
  }
}

/** `stopped:` says how things are, all other counters only grow: the highest value seen since the injection is the proof. */
function evidenceOf(fault: ActiveFault, [before, atHeal, after]: [Counters, Counters, Counters]): JsonObject {
  const evidence = fault.evidence.map((counter) => {
    const highest = Math.max(atHeal.get(counter) ?? 0, after.get(counter) ?? 0);
    return { counter, before: before.get(counter) ?? 0, after: highest };
  });
  return { evidence, effect: evidence.some(isProof) };
}

const isProof = (item: {
  readonly counter: string;
  readonly before: number;
  readonly after: number;
}): boolean => item.after > item.before || (item.counter.startsWith('stopped:') && item.after === 1);

type Counters = ReadonlyMap<string, number>;
