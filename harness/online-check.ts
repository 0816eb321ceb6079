import { createInterface } from 'node:readline';
import { execa } from 'execa';
import { isJsonObject, type Json } from '../core/json.ts';

/** How a run is checked while it goes on. */
export interface OnlineCheckOptions {
  /** The built program of the checker. */
  readonly entry: string;
  readonly runDir: string;
  readonly memoryMb: number;
  /** Told once, of the first object that is not linearizable, by its key. */
  readonly onViolation: (key: string) => void;
}

const startWatcher = ({ entry, runDir, memoryMb }: OnlineCheckOptions) =>
  execa(
    process.execPath,
    [
      `--max-old-space-size=${memoryMb}`,
      entry,
      JSON.stringify({ type: 'watch', directory: runDir, memoryMb }),
    ],
    { cleanup: false, reject: false, buffer: false, stdin: 'pipe', stdout: 'pipe', stderr: 'ignore' },
  );

/**
 * A checker that follows the history of a run under way, in a process of its own at low priority. It only ever shortens a run: what the run
 * is worth is judged at its end from all that was recorded, so a watcher that dies changes nothing. Ends with its standard input.
 */
export class OnlineCheck implements AsyncDisposable {
  private readonly child: ReturnType<typeof startWatcher>;

  constructor(options: OnlineCheckOptions) {
    this.child = startWatcher(options);
    this.child.stdin.on('error', () => {}); // it ended
    createInterface({ input: this.child.stdout }).on('line', (line) => {
      const key = keyIn(line);
      if (key !== null) options.onViolation(key);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.child.kill('SIGKILL');
    await this.child;
  }
}

/** The key in `{"notLinearizable": KEY}`; null for any other line. */
function keyIn(line: string): string | null {
  try {
    const said = JSON.parse(line) as Json;
    const key = isJsonObject(said) ? said['notLinearizable'] : undefined;
    return typeof key === 'string' ? key : null;
  } catch {
    return null;
  }
}
