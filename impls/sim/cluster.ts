/** A simulated cluster: a process in each slot, a starter that fills the slots, and all that a nemesis can do to them. */
import { defined } from '../../core/assert.ts';
import type { MemberId, Slot } from '../../core/ids.ts';
import { memberId } from '../../core/ids.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Chance, Machine, ReplicaConfig, Timing } from '../../core/machine.ts';
import type { ClusterControl } from '../../core/nemesis.ts';
import type { Random } from '../../core/random.ts';
import { isInService, slotsPlaying } from '../../core/roles.ts';
import type { Listener } from './network.ts';
import { letGo } from './pipe.ts';
import { makeProcess, type DeathTrap, type SimProcess } from './process.ts';
import type { Pace, World } from './world.ts';

/** What a nemesis plug-in sees, and what only the simulator can do. */
export interface SimCluster extends ClusterControl {
  /** Starts a process in every slot, each a little later than it likes. */
  bootstrap(): void;
  listener(slot: Slot): Listener;
  /** Everything reaches this node so much later, its own timers too, until it is told 0. */
  slow(slot: Slot, byMs: number): void;
  /** The process in this slot dies where the trap says; does nothing if there is none. */
  arm(slot: Slot, trap: DeathTrap): void;
  disarm(slot: Slot): void;
  /** Fills the slot if it is empty, whether the group asks or not. */
  restart(slot: Slot): void;
  /** Every slot has a process that says what role it plays, and that is not joining. */
  isFullStrength(): boolean;
  /** Processes that live and are not stopped. */
  running(): MemberId[];
}

interface SlotState {
  readonly slot: Slot;
  process: SimProcess | null;
  member: MemberId | null;
  /** Of the next process. */
  incarnation: number;
  isStarting: boolean;
  /** The group has asked for a process, or the last one ended by itself. */
  isAsked: boolean;
  withheld: number;
  isHostDead: boolean;
  role: { readonly name: string; readonly view: number } | null;
  kills: number;
  closesSwallowed: number;
}

/** What the processes of a cluster are made from. */
export interface ClusterOptions {
  readonly world: World;
  readonly slots: readonly Slot[];
  readonly layer: string;
  readonly options: JsonObject;
  readonly app: string;
  readonly timing: Timing;
  readonly serviceMs: number;
  readonly pace: Pace;
  readonly makeMachine: (config: ReplicaConfig, chance: Chance) => Machine;
}

/** A cluster with nothing running yet. */
export function makeCluster(options: ClusterOptions): SimCluster {
  const { world, slots } = options;
  const { scheduler, directions, network, recorder } = world;
  const random = world.random.fork('cluster');
  const states = new Map<Slot, SlotState>(slots.map((slot) => [slot, emptySlot(slot)]));
  const at = (slot: Slot): SlotState => defined(states.get(slot), `slot ${slot}`);

  const fill = (state: SlotState): void => {
    if (state.process !== null || state.isStarting || state.withheld > 0 || !state.isAsked) return;
    state.isStarting = true;
    scheduler.after(bootMs(random, options.pace), () => run(state));
  };
  const run = (state: SlotState): void => {
    const { slot, incarnation } = state;
    const member = memberId(slot, incarnation);
    const mode = incarnation === 0 ? 'bootstrap' : 'join';
    Object.assign(state, { isStarting: false, isAsked: false, isHostDead: false, role: null, member });
    state.incarnation++;
    recorder.traced(member, 'node-start', { pid: null, mode });
    const machine = make(member, { ...configOf(options), slot, incarnation, mode });
    if (machine === null) return;
    const owner = ownerOf(state, member);
    state.process = makeProcess({ name: member, place: slot, machine, scheduler, network, random, owner });
    recorder.traced(member, 'node-ready', { port: null });
    state.process.start();
  };
  const make = (member: MemberId, config: ReplicaConfig): Machine | null => {
    try {
      return options.makeMachine(config, seededChance(world, member));
    } catch (thrown) {
      recorder.violated(member, thrown);
      return null;
    }
  };
  const gone = (
    state: SlotState,
    member: MemberId,
    how: { code: number | null; signal: string | null },
  ): void => {
    state.process = null;
    recorder.traced(member, 'node-exit', { ...how, expected: how.code !== 1 });
  };
  const ownerOf = (state: SlotState, member: MemberId) => ({
    traced: (event: string, fields: JsonObject) => {
      recorder.traced(member, event, fields);
      const { role } = fields;
      if (event === 'synced') state.isAsked = false; // the group has what it asked for
      if (event === 'role' && typeof role === 'string')
        state.role = { name: role, view: Number(fields['view']) };
    },
    wantsReplacement: (slot: Slot) => {
      recorder.traced(member, 'want-replacement', { slot });
      const wanted = at(slot);
      wanted.isAsked = true;
      fill(wanted);
    },
    ended: (why: 'excluded' | 'replaced' | 'armed') => {
      if (why === 'armed') state.kills++;
      else state.isAsked = true;
      gone(state, member, why === 'armed' ? { code: null, signal: 'SIGKILL' } : { code: 0, signal: null });
      fill(state);
    },
    answered: () => recorder.violated(member, new Error('a replica machine gave an answer effect')),
    broke: (thrown: unknown) => {
      recorder.violated(member, thrown);
      gone(state, member, { code: 1, signal: null });
    },
  });

  return {
    slots,
    bootstrap: () => {
      for (const state of states.values()) {
        state.isAsked = true;
        state.isStarting = true;
        scheduler.after(random.unit() * options.pace.staggerMs, () => run(state));
      }
    },
    listener: (slot) => {
      const { process, isHostDead } = at(slot);
      return process ?? (isHostDead ? 'silent' : 'refuses');
    },
    slotsWithRole: (role) => slotsWithRole([...states.values()], role),
    isRunning: (slot) => isRunning(at(slot)),
    hold: (direction) => {
      directions.direction(direction).holds++;
    },
    release: (direction) => {
      const state = directions.direction(direction);
      state.holds--;
      if (state.holds === 0) letGo(state);
    },
    cut: (a, b) => {
      const pair = directions.pair(a, b);
      pair.cuts++;
      pair.resets += network.reset(pair.name);
    },
    mend: (a, b) => {
      directions.pair(a, b).cuts--;
    },
    delay: (direction, delay) => {
      directions.direction(direction).delays.push(delay);
    },
    undelay: (direction) => {
      directions.direction(direction).delays.pop();
    },
    kill: (slot, how) => {
      const state = at(slot);
      if (state.process === null || state.member === null) return;
      const connections = state.process.die(how);
      state.kills++;
      if (how === 'host') state.closesSwallowed += connections;
      state.isHostDead = how === 'host';
      gone(state, state.member, { code: null, signal: 'SIGKILL' });
      fill(state);
    },
    withholdReplacement: (slot) => {
      recorder.traced('harness', 'replacement-withheld', { slot });
      at(slot).withheld++;
    },
    allowReplacement: (slot) => {
      recorder.traced('harness', 'replacement-allowed', { slot });
      const state = at(slot);
      state.withheld--;
      // What is down by then is started, asked for or not, as an operating system's service manager would.
      if (state.process === null) state.isAsked = true;
      fill(state);
    },
    stop: (slot) => at(slot).process?.stop(),
    resume: (slot) => at(slot).process?.resume(),
    counters: () => {
      const counters = new Map<string, number>();
      directions.count(counters);
      for (const { slot, kills, process, closesSwallowed } of states.values()) {
        counters.set(`exits.SIGKILL:${slot}`, kills);
        counters.set(`stopped:${slot}`, process?.isStopped === true ? 1 : 0);
        counters.set(`closes-swallowed:${slot}`, closesSwallowed);
      }
      return counters;
    },
    slow: (slot, byMs) => at(slot).process?.slow(byMs),
    arm: (slot, trap) => at(slot).process?.arm(trap),
    disarm: (slot) => at(slot).process?.disarm(),
    restart: (slot) => {
      const state = at(slot);
      if (state.process !== null) return;
      state.isAsked = true;
      fill(state);
    },
    isFullStrength: () =>
      [...states.values()].every(
        (state) => isRunning(state) && state.role !== null && isInService(state.role.name),
      ),
    running: () =>
      [...states.values()].flatMap((state) =>
        isRunning(state) && state.member !== null ? [state.member] : [],
      ),
  };
}

const emptySlot = (slot: Slot): SlotState => ({
  slot,
  process: null,
  member: null,
  incarnation: 0,
  isStarting: false,
  isAsked: false,
  withheld: 0,
  isHostDead: false,
  role: null,
  kills: 0,
  closesSwallowed: 0,
});

const bootMs = (random: Random, { bootMsMin, bootMsMax }: Pace): number =>
  bootMsMin + random.unit() * (bootMsMax - bootMsMin);

const configOf = ({ layer, options, app, slots, timing, serviceMs }: ClusterOptions) => ({
  layer,
  options,
  app,
  slots,
  timing,
  serviceMs,
});

const seededChance = ({ random }: World, member: MemberId): Chance => {
  const choices = random.fork(`choices/${member}`);
  return () => choices.unit();
};

const isRunning = ({ process }: SlotState): boolean => process !== null && !process.isStopped;

function slotsWithRole(states: readonly SlotState[], role: string): readonly Slot[] {
  const running = states.filter(isRunning);
  return slotsPlaying(
    role,
    running.map((state) => ({ slot: state.slot, role: state.role?.name ?? '', view: state.role?.view ?? 0 })),
  );
}
