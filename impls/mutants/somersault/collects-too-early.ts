import type { QueueEntry } from '../../messages.ts';
import type { Connection } from '../../somersault/connection.ts';
import type { OutboundOptions } from '../../somersault/outbound.ts';
import { Outbound } from '../../somersault/outbound.ts';
import { Unit } from '../../somersault/unit.ts';

/** A lone replica keeps nothing that it has sent: there is nobody else who could have to send it again. */
export class CollectsTooEarly extends Unit {
  protected override makeOutbound(options: OutboundOptions): Outbound {
    return new Forgetful(options, () => this.isPrimary);
  }
}

class Forgetful extends Outbound {
  private readonly isAlone: () => boolean;

  constructor(options: OutboundOptions, isAlone: () => boolean) {
    super(options);
    this.isAlone = isAlone;
  }

  override emit(peer: string, connection: Connection, entry: QueueEntry, again: boolean): void {
    super.emit(peer, connection, entry, again);
    if (this.isAlone()) this.acknowledge(peer, connection.ep, entry.n);
  }
}
