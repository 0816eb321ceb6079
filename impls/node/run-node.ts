import { createServer } from 'node:net';
import type { ChildLine, NodeConfig } from '../../core/child.ts';
import { nodeExitCodes } from '../../core/child.ts';
import { compareSlots, memberId } from '../../core/ids.ts';
import type { Chance, Machine, ReplicaConfig } from '../../core/machine.ts';
import { AppendLog, LogWriteError } from './append-log.ts';
import { seededChance } from './chance.ts';
import { ConfigError, parseNodeConfig } from './config.ts';
import { watchLag } from './lag.ts';
import type { EventLine } from './replay.ts';
import { Shell, type ShellOptions } from './shell.ts';
import { timingOf } from '../timing.ts';

/** Builds the machine that a configuration names. */
export type MakeReplica = (config: ReplicaConfig, chance: Chance) => Promise<Machine>;

/** A node's whole life, from its command line to its exit. Installs itself as the process's last resort for whatever is thrown. */
export function runNode(argument: string | undefined, makeReplica: MakeReplica): void {
  process.on('uncaughtException', end);
  process.on('unhandledRejection', end);
  void launch(argument, makeReplica);
}

/** The process ends by an error: what it was, on stderr, and whose fault, by the exit code. */
function end(thrown: unknown): never {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  const code = exitCodeOf(error);
  process.stderr.write(
    `${code === nodeExitCodes.crashed ? (error.stack ?? error.message) : error.message}\n`,
  );
  process.exit(code);
}

function exitCodeOf(error: Error): number {
  if (error instanceof ConfigError) return nodeExitCodes.usage;
  if (error instanceof LogWriteError) return nodeExitCodes.traceLost;
  return 'syscall' in error && error.syscall === 'listen' ? nodeExitCodes.noPort : nodeExitCodes.crashed;
}

async function launch(argument: string | undefined, makeReplica: MakeReplica): Promise<void> {
  const config = parseNodeConfig(argument);
  const replicaConfig = replicaConfigOf(config);
  const machine = await makeReplica(replicaConfig, seededChance(config.seed)).catch((cause: unknown) => {
    throw new ConfigError(`no machine: ${(cause as Error).message}`, { cause });
  });
  const originNs = BigInt(config.originNs);
  const nowNs = (): number => Number(process.hrtime.bigint() - originNs);
  const nowMs = (): number => nowNs() / 1e6;
  const node = memberId(config.slot, config.incarnation);
  const traceLog = config.traceFile === null ? null : new AppendLog(config.traceFile);
  const eventLog = config.eventFile === null ? null : new AppendLog(config.eventFile);
  const logEvent = eventLog && ((line: EventLine) => eventLog.add(JSON.stringify(line)));
  logEvent?.({ config: replicaConfig, seed: config.seed });

  const trace: ShellOptions['trace'] = (event, fields) =>
    traceLog?.add(JSON.stringify({ time: nowNs(), node, event, ...fields }));
  const shell = new Shell({
    machine,
    addresses: new Map(config.peers.map(({ slot, host, port }) => [slot, { host, port }])),
    nowMs,
    trace,
    logEvent,
    flushLogs: () => {
      traceLog?.flush();
      eventLog?.flush();
    },
    say,
    exit: () => process.exit(nodeExitCodes.replaced),
  });
  process.on('exit', () => flushWhatCanBe(traceLog, eventLog));
  watchLag(nowMs, (maxMs) => {
    trace('lag', { maxMs });
    traceLog?.flush();
  });
  endWithStandardInput(shell);

  const server = createServer({ noDelay: true }, (socket) => shell.accept(socket));
  server.listen({ host: '127.0.0.1', port: config.port }, () => {
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('the listener has no port');
    say({ type: 'ready', port: address.port, pid: process.pid });
    shell.start();
  });
}

function replicaConfigOf(config: NodeConfig): ReplicaConfig {
  const { layer, options, app, slot, incarnation, mode, peers, serviceMs } = config;
  const slots = peers.map((peer) => peer.slot).sort(compareSlots);
  const timing = timingOf(config.timing);
  return { layer, options, app, slot, incarnation, mode, slots, timing, serviceMs };
}

function say(line: ChildLine): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

/** Whoever started this process is gone: nobody would ever stop it. */
function endWithStandardInput(shell: Shell): void {
  const orphaned = (): void => {
    shell.flush();
    process.exit(nodeExitCodes.orphaned);
  };
  process.stdin.on('end', orphaned).on('close', orphaned).on('error', orphaned).resume();
  process.stdout.on('error', orphaned);
}

/** What the trace knows at the moment of a crash is worth having; by then nobody is left to tell if it cannot be written. */
function flushWhatCanBe(...logs: readonly (AppendLog | null)[]): void {
  for (const log of logs) {
    try {
      log?.flush();
    } catch (thrown) {
      if (!(thrown instanceof LogWriteError)) throw thrown;
    }
  }
}
