/** A service of independent echo servers and its client: just enough of a system to try the simulator on. */
import type { Slot } from '../../core/ids.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import type { ClientConfig, Effect, Machine, MachineEvent, ReplicaConfig } from '../../core/machine.ts';
import type { Plan } from '../../core/plan.ts';
import { millis } from '../../core/units.ts';
import type { Generator } from '../../core/workload.ts';
import { schedulePlan } from './schedule.ts';
import { simulate, type SimulationOptions, type SimulationResult } from './simulate.ts';

const beatMs = 20;

/** Answers every request with its value; keeps connections to all other slots, traces who came and went, and asks for who went. */
export function makeToyReplica(config: ReplicaConfig): Machine {
  const peers = new Map<number, Slot>();
  const connected = new Set<number>();
  let dialled = 0;
  const trace = (event: string, fields: JsonObject): Effect => ({ type: 'trace', event, fields });
  const dial = (slot: Slot): Effect => {
    peers.set(++dialled, slot);
    return { type: 'dial', connection: dialled, slot };
  };
  const beatTimer: Effect = { type: 'set-timer', name: 'beat', afterMs: beatMs };

  const closed = (connection: number): readonly Effect[] => {
    const slot = peers.get(connection);
    const wasUp = connected.delete(connection);
    if (slot === undefined) return [];
    const redial: Effect = { type: 'set-timer', name: `dial ${slot}`, afterMs: beatMs };
    return wasUp ? [trace('lost', { slot }), { type: 'want-replacement', slot }, redial] : [redial];
  };
  const step = (event: MachineEvent): readonly Effect[] => {
    switch (event.type) {
      case 'start':
        return [
          trace('role', { role: config.slot === config.slots[0] ? 'primary' : 'backup', view: 0 }),
          ...config.slots.filter((slot) => slot !== config.slot).map(dial),
          beatTimer,
        ];
      case 'connected':
        connected.add(event.connection);
        return [trace('found', { slot: peers.get(event.connection) ?? null })];
      case 'closed':
        return closed(event.connection);
      case 'timer': {
        const [, slot] = event.name.split(' ');
        if (slot !== undefined) return [dial(slot as Slot)];
        const beats = [...connected].map((connection): Effect => ({
          type: 'send',
          connection,
          frame: { kind: 'beat', payload: event.now },
        }));
        return [...beats, beatTimer];
      }
      case 'frame': {
        const { connection, frame } = event;
        if (frame.kind === 'beat') return [trace('beat', { sentAt: frame.payload })];
        return [{ type: 'send', connection, frame: { kind: 'reply', payload: frame.payload } }];
      }
      case 'accepted':
      case 'invoke':
        return [];
    }
  };
  return { step };
}

/** Asks its first target, and the next one whenever no answer comes. */
export function makeToyClient(config: ClientConfig): Machine {
  let asked = 0;
  let connection = 0;
  let isUp = false;
  let open: { readonly seq: number; readonly value: Json } | null = null;
  const dial = (): Effect => {
    isUp = false;
    const slot = config.targets[asked++ % config.targets.length] as Slot;
    return { type: 'dial', connection: ++connection, slot };
  };
  const ask = (): Effect[] =>
    isUp && open !== null
      ? [{ type: 'send', connection, frame: { kind: 'request', payload: [open.seq, open.value] } }]
      : [];
  const step = (event: MachineEvent): readonly Effect[] => {
    switch (event.type) {
      case 'invoke':
        open = event.operation;
        return [
          { type: 'set-timer', name: 'retry', afterMs: config.retryMs },
          ...(connection === 0 ? [dial()] : ask()),
        ];
      case 'connected':
        isUp = true;
        return ask();
      case 'closed':
        return [dial()];
      case 'timer':
        if (open === null) return [];
        return [
          { type: 'set-timer', name: 'retry', afterMs: config.retryMs },
          { type: 'close', connection },
          dial(),
        ];
      case 'frame': {
        const [seq, value] = event.frame.payload as readonly [number, Json];
        if (open?.seq !== seq) return [];
        open = null;
        return [
          { type: 'clear-timer', name: 'retry' },
          { type: 'answer', value },
        ];
      }
      case 'start':
      case 'accepted':
        return [];
    }
  };
  return { step };
}

/** Counts up. */
export function makeToyGenerator(): Generator {
  let n = 0;
  return {
    next: () => ({ f: 'echo', key: null, value: ++n }),
    completed: () => {},
    finalReads: () => [{ f: 'echo', key: null, value: 'final' }],
  };
}

/** Plays a plan of the toy service. */
export function simulateToy(
  changes: Partial<Plan> = {},
  options: Partial<SimulationOptions> = {},
): SimulationResult {
  const claims = { tolerates: 'none', outageMsMax: millis(0), text: '' } as const;
  const workload = { name: 'echo', options: {}, model: 'none', app: 'none' };
  const subject = { seed: 1, nodes: 3, impl: { name: 'toy', options: {}, claims }, workload };
  return simulate({
    plan: schedulePlan(subject, changes),
    makeMachine: makeToyReplica,
    makeClient: makeToyClient,
    clientMode: 'any',
    generator: makeToyGenerator(),
    ...options,
  });
}
