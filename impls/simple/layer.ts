/** One process, no replication: executes, answers, remembers its answers. The baseline of every comparison. */
import type { MemberId } from '../../core/ids.ts';
import { execute } from '../apps/app.ts';
import type { Layer, LayerConfig, LayerPort } from '../layer.ts';
import type { Request } from '../messages.ts';
import { requestKey } from '../messages.ts';
import { ReplicatedState } from '../state.ts';

class SimpleLayer implements Layer {
  private readonly port: LayerPort;
  private readonly config: LayerConfig;
  private readonly state = new ReplicatedState();

  constructor(port: LayerPort, config: LayerConfig) {
    this.port = port;
    this.config = config;
  }

  start(): void {
    this.port.trace('role', { role: 'server', view: 0 });
  }

  request(client: number, request: Request): void {
    const known = this.state.known(request);
    if (known.type === 'stale') return;
    if (known.type === 'answered') {
      this.port.trace('cached', { request: requestKey(request) });
      return this.port.answer(client, request, known.reply);
    }
    const { app, chance } = this.config;
    const reply = execute(app, request, this.state, (choice) => choice.make(chance));
    this.state.remember(request, request.acked, reply);
    this.port.trace('executed', { request: requestKey(request), view: 0, n: 0 });
    this.port.answer(client, request, reply);
  }

  message(_from: MemberId): void {
    // A server without peers has nobody to listen to.
  }
  heard(): void {
    // As above.
  }
  replaced(): void {
    // As above.
  }
  timer(): void {
    // Sets none.
  }
  tick(): void {
    // Watches nobody.
  }
  disconnected(): void {
    // Answers at once or never.
  }
}

export const makeSimple = (port: LayerPort, config: LayerConfig): Layer => new SimpleLayer(port, config);
