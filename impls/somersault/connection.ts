/**
 * A connection to a peer as every replica of a unit keeps it (Somersault §3.3.1): numbers of both directions and the re-send queue. All of
 * it follows the log, so that replicas number alike; only acknowledgements come to the primary a little earlier than to the others.
 */
import { assert } from '../../core/assert.ts';
import type { Slot } from '../../core/ids.ts';
import type { Json } from '../../core/json.ts';
import type { ConnectionState, QueueEntry } from '../messages.ts';
import { digestOf } from './digest.ts';

export class Connection {
  /** The peer's life: a later one begins anew, an earlier one is over. */
  ep = 0;
  /** The last input consumed, and the last output generated. */
  in = 0;
  out = 0;
  /** Outputs that the peer has; it may be ahead of `out` where this replica is behind the one that sent them. */
  acked = 0;
  queue: QueueEntry[] = [];
  /** The node through which the peer came last, if it can reach no other. */
  via: Slot | null = null;

  constructor(ep = 0) {
    this.ep = ep;
  }

  static restore(state: ConnectionState): Connection {
    return Object.assign(new Connection(state.ep), { ...state, queue: [...state.queue] });
  }

  state(): ConnectionState {
    const { ep, in: consumed, out, acked, queue, via } = this;
    return { ep, in: consumed, out, acked, queue: [...queue], via };
  }

  /** The number that the next input of this life must have; 0: none, it is over. */
  due(ep: number): number {
    if (ep < this.ep) return 0;
    return ep > this.ep ? 1 : this.in + 1;
  }

  consumed(ep: number, n: number, via: Slot | null): void {
    if (ep > this.ep) Object.assign(this, new Connection(ep));
    assert(ep === this.ep && n === this.in + 1, 'inputs of a connection are consumed in order');
    this.in = n;
    this.via = via;
  }

  /** Numbers an output. Null: it need not be sent, since the peer has it already. */
  generate(type: QueueEntry['type'], body: Json): { readonly entry: QueueEntry; readonly isNeeded: boolean } {
    const n = ++this.out;
    const entry: QueueEntry = { n, type, body, digest: digestOf('', type, body) };
    if (n <= this.acked) return { entry, isNeeded: false };
    this.queue.push(entry);
    return { entry, isNeeded: true };
  }

  /** True if this says more than what was known. */
  acknowledge(ep: number, upTo: number): boolean {
    if (ep !== this.ep || upTo <= this.acked) return false;
    this.acked = upTo;
    this.collect(upTo);
    return true;
  }

  protected collect(upTo: number): void {
    let gone = 0;
    while (gone < this.queue.length && (this.queue[gone] as QueueEntry).n <= upTo) gone++;
    this.queue.splice(0, gone);
  }
}
