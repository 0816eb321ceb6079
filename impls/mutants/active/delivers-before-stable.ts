import type { MemberId } from '../../../core/ids.ts';
import { ActiveLayer } from '../../active/layer.ts';
import { Group } from '../../group/group.ts';
import type { Layer, LayerConfig, LayerPort } from '../../layer.ts';
import type { ConsensusMessage } from '../../messages.ts';

/** Acts on a proposal as if a majority had accepted it. */
class ImpatientGroup extends Group {
  protected override onAgreement(from: MemberId, message: ConsensusMessage): void {
    if (message.kind !== 'propose') return super.onAgreement(from, message);
    const { v, k, value } = message;
    super.onAgreement(from, { kind: 'decide', v, k, value });
  }
}

class DeliversBeforeStable extends ActiveLayer {
  protected override makeGroup(): Group {
    return new ImpatientGroup(this.port, 'order', this.groupUser());
  }
}

export const makeDeliversBeforeStable = (port: LayerPort, config: LayerConfig): Layer =>
  new DeliversBeforeStable(port, config);
