/**
 * Active replication (Becker §4.2; Cristian §4.3.1, close synchronization; Guerraoui and Schiper, "active replication"): every replica
 * executes what the group has put in one total order, and whichever the client asked answers. Requests may be ordered twice, since a client
 * repeats them elsewhere; they are executed once, because the answers are part of the replicated state.
 */
import type { MemberId } from '../../core/ids.ts';
import type { Json } from '../../core/json.ts';
import type { Chance, ConnectionId, Now } from '../../core/machine.ts';
import { execute } from '../apps/app.ts';
import { Executor } from '../executor.ts';
import type { GroupUser } from '../group/group.ts';
import { Group } from '../group/group.ts';
import type { Layer, LayerConfig, LayerPort } from '../layer.ts';
import type { Message, Position, Request } from '../messages.ts';
import { requestKey } from '../messages.ts';
import type { Known } from '../state.ts';
import { ReplicatedState } from '../state.ts';

/** Choices must come out alike at every replica, so they are drawn from what all agree on, the place in the order, which is their clock too. */
function agreedChance([view, n]: Position): Chance {
  let x = (Math.imul(view, 0x9e3779b1) ^ Math.imul(n, 0x85ebca6b)) | 1;
  return () => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return (x >>> 0) / 0x1_0000_0000;
  };
}

export class ActiveLayer implements Layer {
  protected readonly port: LayerPort;
  protected readonly config: LayerConfig;
  protected readonly group: Group;
  protected state = new ReplicatedState();
  private readonly executor: Executor;
  /** Delivered and not executed yet. */
  private readonly toExecute = new Set<string>();
  /** Clients that asked this replica and have no answer yet. */
  protected readonly clients = new Map<string, ConnectionId>();

  constructor(port: LayerPort, config: LayerConfig) {
    this.port = port;
    this.config = config;
    this.executor = new Executor(port, config.serviceMs);
    this.group = this.makeGroup();
  }

  protected makeGroup(): Group {
    return new Group(this.port, 'order', this.groupUser());
  }

  protected groupUser(): GroupUser {
    return {
      deliver: (position, payload) => this.deliver(position, payload as unknown as Request),
      installed: () => this.traceRole(),
      stable: () => undefined,
      snapshot: () => this.snapshot(),
      adopt: (chunks) => this.adopt(chunks),
      becameSynced: () => this.traceRole(),
      requestOf: (payload) => requestKey(payload as unknown as Request),
    };
  }

  start(mode: 'bootstrap' | 'join'): void {
    this.group.start(mode);
  }

  request(client: ConnectionId, request: Request): void {
    const key = requestKey(request);
    const known: Known = this.group.synced ? this.state.known(request) : { type: 'new' };
    if (known.type === 'stale') return;
    if (known.type === 'answered') {
      this.port.trace('cached', { request: key });
      return this.port.answer(client, request, known.reply);
    }
    this.clients.set(key, client);
    if (!this.toExecute.has(key)) this.group.order(request);
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
    for (const [key, connection] of this.clients) if (connection === client) this.clients.delete(key);
  }

  protected deliver(position: Position, request: Request): void {
    const key = requestKey(request);
    const known = this.state.known(request);
    if (known.type === 'new' && !this.toExecute.has(key)) {
      this.toExecute.add(key);
      this.executor.run(() => this.execute(position, request));
    } else if (known.type === 'answered') {
      this.port.trace('cached', { request: key });
      this.answer(request, known.reply);
    }
  }

  private execute(position: Position, request: Request): void {
    const key = requestKey(request);
    this.toExecute.delete(key);
    // Of what was delivered before it, something may have made it stale.
    if (this.state.known(request).type !== 'new') return;
    const chance = agreedChance(position);
    const reply = execute(this.config.app, request, this.state, (choice) => choice.make(chance, position[1]));
    this.state.remember(request, request.acked, reply);
    this.port.trace('executed', { request: key, view: position[0], n: position[1] });
    this.answer(request, reply);
  }

  /** At the group's position: what was delivered is part of the state, executed or not. */
  private snapshot(): readonly Json[] {
    this.executor.finish();
    return this.state.snapshot();
  }

  private adopt(chunks: readonly Json[]): void {
    this.executor.drop();
    this.toExecute.clear();
    this.state = ReplicatedState.restore(chunks);
  }

  protected answer(request: Request, reply: Json): void {
    const key = requestKey(request);
    const client = this.clients.get(key);
    this.clients.delete(key);
    if (client !== undefined) this.port.answer(client, request, reply);
  }

  private traceRole(): void {
    const role = !this.group.synced ? 'joining' : this.group.isFirst ? 'coordinator' : 'replica';
    this.port.trace('role', { role, view: this.group.view?.id ?? 0 });
  }
}

export const makeActive = (port: LayerPort, config: LayerConfig): Layer => new ActiveLayer(port, config);
