import { execFile } from 'node:child_process';
import { accessSync, constants, existsSync, rmdirSync, statfsSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { cpus, freemem } from 'node:os';
import { dirname, resolve } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { exitCodes, messageOf, type ExitCode } from '../../core/errors.ts';
import { version } from '../../core/version.ts';
import { makeFolder } from '../../results/run-directory.ts';
import type { Context } from '../context.ts';
import { flagSettings } from '../flags.ts';
import { jsonText } from '../output.ts';
import type { CommandModule } from '../command-module.ts';
import { isOn, read, type Settings, type SettingSpec } from '../settings.ts';
import { text } from '../values.ts';

const specs: readonly SettingSpec[] = [
  { name: 'out', argument: '<folder>', description: 'where runs would be written (default: ftcheck-runs)' },
  { name: 'json', argument: null, description: 'print JSON' },
];

export const define: CommandModule['define'] = (command, context, finish) => {
  const settings = flagSettings(command, specs);
  command.action(async () => finish(await doctor(settings(), context)));
};

/** `warning`: runs work, though perhaps not as well. */
interface Finding {
  readonly name: string;
  readonly result: 'ok' | 'warning' | 'failed';
  readonly detail: string;
}

const nodeMajorMin = 20;
const nodeMinorMin = 11;
const freeDiskMbMin = 100;
const freeMemoryMbMin = 500;
const lagMsMax = 100;

async function doctor(settings: Settings, context: Context): Promise<ExitCode> {
  const out = resolve(context.cwd, read(settings, 'out', text, 'ftcheck-runs'));
  const findings = [
    await finding('node', async () => nodeVersion()),
    await finding('platform', async () => platform()),
    await finding('loopback', () => loopback()),
    await finding('spawn', () => spawning()),
    await finding('folder', async () => writable(out)),
    await finding('disk', async () => freeDisk(out)),
    await finding('memory', async () => freeMemory()),
    await finding('event loop', () => eventLoop()),
    await finding('/proc', async () => proc()),
  ];
  const healthy = findings.every(({ result }) => result !== 'failed');
  if (isOn(settings, 'json')) context.stdout.write(jsonText({ version, healthy, findings }));
  else {
    for (const { name, result, detail } of findings) {
      context.stdout.write(`${result.padEnd(8)} ${name.padEnd(11)} ${detail}\n`);
    }
    context.stdout.write(healthy ? 'ftcheck can run here\n' : 'ftcheck cannot run here\n');
  }
  return healthy ? exitCodes.valid : exitCodes.internal;
}

type Examined = Omit<Finding, 'name'>;

async function finding(name: string, examine: () => Promise<Examined>): Promise<Finding> {
  try {
    return { name, ...(await examine()) };
  } catch (thrown) {
    return { name, result: 'failed', detail: messageOf(thrown) };
  }
}

const ok = (detail: string): Examined => ({ result: 'ok', detail });
const warning = (detail: string): Examined => ({ result: 'warning', detail });

function nodeVersion(): Examined {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const isNewEnough = major > nodeMajorMin || (major === nodeMajorMin && minor >= nodeMinorMin);
  const detail = `Node ${process.versions.node}`;
  if (isNewEnough) return ok(detail);
  return { result: 'failed', detail: `${detail}; ${nodeMajorMin}.${nodeMinorMin} or newer is needed` };
}

function platform(): Examined {
  const detail = `${process.platform} ${process.arch}, ${cpus().length} CPUs`;
  if (process.platform === 'linux' || process.platform === 'darwin') return ok(detail);
  return { result: 'failed', detail: `${detail}; Linux or macOS is needed (POSIX signals)` };
}

async function loopback(): Promise<Examined> {
  const server = createServer((socket) => socket.end('x'));
  try {
    await within('listen on 127.0.0.1', (done, failed) => {
      server.once('error', failed).listen(0, '127.0.0.1', done);
    });
    const { port } = server.address() as AddressInfo;
    await within('connect to 127.0.0.1', (done, failed) => {
      const socket = connect(port, '127.0.0.1').once('error', failed);
      socket.once('data', () => {
        socket.destroy();
        done();
      });
    });
    return ok('listened and connected on 127.0.0.1');
  } finally {
    server.close();
  }
}

/** No node and no reaper: a child of one instant, so it need not be spawned where those are. */
async function spawning(): Promise<Examined> {
  const { stdout } = await promisify(execFile)(process.execPath, ['-p', '6 * 7'], { timeout: 10_000 });
  if (stdout.trim() !== '42') throw new Error(`a child process printed ${stdout}`);
  return ok('started a child process');
}

function writable(out: string): Examined {
  const existed = existsSync(out);
  makeFolder(out);
  accessSync(out, constants.W_OK | constants.X_OK);
  if (!existed) rmdirSync(out);
  return ok(`${out} is writable`);
}

function freeDisk(out: string): Examined {
  let folder = out;
  while (!existsSync(folder)) folder = dirname(folder);
  const { bavail, bsize } = statfsSync(folder);
  const freeMb = Math.floor((bavail * bsize) / 2 ** 20);
  if (freeMb >= freeDiskMbMin) return ok(`${freeMb} MiB free in ${folder}`);
  return { result: 'failed', detail: `${freeMb} MiB free in ${folder}; ${freeDiskMbMin} are needed` };
}

function freeMemory(): Examined {
  const freeMb = Math.floor(freemem() / 2 ** 20);
  const detail = `${freeMb} MiB free; a node takes about 45`;
  return freeMb >= freeMemoryMbMin ? ok(detail) : warning(detail);
}

async function eventLoop(): Promise<Examined> {
  const resolutionMs = 10;
  const delay = monitorEventLoopDelay({ resolution: resolutionMs });
  delay.enable();
  await sleep(300);
  delay.disable();
  const lagMs = Math.max(0, Math.round(delay.max / 1e6 - resolutionMs));
  const detail = `event loop at most ${lagMs} ms late in 300 ms`;
  return lagMs <= lagMsMax
    ? ok(detail)
    : warning(`${detail}: this machine is busy, latencies will be distrusted`);
}

function proc(): Examined {
  if (existsSync('/proc/self/stat')) return ok('readable: evidence of stopped processes comes from it');
  return warning('not there: evidence of stopped processes comes from ps');
}

/** A step with a limit. */
function within(
  what: string,
  begin: (done: () => void, failed: (cause: unknown) => void) => void,
): Promise<void> {
  return new Promise((done, reject) => {
    const timer = setTimeout(() => reject(new Error(`cannot ${what}: no answer in 3 s`)), 3000);
    const end = (finish: () => void) => (): void => {
      clearTimeout(timer);
      finish();
    };
    begin(end(done), (cause) => end(() => reject(new Error(`cannot ${what}`, { cause })))());
  });
}
