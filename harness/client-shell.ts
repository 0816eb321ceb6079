import { connect, type Socket } from 'node:net';
import { assert, unreachable } from '../core/assert.ts';
import type { Slot } from '../core/ids.ts';
import type { Json, JsonObject } from '../core/json.ts';
import type { ClientOperation, ConnectionId, Effect, Machine, MachineEvent } from '../core/machine.ts';
import { decodeFrame, encodeFrame, FrameError, FrameSplitter } from '../core/protocol.ts';
import { monotonicMs } from './clock.ts';
import { HarnessError } from './harness-errors.ts';

/** What became of an operation. `isSent`: at least one byte of it was handed to the operating system. */
export type Outcome =
  | { readonly type: 'answer'; readonly value: Json }
  | { readonly type: 'timeout' | 'dropped'; readonly isSent: boolean };

/** What a client stub needs from its surroundings. */
export interface ClientShellOptions {
  readonly machine: Machine;
  /** Where this client reaches a slot now. */
  readonly address: (slot: Slot) => { readonly host: string; readonly port: number };
  readonly onTrace?: (event: string, fields: JsonObject) => void;
}

interface Pending {
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (error: unknown) => void;
  readonly timer: NodeJS.Timeout;
  isSent: boolean;
}

type EventWithoutNow = MachineEvent extends infer E ? (E extends unknown ? Omit<E, 'now'> : never) : never;

/** Runs a client stub over TCP: its sockets, its timers, one operation at a time. Disposing it drops all of them. */
export class ClientShell implements Disposable {
  private readonly options: ClientShellOptions;
  private readonly sockets = new Map<ConnectionId, Socket>();
  private readonly timers = new Map<string, NodeJS.Timeout>();
  private pending: Pending | null = null;
  private broken: HarnessError | null = null;
  private isEnded = false;

  constructor(options: ClientShellOptions) {
    this.options = options;
    this.step({ type: 'start' });
  }

  /** Rejects only when the stub itself broke. After a timeout the shell is of no further use: the stub still has that operation. */
  perform(operation: ClientOperation, timeoutMs: number): Promise<Outcome> {
    assert(this.pending === null, 'a stub has one operation at a time');
    if (this.broken !== null) return Promise.reject(this.broken);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.finish('timeout'), timeoutMs);
      this.pending = { resolve, reject, timer, isSent: false };
      this.step({ type: 'invoke', operation });
    });
  }

  [Symbol.dispose](): void {
    this.isEnded = true;
    this.finish('dropped');
    for (const timer of this.timers.values()) clearTimeout(timer);
    for (const socket of this.sockets.values()) socket.destroy();
    this.timers.clear();
    this.sockets.clear();
  }

  private finish(type: 'timeout' | 'dropped'): void {
    const pending = this.take();
    pending?.resolve({ type, isSent: pending.isSent });
  }

  private take(): Pending | null {
    const pending = this.pending;
    this.pending = null;
    if (pending !== null) clearTimeout(pending.timer);
    return pending;
  }

  private step(event: EventWithoutNow): void {
    if (this.isEnded || this.broken !== null) return;
    try {
      const effects = this.options.machine.step({ ...event, now: monotonicMs() });
      for (const effect of effects) this.execute(effect);
    } catch (cause) {
      if (cause instanceof FrameError && event.type === 'frame') return this.refuse(event.connection, cause);
      this.broken = new HarnessError('the client stub broke', cause);
      this.take()?.reject(this.broken);
    }
  }

  /** What came over this connection says nothing to the stub: the connection is of no further use, the stub is. */
  private refuse(connection: ConnectionId, error: FrameError): void {
    this.options.onTrace?.('connection-closed', { reason: error.message });
    this.sockets.get(connection)?.destroy();
  }

  private execute(effect: Effect): void {
    switch (effect.type) {
      case 'dial':
        return this.dial(effect.connection, effect.slot);
      case 'send': {
        const socket = this.sockets.get(effect.connection);
        if (socket === undefined) return;
        if (this.pending !== null) this.pending.isSent = true;
        socket.write(encodeFrame(effect.frame));
        return;
      }
      case 'close':
        this.sockets.get(effect.connection)?.destroy();
        this.sockets.delete(effect.connection);
        return;
      case 'set-timer':
        return this.setTimer(effect.name, effect.afterMs);
      case 'clear-timer':
        clearTimeout(this.timers.get(effect.name));
        this.timers.delete(effect.name);
        return;
      case 'trace':
        this.options.onTrace?.(effect.event, effect.fields);
        return;
      case 'answer':
        this.take()?.resolve({ type: 'answer', value: effect.value });
        return;
      case 'want-replacement':
      case 'exit':
        throw new Error(`a client stub cannot ${effect.type}`);
      default:
        return unreachable(effect);
    }
  }

  private setTimer(name: string, afterMs: number): void {
    clearTimeout(this.timers.get(name));
    const timer = setTimeout(() => {
      this.timers.delete(name);
      this.step({ type: 'timer', name });
    }, afterMs);
    this.timers.set(name, timer);
  }

  private dial(connection: ConnectionId, slot: Slot): void {
    const socket = connect({ ...this.options.address(slot), noDelay: true });
    const splitter = new FrameSplitter();
    const isOurs = (): boolean => this.sockets.get(connection) === socket;
    this.sockets.set(connection, socket);
    socket.on('connect', () => {
      if (isOurs()) this.step({ type: 'connected', connection });
    });
    socket.on('data', (chunk) => {
      try {
        for (const raw of splitter.push(chunk)) {
          const frame = decodeFrame(raw);
          if (isOurs()) this.step({ type: 'frame', connection, frame });
        }
      } catch (thrown) {
        if (!(thrown instanceof FrameError)) throw thrown;
        this.refuse(connection, thrown);
      }
    });
    // What an error means, the close that always follows it says.
    socket.on('error', () => {});
    socket.on('close', () => {
      if (!isOurs()) return;
      this.sockets.delete(connection);
      this.step({ type: 'closed', connection });
    });
  }
}
