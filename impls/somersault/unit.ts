/**
 * A process of a recovery unit (Murray et al., Somersault, §3). The replicas of a view form a line: the first is the primary, which receives
 * and consumes; what it consumes goes down the logging channel; the last one with state sends what all of them generate, acknowledgements
 * too, so that whatever leaves the unit is known to every replica. One code path for every number of replicas: a lone replica is a line
 * of one and both receives and sends.
 *
 * Why nobody contradicts what was sent: a replica takes log only from the one before it in its present view, so every log is a prefix of
 * its predecessor's, and each view's primary is the first survivor with state, upstream of whoever sent before.
 */
import { assert, defined } from '../../core/assert.ts';
import type { MemberId, Slot } from '../../core/ids.ts';
import { slotOf } from '../../core/ids.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import type { Chance, ConnectionId, Now } from '../../core/machine.ts';
import type { Choice } from '../apps/app.ts';
import type { GroupUser } from '../group/group.ts';
import { lateMsMax } from '../executor.ts';
import { Group } from '../group/group.ts';
import type { MembershipPolicy } from '../group/membership.ts';
import type { LayerPort } from '../layer.ts';
import type {
  Acks,
  ConnectionFrame,
  KeyEntry,
  LogRecord,
  Message,
  MessageOf,
  Peer,
  Route,
  UnitMessage,
} from '../messages.ts';
import { isConnectionFrame, isUnitMessage } from '../messages.ts';
import { Connection } from './connection.ts';
import { digestOf } from './digest.ts';
import type { FarUnit } from './exchange.ts';
import { Exchange, unitPeer } from './exchange.ts';
import type { Consumable } from './execution.ts';
import { Execution } from './execution.ts';
import type { Follower } from './followers.ts';
import { Donation, makeFollower } from './followers.ts';
import { Inbound } from './inbound.ts';
import { Keys } from './keys.ts';
import { Log } from './log.ts';
import { unitPolicy } from './membership.ts';
import type { OutboundOptions } from './outbound.ts';
import { Outbound } from './outbound.ts';
import type { Outcome, UnitApp } from './unit-app.ts';

export interface UnitOptions {
  readonly logging: 'early' | 'late';
  readonly topology: 'chain' | 'fan-out';
  readonly guard: boolean;
  /** State goes over piece by piece, with ordinary work in between, or at once. */
  readonly transfer: 'fuzzy' | 'whole';
  /** Keys in a piece of it. */
  readonly chunkKeys: number;
  /** How many outputs of a connection may wait for acknowledgement. */
  readonly window: number;
  /** Send again what is not acknowledged for long, besides the re-sends of failover. */
  readonly resend: boolean;
}

export interface UnitConfig {
  readonly name: string;
  /** Before the names of roles, where several units run side by side. */
  readonly rolePrefix: string;
  readonly replicas: readonly Slot[];
  readonly app: UnitApp;
  readonly chance: Chance;
  readonly serviceMs: number;
  readonly options: UnitOptions;
  readonly far: readonly FarUnit[];
  /** The unit that clients talk to; null: this one. */
  readonly entry: Peer | null;
}

/** Records that some replica may lack: above this the primary consumes nothing new. */
const logWindow = 1024;
/** More messages than this from a future view, and a member that hears only of the future starts again. */
const heldMax = 100_000;

type Held = { readonly from: MemberId; readonly message: UnitMessage };

export class Unit {
  protected readonly port: LayerPort;
  protected readonly config: UnitConfig;
  protected readonly group: Group;
  protected readonly exchange: Exchange;
  protected readonly inbound: Inbound;
  protected readonly outbound: Outbound;
  private held: Held[] = [];
  // ---- replicated: equal at equal places in the log
  protected readonly keys = new Keys();
  private timers = new Map<string, number>();
  /** Over everything consumed, written and generated so far. */
  private digest = '';
  // ---- the log
  /** Has the whole state: since bootstrap, or since it was handed over. */
  protected full = false;
  protected readonly log: Log;
  private replicasBefore: readonly MemberId[] = [];
  /** Fan-out: what this replica has of the log is what its primary knows it to have. */
  private aligned = true;
  /** Fan-out: a promoted primary has what any survivor has, and they have what it has. */
  private ready = true;
  private fetchingFrom: MemberId | null = null;
  private tookOver = true;
  /** Fan-out: has what any sender before may have shown; the head of the line always. */
  private heir = false;
  // ---- execution
  private busy: Execution | null = null;
  private serving = false;
  private servedAt: Now = -Infinity;
  private serviceEndsAt: Now = -Infinity;
  private pumping = false;
  /** Executed here, not yet known to be everywhere. */
  private unstable: { readonly lsn: number; readonly request: string }[] = [];
  // ---- the primary's
  private fired: string[] = [];
  // ---- the sender's
  private resendDue = false;

  constructor(port: LayerPort, config: UnitConfig) {
    this.port = port;
    this.config = config;
    this.exchange = new Exchange(port, config.far);
    this.log = new Log({
      port,
      view: () => this.group.view?.id ?? 0,
      isFanOut: this.isFanOut,
      isPrimary: () => this.isPrimary,
    });
    this.outbound = this.makeOutbound({
      port,
      exchange: this.exchange,
      self: this.peerName,
      window: config.options.window,
      resend: config.options.resend,
      maySend: () => this.maySend(),
    });
    this.inbound = new Inbound(port, this.outbound, config.options.window);
    const isReplica = (id: MemberId): boolean => config.replicas.includes(slotOf(id));
    const guard = config.options.topology === 'fan-out' && config.options.guard;
    this.group = this.makeGroup(unitPolicy({ isReplica, guard }));
  }

  protected makeGroup(policy: MembershipPolicy): Group {
    return new Group(this.port, 'views', this.groupUser(), policy);
  }

  protected groupUser(): GroupUser {
    const unused = (): never => {
      throw new Error('a group that agrees on views alone delivers nothing');
    };
    return {
      installed: () => this.installed(),
      isHeir: () => this.heir || !this.isFanOut,
      deliver: unused,
      stable: () => undefined,
      snapshot: unused,
      adopt: unused,
      becameSynced: unused,
      requestOf: unused,
    };
  }

  // ---- what is asked of it

  get isReplica(): boolean {
    return this.config.replicas.includes(slotOf(this.port.me));
  }

  /** Replicas of the view, in the order of the line. */
  protected get replicas(): readonly MemberId[] {
    return (this.group.view?.members ?? []).filter((id) => this.config.replicas.includes(slotOf(id)));
  }

  protected get isPrimary(): boolean {
    return this.full && this.replicas[0] === this.port.me;
  }

  private get isFanOut(): boolean {
    return this.config.options.topology === 'fan-out';
  }

  /** May let outputs and acknowledgements go: everything that it consumed is known to every replica. */
  protected get isSender(): boolean {
    if (!this.full || !this.aligned) return false;
    if (this.isFanOut && !this.isPrimary) return this.replicas[1] === this.port.me;
    return [...this.log.followers.values()].every(({ phase }) => phase === 'transfer');
  }

  start(mode: 'bootstrap' | 'join'): void {
    if (mode === 'bootstrap') {
      this.full = this.isReplica;
      for (const unit of this.config.far)
        for (const slot of unit.slots) this.exchange.heard(`${slot}.0` as MemberId);
    }
    this.group.start(mode);
  }

  message(from: MemberId, message: Message): void {
    const isForUnit = isUnitMessage(message);
    if (!isForUnit && !isConnectionFrame(message)) return this.group.receive(from, message);
    if (this.group.refuses(from)) return;
    if (isForUnit) return this.fromReplica(from, message);
    this.meet(from);
    this.connectionFrame(message, (frame) => this.port.send(from, frame));
  }

  /** From a client that is connected to this process. */
  fromClient(client: ConnectionId, frame: ConnectionFrame): void {
    const { view } = this.group;
    const reply = (answer: ConnectionFrame): void => this.port.say(client, answer);
    if (frame.kind === 'probe') {
      this.exchange.attach(frame.from, frame.ep, client);
      const route = this.entryRoute();
      const here = frame.here && view !== null ? { v: view.id, receiver: this.port.me } : route;
      if (here !== null) reply({ kind: 'role', unit: '', ...here });
      return this.attached(frame.from, frame.ep);
    }
    if (frame.kind === 'role') return;
    const isMine = this.config.entry === null && this.isPrimary;
    if (isMine) return this.connectionFrame(frame, reply);
    const route = this.entryRoute();
    if (route === null) return;
    // Who can reach this process alone has it pass on what it says; all others are told whom to ask.
    if (frame.via === slotOf(this.port.me)) {
      this.port.send(route.receiver, { ...frame, to: this.config.entry ?? this.peerName });
    } else reply({ kind: 'role', unit: '', ...route });
  }

  heard(from: MemberId, confirmed: Now | null): void {
    this.meet(from);
    this.group.heard(from, confirmed);
  }

  /** A process of another unit that was not in reach when roles were announced is told now. */
  private meet(id: MemberId): void {
    if (!this.exchange.heard(id) || !this.isPrimary || !this.ready) return;
    const role = this.roleFrame();
    if (role !== null) this.port.send(id, role);
  }

  replaced(old: MemberId): void {
    this.group.replaced(old);
  }

  disconnected(client: ConnectionId): void {
    this.exchange.detach(client);
  }

  timer(name: string): void {
    if (name === 'service') {
      this.serving = false;
      this.servedAt = this.port.now();
      this.pump();
    } else if (name.startsWith('app:')) {
      const timer = name.slice('app:'.length);
      if (!this.isPrimary || !this.timers.has(timer) || this.fired.includes(timer)) return;
      this.fired.push(timer);
      this.pump();
    } else this.group.timer(name);
  }

  tick(late: boolean): void {
    this.group.tick(late);
    if (!this.full) return;
    this.log.acknowledge(true);
    if (this.isPrimary) {
      this.inbound.beat();
      this.pump();
    }
    if (this.isSender) this.outbound.sendIdleAcks();
    this.outbound.watch();
  }

  // ---- the log

  private fromReplica(from: MemberId, message: UnitMessage): void {
    const { view } = this.group;
    if (view === null || message.v > view.id) {
      if (this.held.length >= heldMax) return this.port.exit('excluded');
      this.held.push({ from, message });
      return;
    }
    const follower = this.log.followers.get(from);
    const isAbove = from === this.log.predecessor;
    switch (message.kind) {
      case 'log':
        if (!isAbove) return this.port.trace('stale-log', { peer: from });
        return this.takeLog(message);
      case 'log-ack':
        if (follower?.phase !== 'full') return;
        follower.received = Math.max(follower.received, message.upTo);
        return this.settle();
      case 'report':
        if (follower?.phase === 'wait') this.takeReport(follower, message);
        return;
      case 'fetch':
        if (!isAbove || !this.full) return;
        return this.port.send(from, {
          kind: 'fetched',
          v: view.id,
          records: this.log.after(message.after),
        });
      case 'fetched':
        if (from !== this.fetchingFrom || this.ready) return;
        this.fetchingFrom = null;
        for (const record of message.records) this.log.receive(record);
        return this.align();
      case 'chunk':
        if (isAbove && !this.full) this.takeChunk(message);
        return;
      case 'chunk-ack':
        if (follower?.donation) follower.donation.isAwaited = false;
        return this.pump();
      case 'hand-over':
        if (isAbove && !this.full) this.takeOver(message);
    }
  }

  /** Only from the one before me in my present view: what reaches me otherwise belongs to a line that others have left. */
  private takeLog(message: MessageOf<'log'>): void {
    if (!this.full) return;
    const before = this.log.received;
    for (const record of message.records) this.log.receive(record);
    const fresh = message.records.filter(({ lsn }) => lsn > before);
    if (fresh.length > 0) this.log.forward(fresh);
    if (this.isFanOut) {
      this.aligned = true;
      this.log.advance(message.stable);
      if (message.v === this.group.view?.id) this.becomeHeir();
    }
    this.settle();
  }

  /** Whatever a sender before me had, the primary has given to me too. */
  private becomeHeir(): void {
    if (this.heir) return;
    this.heir = true;
    this.port.trace('heir', { view: this.group.view?.id ?? 0 });
    this.group.flushAgain();
  }

  /** The primary's own: kept, and down the line. */
  protected append(record: LogRecord): void {
    this.log.append(record);
    this.settle();
  }

  /** Something about who has what of the log may have moved. */
  private settle(): void {
    this.log.settle();
    this.releaseExecuted();
    if (this.full) this.log.acknowledge(false);
    this.sendAgainIfDue();
    this.pump();
  }

  /**
   * An execution counts once its record is with the sender or with every replica: until then it may be repeated with another outcome (§3.3.2,
   * additional notes).
   */
  private releaseExecuted(): void {
    const upTo = this.isSender ? this.log.received : this.log.stable;
    let gone = 0;
    for (const { lsn, request } of this.unstable) {
      if (lsn > upTo) break;
      this.port.trace('executed', { request, view: 0, n: lsn });
      gone++;
    }
    this.unstable.splice(0, gone);
  }

  // ---- execution

  /** What waits in the log first, then new events, one at a time. */
  protected pump(): void {
    if (this.pumping) return;
    this.pumping = true;
    while (this.advance());
    this.pumping = false;
  }

  private advance(): boolean {
    if (this.busy !== null) {
      if (this.serving) return false;
      this.goOn();
      return this.busy === null;
    }
    if (!this.full) return false;
    // What a promoted primary still has to get from others would be missing in what it gives.
    if (this.ready) this.donate();
    const record = this.log.todo.shift();
    if (record !== undefined) {
      this.beginRecord(record);
      return true;
    }
    if (!this.isPrimary || !this.ready) return false;
    if (!this.tookOver) this.takenOver();
    return this.logAcks() || this.beginEvent();
  }

  private beginRecord(record: LogRecord): void {
    if (record.type === 'acks') {
      this.log.consumed = record.lsn;
      this.takeAcks(record.acks);
      if (this.isSender) for (const peer of record.nudge) this.outbound.sendAgain(peer);
    } else if (record.type === 'choice') {
      throw new Error(`a choice for record ${record.of}, which is not executing`);
    } else this.begin(record, false);
  }

  private beginEvent(): boolean {
    if (this.log.received - this.log.stable >= logWindow) return false;
    const event = this.nextEvent();
    if (event === null) return false;
    const early = this.config.options.logging === 'early';
    const record: Consumable = {
      ...event,
      lsn: ++this.log.received,
      origin: this.port.me,
      acks: this.inbound.acks(),
      choices: null,
    };
    if (early) this.append(record);
    this.begin(record, true);
    return true;
  }

  private nextEvent():
    | Omit<Extract<Consumable, { type: 'in' }>, 'lsn' | 'origin' | 'acks' | 'choices'>
    | Omit<Extract<Consumable, { type: 'timer' }>, 'lsn' | 'origin' | 'acks' | 'choices'>
    | null {
    for (let name = this.fired.shift(); name !== undefined; name = this.fired.shift())
      if (this.timers.has(name)) return { type: 'timer', name };
    const input = this.inbound.next();
    if (input === null) return null;
    const { from: peer, ep, n, type, body, via } = input;
    return { type: 'in', peer, ep, n, input: type, body, via };
  }

  private begin(record: Consumable, live: boolean): void {
    this.busy = new Execution(record, live, this.config.app, this.keys);
    this.serving = this.config.serviceMs > 0;
    if (!this.serving) return this.goOn();
    const now = this.port.now();
    // One right after another: what the timer was late by is not lost.
    const since = this.servedAt === now ? Math.max(this.serviceEndsAt, now - lateMsMax) : now;
    this.serviceEndsAt = since + this.config.serviceMs;
    this.port.setTimer('service', this.serviceEndsAt - now);
  }

  /** On with the execution under way, as far as its choices are known. */
  private goOn(): void {
    const execution = this.busy;
    if (execution === null || this.serving) return;
    const outcome = execution.run((choice) => this.decide(execution, choice));
    if (outcome !== null) this.finish(execution, outcome);
  }

  /** Made by the primary and logged; everybody else takes what the log says. */
  protected decide({ record, live, choices }: Execution, choice: Choice): Json | undefined {
    if (record.choices !== null) return defined(record.choices[choices.length], 'a choice in its record');
    while (this.log.todo[0]?.type === 'acks') this.beginRecord(this.log.todo.shift() as LogRecord);
    const [next] = this.log.todo;
    if (next?.type === 'choice' && next.of === record.lsn) {
      this.log.todo.shift();
      return next.value;
    }
    // A promoted primary makes what its predecessor did not come to log: nothing that depends on it was ever sent.
    if (!live && (!this.isPrimary || !this.ready)) return undefined;
    assert(this.log.todo.length === 0, 'a choice comes before anything later');
    const value = choice.make(this.config.chance, this.port.now());
    if (this.config.options.logging === 'early' || !live) this.logChoice(record, value);
    return value;
  }

  protected logChoice(record: Consumable, value: Json): void {
    this.append({ type: 'choice', lsn: ++this.log.received, origin: this.port.me, of: record.lsn, value });
  }

  private finish(execution: Execution, outcome: Outcome): void {
    const { record, live, choices } = execution;
    if (live && this.config.options.logging === 'late') this.logLate({ ...record, choices });
    this.log.consumed = record.lsn;
    if (record.type === 'timer') this.timers.delete(record.name);
    else this.consumeInput(record);
    if (!live) this.takeAcks(record.acks);
    for (const { name, afterMs } of outcome.timers) {
      this.timers.set(name, afterMs);
      this.fired = this.fired.filter((other) => other !== name);
      if (this.isPrimary) this.port.setTimer(`app:${name}`, afterMs);
    }
    this.extendDigest(record, choices, this.keys.takeWritten(), outcome);
    const choicesDigest = choices.length === 0 ? '' : digestOf('', choices);
    this.port.trace('consumed', {
      ...consumedFields(record),
      choices: choicesDigest,
      digest: this.digest,
    });
    if (outcome.executed !== null) this.unstable.push({ lsn: record.lsn, request: outcome.executed });
    this.busy = null;
    // What it did is told before anything that shows it leaves.
    this.releaseExecuted();
    for (const { to, ep, type, body } of outcome.outputs) this.outbound.generate(to, ep, type, body);
    if (record.type === 'in') this.outbound.acknowledgeSoon(record.peer);
    this.settle();
  }

  protected logLate(record: Consumable): void {
    this.append(record);
  }

  protected consumeInput({ peer, ep, n, via }: Extract<Consumable, { type: 'in' }>): void {
    this.outbound.connectionTo(peer).consumed(ep, n, via);
  }

  private extendDigest(
    record: Consumable,
    choices: readonly Json[],
    written: readonly KeyEntry[],
    { outputs, timers }: Outcome,
  ): void {
    const what: Json =
      record.type === 'timer' ? record.name : [record.peer, record.ep, record.n, record.input, record.body];
    const numbered = outputs.map(({ to, ep, type, body }): Json => {
      const connection = this.outbound.connections.get(to);
      return [to, ep, connection?.ep === ep ? connection.out : null, type, body];
    });
    this.digest = digestOf(this.digest, what, choices, written, numbered, timers);
  }

  // ---- outputs

  protected maySend(): boolean {
    return this.isSender;
  }

  protected makeOutbound(options: OutboundOptions): Outbound {
    return new Outbound(options);
  }

  private sendAgainIfDue(): void {
    if (!this.resendDue || !this.isSender) return;
    this.resendDue = false;
    this.outbound.sendAllAgain();
  }

  // ---- inputs and acknowledgements

  protected get peerName(): Peer {
    return unitPeer(this.config.name);
  }

  private connectionFrame(frame: ConnectionFrame, reply: (answer: ConnectionFrame) => void): void {
    switch (frame.kind) {
      case 'probe': {
        const role = this.roleFrame();
        if (role !== null) reply(role);
        return;
      }
      case 'role':
        return this.learn(frame);
      case 'output':
      case 'output-ack':
        if (frame.to !== '' && frame.to !== this.peerName) return this.exchange.pass(frame);
        if (!this.isPrimary) {
          const role = this.roleFrame();
          if (role !== null && frame.via === null) reply(role);
          return;
        }
        if (frame.kind === 'output') this.inbound.input(frame, this.log.received - this.log.consumed);
        else this.inbound.ack(frame.from, frame.ep, frame.ack);
        this.pump();
    }
  }

  private takeAcks(acks: Acks): void {
    for (const [peer, ep, upTo] of acks) this.outbound.acknowledge(peer, ep, upTo);
  }

  private logAcks(): boolean {
    const left = this.inbound.left();
    if (left === null) return false;
    const lsn = ++this.log.received;
    this.append({ type: 'acks', lsn, origin: this.port.me, ...left });
    this.log.consumed = lsn;
    if (this.isSender) for (const peer of left.nudge) this.outbound.sendAgain(peer);
    return true;
  }

  private learn({ unit, v, receiver }: MessageOf<'role'>): void {
    const peer = unitPeer(unit);
    if (!this.exchange.learn(peer, { v, receiver })) return;
    if (this.isSender) this.outbound.sendAgain(peer);
    else if (!this.full) this.outbound.missed.add(peer);
  }

  private attached(peer: Peer, ep: number): void {
    const connection = this.outbound.connections.get(peer);
    if (connection?.ep === ep && this.isSender) this.outbound.sendAgain(peer);
  }

  /** Where clients find the receiver. */
  private entryRoute(): Route | null {
    const { entry } = this.config;
    if (entry !== null) return this.exchange.routes.get(entry) ?? null;
    const { view } = this.group;
    const receiver = this.replicas[0];
    return view === null || receiver === undefined ? null : { v: view.id, receiver };
  }

  private roleFrame(): MessageOf<'role'> | null {
    const { view } = this.group;
    const receiver = this.replicas[0];
    if (view === null || receiver === undefined) return null;
    return { kind: 'role', unit: this.config.name, v: view.id, receiver };
  }

  // ---- views and failover

  protected installed(): void {
    const { view } = this.group;
    if (view === null) return;
    const before = this.replicasBefore;
    const { replicas } = this;
    this.replicasBefore = replicas;
    const isFirstView = before.length === 0;
    this.followPredecessor(replicas, isFirstView);
    if (this.full) this.arrangeFollowers(before, isFirstView);
    const isSomebodyLost = before.some((id) => !replicas.includes(id));
    if (isSomebodyLost) this.resendDue = true;
    this.traceRole();
    this.inherit(isSomebodyLost, isFirstView);
    if (this.isPrimary && !isFirstView && before[0] !== this.port.me) this.promote();
    // A joiner among other units asks where they receive; what it is handed over may be older.
    if (isFirstView && !this.full)
      this.exchange.askAll({ kind: 'probe', from: this.peerName, ep: 1, here: false });
    this.settle();
    if (this.isPrimary && !this.ready) this.align();
    const waiting = this.held;
    this.held = [];
    for (const { from, message } of waiting) this.message(from, message);
  }

  /** Whether this replica may come first in the next view (fan-out). */
  private inherit(isSomebodyLost: boolean, isFirstView: boolean): void {
    if (!this.isFanOut || !this.full) return;
    const stays = isFirstView || this.isPrimary || (this.heir && !isSomebodyLost);
    this.heir = false;
    if (stays) this.becomeHeir();
    // Who follows learns that it has everything: on the link, this comes after all that was sent before.
    if (this.isPrimary && this.ready && !isFirstView) this.log.forward([]);
  }

  private followPredecessor(replicas: readonly MemberId[], isFirstView: boolean): void {
    const place = replicas.indexOf(this.port.me);
    const above = this.isFanOut ? replicas[0] : replicas[place - 1];
    const predecessor = place > 0 && above !== undefined ? above : null;
    if (predecessor === this.log.predecessor) return;
    this.log.follow(predecessor);
    this.aligned = !this.isFanOut || predecessor === null || isFirstView;
    if (predecessor === null || (isFirstView && this.full)) return;
    const { full } = this;
    const { received, stable } = this.log;
    if (!full) this.keys.clear();
    this.port.send(predecessor, { kind: 'report', v: this.group.view?.id ?? 0, full, received, stable });
  }

  /** Whom the log goes to. One that was not in the view before certainly has no state; of another it must be asked. */
  protected arrangeFollowers(before: readonly MemberId[], isFirstView: boolean): void {
    const { replicas } = this;
    const place = replicas.indexOf(this.port.me);
    const below = this.isFanOut
      ? place === 0
        ? replicas.slice(1)
        : []
      : replicas.slice(place + 1, place + 2);
    // The last with state knows that nobody behind it has any.
    const wasLast =
      !isFirstView && this.log.followers.size === 0 && (!this.isFanOut || before[0] === this.port.me);
    const followers = new Map<MemberId, Follower>();
    for (const id of below) {
      const isNew = wasLast || !before.includes(id);
      const known = this.log.followers.get(id);
      if (known !== undefined) followers.set(id, known);
      else followers.set(id, makeFollower(id, isFirstView ? 'full' : isNew ? 'transfer' : 'wait'));
    }
    for (const { id, donation } of this.log.followers.values()) if (!followers.has(id)) donation?.end();
    this.log.followers = followers;
  }

  protected promote(): void {
    this.tookOver = false;
    this.ready = !this.isFanOut;
    this.fetchingFrom = null;
    this.port.trace('promoted', { view: this.group.view?.id ?? 0 });
    if (this.ready) this.announce();
  }

  /** The far ends re-send from their first message without an acknowledgement. */
  private announce(): void {
    const role = this.roleFrame();
    if (role !== null) this.exchange.announce(role, this.config.entry === null);
  }

  /** What the old line left is consumed: from now on new events. Timers start anew: early is wrong, late is allowed. */
  private takenOver(): void {
    this.tookOver = true;
    for (const [name, afterMs] of this.timers) this.port.setTimer(`app:${name}`, afterMs);
    const inputs: Record<string, Json> = {};
    for (const [peer, connection] of this.outbound.connections) inputs[peer] = [connection.ep, connection.in];
    this.port.trace('took-over', { view: this.group.view?.id ?? 0, inputs });
  }

  private takeReport(follower: Follower, { full, received, stable }: MessageOf<'report'>): void {
    follower.reported = received;
    // In a chain it speaks for all behind it, who may have less.
    follower.received = this.isFanOut ? received : stable;
    if (!full) {
      follower.phase = 'transfer';
      this.resendDue = true;
    } else if (!this.isFanOut || this.ready) {
      assert(received <= this.log.received, 'who follows has no more of the log');
      this.log.resume(follower);
    }
    if (this.ready) this.settle();
    else this.align();
  }

  /**
   * Fan-out: a promoted primary first gets what any survivor had from the old one, and sees to it that all have the same, before it consumes
   * or lets anybody send (§3.5).
   */
  private align(): void {
    if (this.ready || !this.isPrimary) return;
    const waiting = [...this.log.followers.values()].filter(({ phase }) => phase === 'wait');
    if (waiting.some(({ reported }) => reported === null)) return;
    const ahead = waiting.reduce<Follower | null>(
      (most, one) => ((one.reported ?? 0) > (most?.reported ?? this.log.received) ? one : most),
      null,
    );
    if (ahead !== null) {
      if (this.fetchingFrom === ahead.id) return;
      this.fetchingFrom = ahead.id;
      const v = this.group.view?.id ?? 0;
      return this.port.send(ahead.id, { kind: 'fetch', v, after: this.log.received });
    }
    this.ready = true;
    for (const follower of waiting) this.log.resume(follower);
    this.announce();
    this.settle();
  }

  protected traceRole(): void {
    const { me } = this.port;
    const name = !this.isReplica
      ? 'witness'
      : !this.full
        ? 'joining'
        : this.replicas[0] === me
          ? 'primary'
          : 'secondary';
    this.port.trace('role', { role: this.config.rolePrefix + name, view: this.group.view?.id ?? 0 });
  }

  // ---- recovery

  /** Between two executions: the next piece of the state for a joiner, or everything that is left. */
  private donate(): void {
    const follower = [...this.log.followers.values()].find(({ phase }) => phase === 'transfer');
    if (follower === undefined) return;
    if (follower.donation === null) {
      follower.donation = new Donation(this.keys, this.config.options.chunkKeys);
      this.port.trace('state-transfer', { phase: 'sent', peer: follower.id });
    }
    const { donation } = follower;
    const v = this.group.view?.id ?? 0;
    while (!donation.isAwaited) {
      const piece = donation.next();
      if (piece === null) return this.handOver(follower);
      this.port.send(follower.id, {
        kind: 'chunk',
        v,
        first: piece.first,
        entries: piece.entries,
      });
      donation.isAwaited = this.config.options.transfer === 'fuzzy';
    }
  }

  /** Here this replica stops sending: with the message goes the role, and nothing has to be sent again (§3.3.3). */
  private handOver(follower: Follower): void {
    const message = this.handOverMessage(follower.donation?.rest() ?? []);
    follower.donation?.end();
    follower.donation = null;
    follower.phase = 'full';
    follower.received = this.log.received;
    this.port.trace('hand-over', {
      phase: 'sent',
      peer: follower.id,
      lsn: this.log.consumed,
      digest: this.stateDigest(),
    });
    this.port.send(follower.id, message);
    this.outbound.missed.clear();
    this.settle();
  }

  protected handOverMessage(entries: readonly KeyEntry[]): MessageOf<'hand-over'> {
    return {
      kind: 'hand-over',
      v: this.group.view?.id ?? 0,
      entries,
      ...this.log.state(),
      unstable: this.unstable.map(({ lsn, request }) => [lsn, request] as const),
      connections: [...this.outbound.connections].map(
        ([peer, connection]) => [peer, connection.state()] as const,
      ),
      timers: [...this.timers],
      routes: [...this.exchange.routes],
      missed: [...this.outbound.missed],
      digest: this.digest,
    };
  }

  private takeChunk({ first, entries }: MessageOf<'chunk'>): void {
    if (first) this.keys.clear();
    this.keys.apply(entries);
    if (this.log.predecessor !== null)
      this.port.send(this.log.predecessor, { kind: 'chunk-ack', v: this.group.view?.id ?? 0 });
  }

  protected takeOver(message: MessageOf<'hand-over'>): void {
    const donor = this.log.predecessor;
    this.keys.apply(message.entries);
    for (const [peer, state] of message.connections)
      this.outbound.connections.set(peer, Connection.restore(state));
    this.timers = new Map(message.timers);
    this.digest = message.digest;
    this.log.restore(message);
    this.unstable = message.unstable.map(([lsn, request]) => ({ lsn, request }));
    this.aligned = true;
    this.full = true;
    for (const [peer, route] of message.routes) this.exchange.learn(peer, route);
    this.port.trace('hand-over', {
      phase: 'received',
      peer: donor,
      lsn: this.log.consumed,
      digest: this.stateDigest(),
    });
    this.port.trace('state-transfer', { phase: 'received', peer: donor });
    this.arrangeFollowers([], false);
    this.group.hasState();
    if (this.isFanOut) this.becomeHeir();
    this.traceRole();
    // What the old sender could not send to anybody, and what goes to a receiver that it did not know of.
    const again = new Set([...message.missed, ...this.outbound.missed]);
    this.outbound.missed.clear();
    if (this.isSender) for (const peer of again) this.outbound.sendAgain(peer);
    this.settle();
  }

  /** Over everything that is handed over. */
  protected stateDigest(): string {
    const connections = [...this.outbound.connections]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([peer, { ep, in: consumed, out, queue }]): Json => [peer, ep, consumed, out, queue]);
    return digestOf(this.keys.digest(), connections, [...this.timers.keys()].sort());
  }
}

function consumedFields(record: Consumable): JsonObject {
  const { lsn, origin } = record;
  return record.type === 'timer'
    ? { origin, lsn, type: 'timer', name: record.name }
    : { origin, lsn, type: 'in', peer: record.peer, ep: record.ep, n: record.n };
}
