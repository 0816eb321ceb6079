import { join } from 'node:path';
import type { EventType } from '../core/history.ts';
import type { Impl } from '../core/impl.ts';
import type { ClientConfig, Machine } from '../core/machine.ts';
import type { Nemesis } from '../core/nemesis.ts';
import type { Plan } from '../core/plan.ts';
import { makeRandom } from '../core/random.ts';
import { isInService } from '../core/roles.ts';
import { type Millis, millis } from '../core/units.ts';
import type { Workload } from '../core/workload.ts';
import { monotonicMs, quickNanos } from './clock.ts';
import { Cluster, type ClusterOptions, type UnexpectedExit } from './cluster.ts';
import { FrameLog } from './frame-log.ts';
import { Halt } from './halt.ts';
import { LagMeter } from './lag.ts';
import { Load } from './load.ts';
import { NemesisRunner } from './nemesis-runner.ts';
import { nominalMs } from './plan.ts';
import { type Phase, type Progress, ProgressTicker } from './progress.ts';
import { Recorder } from './recorder.ts';
import { ResourceLines } from './resource-lines.ts';
import { TraceWriter } from './trace-writer.ts';
import { waitMs } from './wait.ts';

/** The part of a cluster that the engine uses; tests bring their own. */
export type RunCluster = Omit<Pick<Cluster, keyof Cluster>, 'reaper' | 'incarnation'>;

/** Everything that one run needs. `plan.json` is the caller's to write, before this. */
export interface ExecuteOptions {
  readonly plan: Plan;
  /** Exists; history, trace and node logs are made in it. */
  readonly runDir: string;
  readonly impl: Impl;
  readonly workload: Workload;
  readonly nemeses: Readonly<Record<string, Nemesis>>;
  readonly makeClient: (config: ClientConfig) => Machine;
  readonly entries: ClusterOptions['entries'];
  /** Aborting it heals, stops and keeps what is there; its reason, if a text, is recorded as the signal's name. */
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
  readonly launch?: (options: ClusterOptions) => Promise<RunCluster>;
}

/** How a run went as a run; what the system did is in history and trace. */
export interface RunOutcome {
  /** The signal that ended it early, or null. */
  readonly interrupted: string | null;
  readonly counts: Readonly<Record<EventType, number>>;
  readonly finalReads: { readonly asked: number; readonly answered: number };
  /** Open loop: operations that were due and had not begun when the load stopped. */
  readonly unstarted: number;
  /** The longest that the harness's own event loop ran late. */
  readonly lagMsMax: Millis;
  readonly unexpectedExits: readonly UnexpectedExit[];
  readonly launchMs: Millis;
  /** From the call to the end of everything, nominal length included. */
  readonly wallMs: Millis;
}

/** Far more than a node needs to be ready, for machines that have other things to do. */
const readyMs = millis(15_000);
const lagLineMs = 1000;

/** What the parts of a run share while it lasts. */
interface Stage {
  readonly options: ExecuteOptions;
  readonly halt: Halt;
  readonly trace: TraceWriter;
  readonly recorder: Recorder;
  readonly frames: FrameLog;
  phase: Phase;
  faults: () => readonly string[];
  nominalEndMs: number;
  /** Null until there is a cluster. */
  resources: ResourceLines | null;
}

/**
 * Runs a plan: launch, warm-up, faults, heal all, settle, final reads, stop. Throws on trouble of the harness only; what was recorded stays
 * in the run directory. No child, socket or timer of it is left when it returns or throws.
 */
export async function executePlan(options: ExecuteOptions): Promise<RunOutcome> {
  const startMs = monotonicMs();
  const { plan, runDir } = options;
  using halt = new Halt(options.signal);
  using trace = closing(new TraceWriter(join(runDir, 'trace.jsonl')));
  using recorder = new Recorder({
    path: join(runDir, 'history.jsonl'),
    now: () => trace.now(),
    onFailure: halt.fail,
  });
  using lag = new LagMeter();
  using _lagLines = repeating(lagLineMs, () =>
    halt.guard(() => trace.write('harness', 'lag', { maxMs: lag.take() })),
  );
  // By the user or by trouble of our own: what was cut short proves nothing about the system.
  using _interruption = onAbort(halt.signal, () =>
    halt.guard(() => trace.write('harness', 'interrupted', { signal: halt.interrupted })),
  );
  const stage: Stage = {
    options,
    halt,
    trace,
    recorder,
    frames: new FrameLog(quickNanos(() => trace.now())),
    phase: 'launch',
    faults: () => [],
    nominalEndMs: startMs + nominalMs(plan),
    resources: null,
  };
  const played = await inCluster(stage);
  recorder.close();
  trace.write('harness', 'lag', { maxMs: lag.take() });
  trace.write('harness', 'phase', { phase: 'end' });
  halt.check();
  stage.frames.write(join(runDir, 'frames.bin'));
  return {
    interrupted: halt.interrupted,
    counts: { ...recorder.counts },
    lagMsMax: lag.maxMs,
    wallMs: millis(monotonicMs() - startMs),
    ...played,
  };
}

type Played = Pick<RunOutcome, 'finalReads' | 'unstarted' | 'unexpectedExits' | 'launchMs'>;

async function inCluster(stage: Stage): Promise<Played> {
  const startMs = monotonicMs();
  const { options, halt, recorder } = stage;
  let cluster: RunCluster;
  try {
    cluster = await launch(stage);
  } catch (error) {
    halt.check();
    if (halt.interrupted === null) throw error;
    return {
      finalReads: { asked: 0, answered: 0 },
      unstarted: 0,
      unexpectedExits: [],
      launchMs: since(startMs),
    };
  }
  await using _cluster = cluster;
  const launchMs = since(startMs);
  stage.nominalEndMs = monotonicMs() + nominalMs(options.plan);
  void cluster.failed.then(halt.fail);
  using _progress = new ProgressTicker(
    {
      phase: () => stage.phase,
      okTotal: () => recorder.counts.ok,
      faults: () => stage.faults(),
      nodes: () => cluster.describe(),
      remainingMs: () => stage.nominalEndMs - monotonicMs(),
    },
    (progress) => halt.guard(() => options.onProgress?.(progress)),
  );
  using resources = new ResourceLines(cluster, stage.trace, (task) => halt.guard(task));
  stage.resources = resources;
  const played = await play(stage, cluster);
  enter(stage, 'stop');
  halt.check();
  return { ...played, unexpectedExits: [...cluster.unexpectedExits], launchMs };
}

function launch({ options, halt, trace, frames }: Stage): Promise<RunCluster> {
  const { plan, runDir, impl, entries } = options;
  const start = options.launch ?? ((given: ClusterOptions) => Cluster.launch(given));
  return start({
    plan,
    runDir,
    entries,
    layer: impl.layer,
    trace,
    frames,
    readyMs,
    signal: halt.signal,
  });
}

async function play(stage: Stage, cluster: RunCluster): Promise<Pick<Played, 'finalReads' | 'unstarted'>> {
  const { options, halt, trace, recorder } = stage;
  const { plan, impl, workload, nemeses, makeClient } = options;
  const { signal } = halt;
  const generator = workload.generator(plan.workload.options, makeRandom(plan.seed).fork('workload'));
  let processes = 0;
  await using load = new Load({
    plan,
    slots: cluster.slots,
    context: {
      generator,
      recorder,
      trace,
      makeClient,
      mode: impl.clientMode(plan.impl.options),
      address: (place, slot) => cluster.clientAddress(place, slot),
      opTimeoutMs: plan.opTimeoutMs,
      nextProcess: () => processes++,
    },
    onFailure: halt.fail,
  });
  enter(stage, 'warm-up');
  load.start();
  await waitMs(plan.phases.warmUpMs, signal);

  enter(stage, 'faults');
  const runner = new NemesisRunner({
    plan,
    nemeses,
    cluster,
    trace,
    isFullStrength: () =>
      cluster.describe().every(({ state, role }) => state === 'running' && isInService(role)),
    signal,
    onFailure: halt.fail,
  });
  stage.faults = () => runner.inForce;
  await Promise.all([runner.run(), waitMs(plan.phases.faultsMs, signal)]);

  enter(stage, 'settle');
  await waitMs(plan.phases.settleMs, signal);
  if (!signal.aborted) await load.stop();
  if (load.unstarted > 0) trace.write('harness', 'unstarted', { count: load.unstarted });
  if (signal.aborted) return { finalReads: { asked: 0, answered: 0 }, unstarted: load.unstarted };

  const reads = generator.finalReads();
  enter(stage, 'final-reads');
  const answered = await load.finalReads(reads, plan.phases.finalReadsMs, signal);
  return { finalReads: { asked: reads.length, answered }, unstarted: load.unstarted };
}

/** A run that ends early enters no further phase but `stop`. */
function enter(stage: Stage, phase: Phase): void {
  if (stage.halt.signal.aborted && phase !== 'stop') return;
  stage.phase = phase;
  stage.resources?.write(phase);
  stage.trace.write('harness', 'phase', { phase });
}

const since = (startMs: number): Millis => millis(monotonicMs() - startMs);

function closing<T extends { close(): void }>(resource: T): T & Disposable {
  return Object.assign(resource, { [Symbol.dispose]: () => resource.close() });
}

function repeating(everyMs: number, task: () => void): Disposable {
  const timer = setInterval(task, everyMs);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

function onAbort(signal: AbortSignal, task: () => void): Disposable {
  signal.addEventListener('abort', task);
  return { [Symbol.dispose]: () => signal.removeEventListener('abort', task) };
}
