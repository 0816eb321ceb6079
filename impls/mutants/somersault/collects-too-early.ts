import type { QueueEntry } from '../../messages.ts';
import type { Connection } from '../../somersault/connection.ts';
import { Unit } from '../../somersault/unit.ts';

/** What was generated counts as acknowledged: nothing is left to be sent again. */
export class CollectsTooEarly extends Unit {
  protected override emit(peer: string, connection: Connection, entry: QueueEntry, again: boolean): void {
    super.emit(peer, connection, entry, again);
    this.acknowledge(peer, connection, connection.ep, entry.n);
  }
}
