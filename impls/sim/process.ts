/**
 * The simulator's shell around one machine: what impls/node is for a real process. It gives the machine its events one at a time, carries
 * out the effects in order, keeps its timers, and can be stopped, slowed, and killed between any two effects.
 */
import { unreachable } from '../../core/assert.ts';
import type { Slot } from '../../core/ids.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import type { ClientOperation, ConnectionId, Effect, Machine, MachineEvent } from '../../core/machine.ts';
import type { FrameKind } from '../../core/protocol.ts';
import type { Random } from '../../core/random.ts';
import type { Place } from './directions.ts';
import type { End, Host, Network } from './network.ts';
import type { Scheduler } from './scheduler.ts';

/** What a process tells whoever started it. */
export interface ProcessOwner {
  traced(event: string, fields: JsonObject): void;
  wantsReplacement(slot: Slot): void;
  /** It ended itself, or died where it was armed to; it is dead already. */
  ended(why: 'excluded' | 'replaced' | 'armed'): void;
  answered(value: Json): void;
  /** The machine threw, and is dead. */
  broke(thrown: unknown): void;
}

/** Where a process is to die: within a step after some of its effects, or before or after the nth frame of a kind that it sends. */
export type DeathTrap =
  | { readonly type: 'step'; readonly skip: number; readonly keptShare: number }
  | { readonly type: 'send'; readonly kind: FrameKind; readonly nth: number; readonly isBefore: boolean };

export interface SimProcess extends Host {
  readonly isAlive: boolean;
  readonly isStopped: boolean;
  /** Frames that have left on connections. */
  readonly framesSent: number;
  start(): void;
  invoke(operation: ClientOperation): void;
  /** Stops nest. What arrives meanwhile waits, timers too. */
  stop(): void;
  resume(): void;
  /** From now on everything reaches the machine so much later. */
  slow(byMs: number): void;
  arm(trap: DeathTrap): void;
  disarm(): void;
  /** Dies now, between two steps; returns how many connections it had. */
  die(how: 'process' | 'host'): number;
}

type Mutable<E> = E extends unknown ? { -readonly [Name in keyof E]: E[Name] } : never;

interface Input {
  readonly event: Mutable<MachineEvent>;
  readonly end: End | null;
  /** Which setting of its timer this is; a later one makes it void. */
  readonly setting: number;
  readyAt: number;
}

/** A living process that has not started yet. */
export function makeProcess(options: {
  readonly name: string;
  readonly place: Place;
  readonly machine: Machine;
  readonly scheduler: Scheduler;
  readonly network: Network;
  readonly random: Random;
  readonly owner: ProcessOwner;
}): SimProcess {
  const { machine, scheduler, network, random, owner } = options;
  const ends = new Map<ConnectionId, End>();
  const timers = new Map<string, number>();
  let inbox: Input[] = [];
  let settings = 0;
  let stops = 0;
  let slowMs = 0;
  let isDraining = false;
  let isAlive = true;
  let trap: DeathTrap | null = null;
  let trapCount = 0;
  let framesSent = 0;

  const take = (event: Mutable<MachineEvent>, end: End | null, setting: number): void => {
    if (!isAlive) return;
    const input = { event, end, setting, readyAt: scheduler.now + slowMs };
    if (inbox.length === 0 && stops === 0 && slowMs === 0) return handle(input);
    const last = inbox[inbox.length - 1];
    if (last !== undefined && last.readyAt > input.readyAt) input.readyAt = last.readyAt;
    inbox.push(input);
    drainLater();
  };
  const drainLater = (): void => {
    const head = inbox[0];
    if (isDraining || head === undefined || stops > 0) return;
    isDraining = true;
    scheduler.at(head.readyAt, drain);
  };
  const drain = (): void => {
    isDraining = false;
    while (stops === 0 && inbox.length > 0 && (inbox[0] as Input).readyAt <= scheduler.now) {
      handle(inbox.shift() as Input);
    }
    drainLater();
  };
  const handle = ({ event, end, setting }: Input): void => {
    if (end !== null) {
      if (end.isAbandoned) return;
      if (event.type === 'closed') ends.delete(end.id);
    } else if (event.type === 'timer') {
      if (timers.get(event.name) !== setting) return;
      timers.delete(event.name);
    }
    event.now = scheduler.now;
    step(event);
  };

  const step = (event: MachineEvent): void => {
    try {
      const effects = machine.step(event);
      const limit = effectsBeforeDeath(effects);
      for (let i = 0; i < effects.length && isAlive; i++) {
        if (i === limit) return dieArmed();
        perform(effects[i] as Effect);
      }
      if (limit === effects.length && isAlive) dieArmed();
    } catch (thrown) {
      die('process');
      owner.broke(thrown);
    }
  };
  /** How many effects of this step are carried out before the process dies of its trap; more than there are: it lives. */
  const effectsBeforeDeath = (effects: readonly Effect[]): number => {
    const lives = effects.length + 1;
    if (trap === null || effects.length === 0) return lives;
    if (trap.type === 'step') {
      return trapCount++ < trap.skip ? lives : Math.floor(trap.keptShare * (effects.length + 1));
    }
    for (let i = 0; i < effects.length; i++) {
      const effect = effects[i] as Effect;
      if (effect.type === 'send' && effect.frame.kind === trap.kind && ++trapCount === trap.nth) {
        return trap.isBefore ? i : i + 1;
      }
    }
    return lives;
  };
  const dieArmed = (): void => {
    die('process');
    owner.ended('armed');
  };

  const perform = (effect: Effect): void => {
    switch (effect.type) {
      case 'dial':
        return network.dial(self, effect.connection, effect.slot);
      case 'send':
        if (network.send(self, effect.connection, effect.frame)) framesSent++;
        return;
      case 'close':
        return network.close(self, effect.connection);
      case 'set-timer':
        return setTimer(effect.name, effect.afterMs);
      case 'clear-timer':
        timers.delete(effect.name);
        return;
      case 'trace':
        return owner.traced(effect.event, effect.fields);
      case 'want-replacement':
        return owner.wantsReplacement(effect.slot);
      case 'exit':
        die('process');
        return owner.ended(effect.reason);
      case 'answer':
        return owner.answered(effect.value);
      default:
        return unreachable(effect);
    }
  };
  const setTimer = (name: string, afterMs: number): void => {
    const setting = ++settings;
    timers.set(name, setting);
    scheduler.after(afterMs + random.unit() * network.weather.timersLateMsMax, () => {
      if (timers.get(name) === setting) take({ type: 'timer', now: 0, name }, null, setting);
    });
  };
  const die = (how: 'process' | 'host'): number => {
    if (!isAlive) return 0;
    isAlive = false;
    inbox = [];
    timers.clear();
    return network.crash(self, how);
  };
  const resume = (): void => {
    if (stops === 0 || --stops > 0) return;
    if (inbox.length === 0) return;
    // After SIGCONT both orders happen: an event loop may find its timers due first, or its sockets readable.
    const isTimer = (input: Input): boolean => input.event.type === 'timer';
    const first = random.chance(0.5) ? isTimer : (input: Input) => !isTimer(input);
    inbox = [...inbox.filter(first), ...inbox.filter((input) => !first(input))];
    for (const input of inbox) input.readyAt = scheduler.now;
    drainLater();
  };

  const self: SimProcess = {
    name: options.name,
    place: options.place,
    ends,
    get isAlive() {
      return isAlive;
    },
    get isStopped() {
      return isAlive && stops > 0;
    },
    get framesSent() {
      return framesSent;
    },
    hear: (end, what) => take({ type: what, now: 0, connection: end.id }, end, 0),
    hearFrame: (end, frame) => take({ type: 'frame', now: 0, connection: end.id, frame }, end, 0),
    start: () => take({ type: 'start', now: 0 }, null, 0),
    invoke: (operation) => take({ type: 'invoke', now: 0, operation }, null, 0),
    stop: () => {
      stops++;
    },
    resume,
    slow: (byMs) => {
      slowMs = byMs;
    },
    arm: (next) => {
      trap = next;
      trapCount = 0;
    },
    disarm: () => {
      trap = null;
    },
    die,
  };
  return self;
}
