import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa, execaSync } from 'execa';
import { reaperEntry } from '../cli/entries.ts';
import { monotonicMs } from '../harness/clock.ts';
import { Reaper } from '../harness/reaper.ts';
import { freePorts } from './free-port.ts';

const readyMsMax = 5_000;

/** The anchor's name and version; null where it is not installed. */
export function haproxyVersion(): string | null {
  const { stdout, failed } = execaSync('haproxy', ['-v'], { reject: false });
  return failed ? null : (/^HAProxy version \S+/.exec(stdout)?.[0] ?? 'HAProxy');
}

/** HAProxy in TCP mode before a port, with one thread, as a link proxy has. The reaper ends it if we do not. */
export class Haproxy implements AsyncDisposable {
  readonly port: number;
  private readonly folder: string;
  private readonly reaper: Reaper;
  private readonly child: ReturnType<typeof startHaproxy>;

  static async listen(farPort: number): Promise<Haproxy> {
    const [port = 0] = await freePorts(1);
    const folder = mkdtempSync(join(tmpdir(), 'ftcheck-bench-'));
    const file = join(folder, 'haproxy.cfg');
    writeFileSync(file, configuration(port, farPort));
    const haproxy = new Haproxy(port, folder, await Reaper.start(reaperEntry()), startHaproxy(file));
    try {
      await answers(port);
    } catch (thrown) {
      await haproxy[Symbol.asyncDispose]();
      throw thrown;
    }
    return haproxy;
  }

  private constructor(port: number, folder: string, reaper: Reaper, child: ReturnType<typeof startHaproxy>) {
    this.port = port;
    this.folder = folder;
    this.reaper = reaper;
    this.child = child;
    if (child.pid !== undefined) reaper.register(child.pid);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.child.kill('SIGKILL');
    await this.child;
    await this.reaper[Symbol.asyncDispose]();
    rmSync(this.folder, { recursive: true });
  }
}

const startHaproxy = (file: string) =>
  execa('haproxy', ['-db', '-q', '-f', file], {
    detached: true, // a process group of its own, which the reaper can name
    cleanup: false,
    reject: false,
    stdio: 'ignore',
  });

const configuration = (port: number, farPort: number): string => `
global
  nbthread 1
  maxconn 1000
defaults
  mode tcp
  timeout connect 5s
  timeout client 60s
  timeout server 60s
listen link
  bind 127.0.0.1:${port}
  server far 127.0.0.1:${farPort}
`;

async function answers(port: number): Promise<void> {
  const deadlineMs = monotonicMs() + readyMsMax;
  for (;;) {
    const socket = connect({ host: '127.0.0.1', port });
    try {
      await once(socket, 'connect');
      return;
    } catch (cause) {
      if (monotonicMs() > deadlineMs) throw new Error('HAProxy does not listen', { cause });
      await sleep(20);
    } finally {
      socket.destroy();
    }
  }
}
