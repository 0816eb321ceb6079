/** What comes to a unit's receiver (Somersault §3.3.1): inputs to be consumed in order, acknowledgements that the other replicas must learn. */
import type { LayerPort } from '../layer.ts';
import type { Acks, MessageOf, Peer } from '../messages.ts';
import { Inboxes } from './inboxes.ts';
import type { Outbound } from './outbound.ts';
import { requestBody } from './unit-app.ts';

type Input = MessageOf<'output'>;

export class Inbound {
  private readonly port: LayerPort;
  private readonly outbound: Outbound;
  private readonly window: number;
  private readonly inboxes = new Inboxes();
  private pendingAcks = new Map<Peer, readonly [ep: number, upTo: number]>();
  private readonly nudges = new Set<Peer>();
  private isDue = false;

  constructor(port: LayerPort, outbound: Outbound, window: number) {
    this.port = port;
    this.outbound = outbound;
    this.window = window;
  }

  /** `backlog`: records that wait to be consumed, some of which may be acknowledged already by a sender that is further than this replica. */
  input(frame: Input, backlog: number): void {
    const { from: peer, ep, n, ack, body } = frame;
    this.ack(peer, ep, ack);
    const connection = this.outbound.connections.get(peer) ?? this.outbound.newConnection(peer);
    if (ep < connection.ep) return;
    const consumed = ep === connection.ep ? connection.in : 0;
    if (n <= consumed) {
      const asked = requestBody(body);
      if (asked !== null) this.port.trace('cached', { request: asked.request });
      this.nudges.add(peer);
    } else if (n <= consumed + backlog + this.window) this.inboxes.put(frame);
  }

  ack(peer: Peer, ep: number, upTo: number): void {
    const connection = this.outbound.connections.get(peer);
    if (connection === undefined || connection.ep !== ep || upTo <= connection.acked) return;
    this.port.trace('ack-received', { peer, ep, upTo });
    this.outbound.acknowledge(peer, ep, upTo);
    this.pendingAcks.set(peer, [ep, upTo]);
  }

  /** The next input to consume. Responses are always taken: two units that call each other would wait for each other for ever. */
  next(): Input | null {
    return this.inboxes.take(
      (peer, ep) => this.outbound.connections.get(peer)?.due(ep) ?? 1,
      ({ type, from, ep }) => type === 'response' || !this.outbound.isBlocked(from, ep),
    );
  }

  /** What the next record has to carry. */
  acks(): Acks {
    if (this.pendingAcks.size === 0) return [];
    const acks = [...this.pendingAcks].map(([peer, [ep, upTo]]) => [peer, ep, upTo] as const);
    this.pendingAcks = new Map();
    return acks;
  }

  beat(): void {
    this.isDue = true;
  }

  /** Acknowledgements that no record has carried within a beat, and peers that repeat themselves: a record of its own. */
  left(): { readonly acks: Acks; readonly nudge: readonly Peer[] } | null {
    if (!this.isDue) return null;
    this.isDue = false;
    if (this.pendingAcks.size === 0 && this.nudges.size === 0) return null;
    const nudge = [...this.nudges];
    this.nudges.clear();
    return { acks: this.acks(), nudge };
  }
}
