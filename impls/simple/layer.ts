/** One process, no replication: executes, answers, remembers its answers. The baseline of every comparison. */
import type { MemberId } from '../../core/ids.ts';
import type { ConnectionId } from '../../core/machine.ts';
import { execute } from '../apps/app.ts';
import { Executor } from '../executor.ts';
import type { Layer, LayerConfig, LayerPort } from '../layer.ts';
import type { Request } from '../messages.ts';
import { requestKey } from '../messages.ts';
import { ReplicatedState } from '../state.ts';

class SimpleLayer implements Layer {
  private readonly port: LayerPort;
  private readonly config: LayerConfig;
  private readonly state = new ReplicatedState();
  private readonly executor: Executor;
  /** Who asked last, of each request that has not been executed yet. */
  private readonly clients = new Map<string, ConnectionId>();

  constructor(port: LayerPort, config: LayerConfig) {
    this.port = port;
    this.config = config;
    this.executor = new Executor(port, config.serviceMs);
  }

  start(): void {
    this.port.trace('role', { role: 'server', view: 0 });
  }

  request(client: ConnectionId, request: Request): void {
    const key = requestKey(request);
    const known = this.state.known(request);
    if (known.type === 'stale') return;
    if (known.type === 'answered') {
      this.port.trace('cached', { request: key });
      return this.port.answer(client, request, known.reply);
    }
    const isUnderWay = this.clients.has(key);
    this.clients.set(key, client);
    if (!isUnderWay) this.executor.run(() => this.execute(key, request));
  }

  private execute(key: string, request: Request): void {
    const client = this.clients.get(key);
    this.clients.delete(key);
    // Its client may have gone on meanwhile, in a later epoch.
    if (client === undefined || this.state.known(request).type !== 'new') return;
    const { app, chance } = this.config;
    const reply = execute(app, request, this.state, (choice) => choice.make(chance, this.port.now()));
    this.state.remember(request, request.acked, reply);
    this.port.trace('executed', { request: key, view: 0, n: 0 });
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
  timer(name: string): void {
    this.executor.timer(name);
  }
  tick(): void {
    // Watches nobody.
  }
  disconnected(): void {
    // What was asked is executed all the same, and an answer to nobody goes nowhere.
  }
}

export const makeSimple = (port: LayerPort, config: LayerConfig): Layer => new SimpleLayer(port, config);
