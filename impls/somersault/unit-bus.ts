/** Processes of one unit for unit tests: messages wait in queues until the test delivers them, views come from the test, time stands still. */
import type { MemberId, Slot } from '../../core/ids.ts';
import { incarnationOf, slotOf, slots as slotsOf } from '../../core/ids.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import type { ConnectionId } from '../../core/machine.ts';
import { defaultTiming } from '../../core/machine.ts';
import { kv } from '../apps/kv.ts';
import type { LayerPort } from '../layer.ts';
import type { ConnectionFrame, Message, MessageOf, View } from '../messages.ts';
import { isConnectionFrame, isUnitMessage } from '../messages.ts';
import type { FarUnit } from './exchange.ts';
import type { UnitApp } from './unit-app.ts';
import { serve } from './unit-app.ts';
import type { UnitOptions } from './unit.ts';
import { Unit } from './unit.ts';

/** What is not the same in every test. */
export interface BusSetup {
  readonly options?: Partial<UnitOptions>;
  readonly app?: UnitApp;
  readonly serviceMs?: number;
  readonly far?: readonly FarUnit[];
}

const defaults: UnitOptions = {
  logging: 'late',
  topology: 'chain',
  guard: true,
  transfer: 'whole',
  chunkKeys: 64,
  window: 64,
  resend: true,
};

export const idOf = (name: string): MemberId => name as MemberId;

type TraceLine = JsonObject & { readonly node: MemberId; readonly event: string };

export class UnitBus {
  readonly trace: TraceLine[] = [];
  /** To clients, by whom. */
  readonly said: { readonly by: MemberId; readonly to: ConnectionId; readonly frame: ConnectionFrame }[] = [];
  /** What the group has to say, which nobody gets: the test decides on views. */
  readonly ofGroup: { readonly by: MemberId; readonly message: Message }[] = [];
  private readonly setup: BusSetup;
  private readonly slots: readonly Slot[];
  private readonly units = new Map<MemberId, Unit>();
  /** By sender and receiver. */
  private readonly queues = new Map<string, Message[]>();
  private readonly timers = new Map<MemberId, Set<string>>();
  /** Which view each process has installed. */
  private readonly viewOf = new Map<string, number>();
  private view: View;

  /** The first processes of so many nodes, in their first view. */
  constructor(nodes: number, setup: BusSetup = {}) {
    this.setup = setup;
    this.slots = slotsOf(nodes);
    const members = this.slots.map((slot) => idOf(`${slot}.0`));
    this.view = { id: 1, members, fresh: [], gone: {} };
    for (const id of members) this.start(id, 'bootstrap');
  }

  private get replicas(): readonly Slot[] {
    return this.slots.slice(0, Math.floor(this.slots.length / 2) + 1);
  }

  /** A process that joins once a view has it. */
  join(name: string): void {
    this.start(idOf(name), 'join');
  }

  private start(id: MemberId, mode: 'bootstrap' | 'join'): void {
    const unit = new Unit(this.port(id), {
      name: 'unit',
      rolePrefix: '',
      replicas: this.replicas,
      app: this.setup.app ?? serve(kv),
      chance: () => 0.5,
      serviceMs: this.setup.serviceMs ?? 0,
      options: { ...defaults, ...this.setup.options },
      far: this.setup.far ?? [],
      entry: null,
    });
    this.units.set(id, unit);
    this.timers.set(id, new Set());
    unit.start(mode);
  }

  private port(me: MemberId): LayerPort {
    const ignore = (): void => undefined;
    return {
      me,
      slots: this.slots,
      timing: defaultTiming,
      now: () => 0,
      send: (to, message) => {
        const copy = JSON.parse(JSON.stringify(message)) as Message;
        if (!isUnitMessage(copy) && !isConnectionFrame(copy)) this.ofGroup.push({ by: me, message: copy });
        else this.queue(me, to).push(copy);
      },
      offer: ignore,
      expect: ignore,
      setTimer: (name) => this.timers.get(me)?.add(name),
      answer: ignore,
      redirect: ignore,
      wantReplacement: ignore,
      say: (to, frame) => this.said.push({ by: me, to, frame }),
      trace: (event, fields) => {
        this.trace.push({ ...fields, node: me, event });
        if (event === 'view') this.viewOf.set(me, Number(fields['view']));
      },
      exit: (reason) => {
        throw new Error(`${me} exits: ${reason}`);
      },
    };
  }

  unit(name: string): Unit {
    const unit = this.units.get(idOf(name));
    if (unit === undefined) throw new Error(`${name} is not running`);
    return unit;
  }

  private queue(from: MemberId, to: MemberId): Message[] {
    const key = `${from}>${to}`;
    const queue = this.queues.get(key) ?? [];
    this.queues.set(key, queue);
    return queue;
  }

  /** What is on its way from one process to another. */
  waiting(from: string, to: string): readonly Message[] {
    return this.queue(idOf(from), idOf(to));
  }

  deliver(from: string, to: string, count = Infinity): void {
    const queue = this.queue(idOf(from), idOf(to));
    for (let i = 0; i < count; i++) {
      const message = queue.shift();
      if (message === undefined) return;
      this.units.get(idOf(to))?.message(idOf(from), message);
    }
  }

  /** Until nothing is on its way. */
  settle(): void {
    while ([...this.queues.values()].some((queue) => queue.length > 0)) {
      for (const key of [...this.queues.keys()]) {
        const [from = '', to = ''] = key.split('>');
        this.deliver(from, to, 1);
      }
    }
  }

  /** With everything that it had sent and nobody has got, or that was for it. */
  kill(name: string): void {
    this.units.delete(idOf(name));
    for (const [key, queue] of this.queues) if (key.split('>').includes(name)) queue.length = 0;
  }

  /** The next view: its replicas in order, and all witnesses; installed by its replicas, or by some of them. */
  install(replicas: string, by = replicas): void {
    const before = this.view;
    const witnesses = this.slots
      .filter((slot) => !this.replicas.includes(slot))
      .map((slot) => idOf(`${slot}.0`));
    const members = [...replicas.split(' ').map(idOf), ...witnesses];
    const gone: Record<string, number> = { ...before.gone };
    for (const id of before.members) if (!members.includes(id)) gone[slotOf(id)] = incarnationOf(id);
    const fresh = members.filter((id) => witnesses.includes(id) || !this.hasState(id));
    const view = { id: before.id + 1, members, fresh, gone };
    this.view = view;
    for (const name of by.split(' ')) {
      const v = this.viewOf.get(name);
      const value = { next: view, cut: 0, messages: [], batch: [] };
      const message: Message =
        v === undefined ? { kind: 'welcome', view, decision: null } : { kind: 'decide', v, k: 1, value };
      this.unit(name).message(idOf(name), message);
    }
  }

  private hasState(id: MemberId): boolean {
    return incarnationOf(id) === 0 || this.events('synced', id).length > 0;
  }

  /** The nth message of a client, written to the process that it is connected to. */
  request(
    name: string,
    client: string,
    n: number,
    {
      ep = 1,
      key = 'x',
      value = n,
      ack = n - 1,
    }: { ep?: number; key?: string; value?: Json; ack?: number } = {},
  ): void {
    const body = { request: `${client}/${ep}/${n}`, f: 'write', key, value };
    const frame = {
      kind: 'output',
      from: client,
      to: '',
      ep,
      n,
      type: 'request',
      body,
      ack,
      via: null,
    } as const;
    this.unit(name).fromClient(1, frame);
  }

  /** A client connects, and says who it is. */
  attach(name: string, client: string, ep = 1): void {
    this.unit(name).fromClient(1, { kind: 'probe', from: client, ep, here: false });
  }

  /** The time of the execution under way is over. */
  served(name: string): void {
    this.unit(name).timer('service');
  }

  /** Every timer that a process has ever set. */
  timersOf(name: string): readonly string[] {
    return [...(this.timers.get(idOf(name)) ?? [])];
  }

  tick(name: string): void {
    this.unit(name).tick(false);
  }

  events(event: string, name?: string): readonly TraceLine[] {
    return this.trace.filter((line) => line.event === event && (name === undefined || line.node === name));
  }

  /** Outputs that left for clients. */
  answers(): readonly MessageOf<'output'>[] {
    return this.said.flatMap(({ frame }) => (frame.kind === 'output' ? [frame] : []));
  }
}
