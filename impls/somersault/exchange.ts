/**
 * How a unit's frames find their peers: clients that are connected here, clients that can reach some other node only, other units by the
 * process that receives for them. Nothing here is replicated, and nothing is lost by losing it: what matters is sent again.
 */
import type { MemberId, Slot } from '../../core/ids.ts';
import { incarnationOf, slotOf } from '../../core/ids.ts';
import type { ConnectionId } from '../../core/machine.ts';
import type { LayerPort } from '../layer.ts';
import type { ConnectionFrame, Peer, Route } from '../messages.ts';

export const unitPeer = (unit: string): Peer => `unit:${unit}`;

/** Another unit: where its processes are, and who receives at first. */
export interface FarUnit {
  readonly name: string;
  readonly slots: readonly Slot[];
  readonly receiver: MemberId;
}

interface Attachment {
  readonly connection: ConnectionId;
  readonly ep: number;
}

export class Exchange {
  private readonly port: LayerPort;
  private readonly far: ReadonlyMap<Peer, FarUnit>;
  private readonly attachments = new Map<Peer, Attachment>();
  /** The latest process known in each slot of another unit. */
  private readonly known = new Map<Slot, MemberId>();
  readonly routes = new Map<Peer, Route>();

  constructor(port: LayerPort, far: readonly FarUnit[]) {
    this.port = port;
    this.far = new Map(far.map((unit) => [unitPeer(unit.name), unit]));
    this.units = [...this.far.keys()];
    for (const { name, receiver } of far) this.routes.set(unitPeer(name), { v: 1, receiver });
  }

  /** Other units. */
  readonly units: readonly Peer[];

  isUnit(peer: Peer): boolean {
    return this.far.has(peer);
  }

  /** A client has said who it is. The newest connection counts. */
  attach(peer: Peer, ep: number, connection: ConnectionId): void {
    const known = this.attachments.get(peer);
    if (known === undefined || known.ep <= ep) this.attachments.set(peer, { connection, ep });
  }

  detach(connection: ConnectionId): void {
    for (const [peer, attachment] of this.attachments)
      if (attachment.connection === connection) this.attachments.delete(peer);
  }

  /** Somebody is there. True: a process of another unit of whom nothing was known. */
  heard(id: MemberId): boolean {
    const slot = slotOf(id);
    const before = this.known.get(slot);
    if (!this.isFar(slot) || (before !== undefined && incarnationOf(before) >= incarnationOf(id)))
      return false;
    this.known.set(slot, id);
    return true;
  }

  private isFar(slot: Slot): boolean {
    for (const { slots } of this.far.values()) if (slots.includes(slot)) return true;
    return false;
  }

  /** False: there is no way to this peer now. */
  send(
    peer: Peer,
    via: Slot | null,
    frame: Extract<ConnectionFrame, { kind: 'output' | 'output-ack' }>,
  ): boolean {
    const route = this.routes.get(peer);
    if (route !== undefined) {
      this.port.send(route.receiver, frame);
      return true;
    }
    const attachment = this.attachments.get(peer);
    if (attachment !== undefined && attachment.ep === frame.ep) {
      this.port.say(attachment.connection, frame);
      return true;
    }
    if (via === null || via === slotOf(this.port.me)) return false;
    this.port.offer(via, { ...frame, via });
    return true;
  }

  /** To a client that is connected to this node; for others nobody is here. */
  pass(frame: Extract<ConnectionFrame, { kind: 'output' | 'output-ack' }>): void {
    const attachment = this.attachments.get(frame.to);
    if (attachment !== undefined && attachment.ep === frame.ep) this.port.say(attachment.connection, frame);
  }

  /** True if this is news: a receiver of a later view than any known. */
  learn(peer: Peer, route: Route): boolean {
    const known = this.routes.get(peer);
    if (known === undefined || route.v <= known.v) return false;
    this.routes.set(peer, route);
    return true;
  }

  /** To every process of every other unit, and to every client connected here if it is theirs to know. */
  announce(frame: ConnectionFrame, clientsToo: boolean): void {
    if (clientsToo) for (const { connection } of this.attachments.values()) this.port.say(connection, frame);
    for (const peer of this.far.keys()) this.toAllOf(peer, frame);
  }

  toAllOf(peer: Peer, frame: ConnectionFrame): void {
    for (const slot of this.far.get(peer)?.slots ?? []) {
      const id = this.known.get(slot);
      if (id !== undefined) this.port.send(id, frame);
    }
  }

  askAll(frame: ConnectionFrame): void {
    for (const peer of this.far.keys()) this.toAllOf(peer, frame);
  }
}
