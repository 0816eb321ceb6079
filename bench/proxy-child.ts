import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { listening } from './proxy-messages.ts';

/** A program beside this one, in a process of its own. It ends when the channel to it does, whatever ended that. */
export class ProxyChild implements AsyncDisposable {
  private readonly child: ChildProcess;
  private readonly name: string;

  constructor(name: string, args: readonly string[] = []) {
    this.name = name;
    const path = fileURLToPath(new URL(`${name}.ts`, import.meta.url));
    this.child = fork(path, args, { execArgv: ['--import', 'tsx'] });
  }

  /** The next message, or an exception if the program ends instead. */
  async receive(): Promise<unknown> {
    const done = new AbortController();
    const { signal } = done;
    const ended = once(this.child, 'exit', { signal }).then(([code]: unknown[]) => {
      throw new Error(`${this.name} ended with ${String(code)}`);
    });
    try {
      const [message] = (await Promise.race([once(this.child, 'message', { signal }), ended])) as unknown[];
      return message;
    } finally {
      done.abort(); // takes away the listener that is left
    }
  }

  async port(): Promise<number> {
    return listening.parse(await this.receive()).port;
  }

  send(message: object): void {
    this.child.send(message);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const exited = once(this.child, 'exit');
    this.child.disconnect();
    await exited;
  }
}
