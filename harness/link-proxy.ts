import { createServer, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import { assert } from '../core/assert.ts';
import type { Slot } from '../core/ids.ts';
import { HarnessError } from './harness-errors.ts';
import { ProxyConnection, socketBuffers, type Side, type Upstream } from './proxy-connection.ts';
import type { Place, ProxyDirection } from './proxy-direction.ts';

/** Which two places a proxy stands between. `near` dials, `far` is dialled. */
export interface LinkProxyOptions {
  readonly near: Place;
  readonly far: Slot;
  readonly forward: ProxyDirection;
  readonly backward: ProxyDirection;
  /** Asked anew for each connection. */
  readonly upstream: () => Upstream;
  /** The end of a connection of this dead slot was kept from its peer. */
  readonly swallowed: (dead: Place) => void;
  /** The listener met trouble after it had begun to listen. */
  readonly failed: (error: HarnessError) => void;
}

/** The one listener through which one place reaches one other. */
export class LinkProxy implements AsyncDisposable {
  readonly near: Place;
  readonly far: Slot;
  connectionsReset = 0;
  connectionsRefused = 0;
  private readonly options: LinkProxyOptions;
  private readonly server: Server;
  private readonly connections = new Set<ProxyConnection>();
  private cuts = 0;

  static async listen(options: LinkProxyOptions): Promise<LinkProxy> {
    const proxy = new LinkProxy(options);
    proxy.server.listen({ host: '127.0.0.1', port: 0 });
    try {
      await once(proxy.server, 'listening');
    } catch (cause) {
      throw new HarnessError(`no port for the link proxy ${options.near}-${options.far}`, cause);
    }
    proxy.server.on('error', (cause) =>
      options.failed(new HarnessError(`the link proxy ${options.near}-${options.far}`, cause)),
    );
    return proxy;
  }

  private constructor(options: LinkProxyOptions) {
    this.options = options;
    this.near = options.near;
    this.far = options.far;
    this.server = createServer({ noDelay: true, allowHalfOpen: true, ...socketBuffers }, (socket) =>
      this.accept(socket),
    );
  }

  get port(): number {
    const address = this.server.address();
    assert(address !== null && typeof address !== 'string', 'a link proxy listens on a port');
    return address.port;
  }

  /** Resets what is connected and refuses what comes, until as many `mend`. */
  cut(): void {
    this.cuts++;
    for (const connection of [...this.connections]) {
      this.connectionsReset++;
      connection.reset();
    }
  }

  mend(): void {
    assert(this.cuts > 0, `${this.near}-${this.far} is cut when it is mended`);
    this.cuts--;
  }

  /** The machine of one of the two is dead: the other sees silence. */
  swallow(side: Side): void {
    for (const connection of this.connections) connection.swallow(side);
  }

  /** The dead machine is back: it knows nothing of its old connections. */
  resetSwallowed(side: Side): void {
    for (const connection of [...this.connections]) if (connection.isSwallowed(side)) connection.reset();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const connection of [...this.connections]) connection.finish();
    if (!this.server.listening) return;
    this.server.close();
    await once(this.server, 'close');
  }

  private accept(near: Socket): void {
    if (this.cuts > 0) {
      this.connectionsRefused++;
      near.on('error', () => near.destroy());
      near.resetAndDestroy();
      return;
    }
    const { forward, backward, upstream } = this.options;
    const connection = new ProxyConnection({
      near,
      forward,
      backward,
      upstream,
      swallowed: (side) => this.options.swallowed(side === 'far' ? this.far : this.near),
      ended: (ended) => this.connections.delete(ended),
    });
    if (!connection.isOver) this.connections.add(connection);
  }
}
