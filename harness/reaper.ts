import { execa } from 'execa';
import { LaunchError } from './harness-errors.ts';
import { withinMs } from './within.ts';

const endMsMax = 2_000;

const startReaper = (entry: string) =>
  execa(process.execPath, [entry], {
    detached: true,
    cleanup: false,
    reject: false,
    buffer: false,
    stdin: 'pipe',
    stdout: 'ignore',
    stderr: 'ignore',
  });

/** The harness's side of the reaper: tells it which process groups to kill if the harness ends without having done so itself. */
export class Reaper implements AsyncDisposable {
  readonly pid: number;
  /** Resolves when the sidecar is gone; before disposal, nobody watches over the children any more. */
  readonly exited: Promise<void>;
  private readonly child: ReturnType<typeof startReaper>;

  static async start(entry: string): Promise<Reaper> {
    const child = startReaper(entry);
    if (child.pid === undefined) throw new LaunchError('the reaper', (await child).cause);
    return new Reaper(child, child.pid);
  }

  private constructor(child: ReturnType<typeof startReaper>, pid: number) {
    this.child = child;
    this.pid = pid;
    this.exited = new Promise((resolve) => void child.once('exit', () => resolve()));
    child.stdin.on('error', () => {}); // a dead reaper shows in `exited`
  }

  /** A process group to watch over, by its leader's pid. Call it at once after the spawn. */
  register(pid: number): void {
    this.child.stdin.write(`+${pid}\n`);
  }

  /** The group is gone. */
  unregister(pid: number): void {
    if (this.child.stdin.writable) this.child.stdin.write(`-${pid}\n`);
  }

  /** Whatever is still registered is killed now. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.child.stdin.end();
    if ((await withinMs(this.exited, endMsMax)) === 'late') this.child.kill('SIGKILL');
    await this.exited;
  }
}
