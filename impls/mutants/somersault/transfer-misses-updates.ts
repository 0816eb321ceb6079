import type { KeyEntry, MessageOf } from '../../messages.ts';
import { Unit } from '../../somersault/unit.ts';

/** What is written after its key was sent does not reach the joiner. */
export class TransferMissesUpdates extends Unit {
  protected override handOverMessage(_: readonly KeyEntry[]): MessageOf<'hand-over'> {
    return super.handOverMessage([]);
  }
}
