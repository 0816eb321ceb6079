import { once } from 'node:events';
import { createServer } from 'node:net';
import { defined } from '../core/assert.ts';

/** Ports that nobody listens on at the moment, all different: for whom must be told one beforehand. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  const ports: number[] = [];
  for (const server of servers) {
    server.listen({ host: '127.0.0.1', port: 0 });
    await once(server, 'listening');
    const address = server.address();
    if (address !== null && typeof address !== 'string') ports.push(address.port);
  }
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  defined(ports[count - 1], `${count} ports`);
  return ports;
}
