import type { ConnectionId } from '../../../core/machine.ts';
import { execute } from '../../apps/app.ts';
import type { Layer, LayerConfig, LayerPort } from '../../layer.ts';
import type { Request } from '../../messages.ts';
import { PassiveLayer } from '../../passive/layer.ts';

/** Whoever believes to be primary answers reads by itself, also after the others have gone on without it. */
class NoFencing extends PassiveLayer {
  override request(client: ConnectionId, request: Request): void {
    if (request.f !== 'read' || !this.group.isFirst) return super.request(client, request);
    const reply = execute(this.config.app, request, this.speculation, (choice) =>
      choice.make(this.config.chance, this.port.now()),
    );
    this.port.answer(client, request, reply);
  }
}

export const makeNoFencing = (port: LayerPort, config: LayerConfig): Layer => new NoFencing(port, config);
