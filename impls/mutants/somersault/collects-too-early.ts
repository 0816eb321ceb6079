import type { QueueEntry } from '../../messages.ts';
import type { Connection } from '../../somersault/connection.ts';
import { Unit } from '../../somersault/unit.ts';

/** A lone replica keeps nothing that it has sent: there is nobody else who could have to send it again. */
export class CollectsTooEarly extends Unit {
  protected override emit(peer: string, connection: Connection, entry: QueueEntry, again: boolean): void {
    super.emit(peer, connection, entry, again);
    if (this.isPrimary) this.acknowledge(peer, connection, connection.ep, entry.n);
  }
}
