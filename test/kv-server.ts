import { createServer, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { Json, JsonObject } from '../core/json.ts';
import { decodeFrame, encodeFrame, FrameSplitter } from '../core/protocol.ts';
import { execute } from '../impls/apps/app.ts';
import { kv } from '../impls/apps/kv.ts';

/** A server of registers that speaks the wire protocol, keeps no replies, and can be made to stall. */
export interface KvServer extends AsyncDisposable {
  readonly port: number;
  /** Requests received, stalled ones included. */
  readonly requests: number;
  /** Connections open now. */
  readonly connections: number;
  /** While stalled, requests wait. */
  stall(): void;
  resume(): void;
  /** Sends these bytes to all clients. */
  broadcast(bytes: Buffer): void;
}

export async function kvServer(): Promise<KvServer> {
  const keys = new Map<string, Json | undefined>();
  const states = {
    read: (key: string) => keys.get(key),
    write: (key: string, state: Json | undefined) => void keys.set(key, state),
  };
  const sockets = new Set<Socket>();
  let waiting: (() => void)[] | null = null;
  let requests = 0;
  const server = createServer((socket) => {
    const splitter = new FrameSplitter();
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      for (const raw of splitter.push(chunk)) {
        const { request } = decodeFrame(raw).payload as JsonObject as { request: JsonObject };
        const { client, epoch, seq, f, key, value } = request as Record<string, Json> & { f: string };
        requests += 1;
        const answer = (): void => {
          const result = execute(kv, { f, key: key!, value: value! }, states, () => null);
          socket.write(encodeFrame({ kind: 'reply', payload: { client, epoch, seq, value: result } }));
        };
        if (waiting === null) answer();
        else waiting.push(answer);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  server.unref(); // a test that fails before it disposes must not hang
  return {
    port: (server.address() as AddressInfo).port,
    get requests() {
      return requests;
    },
    get connections() {
      return sockets.size;
    },
    stall: () => void (waiting ??= []),
    resume: () => {
      const answers = waiting ?? [];
      waiting = null;
      for (const answer of answers) answer();
    },
    broadcast: (bytes) => {
      for (const socket of sockets) socket.write(bytes);
    },
    [Symbol.asyncDispose]: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
