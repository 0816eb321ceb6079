import type { Socket } from 'node:net';

/**
 * Ends a connection by a reset. While a shutdown of ours is still under way the kernel refuses a reset (EINVAL), and Node would keep the
 * handle for ever and spin at exit: then the connection is closed, which its peer cannot tell from a reset after a shutdown.
 */
export function resetSocket(socket: Socket): void {
  if (socket.writableEnded && !socket.writableFinished) socket.destroy();
  else socket.resetAndDestroy();
}
