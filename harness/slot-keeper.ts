import { nodeExitCodes, type ChildLine, type NodeConfig } from '../core/child.ts';
import { memberId, type MemberId, type Slot } from '../core/ids.ts';
import type { Millis } from '../core/units.ts';
import { HarnessError, type LaunchError } from './harness-errors.ts';
import { exitText, NodeProcess, type NodeExit } from './node-process.ts';
import type { ProxyNetwork } from './proxy-network.ts';
import type { Reaper } from './reaper.ts';
import type { TraceWriter } from './trace-writer.ts';

/** Why a process is started: at the launch, because the group asked, because its predecessor left, or because it may again. */
export type StartReason = 'launch' | 'wanted' | 'replaced' | 'allowed';

/** An end of a node that no fault and no exclusion explains: a finding about the system under test. */
export interface UnexpectedExit {
  readonly node: string;
  readonly code: number | null;
  readonly signal: string | null;
  /** The last lines of its log. */
  readonly log: string;
}

/** What a keeper needs of the cluster around it. */
export interface SlotKeeperOptions {
  readonly slot: Slot;
  readonly entry: string;
  readonly reaper: Reaper;
  readonly network: ProxyNetwork;
  readonly trace: TraceWriter;
  readonly readyMs: Millis;
  readonly logFile: (id: MemberId) => string;
  readonly config: (incarnation: number) => NodeConfig;
  readonly wanted: (slot: Slot) => void;
  readonly unexpected: (exit: UnexpectedExit) => void;
  /** Trouble of the harness. Nothing is thrown into an event loop. */
  readonly failed: (error: unknown) => void;
}

/** Sent to a node by somebody else than us or itself. */
const outsideSignals: ReadonlySet<string> = new Set(['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT']);

/** Keeps one slot: at most one process in it at a time, each a new incarnation, started when it is asked for and allowed. */
export class SlotKeeper implements AsyncDisposable {
  incarnation = -1;
  role = '';
  view = 0;
  exitsBySigkill = 0;
  private readonly options: SlotKeeperOptions;
  private process: NodeProcess | null = null;
  private starting: Promise<void> | null = null;
  private isReady = false;
  private killed = false;
  private stops = 0;
  private holdsBack = 0;
  private due: StartReason | null = null;
  private disposed = false;

  constructor(options: SlotKeeperOptions) {
    this.options = options;
  }

  get id(): MemberId {
    return memberId(this.options.slot, this.incarnation);
  }

  get state(): 'running' | 'stopped' | 'down' {
    if (this.process === null || !this.isReady || this.killed) return 'down';
    return this.stops > 0 ? 'stopped' : 'running';
  }

  /** By the operating system's word. */
  get isStoppedNow(): boolean {
    return this.process !== null && this.process.isStoppedNow();
  }

  /** Of the process in the slot; null: there is none. */
  get pid(): number | null {
    return this.process?.pid ?? null;
  }

  /** Starts the next incarnation; resolves when it is ready. */
  start(reason: StartReason): Promise<void> {
    this.starting = this.startNext(reason).finally(() => {
      this.starting = null;
      this.fill(); // it may have ended, and be asked for again, meanwhile
    });
    return this.starting;
  }

  /** The group asks for a process here. Remembered, if there is one still. */
  want(): void {
    this.due ??= 'wanted';
    this.fill();
  }

  withhold(): void {
    this.holdsBack++;
  }

  /** What is down by then is started, asked for or not, as an operating system's service manager would. */
  allow(): void {
    if (this.holdsBack > 0) this.holdsBack--;
    if (this.process === null || this.killed) this.due ??= 'allowed';
    this.fill();
  }

  kill(how: 'process' | 'host'): void {
    const { network, slot } = this.options;
    if (this.process === null || this.killed) return;
    this.killed = true;
    if (how === 'host') network.killMachine(slot);
    network.slotEnded(slot);
    this.process.kill();
  }

  stop(): void {
    if (this.process === null || this.killed) return;
    this.stops++;
    if (this.stops === 1) this.process.stop();
  }

  resume(): void {
    if (this.process === null || this.stops === 0) return;
    this.stops--;
    if (this.stops === 0) this.process.resume();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.disposed = true;
    await this.process?.[Symbol.asyncDispose]();
    await this.starting?.catch(() => undefined); // whoever awaits `start` hears of it
    await this.process?.[Symbol.asyncDispose]();
  }

  private async startNext(reason: StartReason): Promise<void> {
    const { slot, entry, reaper, network, trace, logFile } = this.options;
    this.incarnation++;
    this.role = '';
    this.view = 0;
    this.killed = false;
    this.stops = 0;
    this.due = null;
    network.slotStarts(slot);
    const { id } = this;
    const config = this.options.config(this.incarnation);
    const started = await NodeProcess.spawn({
      id,
      entry,
      config,
      logFile: logFile(id),
      reaper,
      onLine: (line) => this.guard(() => this.heard(id, line)),
    });
    this.process = started;
    trace.write(id, 'node-start', { pid: started.pid, mode: config.mode, why: reason });
    void started.exited.then((exit) => this.guard(() => this.ended(started, exit)));
    const port = await this.readyOf(started);
    if (port === null || this.process !== started || this.killed) return;
    network.slotListens(slot, port);
    this.isReady = true;
    trace.write(id, 'node-ready', { port });
  }

  /** Null: it ended before, and the run knows how; only the launch itself cannot do without. */
  private async readyOf(process: NodeProcess): Promise<number | null> {
    for (;;) {
      try {
        return await process.ready(this.options.readyMs);
      } catch (error) {
        if (process.exit !== null && this.incarnation > 0) return null;
        if (process.exit !== null || this.stops === 0) throw error as LaunchError;
      }
    }
  }

  private heard(id: MemberId, line: ChildLine): void {
    if (line.type === 'want-replacement') this.options.wanted(line.slot);
    if (id !== this.id || this.killed) return;
    if (line.type === 'synced') this.due = null; // the group has what it asked for
    if (line.type === 'role') {
      this.role = line.role;
      this.view = line.view;
    }
  }

  private ended(process: NodeProcess, exit: NodeExit): void {
    const { slot, network, trace } = this.options;
    const replaced = exit.code === nodeExitCodes.replaced;
    const expected = this.killed || this.disposed || replaced;
    this.process = null;
    this.isReady = false;
    this.role = '';
    network.slotEnded(slot);
    if (exit.signal === 'SIGKILL') this.exitsBySigkill++;
    trace.write(process.id, 'node-exit', { code: exit.code, signal: exit.signal, expected });
    if (!expected) this.explain(process, exit);
    if (replaced) this.due ??= 'replaced';
    this.fill();
  }

  private explain(process: NodeProcess, exit: NodeExit): void {
    const log = process.logTail();
    if (
      exit.code === nodeExitCodes.traceLost ||
      exit.code === nodeExitCodes.noPort ||
      exit.code === nodeExitCodes.usage
    ) {
      throw new HarnessError(`${process.id} could not do its work (${exitText(exit)})`, new Error(log));
    }
    if (exit.signal !== null && outsideSignals.has(exit.signal)) {
      throw new HarnessError(
        `${process.id} was ended from outside by ${exit.signal} (out of memory?)`,
        new Error(log),
      );
    }
    this.options.unexpected({ node: process.id, ...exit, log });
  }

  private fill(): void {
    if (this.due === null || this.holdsBack > 0 || this.process !== null || this.starting !== null) return;
    if (this.disposed) return;
    this.start(this.due).catch(this.options.failed);
  }

  private guard(task: () => void): void {
    try {
      task();
    } catch (error) {
      this.options.failed(error);
    }
  }
}
