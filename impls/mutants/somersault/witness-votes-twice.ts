import type { MemberId } from '../../../core/ids.ts';
import type { ViewMessage } from '../../group/group.ts';
import { Group } from '../../group/group.ts';
import type { MembershipPolicy } from '../../group/membership.ts';
import type { LayerPort } from '../../layer.ts';
import type { Value } from '../../messages.ts';
import { Unit } from '../../somersault/unit.ts';

/** The witness votes for whoever asks, also in an agreement in which it has voted for somebody else, and tells neither of the other. */
export class WitnessVotesTwice extends Unit {
  protected override makeGroup(policy: MembershipPolicy): Group {
    if (this.isReplica) return super.makeGroup(policy);
    const { port } = this;
    const discreet: LayerPort = {
      ...port,
      send: (to, message) => {
        if (message.kind !== 'decide') port.send(to, message);
      },
    };
    return new Obliging(discreet, 'views', this.groupUser(), policy);
  }
}

const nothing: Value = { next: null, cut: 0, messages: [], batch: [] };

class Obliging extends Group {
  override refuses(): boolean {
    return false;
  }

  protected override receiveInView(from: MemberId, message: ViewMessage): void {
    if (this.view === null || message.v >= this.view.id) return super.receiveInView(from, message);
    const { v, kind } = message;
    if (kind === 'flush') this.port.send(from, { ...message, synced: false });
    else if (kind === 'round')
      this.port.send(from, { kind: 'estimate', v, k: message.k, r: message.r, ts: 0, value: nothing });
    else if (kind === 'propose') this.port.send(from, { kind: 'accept', v, k: message.k, r: message.r });
  }
}
