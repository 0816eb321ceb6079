import { Unit } from '../../somersault/unit.ts';

/** Idle acknowledgements are given by whoever receives, which may be the only one to have the input. */
export class IdleAckFromNonSender extends Unit {
  override tick(late: boolean): void {
    super.tick(late);
    if (this.isPrimary && !this.isSender) this.outbound.sendIdleAcks();
  }
}
