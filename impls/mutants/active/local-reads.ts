import type { ConnectionId } from '../../../core/machine.ts';
import { ActiveLayer } from '../../active/layer.ts';
import { execute } from '../../apps/app.ts';
import type { Layer, LayerConfig, LayerPort } from '../../layer.ts';
import type { Request } from '../../messages.ts';

/** The coordinator, which delivers everything first, answers reads from its own state, also when it coordinates nobody any more. */
class LocalReads extends ActiveLayer {
  override request(client: ConnectionId, request: Request): void {
    if (request.f !== 'read' || !this.group.isFirst) return super.request(client, request);
    const reply = execute(this.config.app, request, this.state, (choice) =>
      choice.make(this.config.chance, this.port.now()),
    );
    this.port.answer(client, request, reply);
  }
}

export const makeLocalReads = (port: LayerPort, config: LayerConfig): Layer => new LocalReads(port, config);
