import { appendFileSync, closeSync, openSync, readFileSync } from 'node:fs';
import { execa, execaSync } from 'execa';
import { defined } from '../core/assert.ts';
import type { ChildLine, NodeConfig } from '../core/child.ts';
import type { MemberId } from '../core/ids.ts';
import type { Millis } from '../core/units.ts';
import { parseChildLine } from './child-lines.ts';
import { monotonicMs } from './clock.ts';
import { errorCode, LaunchError } from './harness-errors.ts';
import type { Reaper } from './reaper.ts';
import { withinMs } from './within.ts';

/** How long a node may take to end by itself when its standard input ends, before it is killed. */
const endMsMax = 300;
/** Busy waiting, so not long; a process that takes longer shows in `isStoppedNow`. */
const stopMsMax = 20;
const logTailLines = 12;
/** A line this long without an end is not one of ours. */
const lineCharsMax = 64 * 1024;

/** What a node is started from. */
export interface NodeProcessOptions {
  readonly id: MemberId;
  readonly entry: string;
  readonly config: NodeConfig;
  /** Takes what the node prints on stderr, and on stdout that is no ChildLine. */
  readonly logFile: string;
  readonly reaper: Reaper;
  readonly onLine: (line: ChildLine) => void;
}

/** How a process ended: by a code, or by a signal. */
export interface NodeExit {
  readonly code: number | null;
  readonly signal: string | null;
}

const startNode = (entry: string, config: NodeConfig, logFd: number) =>
  execa(process.execPath, [entry, JSON.stringify(config)], {
    detached: true, // its own process group: signals reach all of it, and the terminal's do not
    cleanup: false,
    reject: false,
    buffer: false,
    stdin: 'pipe', // the lifeline: the node ends when it does
    stdout: 'pipe',
    stderr: logFd as 2, // any descriptor will do; execa's types know three
  });
type Child = ReturnType<typeof startNode>;

/** One life of one node: its only owner. */
export class NodeProcess implements AsyncDisposable {
  readonly id: MemberId;
  readonly pid: number;
  /** Resolves when the process is gone. */
  readonly exited: Promise<NodeExit>;
  exit: NodeExit | null = null;
  isStopped = false;
  private readonly options: NodeProcessOptions;
  private readonly child: Child;
  private readonly port: Promise<number>;

  /** Spawned and known to the reaper; whether it comes to listen, `ready` tells. */
  static async spawn(options: NodeProcessOptions): Promise<NodeProcess> {
    const logFd = openLog(options.id, options.logFile);
    const child = startNode(options.entry, options.config, logFd);
    if (child.pid !== undefined) {
      options.reaper.register(child.pid);
      closeSync(logFd); // the child has its own
      return new NodeProcess(options, child, child.pid);
    }
    closeSync(logFd);
    throw new LaunchError(options.id, (await child).cause);
  }

  private constructor(options: NodeProcessOptions, child: Child, pid: number) {
    this.options = options;
    this.id = options.id;
    this.child = child;
    this.pid = pid;
    child.stdin.on('error', () => {}); // a broken lifeline means an ended node, which `exited` tells
    this.exited = new Promise(
      (resolve) => void child.once('exit', (code, signal) => resolve(this.ended(code, signal))),
    );
    this.port = new Promise((resolve) => this.readLines(resolve));
  }

  /** The port on which the node listens; throws LaunchError if it ends before that, or takes too long. */
  async ready(limitMs: Millis): Promise<number> {
    const outcome = await withinMs(Promise.race([this.port, this.exited]), limitMs);
    if (typeof outcome === 'number') return outcome;
    const why = outcome === 'late' ? `not ready within ${limitMs} ms` : `it ended with ${exitText(outcome)}`;
    throw new LaunchError(this.id, new Error(`${why}; its log ends with: ${this.logTail() || '(nothing)'}`));
  }

  kill(): void {
    this.signal('SIGKILL');
  }

  /** The signal needs a moment to take effect; returns when it has. */
  stop(): void {
    this.isStopped = true;
    this.signal('SIGSTOP');
    const deadlineMs = monotonicMs() + stopMsMax;
    while (this.exit === null && !this.isStoppedNow() && monotonicMs() < deadlineMs);
  }

  resume(): void {
    this.isStopped = false;
    this.signal('SIGCONT');
  }

  /** By the operating system's word. */
  isStoppedNow(): boolean {
    return this.isStopped && this.exit === null && processState(this.pid) === 'T';
  }

  logTail(): string {
    return readFileSync(this.options.logFile, 'utf8').trimEnd().split('\n').slice(-logTailLines).join('\n');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.exit === null && !this.isStopped) {
      this.child.stdin.end();
      await withinMs(this.exited, endMsMax);
    }
    if (this.exit === null) this.kill();
    await this.exited;
  }

  /** To its whole process group. */
  private signal(signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): void {
    if (this.exit === null) signalGroup(this.pid, signal);
  }

  private ended(code: number | null, signal: string | null): NodeExit {
    this.exit = { code, signal };
    signalGroup(this.pid, 'SIGKILL'); // what it may have started itself
    this.options.reaper.unregister(this.pid);
    this.child.stdin.destroy();
    return this.exit;
  }

  private readLines(ready: (port: number) => void): void {
    let rest = '';
    const take = (text: string): void => {
      const line = parseChildLine(text);
      if (line === null) this.log(text);
      else if (line.type === 'ready') ready(line.port);
      else this.options.onLine(line);
    };
    this.child.stdout.setEncoding('utf8');
    this.child.stdout.on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = defined(lines.pop(), 'the rest after the last line');
      for (const line of lines) take(line);
      if (rest.length > lineCharsMax) {
        this.log(rest);
        rest = '';
      }
    });
  }

  private log(text: string): void {
    try {
      appendFileSync(this.options.logFile, `${text}\n`);
    } catch (thrown) {
      if (errorCode(thrown) === '') throw thrown; // a full disk ends the run where it matters: at its history and its trace
    }
  }
}

export const exitText = ({ code, signal }: NodeExit): string =>
  signal === null ? `exit code ${code}` : signal;

function openLog(id: MemberId, path: string): number {
  try {
    return openSync(path, 'a');
  } catch (cause) {
    throw new LaunchError(id, cause);
  }
}

function signalGroup(pid: number, signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): void {
  try {
    process.kill(-pid, signal);
  } catch (thrown) {
    const gone = ['ESRCH', 'EPERM'].includes(errorCode(thrown));
    if (!gone) throw thrown; // EPERM: macOS says so of a group of zombies
  }
}

/** One letter, as `ps` prints it; empty: no such process. */
function processState(pid: number): string {
  if (process.platform !== 'linux') {
    return execaSync('ps', ['-o', 'state=', '-p', String(pid)], { reject: false })
      .stdout.trim()
      .slice(0, 1);
  }
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3);
  } catch {
    return ''; // it ended
  }
}
