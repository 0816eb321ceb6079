import type { KeyEntry, MessageOf } from '../../messages.ts';
import { Unit } from '../../somersault/unit.ts';

/** Whoever becomes sender believes that all was delivered which the old one had sent: the queues are not handed over. */
export class HandOverLosesInFlight extends Unit {
  protected override handOverMessage(entries: readonly KeyEntry[]): MessageOf<'hand-over'> {
    const message = super.handOverMessage(entries);
    const connections = message.connections.map(
      ([peer, state]) => [peer, { ...state, acked: state.out, queue: [] }] as const,
    );
    return { ...message, connections };
  }
}
