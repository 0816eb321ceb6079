/** Sends back what it gets. */
import { createServer } from 'node:net';

process.on('disconnect', () => process.exit());
const server = createServer({ noDelay: true }, (socket) => {
  socket.on('data', (chunk) => socket.write(chunk));
  socket.on('error', () => socket.destroy());
});
server.listen({ host: '127.0.0.1', port: 0 }, () => process.send?.(server.address() ?? {}));
