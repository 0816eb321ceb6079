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
  QueueEntry,
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
import { Inboxes } from './inboxes.ts';
import { Keys } from './keys.ts';
import { unitPolicy } from './membership.ts';
import type { Outcome, UnitApp } from './unit-app.ts';
import { requestBody } from './unit-app.ts';

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
/** Received log is acknowledged by the next beat, and at once after so many records. */
const logAckEvery = 16;
/** Beats without progress of a re-send queue, after which it is sent again; doubled each time up to so often. */
const resendBeats = 10;
const resendDoublingsMax = 4;
/** Beats after which an output counts as waiting long, in the trace. */
const waitingBeats = 10;
/** More messages than this from a future view, and a member that hears only of the future starts again. */
const heldMax = 100_000;

type Held = { readonly from: MemberId; readonly message: UnitMessage };

export class Unit {
  protected readonly port: LayerPort;
  protected readonly config: UnitConfig;
  protected readonly group: Group;
  protected readonly exchange: Exchange;
  private held: Held[] = [];
  // ---- replicated: equal at equal places in the log
  protected readonly keys = new Keys();
  protected connections = new Map<Peer, Connection>();
  private timers = new Map<string, number>();
  /** Over everything consumed, written and generated so far. */
  private digest = '';
  // ---- the log
  /** Has the whole state: since bootstrap, or since it was handed over. */
  protected full = false;
  protected received = 0;
  private consumed = 0;
  private todo: LogRecord[] = [];
  /** Records that some replica may lack. */
  private retained: LogRecord[] = [];
  /** Every replica has everything up to here. */
  private stable = 0;
  private acknowledgedLog = 0;
  private predecessor: MemberId | null = null;
  protected followers = new Map<MemberId, Follower>();
  private replicasBefore: readonly MemberId[] = [];
  /** Fan-out: what this replica has of the log is what its primary knows it to have. */
  private aligned = true;
  /** Fan-out: a promoted primary has what any survivor has, and they have what it has. */
  private ready = true;
  private fetchingFrom: MemberId | null = null;
  private tookOver = true;
  /** Fan-out: has what any sender before may have shown; the head of the line always. */
  private heir = false;
  /** The last record that was retained, hence given to followers. */
  private logged = 0;
  // ---- execution
  private busy: Execution | null = null;
  private serving = false;
  private servedAt: Now = -Infinity;
  private serviceEndsAt: Now = -Infinity;
  private pumping = false;
  /** Executed here, not yet known to be everywhere. */
  private unstable: { readonly lsn: number; readonly request: string }[] = [];
  // ---- the primary's
  protected readonly inboxes = new Inboxes();
  private fired: string[] = [];
  private pendingAcks = new Map<Peer, readonly [ep: number, upTo: number]>();
  private readonly nudges = new Set<Peer>();
  private acksDue = false;
  // ---- the sender's
  private readonly saidAcks = new Map<Peer, readonly [ep: number, upTo: number]>();
  private readonly missed = new Set<Peer>();
  private resendDue = false;
  /** By peer: beats since its queue last moved, and how often it was sent again meanwhile. */
  private readonly stuck = new Map<Peer, { acked: number; beats: number; times: number }>();
  private longestQueue = 0;
  private tracedQueued = '';

  constructor(port: LayerPort, config: UnitConfig) {
    this.port = port;
    this.config = config;
    this.exchange = new Exchange(port, config.far);
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
    return [...this.followers.values()].every(({ phase }) => phase === 'transfer');
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
    this.acknowledgeLog(true);
    if (this.isPrimary) {
      this.acksDue = true;
      this.pump();
    }
    if (this.isSender) this.sendIdleAcks();
    this.watchQueues();
  }

  // ---- the log

  private fromReplica(from: MemberId, message: UnitMessage): void {
    const { view } = this.group;
    if (view === null || message.v > view.id) {
      if (this.held.length >= heldMax) return this.port.exit('excluded');
      this.held.push({ from, message });
      return;
    }
    const follower = this.followers.get(from);
    const isAbove = from === this.predecessor;
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
          records: this.retained.filter(({ lsn }) => lsn > message.after),
        });
      case 'fetched':
        if (from !== this.fetchingFrom || this.ready) return;
        this.fetchingFrom = null;
        for (const record of message.records) this.receive(record);
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
    const before = this.received;
    for (const record of message.records) this.receive(record);
    const fresh = message.records.filter(({ lsn }) => lsn > before);
    if (fresh.length > 0) this.forward(fresh);
    if (this.isFanOut) {
      this.aligned = true;
      this.advanceStable(message.stable);
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

  private receive(record: LogRecord): void {
    if (record.lsn <= this.received) return;
    assert(record.lsn === this.received + 1, 'the log has no gaps');
    this.received = record.lsn;
    this.todo.push(record);
    this.retain(record);
  }

  /** The primary's own: numbered, kept, and down the line. */
  protected append(record: LogRecord): void {
    this.retain(record);
    this.forward([record]);
    this.settle();
  }

  private retain(record: LogRecord): void {
    this.logged = record.lsn;
    const isWanted = [...this.followers.values()].some(({ phase }) => phase !== 'transfer');
    if (isWanted || (this.isFanOut && !this.isPrimary)) this.retained.push(record);
  }

  protected forward(records: readonly LogRecord[]): void {
    const v = this.group.view?.id ?? 0;
    for (const { id, phase } of this.followers.values())
      if (phase === 'full') this.port.send(id, { kind: 'log', v, records, stable: this.stable });
  }

  /** Something about who has what of the log may have moved. */
  private settle(): void {
    if (!this.isFanOut || this.isPrimary) {
      const behind = [...this.followers.values()].filter(({ phase }) => phase !== 'transfer');
      this.advanceStable(Math.min(this.received, ...behind.map(({ received }) => received)));
    }
    this.releaseExecuted();
    this.acknowledgeLog(false);
    this.sendAgainIfDue();
    this.pump();
  }

  private advanceStable(to: number): void {
    if (to <= this.stable) return;
    this.stable = to;
    let gone = 0;
    while (gone < this.retained.length && (this.retained[gone] as LogRecord).lsn <= to) gone++;
    this.retained.splice(0, gone);
  }

  /** Up the line: what everybody below has too. In a fan-out each speaks for itself. */
  private acknowledgeLog(now: boolean): void {
    if (this.predecessor === null || !this.full) return;
    const upTo = this.isFanOut ? this.received : this.stable;
    const news = upTo - this.acknowledgedLog;
    if (news === 0 || (!now && news < logAckEvery)) return;
    this.acknowledgedLog = upTo;
    this.port.send(this.predecessor, { kind: 'log-ack', v: this.group.view?.id ?? 0, upTo });
  }

  /**
   * An execution counts once its record is with the sender or with every replica: until then it may be repeated with another outcome (§3.3.2,
   * additional notes).
   */
  private releaseExecuted(): void {
    const upTo = this.isSender ? this.received : this.stable;
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
    const record = this.todo.shift();
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
      this.consumed = record.lsn;
      this.takeAcks(record.acks);
      if (this.isSender) for (const peer of record.nudge) this.sendAgain(peer);
    } else if (record.type === 'choice') {
      throw new Error(`a choice for record ${record.of}, which is not executing`);
    } else this.begin(record, false);
  }

  private beginEvent(): boolean {
    if (this.received - this.stable >= logWindow) return false;
    const event = this.nextEvent();
    if (event === null) return false;
    const early = this.config.options.logging === 'early';
    const record: Consumable = {
      ...event,
      lsn: ++this.received,
      origin: this.port.me,
      acks: this.acksForRecord(),
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
    const input = this.inboxes.take(
      (peer, ep) => this.connections.get(peer)?.due(ep) ?? 1,
      // Responses are always taken: two units that call each other would wait for each other for ever.
      ({ type, from, ep: life }) => type === 'response' || !this.isBlocked(from, life),
    );
    if (input === null) return null;
    const { from: peer, ep, n, type, body, via } = input;
    return { type: 'in', peer, ep, n, input: type, body, via };
  }

  /** A request of this peer might add to a queue that is full. What waits for an earlier life of it is dropped with its first request. */
  private isBlocked(peer: Peer, life: number): boolean {
    const isFull = (to: Peer): boolean =>
      (this.connections.get(to)?.queue.length ?? 0) >= this.config.options.window;
    if (isFull(peer) && this.connections.get(peer)?.ep === life) return true;
    return this.exchange.units.some(isFull);
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
    while (this.todo[0]?.type === 'acks') this.beginRecord(this.todo.shift() as LogRecord);
    const [next] = this.todo;
    if (next?.type === 'choice' && next.of === record.lsn) {
      this.todo.shift();
      return next.value;
    }
    // A promoted primary makes what its predecessor did not come to log: nothing that depends on it was ever sent.
    if (!live && (!this.isPrimary || !this.ready)) return undefined;
    assert(this.todo.length === 0, 'a choice comes before anything later');
    const value = choice.make(this.config.chance, this.port.now());
    if (this.config.options.logging === 'early' || !live) this.logChoice(record, value);
    return value;
  }

  protected logChoice(record: Consumable, value: Json): void {
    this.append({ type: 'choice', lsn: ++this.received, origin: this.port.me, of: record.lsn, value });
  }

  private finish(execution: Execution, outcome: Outcome): void {
    const { record, live, choices } = execution;
    if (live && this.config.options.logging === 'late') this.logLate({ ...record, choices });
    this.consumed = record.lsn;
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
    for (const { to, ep, type, body } of outcome.outputs) this.generate(to, ep, type, body);
    if (record.type === 'in') this.acknowledgeSoon(record.peer);
    this.settle();
  }

  protected logLate(record: Consumable): void {
    this.append(record);
  }

  protected consumeInput({ peer, ep, n, via }: Extract<Consumable, { type: 'in' }>): void {
    this.connectionTo(peer).consumed(ep, n, via);
  }

  protected connectionTo(peer: Peer): Connection {
    let connection = this.connections.get(peer);
    if (connection === undefined) {
      connection = this.makeConnection(this.exchange.isUnit(peer) ? 1 : 0);
      this.connections.set(peer, connection);
    }
    return connection;
  }

  protected makeConnection(ep: number): Connection {
    return new Connection(ep);
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
      const connection = this.connections.get(to);
      return [to, ep, connection?.ep === ep ? connection.out : null, type, body];
    });
    this.digest = digestOf(this.digest, what, choices, written, numbered, timers);
  }

  // ---- outputs

  private generate(peer: Peer, ep: number, type: QueueEntry['type'], body: Json): void {
    const connection = this.connectionTo(peer);
    // The peer began another life meanwhile: nobody is there to take it.
    if (connection.ep !== ep) return;
    const { entry, isNeeded } = connection.generate(type, body);
    if (!isNeeded) return;
    const { window } = this.config.options;
    if (connection.queue.length > this.longestQueue) {
      this.longestQueue = connection.queue.length;
      // What was blocked by a full queue are requests; each response that comes in meanwhile may still add an answer.
      this.port.trace('queues', { longest: this.longestQueue, bound: 2 * window });
      assert(this.longestQueue <= 2 * window, 're-send queues are bounded');
    }
    if (this.mayEmit()) this.emit(peer, connection, entry, false);
  }

  protected mayEmit(): boolean {
    return this.isSender;
  }

  protected emit(peer: Peer, connection: Connection, entry: QueueEntry, again: boolean): void {
    const { ep, in: ack, via } = connection;
    const { n, type, body, digest } = entry;
    this.sayAcked(peer, ep, ack);
    this.port.trace('emitted', { peer, ep, n, digest, again });
    const frame = { kind: 'output', from: this.peerName, to: peer, ep, n, type, body, ack, via } as const;
    if (!this.exchange.send(peer, via, frame)) this.missed.add(peer);
  }

  private sayAcked(peer: Peer, ep: number, upTo: number): void {
    const said = this.saidAcks.get(peer);
    if (said !== undefined && (said[0] > ep || (said[0] === ep && said[1] >= upTo))) return;
    this.saidAcks.set(peer, [ep, upTo]);
    if (upTo > 0) this.port.trace('acked', { peer, ep, upTo });
  }

  /** An acknowledgement is an output too: only the sender gives it, since only then does every replica have the input (§2.4). */
  protected sendAck(peer: Peer, connection: Connection): void {
    const { ep, in: ack, via } = connection;
    this.sayAcked(peer, ep, ack);
    this.exchange.send(peer, via, { kind: 'output-ack', from: this.peerName, to: peer, ep, ack, via });
  }

  /** A peer whose window is half used up is not kept waiting for a beat. */
  private acknowledgeSoon(peer: Peer): void {
    const connection = this.connectionTo(peer);
    const said = this.saidAcks.get(peer);
    const before = said !== undefined && said[0] === connection.ep ? said[1] : 0;
    if (2 * (connection.in - before) >= this.config.options.window && this.isSender)
      this.sendAck(peer, connection);
  }

  protected sendIdleAcks(): void {
    for (const [peer, connection] of this.connections) {
      const said = this.saidAcks.get(peer);
      const isSaid = said !== undefined && said[0] === connection.ep && said[1] >= connection.in;
      if (!isSaid && connection.in > 0) this.sendAck(peer, connection);
    }
  }

  /** From the first output that the peer has not acknowledged; it ignores what it has. */
  protected sendAgain(peer: Peer): void {
    const connection = this.connections.get(peer);
    if (connection === undefined) return;
    this.missed.delete(peer);
    for (const entry of connection.queue) this.emit(peer, connection, entry, true);
    if (connection.in > 0) this.sendAck(peer, connection);
  }

  private sendAgainIfDue(): void {
    if (!this.resendDue || !this.isSender) return;
    this.resendDue = false;
    for (const peer of this.connections.keys()) this.sendAgain(peer);
  }

  private watchQueues(): void {
    const waiting: Peer[] = [];
    for (const [peer, { queue, acked, ep }] of this.connections) {
      if (queue.length === 0) {
        this.stuck.delete(peer);
        continue;
      }
      const before = this.stuck.get(peer);
      const progress = acked + ep * 1e9;
      const entry = before?.acked === progress ? before : { acked: progress, beats: 0, times: 0 };
      this.stuck.set(peer, entry);
      if (++entry.beats >= waitingBeats) waiting.push(peer);
      const patience = resendBeats * 2 ** Math.min(entry.times, resendDoublingsMax);
      if (!this.config.options.resend || !this.isSender || entry.beats % patience !== 0) continue;
      entry.times++;
      if (this.exchange.isUnit(peer)) this.exchange.toAllOf(peer, this.probe());
      this.sendAgain(peer);
    }
    const queued = waiting.join();
    if (queued === this.tracedQueued) return;
    this.tracedQueued = queued;
    this.port.trace('queued', { peers: waiting });
  }

  private probe(): ConnectionFrame {
    return { kind: 'probe', from: this.peerName, ep: 1, here: false };
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
        if (frame.kind === 'output') this.takeInput(frame);
        else this.takeAck(frame.from, frame.ep, frame.ack);
    }
  }

  private takeInput(frame: MessageOf<'output'>): void {
    const { from: peer, ep, n, ack } = frame;
    this.takeAck(peer, ep, ack);
    const connection = this.connections.get(peer);
    const known = connection?.ep ?? (this.exchange.isUnit(peer) ? 1 : 0);
    if (ep < known) return;
    const consumed = ep === known ? (connection?.in ?? 0) : 0;
    if (n <= consumed) return this.duplicate(peer, frame.body);
    // What waits to be consumed may be acknowledged already, by a sender that is further than this replica.
    if (n > consumed + this.todo.length + this.config.options.window) return;
    this.inboxes.put(frame);
    this.pump();
  }

  private duplicate(peer: Peer, body: Json): void {
    const asked = requestBody(body);
    if (asked !== null) this.port.trace('cached', { request: asked.request });
    this.nudges.add(peer);
  }

  protected takeAck(peer: Peer, ep: number, upTo: number): void {
    const connection = this.connections.get(peer);
    if (connection === undefined || connection.ep !== ep || upTo <= connection.acked) return;
    this.port.trace('ack-received', { peer, ep, upTo });
    this.acknowledge(peer, connection, ep, upTo);
    this.pendingAcks.set(peer, [ep, upTo]);
    this.pump();
  }

  protected acknowledge(peer: Peer, connection: Connection, ep: number, upTo: number): void {
    if (connection.acknowledge(ep, upTo)) this.port.trace('collected', { peer, ep, upTo });
  }

  private takeAcks(acks: Acks): void {
    for (const [peer, ep, upTo] of acks) {
      const connection = this.connections.get(peer);
      if (connection !== undefined) this.acknowledge(peer, connection, ep, upTo);
    }
  }

  private acksForRecord(): Acks {
    if (this.pendingAcks.size === 0) return [];
    const acks = [...this.pendingAcks].map(([peer, [ep, upTo]]) => [peer, ep, upTo] as const);
    this.pendingAcks = new Map();
    return acks;
  }

  /** Acknowledgements that no record has carried within a beat, and peers that repeat themselves, become a record of their own. */
  private logAcks(): boolean {
    if (!this.acksDue) return false;
    this.acksDue = false;
    if (this.pendingAcks.size === 0 && this.nudges.size === 0) return false;
    const nudge = [...this.nudges];
    this.nudges.clear();
    const lsn = ++this.received;
    this.append({ type: 'acks', lsn, origin: this.port.me, acks: this.acksForRecord(), nudge });
    this.consumed = lsn;
    if (this.isSender) for (const peer of nudge) this.sendAgain(peer);
    return true;
  }

  private learn({ unit, v, receiver }: MessageOf<'role'>): void {
    const peer = unitPeer(unit);
    if (!this.exchange.learn(peer, { v, receiver })) return;
    if (this.isSender) this.sendAgain(peer);
    else if (!this.full) this.missed.add(peer);
  }

  private attached(peer: Peer, ep: number): void {
    const connection = this.connections.get(peer);
    if (connection?.ep === ep && this.isSender) this.sendAgain(peer);
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
    if (isFirstView && !this.full) this.exchange.askAll(this.probe());
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
    if (this.isPrimary && this.ready && !isFirstView) this.forward([]);
  }

  private followPredecessor(replicas: readonly MemberId[], isFirstView: boolean): void {
    const place = replicas.indexOf(this.port.me);
    const above = this.isFanOut ? replicas[0] : replicas[place - 1];
    const predecessor = place > 0 && above !== undefined ? above : null;
    if (predecessor === this.predecessor) return;
    this.predecessor = predecessor;
    this.acknowledgedLog = 0;
    this.aligned = !this.isFanOut || predecessor === null || isFirstView;
    if (predecessor === null || (isFirstView && this.full)) return;
    const { full, received, stable } = this;
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
      !isFirstView && this.followers.size === 0 && (!this.isFanOut || before[0] === this.port.me);
    const followers = new Map<MemberId, Follower>();
    for (const id of below) {
      const isNew = wasLast || !before.includes(id);
      const known = this.followers.get(id);
      if (known !== undefined) followers.set(id, known);
      else followers.set(id, makeFollower(id, isFirstView ? 'full' : isNew ? 'transfer' : 'wait'));
    }
    for (const { id, donation } of this.followers.values()) if (!followers.has(id)) donation?.end();
    this.followers = followers;
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
    for (const [peer, connection] of this.connections) inputs[peer] = [connection.ep, connection.in];
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
      assert(received <= this.received, 'who follows has no more of the log');
      this.resume(follower);
    }
    if (this.ready) this.settle();
    else this.align();
  }

  /** Goes on with a follower that has state, from where its log ends. */
  private resume(follower: Follower): void {
    const after = follower.reported ?? 0;
    follower.phase = 'full';
    const records = this.retained.filter(({ lsn }) => lsn > after);
    assert((records[0]?.lsn ?? this.logged + 1) === after + 1, 'what a follower lacks is kept');
    const v = this.group.view?.id ?? 0;
    if (records.length > 0 || this.isFanOut)
      this.port.send(follower.id, { kind: 'log', v, records, stable: this.stable });
  }

  /**
   * Fan-out: a promoted primary first gets what any survivor had from the old one, and sees to it that all have the same, before it consumes
   * or lets anybody send (§3.5).
   */
  private align(): void {
    if (this.ready || !this.isPrimary) return;
    const waiting = [...this.followers.values()].filter(({ phase }) => phase === 'wait');
    if (waiting.some(({ reported }) => reported === null)) return;
    const ahead = waiting.reduce<Follower | null>(
      (most, one) => ((one.reported ?? 0) > (most?.reported ?? this.received) ? one : most),
      null,
    );
    if (ahead !== null) {
      if (this.fetchingFrom === ahead.id) return;
      this.fetchingFrom = ahead.id;
      const v = this.group.view?.id ?? 0;
      return this.port.send(ahead.id, { kind: 'fetch', v, after: this.received });
    }
    this.ready = true;
    for (const follower of waiting) this.resume(follower);
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
    const follower = [...this.followers.values()].find(({ phase }) => phase === 'transfer');
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
    follower.received = this.received;
    this.port.trace('hand-over', {
      phase: 'sent',
      peer: follower.id,
      lsn: this.consumed,
      digest: this.stateDigest(),
    });
    this.port.send(follower.id, message);
    this.missed.clear();
    this.settle();
  }

  protected handOverMessage(entries: readonly KeyEntry[]): MessageOf<'hand-over'> {
    return {
      kind: 'hand-over',
      v: this.group.view?.id ?? 0,
      entries,
      consumed: this.consumed,
      received: this.received,
      pending: [...this.todo],
      retained: [...this.retained],
      stable: this.stable,
      unstable: this.unstable.map(({ lsn, request }) => [lsn, request] as const),
      connections: [...this.connections].map(([peer, connection]) => [peer, connection.state()] as const),
      timers: [...this.timers],
      routes: [...this.exchange.routes],
      missed: [...this.missed],
      digest: this.digest,
    };
  }

  private takeChunk({ first, entries }: MessageOf<'chunk'>): void {
    if (first) this.keys.clear();
    this.keys.apply(entries);
    if (this.predecessor !== null)
      this.port.send(this.predecessor, { kind: 'chunk-ack', v: this.group.view?.id ?? 0 });
  }

  protected takeOver(message: MessageOf<'hand-over'>): void {
    const donor = this.predecessor;
    this.keys.apply(message.entries);
    this.connections = new Map(
      message.connections.map(([peer, state]) => [
        peer,
        Object.assign(this.makeConnection(state.ep), Connection.restore(state)),
      ]),
    );
    this.timers = new Map(message.timers);
    this.digest = message.digest;
    this.consumed = message.consumed;
    this.received = message.received;
    this.todo = [...message.pending];
    this.logged = message.received;
    this.retained = [...message.retained];
    this.stable = message.stable;
    this.unstable = message.unstable.map(([lsn, request]) => ({ lsn, request }));
    this.aligned = true;
    this.full = true;
    for (const [peer, route] of message.routes) this.exchange.learn(peer, route);
    this.port.trace('hand-over', {
      phase: 'received',
      peer: donor,
      lsn: this.consumed,
      digest: this.stateDigest(),
    });
    this.port.trace('state-transfer', { phase: 'received', peer: donor });
    this.arrangeFollowers([], false);
    this.group.hasState();
    if (this.isFanOut) this.becomeHeir();
    this.traceRole();
    // What the old sender could not send to anybody, and what goes to a receiver that it did not know of.
    const again = new Set([...message.missed, ...this.missed]);
    this.missed.clear();
    if (this.isSender) for (const peer of again) this.sendAgain(peer);
    this.settle();
  }

  /** Over everything that is handed over. */
  protected stateDigest(): string {
    const connections = [...this.connections]
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
