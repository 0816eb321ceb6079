import type { Consumable } from '../../somersault/execution.ts';
import { Unit } from '../../somersault/unit.ts';

/** The primary acknowledges what it has consumed, whether the secondary has it or not. */
export class PrimaryAcks extends Unit {
  protected override consumeInput(record: Extract<Consumable, { type: 'in' }>): void {
    super.consumeInput(record);
    if (this.isPrimary && !this.isSender)
      this.outbound.sendAck(record.peer, this.outbound.connectionTo(record.peer));
  }
}
