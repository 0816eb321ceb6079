import type { Socket } from 'node:net';
import { unreachable } from '../../core/assert.ts';
import type { ChildLine } from '../../core/child.ts';
import type { Slot } from '../../core/ids.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Effect, Machine, MachineEvent } from '../../core/machine.ts';
import { FrameError } from '../../core/protocol.ts';
import { Connections } from './connections.ts';
import { hashEffects, type EventLine } from './replay.ts';

/** What a shell stands between. */
export interface ShellOptions {
  readonly machine: Machine;
  readonly addresses: ReadonlyMap<Slot, { readonly host: string; readonly port: number }>;
  /** Milliseconds since the run's start. */
  readonly nowMs: () => number;
  readonly trace: (event: string, fields: JsonObject) => void;
  readonly logEvent: ((line: EventLine) => void) | null;
  /** Makes everything traced and logged so far durable. Called before anything of a turn leaves the process. */
  readonly flushLogs: () => void;
  readonly say: (line: ChildLine) => void;
  /** The machine has ended. */
  readonly exit: () => void;
}

type Unstamped<T> = T extends unknown ? Omit<T, 'now'> : never;
type Happening = Unstamped<MachineEvent>;

/**
 * Runs one machine in this process: sockets and timers in, effects out, in order. What a turn of the event loop wants to let out (frames, and
 * lines for the harness) waits for the end of the turn; there the trace is written first, so that no killed node has ever done what its trace
 * does not tell.
 */
export class Shell {
  private readonly options: ShellOptions;
  private readonly connections: Connections;
  private readonly timers = new Map<string, NodeJS.Timeout>();
  private readonly happenings: Happening[] = [];
  private lines: ChildLine[] = [];
  private stepping = false;
  private turnIsOpen = false;
  private ended = false;

  constructor(options: ShellOptions) {
    this.options = options;
    this.connections = new Connections({
      connected: (connection) => this.take({ type: 'connected', connection }),
      accepted: (connection) => this.take({ type: 'accepted', connection }),
      frame: (connection, frame) => this.take({ type: 'frame', connection, frame }),
      bad: (_, peer, reason) => options.trace('connection-closed', { peer, reason }),
      closed: (connection) => this.take({ type: 'closed', connection }),
    });
  }

  start(): void {
    this.take({ type: 'start' });
  }

  accept(socket: Socket): void {
    if (this.ended) socket.destroy();
    else this.connections.accept(socket);
  }

  /** Ends the turn now: before the process exits. */
  flush(): void {
    this.turnIsOpen = false;
    this.options.flushLogs();
    this.connections.flush();
    const { lines } = this;
    this.lines = [];
    for (const line of lines) this.options.say(line);
  }

  /** One happening after another: what an effect brings about (a connection lost while sending) waits until its step has ended. */
  private take(happening: Happening): void {
    this.happenings.push(happening);
    if (this.stepping) return;
    this.stepping = true;
    this.openTurn();
    for (
      let next = this.happenings.shift();
      next !== undefined && !this.ended;
      next = this.happenings.shift()
    ) {
      for (const effect of this.step({ ...next, now: this.options.nowMs() })) {
        if (this.ended) break;
        this.execute(effect);
      }
    }
    this.stepping = false;
  }

  private openTurn(): void {
    if (this.turnIsOpen) return;
    this.turnIsOpen = true;
    setImmediate(() => {
      if (this.turnIsOpen) this.flush();
    });
  }

  private step(event: MachineEvent): readonly Effect[] {
    const { machine, logEvent } = this.options;
    logEvent?.({ event });
    try {
      const effects = machine.step(event);
      logEvent?.({ effects: hashEffects(effects) });
      return effects;
    } catch (thrown) {
      if (!(thrown instanceof FrameError) || event.type !== 'frame') throw thrown;
      logEvent?.({ refused: thrown.message });
      this.connections.refuse(event.connection, thrown.message);
      return [];
    }
  }

  private execute(effect: Effect): void {
    switch (effect.type) {
      case 'dial': {
        const address = this.options.addresses.get(effect.slot);
        if (address === undefined)
          throw new Error(`the machine dials ${effect.slot}, which is not in this cluster`);
        return this.connections.dial(effect.connection, effect.slot, address);
      }
      case 'send':
        return this.connections.send(effect.connection, effect.frame);
      case 'close':
        return this.connections.close(effect.connection);
      case 'set-timer':
        return this.setTimer(effect.name, effect.afterMs);
      case 'clear-timer':
        return this.clearTimer(effect.name);
      case 'trace':
        return this.trace(effect.event, effect.fields);
      case 'want-replacement':
        this.options.trace('want-replacement', { slot: effect.slot });
        this.lines.push({ type: 'want-replacement', slot: effect.slot });
        return;
      case 'exit':
        return this.exit();
      case 'answer':
        throw new Error('a replica does not answer operations: that is for client stubs');
      default:
        return unreachable(effect);
    }
  }

  private setTimer(name: string, afterMs: number): void {
    this.clearTimer(name);
    const timer = setTimeout(() => {
      this.timers.delete(name);
      this.take({ type: 'timer', name });
    }, afterMs);
    this.timers.set(name, timer);
  }

  private clearTimer(name: string): void {
    clearTimeout(this.timers.get(name));
    this.timers.delete(name);
  }

  private trace(event: string, fields: JsonObject): void {
    this.options.trace(event, fields);
    const { role, view } = fields;
    if (event === 'synced') this.lines.push({ type: 'synced' });
    if (event === 'role' && typeof role === 'string' && typeof view === 'number') {
      this.lines.push({ type: 'role', role, view });
    }
  }

  private exit(): void {
    this.ended = true;
    for (const timer of this.timers.values()) clearTimeout(timer);
    this.flush();
    this.options.exit();
  }
}
