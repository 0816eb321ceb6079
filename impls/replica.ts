/** One process of a replicated service: links to its peers, connections of clients, and the ft-layer between them. A machine without I/O. */
import type { MemberId, Slot } from '../core/ids.ts';
import { memberId, slotOf } from '../core/ids.ts';
import type { Json, JsonObject } from '../core/json.ts';
import type {
  Chance,
  ConnectionId,
  Effect,
  Machine,
  MachineEvent,
  Now,
  ReplicaConfig,
  Timing,
} from '../core/machine.ts';
import type { Frame } from '../core/protocol.ts';
import { FrameError } from '../core/protocol.ts';
import { apps } from './apps/registry.ts';
import type { LinkPort } from './group/link.ts';
import { Link } from './group/link.ts';
import type { Layer, LayerPort, MakeLayer } from './layer.ts';
import type { ClientFrame, Message, RequestId } from './messages.ts';
import { decodeMessage, encodeMessage } from './messages.ts';

/** Hands each event to the link or the layer that it is for; each of them sees only its own port. */
export class Replica implements Machine {
  readonly me: MemberId;
  private readonly config: ReplicaConfig;
  private readonly timing: Timing;
  private readonly links = new Map<Slot, Link>();
  private readonly layer: Layer;
  private readonly strangers = new Set<ConnectionId>();
  private readonly clients = new Set<ConnectionId>();
  private effects: Effect[] = [];
  private local: Message[] = [];
  private now: Now = 0;
  private nextConnection = 1;
  private lastTick: Now | null = null;
  private ended = false;

  constructor(config: ReplicaConfig, makeLayer: MakeLayer, chance: Chance) {
    this.config = config;
    this.timing = config.timing;
    this.me = memberId(config.slot, config.incarnation);
    for (const slot of config.slots) if (slot !== config.slot) this.links.set(slot, this.makeLink(slot));
    const app = apps[config.app];
    if (app === undefined) throw new Error(`no application named ${config.app}`);
    const { options, serviceMs } = config;
    this.layer = makeLayer(this.layerPort(), { app, options, serviceMs, chance });
  }

  step(event: MachineEvent): readonly Effect[] {
    this.effects = [];
    if (this.ended) return this.effects;
    this.now = event.now;
    this.handle(event);
    // What the layer said to itself, in order, after everything else of this step.
    for (
      let message = this.local.shift();
      message !== undefined && !this.ended;
      message = this.local.shift()
    ) {
      this.layer.message(this.me, message);
    }
    return this.effects;
  }

  private handle(event: MachineEvent): void {
    switch (event.type) {
      case 'start':
        this.trace('start', { mode: this.config.mode });
        this.layer.start(this.config.mode);
        return this.beat();
      case 'connected':
        return this.linkOf(event.connection)?.open(event.connection);
      case 'accepted':
        this.strangers.add(event.connection);
        return;
      case 'closed':
        return this.closed(event.connection);
      case 'timer':
        return event.name === 'beat' ? this.beat() : this.layer.timer(event.name);
      case 'frame':
        return this.frame(event.connection, event.frame);
      case 'invoke':
        throw new Error('a replica takes no invocations');
    }
  }

  private frame(connection: ConnectionId, frame: Frame): void {
    const decoded = decodeMessage(frame);
    if (decoded.type === 'client') {
      return this.fromClient(connection, decoded.frame);
    }
    if (decoded.type === 'message')
      return this.linkOf(connection)?.receiveMessage(connection, decoded.seq, decoded.message);
    if (decoded.frame.kind === 'hello' && this.strangers.has(connection)) {
      const link = this.links.get(slotOf(decoded.frame.from));
      if (link === undefined) throw new FrameError(`a hello from ${decoded.frame.from}, which is no peer`);
      this.strangers.delete(connection);
      link.open(connection);
    }
    this.linkOf(connection)?.receive(connection, decoded.frame);
  }

  private fromClient(connection: ConnectionId, frame: ClientFrame): void {
    const { layer } = this;
    const isTaken = frame.kind === 'request' ? 'request' in layer : 'fromClient' in layer;
    if (frame.kind === 'reply' || frame.kind === 'redirect' || !isTaken)
      throw new FrameError(`a ${frame.kind} frame that this node does not take`);
    this.strangers.delete(connection);
    this.clients.add(connection);
    if (frame.kind === 'request') layer.request?.(connection, frame.request);
    else layer.fromClient?.(connection, frame);
  }

  private closed(connection: ConnectionId): void {
    this.strangers.delete(connection);
    if (this.clients.delete(connection)) return this.layer.disconnected(connection);
    this.linkOf(connection)?.closed(this.timing.redialMs);
  }

  private beat(): void {
    // Much later than asked for: this process was stopped or starved, and the silence of others proves nothing.
    const late = this.lastTick !== null && this.now - this.lastTick > 3 * this.timing.beatMs;
    this.lastTick = this.now;
    for (const link of this.links.values()) link.beat(late);
    this.layer.tick(late);
    this.effects.push({ type: 'set-timer', name: 'beat', afterMs: this.timing.beatMs });
  }

  private linkOf(connection: ConnectionId): Link | undefined {
    for (const link of this.links.values()) if (link.owns(connection)) return link;
    return undefined;
  }

  private makeLink(slot: Slot): Link {
    const { config } = this;
    // At bootstrap everybody's first incarnation is there; a later process knows nobody yet.
    const peer = config.mode === 'bootstrap' ? memberId(slot, 0) : null;
    const dials = config.slots.indexOf(config.slot) < config.slots.indexOf(slot);
    return new Link({ me: this.me, slot, peer, dials, port: this.linkPort() });
  }

  private linkPort(): LinkPort {
    return {
      now: () => this.now,
      dial: (slot) => {
        const connection = this.nextConnection++;
        this.effects.push({ type: 'dial', connection, slot });
        return connection;
      },
      transmit: (connection, frame) => this.effects.push({ type: 'send', connection, frame }),
      close: (connection) => this.effects.push({ type: 'close', connection }),
      deliver: (from, message) => this.layer.message(from, message),
      heard: (from, confirmed) => this.layer.heard(from, confirmed),
      replaced: (old) => this.layer.replaced(old),
      rejected: () => this.exit('replaced'),
    };
  }

  private layerPort(): LayerPort {
    return {
      me: this.me,
      slots: this.config.slots,
      timing: this.timing,
      now: () => this.now,
      send: (to, message) => {
        if (to === this.me) this.local.push(message);
        else this.links.get(slotOf(to))?.send(to, message);
      },
      offer: (slot, message) => this.links.get(slot)?.offer(message),
      expect: (id) => this.links.get(slotOf(id))?.expect(id),
      setTimer: (name, afterMs) => this.effects.push({ type: 'set-timer', name, afterMs }),
      answer: (client, id, value) => this.answer(client, id, value),
      redirect: (client, { client: name, epoch, seq }, slot) =>
        this.toClient(client, { kind: 'redirect', client: name, epoch, seq, slot }),
      say: (client, frame) => this.toClient(client, frame),
      trace: (event, fields) => this.trace(event, fields),
      wantReplacement: (slot) => this.effects.push({ type: 'want-replacement', slot }),
      exit: (reason) => this.exit(reason),
    };
  }

  private answer(client: ConnectionId, { client: name, epoch, seq }: RequestId, value: Json): void {
    this.toClient(client, { kind: 'reply', client: name, epoch, seq, value });
  }

  private toClient(connection: ConnectionId, frame: ClientFrame): void {
    if (this.clients.has(connection))
      this.effects.push({ type: 'send', connection, frame: encodeMessage(frame) });
  }

  private trace(event: string, fields: JsonObject): void {
    this.effects.push({ type: 'trace', event, fields });
  }

  private exit(reason: 'excluded' | 'replaced'): void {
    if (this.ended) return;
    this.ended = true;
    this.effects.push({ type: 'exit', reason });
  }
}
