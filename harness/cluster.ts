import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { defined } from '../core/assert.ts';
import type { NodeConfig } from '../core/child.ts';
import { FtcheckError, messageOf } from '../core/errors.ts';
import { memberId, slots as slotsOf, type Slot } from '../core/ids.ts';
import type { ClientPlace, ClusterControl, Direction } from '../core/nemesis.ts';
import type { Plan } from '../core/plan.ts';
import { makeRandom } from '../core/random.ts';
import { slotsPlaying } from '../core/roles.ts';
import type { Millis } from '../core/units.ts';
import type { FrameLog } from './frame-log.ts';
import { HarnessError, LaunchError } from './harness-errors.ts';
import type { Place } from './proxy-direction.ts';
import { ProxyNetwork, type Address } from './proxy-network.ts';
import { Reaper } from './reaper.ts';
import { SlotKeeper, type UnexpectedExit } from './slot-keeper.ts';
import type { TraceWriter } from './trace-writer.ts';

export type { UnexpectedExit } from './slot-keeper.ts';

/** What a cluster is launched from. */
export interface ClusterOptions {
  readonly plan: Plan;
  /** Exists; `nodes/` is made in it. */
  readonly runDir: string;
  /** The programs that are started, built: impls/node/main and harness/reaper-main. */
  readonly entries: { readonly node: string; readonly reaper: string };
  readonly layer: string;
  /** The nodes append to its file. */
  readonly trace: TraceWriter;
  /** How long a node may take until it says that it is ready. */
  readonly readyMs: Millis;
  /** Aborting it ends a launch; a launched cluster ends by being disposed. */
  readonly signal: AbortSignal;
  /** Log every event of every node beside its log, for exact replay. */
  readonly eventLogs?: boolean;
  /** Logs the frames that go through the proxies. */
  readonly frames?: FrameLog;
  /** Where each node listens and all others reach it, past the proxies, which then see and fault nothing: to measure what they cost. */
  readonly directPorts?: ReadonlyMap<Slot, number>;
}

/** One slot as progress displays show it. */
export interface SlotDescription {
  readonly slot: Slot;
  readonly incarnation: number;
  readonly state: 'running' | 'stopped' | 'down';
  readonly role: string;
  readonly view: number;
}

/** The first trouble that the harness met, for whoever waits for it. */
interface Trouble {
  readonly first: Promise<FtcheckError>;
  readonly report: (error: unknown) => void;
}

interface Parts {
  readonly reaper: Reaper;
  readonly network: ProxyNetwork;
  readonly trouble: Trouble;
}

const seedMax = 0x7fff_ffff;

/** The real cluster: child processes, the proxies between them, and the hand that replaces what died. */
export class Cluster implements ClusterControl, AsyncDisposable {
  readonly slots: readonly Slot[];
  readonly reaper: Reaper;
  /** Resolves, and never rejects, at the first trouble of the harness itself: a replacement that cannot be launched, a full disk. */
  readonly failed: Promise<FtcheckError>;
  readonly unexpectedExits: UnexpectedExit[] = [];
  private readonly options: ClusterOptions;
  private readonly network: ProxyNetwork;
  private readonly trouble: Trouble;
  private readonly keepers: ReadonlyMap<Slot, SlotKeeper>;
  private disposal: Promise<void> | null = null;

  /** All nodes ready, or LaunchError with everything ended again. */
  static async launch(options: ClusterOptions): Promise<Cluster> {
    makeFolder(join(options.runDir, 'nodes'));
    const reaper = await Reaper.start(options.entries.reaper);
    let cluster: Cluster | null = null;
    try {
      const trouble = listenForTrouble();
      const random = makeRandom(options.plan.seed).fork('proxies');
      const network = await ProxyNetwork.open({
        slots: slotsOf(options.plan.nodes),
        unit: () => random.unit(),
        failed: trouble.report,
        frames: options.frames,
      });
      cluster = new Cluster(options, { reaper, network, trouble });
      const ready = Promise.all([...cluster.keepers.values()].map((keeper) => keeper.start('launch')));
      await unlessAborted(ready, options.signal);
      return cluster;
    } catch (thrown) {
      await (cluster ?? reaper)[Symbol.asyncDispose]();
      throw thrown instanceof FtcheckError ? thrown : new LaunchError('the cluster', thrown);
    }
  }

  private constructor(options: ClusterOptions, parts: Parts) {
    const { reaper, network, trouble } = parts;
    this.options = options;
    this.reaper = reaper;
    this.network = network;
    this.trouble = trouble;
    this.failed = trouble.first;
    this.slots = slotsOf(options.plan.nodes);
    this.keepers = new Map(this.slots.map((slot) => [slot, this.makeKeeper(slot)]));
    void reaper.exited.then(() => {
      if (this.disposal === null)
        this.trouble.report(new HarnessError('the reaper ended: nobody watches over the nodes'));
    });
  }

  /** Where clients of this place reach the node. */
  clientAddress(place: ClientPlace, slot: Slot): Address {
    return this.address(place, slot);
  }

  incarnation(slot: Slot): number {
    return this.keeper(slot).incarnation;
  }

  describe(): readonly SlotDescription[] {
    return [...this.keepers].map(([slot, { incarnation, state, role, view }]) => ({
      slot,
      incarnation,
      state,
      role,
      view,
    }));
  }

  /** The processes that there are now, by member id. */
  pids(): ReadonlyMap<string, number> {
    return new Map(
      [...this.keepers.values()].flatMap(({ id, pid }) => (pid === null ? [] : [[id, pid] as const])),
    );
  }

  slotsWithRole(role: string): readonly Slot[] {
    return slotsPlaying(
      role,
      this.describe().filter(({ state }) => state === 'running'),
    );
  }

  isRunning(slot: Slot): boolean {
    return this.keeper(slot).state === 'running';
  }

  hold(direction: Direction): void {
    this.network.hold(direction);
  }

  release(direction: Direction): void {
    this.network.release(direction);
  }

  cut(a: Slot, b: Slot): void {
    this.network.cut(a, b);
  }

  mend(a: Slot, b: Slot): void {
    this.network.mend(a, b);
  }

  delay(direction: Direction, delay: { readonly delayMs: Millis; readonly jitterMs: Millis }): void {
    this.network.delay(direction, delay);
  }

  undelay(direction: Direction): void {
    this.network.undelay(direction);
  }

  kill(slot: Slot, how: 'process' | 'host'): void {
    this.keeper(slot).kill(how);
  }

  withholdReplacement(slot: Slot): void {
    this.options.trace.write('harness', 'replacement-withheld', { slot });
    this.keeper(slot).withhold();
  }

  allowReplacement(slot: Slot): void {
    this.options.trace.write('harness', 'replacement-allowed', { slot });
    this.keeper(slot).allow();
  }

  stop(slot: Slot): void {
    this.keeper(slot).stop();
  }

  resume(slot: Slot): void {
    this.keeper(slot).resume();
  }

  counters(): ReadonlyMap<string, number> {
    const counters = new Map<string, number>();
    this.network.addCounters(counters);
    for (const [slot, keeper] of this.keepers) {
      counters.set(`exits.SIGKILL:${slot}`, keeper.exitsBySigkill);
      counters.set(`stopped:${slot}`, keeper.isStoppedNow ? 1 : 0);
    }
    return counters;
  }

  /** Nodes first, each waited for; then the proxies; the reaper last, while there is anything to reap. */
  [Symbol.asyncDispose](): Promise<void> {
    this.disposal ??= this.dispose();
    return this.disposal;
  }

  private async dispose(): Promise<void> {
    await Promise.all([...this.keepers.values()].map((keeper) => keeper[Symbol.asyncDispose]()));
    await this.network[Symbol.asyncDispose]();
    await this.reaper[Symbol.asyncDispose]();
  }

  private keeper(slot: Slot): SlotKeeper {
    return defined(this.keepers.get(slot), `a slot ${slot} in this cluster`);
  }

  private makeKeeper(slot: Slot): SlotKeeper {
    const { entries, trace, readyMs, runDir } = this.options;
    return new SlotKeeper({
      slot,
      entry: entries.node,
      reaper: this.reaper,
      network: this.network,
      trace,
      readyMs,
      logFile: (id) => join(runDir, 'nodes', `${id}.log`),
      config: (incarnation) => this.nodeConfig(slot, incarnation),
      wanted: (wanted) => this.keepers.get(wanted)?.want(),
      unexpected: (exit) => this.unexpectedExits.push(exit),
      failed: this.trouble.report,
    });
  }

  private nodeConfig(slot: Slot, incarnation: number): NodeConfig {
    const { plan, layer, trace, runDir, eventLogs, directPorts } = this.options;
    const id = memberId(slot, incarnation);
    return {
      layer,
      options: plan.impl.options,
      app: plan.workload.app,
      slot,
      incarnation,
      mode: incarnation === 0 ? 'bootstrap' : 'join',
      peers: this.slots.map((peer) => ({ slot: peer, ...this.address(slot, peer) })),
      timing: plan.timing,
      serviceMs: plan.serviceMs,
      seed: makeRandom(plan.seed).fork(`node/${id}`).int(0, seedMax),
      traceFile: trace.path,
      originNs: String(trace.originNs),
      eventFile: eventLogs === true ? join(runDir, 'nodes', `${id}.events.jsonl`) : null,
      port: directPorts?.get(slot) ?? 0,
    };
  }

  private address(from: Place, to: Slot): Address {
    const port = this.options.directPorts?.get(to);
    const proxied = this.network.address(from, to);
    return port === undefined ? proxied : { ...proxied, port };
  }
}

function listenForTrouble(): Trouble {
  let resolve: (error: FtcheckError) => void = () => {};
  const first = new Promise<FtcheckError>((resolved) => (resolve = resolved));
  const report = (error: unknown): void =>
    resolve(
      error instanceof FtcheckError
        ? error
        : new HarnessError(`a cluster in trouble: ${messageOf(error)}`, error),
    );
  return { first, report };
}

function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true });
  } catch (cause) {
    throw new HarnessError(`cannot make ${path}`, cause);
  }
}

/** What the promise brings, or an exception as soon as the signal is aborted. */
async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  let abort = (): void => {};
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(new HarnessError('interrupted', signal.reason));
  });
  signal.addEventListener('abort', abort);
  if (signal.aborted) abort();
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
