import { connect, type Socket } from 'node:net';
import type { ProxyDirection } from './proxy-direction.ts';
import { ProxyPipe } from './proxy-pipe.ts';
import { resetSocket } from './reset-socket.ts';

/** Half of a connection through a proxy. `near`: who dialled; `far`: whom it asked for. */
export type Side = 'near' | 'far';

/** Where the far half shall go: an address, `down` (nobody listens there), or `dead` (a machine that does not answer at all). */
export type Upstream = { readonly host: string; readonly port: number } | 'down' | 'dead';

/** What a connection is made of. */
export interface ProxyConnectionOptions {
  readonly near: Socket;
  readonly forward: ProxyDirection;
  readonly backward: ProxyDirection;
  readonly upstream: () => Upstream;
  /** The end of a connection, kept from the other side since its machine is dead. */
  readonly swallowed: (dead: Side) => void;
  readonly ended: (connection: ProxyConnection) => void;
}

/** The default makes each large chunk stop the source until the next turn. */
export const socketBuffers = { highWaterMark: 1024 * 1024 };

/** A connection through a proxy: two sockets, and a pipe for each direction. */
export class ProxyConnection {
  private readonly options: ProxyConnectionOptions;
  private readonly forward: ProxyPipe;
  private readonly backward: ProxyPipe;
  private readonly sockets: { near: Socket; far: Socket | null };
  private deadSide: Side | null = null;
  private farIs: 'to be dialled' | 'dialled' | 'nobody' = 'to be dialled';
  private closeIsSwallowed = false;
  private over = false;

  constructor(options: ProxyConnectionOptions) {
    this.options = options;
    this.sockets = { near: options.near, far: null };
    this.forward = new ProxyPipe(options.forward, () => this.connectFar());
    this.backward = new ProxyPipe(options.backward, () => {});
    this.backward.to(options.near);
    this.attach('near', options.near);
    this.forward.arrive('open'); // waits like a byte: no connection is made through a held direction
  }

  /** The machine on this side is dead: the other side sees silence from now on. */
  swallow(side: Side): void {
    if (this.deadSide !== null) return;
    this.deadSide = side;
    this.forward.discard();
    this.backward.discard();
  }

  get isOver(): boolean {
    return this.over;
  }

  isSwallowed(side: Side): boolean {
    return this.deadSide === side;
  }

  /** Both sides see a reset, at once. */
  reset(): void {
    if (this.over) return;
    resetSocket(this.sockets.near);
    if (this.sockets.far !== null) resetSocket(this.sockets.far);
    this.finish();
  }

  /** After this the connection tells nobody anything. */
  finish(): void {
    if (this.over) return;
    this.over = true;
    this.forward.dispose();
    this.backward.dispose();
    this.sockets.near.destroy();
    this.sockets.far?.destroy();
    this.options.ended(this);
  }

  private connectFar(): void {
    const upstream = this.options.upstream();
    if (upstream === 'down') {
      this.farIs = 'nobody';
      this.backward.arrive('reset');
      this.finishIfClosed();
    } else if (upstream === 'dead') {
      this.swallow('far');
      this.options.swallowed('far');
    } else {
      this.farIs = 'dialled';
      const far = connect({ ...upstream, noDelay: true, allowHalfOpen: true, ...socketBuffers });
      this.sockets.far = far;
      this.forward.to(far);
      this.attach('far', far);
    }
  }

  private attach(side: Side, socket: Socket): void {
    const [out, back] = side === 'near' ? [this.forward, this.backward] : [this.backward, this.forward];
    let endedInOrder = false;
    out.from(socket);
    socket.on('data', (chunk: Buffer) => out.arrive(chunk));
    socket.on('end', () => {
      endedInOrder = true;
      if (this.deadSide === null) out.arrive('end');
      else this.endedInSilence(side);
    });
    socket.on('error', () => {
      endedInOrder = false; // the close that follows tells it
    });
    socket.on('close', () => {
      if (this.over) return;
      if (this.deadSide !== null) return this.endedInSilence(side);
      back.discard();
      if (!endedInOrder) out.arrive('reset');
      this.finishIfClosed();
    });
  }

  private endedInSilence(side: Side): void {
    if (side !== this.deadSide) return this.finish();
    if (!this.closeIsSwallowed) this.options.swallowed(side);
    this.closeIsSwallowed = true;
  }

  /** What waits in a held direction still goes to the other side after this one has closed. */
  private finishIfClosed(): void {
    const { near, far } = this.sockets;
    const farIsClosed = this.farIs === 'nobody' || (far !== null && far.closed);
    if (near.closed && farIsClosed) this.finish();
  }
}
