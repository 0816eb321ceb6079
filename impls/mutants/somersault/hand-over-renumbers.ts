import type { MessageOf } from '../../messages.ts';
import { Unit } from '../../somersault/unit.ts';

/** The new sender sends again what is in the queues, under new numbers. */
export class HandOverRenumbers extends Unit {
  protected override takeOver(message: MessageOf<'hand-over'>): void {
    super.takeOver(message);
    for (const [peer, connection] of this.outbound.connections) {
      const { queue } = connection;
      connection.queue = [];
      for (const { type, body } of queue) {
        const { entry } = connection.generate(type, body);
        if (this.isSender) this.outbound.emit(peer, connection, entry, false);
      }
    }
  }
}
