import { connect, type Socket } from 'node:net';
import type { ConnectionId } from '../../core/machine.ts';
import { decodeFrame, encodeFrame, FrameError, FrameSplitter, type Frame } from '../../core/protocol.ts';

/** What a connection may hold that its peer does not take. A peer that far behind is better off with a new connection. */
const unsentBytesMax = 64 * 1024 * 1024;
/** How long a connection that we closed may take to hand over what was written before. */
const lingerMs = 1_000;

/** What becomes of connections, told to the shell. `bad`: it is closed for its bytes, `closed` follows. */
export interface ConnectionEvents {
  connected(id: ConnectionId): void;
  accepted(id: ConnectionId): void;
  frame(id: ConnectionId, frame: Frame): void;
  bad(id: ConnectionId, peer: string, reason: string): void;
  closed(id: ConnectionId): void;
}

interface Connection {
  readonly id: ConnectionId;
  readonly socket: Socket;
  readonly splitter: FrameSplitter;
  readonly peer: string;
}

/** All connections of a node. What is sent waits, corked, until `flush`; so one turn of the event loop costs one write a connection. */
export class Connections {
  private readonly events: ConnectionEvents;
  private readonly open = new Map<ConnectionId, Connection>();
  private readonly corked = new Set<Socket>();
  private ending: Socket[] = [];
  private acceptedCount = 0;

  constructor(events: ConnectionEvents) {
    this.events = events;
  }

  dial(id: ConnectionId, peer: string, address: { readonly host: string; readonly port: number }): void {
    if (this.open.has(id)) throw new Error(`connection ${id} is dialled twice`);
    const connection = this.add(id, connect({ ...address, noDelay: true }), peer);
    connection.socket.once('connect', () => {
      if (this.isOpen(connection)) this.events.connected(id);
    });
  }

  accept(socket: Socket): void {
    const id = -++this.acceptedCount;
    socket.setNoDelay(true);
    this.add(id, socket, `connection ${id}`);
    this.events.accepted(id);
  }

  /** To a connection that is gone by now: nothing, as with bytes on a broken wire. */
  send(id: ConnectionId, frame: Frame): void {
    const connection = this.open.get(id);
    if (connection === undefined) return;
    const { socket } = connection;
    let bytes: Buffer;
    try {
      bytes = encodeFrame(frame);
    } catch (thrown) {
      if (!(thrown instanceof FrameError)) throw thrown;
      return this.drop(connection, thrown.message);
    }
    if (!this.corked.has(socket)) {
      socket.cork();
      this.corked.add(socket);
    }
    socket.write(bytes);
    if (socket.writableLength > unsentBytesMax)
      this.drop(connection, `${socket.writableLength} bytes wait to be sent`);
  }

  /** What was sent before still goes out. */
  close(id: ConnectionId): void {
    const connection = this.open.get(id);
    if (connection === undefined) return;
    const { socket } = connection;
    this.open.delete(id);
    socket.removeAllListeners('data');
    if (socket.connecting) {
      socket.destroy();
      return;
    }
    socket.resume(); // unread bytes would turn our FIN into a reset, which may overtake what we sent
    this.ending.push(socket);
  }

  /** A message that the machine refused. */
  refuse(id: ConnectionId, reason: string): void {
    const connection = this.open.get(id);
    if (connection !== undefined) this.drop(connection, reason);
  }

  /** Lets go what was sent since the last time. */
  flush(): void {
    for (const socket of this.corked) socket.uncork();
    this.corked.clear();
    for (const socket of this.ending) {
      socket.end(); // not earlier: it would uncork
      setTimeout(() => socket.destroy(), lingerMs).unref();
    }
    this.ending = [];
  }

  private add(id: ConnectionId, socket: Socket, peer: string): Connection {
    const connection = { id, socket, splitter: new FrameSplitter(), peer };
    this.open.set(id, connection);
    socket.on('data', (chunk: Buffer) => this.receive(connection, chunk));
    socket.on('end', () => this.lost(connection));
    socket.on('error', () => this.lost(connection));
    socket.on('close', () => this.lost(connection));
    return connection;
  }

  private receive(connection: Connection, chunk: Buffer): void {
    try {
      for (const raw of connection.splitter.push(chunk)) {
        if (!this.isOpen(connection)) return; // closed by what the frame before it led to
        this.events.frame(connection.id, decodeFrame(raw));
      }
    } catch (thrown) {
      if (!(thrown instanceof FrameError)) throw thrown;
      this.drop(connection, thrown.message);
    }
  }

  private drop(connection: Connection, reason: string): void {
    this.events.bad(connection.id, connection.peer, reason);
    this.lost(connection);
  }

  private lost(connection: Connection): void {
    connection.socket.destroy();
    if (!this.isOpen(connection)) return;
    this.open.delete(connection.id);
    this.corked.delete(connection.socket);
    this.events.closed(connection.id);
  }

  private isOpen(connection: Connection): boolean {
    return this.open.get(connection.id) === connection;
  }
}
