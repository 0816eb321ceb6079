/**
 * Passive replication (Becker §4.1, §5.1; Guerraoui and Schiper, "primary-backup replication"; Cristian §4.3.1, loose synchronization): the
 * primary executes and sends (request, reply, change of state) to the view, and answers once that is delivered, which is when a majority
 * has it. Answers that a client may ask for again are part of the state. Backups hold requests too, until the change of state that
 * answers them arrives, so a new primary goes on by itself.
 *
 * Fencing needs no lease and no clock: an answer needs delivery, delivery needs a majority of the view that stores, and who has flushed
 * for the next view stores no more. So a primary outside the next view finishes only what the next view has too.
 */
import type { MemberId } from '../../core/ids.ts';
import { slotOf } from '../../core/ids.ts';
import type { Json } from '../../core/json.ts';
import type { ConnectionId, Now } from '../../core/machine.ts';
import { execute } from '../apps/app.ts';
import { Executor } from '../executor.ts';
import { Group } from '../group/group.ts';
import type { Layer, LayerConfig, LayerPort } from '../layer.ts';
import type { Message, Position, Request, RequestId } from '../messages.ts';
import { requestKey } from '../messages.ts';
import type { Delta, Known } from '../state.ts';
import { ReplicatedState } from '../state.ts';

/** What the primary tells its backups about one request. */
export type Update = {
  readonly request: RequestId;
  readonly acked: number;
  readonly reply: Json;
  readonly delta: Delta;
};

export class PassiveLayer implements Layer {
  protected readonly port: LayerPort;
  protected readonly config: LayerConfig;
  protected readonly group: Group;
  /** What a majority has: the truth. */
  protected state = new ReplicatedState();
  /** At the primary: the state with what was executed and is not delivered yet. It never outlives a view. */
  protected speculation = new ReplicatedState(this.state);
  /** At the primary: what is to be executed on the speculation, in order. */
  private readonly executor: Executor;
  /** Given to the executor or executed, and not delivered yet. */
  private readonly started = new Set<string>();
  /** Requests without a delivered answer, at every replica. */
  private readonly requests = new Map<string, Request>();
  /** Where the answers are to go, if this replica is to give them. */
  protected readonly clients = new Map<string, { client: ConnectionId; here: boolean }>();
  /** With `acks: all`: delivered, and not yet received by everybody. */
  private unstable: { seq: number; key: string; reply: Json; request: RequestId }[] = [];

  constructor(port: LayerPort, config: LayerConfig) {
    this.port = port;
    this.config = config;
    this.executor = new Executor(port, config.serviceMs);
    this.group = this.makeGroup();
    this.group.relayed = (request) => this.accept(request);
  }

  protected makeGroup(): Group {
    return new Group(this.port, 'stream', {
      deliver: (position, payload) => this.deliver(position, payload as unknown as Update),
      installed: () => this.installed(),
      stable: (seq) => this.stable(seq),
      snapshot: () => this.state.snapshot(),
      adopt: (chunks) => (this.state = ReplicatedState.restore(chunks)),
      becameSynced: () => this.installed(),
      requestOf: (payload) => requestKey((payload as unknown as Update).request),
    });
  }

  start(mode: 'bootstrap' | 'join'): void {
    this.group.start(mode);
  }

  request(client: ConnectionId, request: Request): void {
    const key = requestKey(request);
    const known: Known = this.group.synced ? this.known(request) : { type: 'new' };
    if (known.type === 'stale') return;
    if (known.type === 'answered' && !this.awaitsStability(key)) {
      // Delivered, so final: any replica may repeat it at any time.
      this.port.trace('cached', { request: key });
      return this.port.answer(client, request, known.reply);
    }
    const repeated = this.requests.has(key);
    this.clients.set(key, { client, here: request.here || repeated });
    if (this.group.isFirst) return this.accept(request);
    // Whoever cannot reach the primary itself has this replica pass it on; a repeat suggests the same.
    if (request.here || repeated) this.group.relay(request);
    const primary = this.group.first;
    if (this.config.options['requests'] === 'primary' && !request.here) {
      if (primary !== null) this.port.redirect(client, request, slotOf(primary));
      this.clients.delete(key);
    } else this.requests.set(key, request);
  }

  message(from: MemberId, message: Message): void {
    this.group.receive(from, message);
  }

  heard(from: MemberId, confirmed: Now | null): void {
    this.group.heard(from, confirmed);
  }

  replaced(old: MemberId): void {
    this.group.replaced(old);
  }

  timer(name: string): void {
    this.executor.timer(name);
    this.group.timer(name);
  }

  tick(late: boolean): void {
    this.group.tick(late);
  }

  disconnected(client: ConnectionId): void {
    for (const [key, entry] of this.clients) if (entry.client === client) this.clients.delete(key);
  }

  /** A request that this replica has to see answered, from a client or from another replica. */
  protected accept(request: Request): void {
    // A late copy of what is done already would stay for ever.
    if (this.group.synced && this.known(request).type !== 'new') return;
    this.requests.set(requestKey(request), request);
    this.pump();
  }

  /** What the delivered state says of a request. */
  protected known(request: RequestId): Known {
    return this.state.known(request);
  }

  /** At the primary: executes what waits, each request once. */
  private pump(): void {
    const { group } = this;
    if (!group.isFirst || !group.synced || group.frozen) return;
    for (const [key, request] of this.requests) {
      if (group.frozen) return;
      if (this.known(request).type !== 'new') {
        this.requests.delete(key);
        continue;
      }
      // What the speculation refuses would be refused at its delivery, after later changes had been computed on top of it (trap T17).
      if (this.started.has(key) || this.speculation.known(request).type === 'stale') continue;
      this.started.add(key);
      this.executor.run(() => this.executeInView(key, request));
    }
  }

  /** Executions take time: a view that is being left takes no change of state any more, and others may have gone before this one. */
  private executeInView(key: string, request: Request): void {
    if (this.group.frozen) return;
    if (this.speculation.known(request).type === 'stale') this.started.delete(key);
    else this.executeAtPrimary(request);
  }

  /** Executes on the speculation, where every choice is made once, and sends what came of it. */
  protected executeAtPrimary(request: Request): void {
    const { app, chance } = this.config;
    let reply: Json = null;
    const delta = this.speculation.record(() => {
      reply = execute(app, request, this.speculation, (choice) => choice.make(chance, this.port.now()));
    });
    this.speculation.remember(request, request.acked, reply);
    const { client, epoch, seq } = request;
    this.group.multicast({
      request: { client, epoch, seq },
      acked: request.acked,
      reply,
      delta,
    });
  }

  protected deliver(position: Position, update: Update): void {
    const { request, reply } = update;
    const key = requestKey(request);
    if (this.known(request).type === 'new') {
      this.state.applyDelta(update.delta);
      this.state.remember(request, update.acked, reply);
      this.port.trace('executed', { request: key, view: position[0], n: position[1] });
    } else this.port.trace('cached', { request: key });
    this.requests.delete(key);
    if (this.started.delete(key) && this.started.size === 0) this.speculate();
    const client = this.clients.get(key);
    if (client === undefined) return;
    if (!this.group.isFirst && !client.here) this.clients.delete(key);
    else if (this.group.isFirst && this.config.options['acks'] === 'all') {
      this.unstable.push({ seq: position[1], key, reply, request });
    } else this.answer(key, request, reply);
  }

  protected answer(key: string, request: RequestId, reply: Json): void {
    const client = this.clients.get(key);
    this.clients.delete(key);
    if (client !== undefined) this.port.answer(client.client, request, reply);
  }

  private awaitsStability(key: string): boolean {
    return this.unstable.some((entry) => entry.key === key);
  }

  private stable(seq: number): void {
    const ready = this.unstable.filter((entry) => entry.seq <= seq);
    this.unstable = this.unstable.filter((entry) => entry.seq > seq);
    for (const { key, request, reply } of ready) this.answer(key, request, reply);
  }

  /** Starts speculation again from what is delivered, with nothing under way. */
  private speculate(): void {
    this.executor.drop();
    this.speculation = new ReplicatedState(this.state);
    this.started.clear();
  }

  /** A view was installed, or the state has arrived: the whole of a takeover is to go on with what waits. */
  private installed(): void {
    const { group } = this;
    this.speculate();
    // The end of a view is the same for all who go on: what waited for everybody has everybody that is left.
    this.stable(Infinity);
    const role = !group.synced ? 'joining' : group.isFirst ? 'primary' : 'backup';
    this.port.trace('role', { role, view: group.view?.id ?? 0 });
    this.pump();
  }
}

export const makePassive = (port: LayerPort, config: LayerConfig): Layer => new PassiveLayer(port, config);
