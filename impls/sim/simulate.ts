/** One run of a plan in virtual time: a whole group, its clients and its faults in this process, all decided by the seed. */
import type { HistoryEvent } from '../../core/history.ts';
import { type MemberId, slots as slotsOf } from '../../core/ids.ts';
import type { Chance, ClientConfig, ClientMode, Machine, ReplicaConfig, Timing } from '../../core/machine.ts';
import type { Nemesis } from '../../core/nemesis.ts';
import type { Plan } from '../../core/plan.ts';
import { makeRandom } from '../../core/random.ts';
import type { TraceEvent } from '../../core/trace.ts';
import type { Generator } from '../../core/workload.ts';
import { timingOf } from '../timing.ts';
import { makeChaos } from './chaos.ts';
import { type ChaosOptions, planChaos } from './chaos-plan.ts';
import { makeClients } from './clients.ts';
import { makeCluster, type SimCluster } from './cluster.ts';
import { makeDigest } from './digest.ts';
import { makeDirections } from './directions.ts';
import { makeFaults } from './faults.ts';
import { makeNetwork } from './network.ts';
import { makeRecorder } from './recorder.ts';
import { makeScheduler } from './scheduler.ts';
import { calm, type Weather } from './weather.ts';
import { defaultPace, type Pace, type World } from './world.ts';

export interface SimulationOptions {
  readonly plan: Plan;
  /** The layer that `makeMachine` is asked for; the name of the plan's impl unless given. */
  readonly layer?: string;
  readonly makeMachine: (config: ReplicaConfig, chance: Chance) => Machine;
  readonly makeClient: (config: ClientConfig) => Machine;
  readonly clientMode: ClientMode;
  readonly generator: Generator;
  /** By the names that the plan's faults use. */
  readonly nemeses?: Readonly<Record<string, Nemesis>>;
  readonly chaos?: ChaosOptions;
  readonly weather?: Weather;
  readonly pace?: Partial<Pace>;
  /** More actions than this, and the simulation counts as one that never ends. */
  readonly actionsMax?: number;
}

export interface SimulationResult {
  readonly history: readonly HistoryEvent[];
  readonly trace: readonly TraceEvent[];
  /** Over every trace event, sent frame and history event. */
  readonly traceHash: string;
  readonly virtualMs: number;
  readonly events: number;
  /** Assertions of a machine or a stub that did not hold, with process and time. */
  readonly violations: readonly string[];
  /** Replicas that were alive, and not stopped, at the end. */
  readonly running: readonly MemberId[];
  readonly finalReadsAnswered: boolean;
}

const actionsMaxDefault = 5_000_000;

/** Plays a plan once. The same options give the same result, to the last bit of `traceHash`. */
export function simulate(options: SimulationOptions): SimulationResult {
  const { plan } = options;
  const timing = timingOf(plan.timing);
  const pace = { ...defaultPace, ...options.pace };
  const slots = slotsOf(plan.nodes);
  const { world, cluster, digest } = makeWorld(options, timing, pace);
  const { scheduler, network, recorder } = world;
  const { nemeses = {}, generator, makeClient, clientMode: mode } = options;
  const { clients: count, pinned, opTimeoutMs } = plan;
  const clients = makeClients({
    world,
    slots,
    generator,
    makeClient,
    mode,
    clients: count,
    pinned,
    opTimeoutMs,
    pace,
  });
  const faults = makeFaults({ world, cluster, plan, nemeses });
  const chaos = makeChaos({ world, cluster, actions: chaosOf(options, timing) });

  const phase = (name: string): void => recorder.traced('harness', 'phase', { phase: name });
  let finalReadsAnswered = false;
  const end = (): void => {
    phase('stop');
    phase('end');
    scheduler.stop();
  };
  const script: readonly [afterMs: number, action: () => void][] = [
    [pace.staggerMs, () => [phase('warm-up'), clients.start()]],
    [plan.phases.warmUpMs, () => [phase('faults'), faults.start(), chaos.start()]],
    [
      plan.phases.faultsMs,
      () => {
        faults.healAll();
        chaos.healAll();
        network.setWeather(options.weather ?? calm);
        phase('settle');
        clients.settle();
      },
    ],
    [plan.phases.settleMs, () => clients.stop(readFinally)],
  ];
  const readFinally = (): void => {
    phase('final-reads');
    scheduler.after(plan.phases.finalReadsMs, end);
    clients.finalReads(() => {
      finalReadsAnswered = true;
      end();
    });
  };
  let atMs = 0;
  for (const [afterMs, action] of script) scheduler.at((atMs += afterMs), action);
  cluster.bootstrap();
  const endedBy = scheduler.run({ untilMs: Infinity, actionsMax: options.actionsMax ?? actionsMaxDefault });
  if (endedBy !== 'stopped')
    recorder.violated('simulation', new Error(`it did not come to its end: ${endedBy}`));

  return {
    history: recorder.history,
    trace: recorder.trace,
    traceHash: digest.hex(),
    virtualMs: scheduler.now,
    events: scheduler.done,
    violations: recorder.violations,
    running: cluster.running(),
    finalReadsAnswered,
  };
}

function makeWorld(options: SimulationOptions, timing: Timing, pace: Pace) {
  const { plan, makeMachine } = options;
  const slots = slotsOf(plan.nodes);
  const random = makeRandom(plan.seed).fork('simulation');
  const scheduler = makeScheduler();
  const digest = makeDigest();
  const directions = makeDirections(slots);
  const network = makeNetwork({
    scheduler,
    random: random.fork('network'),
    directions,
    digest,
    weather: options.chaos?.weather ?? options.weather ?? calm,
    listener: (slot) => cluster.listener(slot),
  });
  const recorder = makeRecorder(digest, () => scheduler.now);
  const world: World = { scheduler, directions, network, recorder, random };
  const cluster: SimCluster = makeCluster({
    world,
    slots,
    layer: options.layer ?? plan.impl.name,
    options: plan.impl.options,
    app: plan.workload.app,
    timing,
    serviceMs: plan.serviceMs,
    pace,
    makeMachine,
  });
  return { world, cluster, digest };
}

const chaosOf = ({ plan, layer, chaos }: SimulationOptions, timing: Timing) =>
  chaos === undefined
    ? []
    : planChaos(chaos, {
        layer: layer ?? plan.impl.name,
        slots: slotsOf(plan.nodes),
        windowMs: plan.phases.faultsMs,
        timing,
        random: makeRandom(plan.seed).fork('chaos'),
      });
