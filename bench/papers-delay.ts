/** What a link proxy really delays by, since a timer of Node counts whole milliseconds: 64 bytes to an echo server and back, half of what exceeds 2t. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { monotonicMs } from '../harness/clock.ts';
import { median } from './numbers.ts';
import { ProxyChild } from './proxy-child.ts';
import { openLink } from './proxy-link.ts';

const roundTrips = 30;
const frame = Buffer.alloc(64);
/** Timers that are set at all times within a millisecond, and not in step with the answers. */
const pausesMs = [1, 2, 3, 4, 5];

/** In milliseconds, for one direction. */
export async function addedByProxy(delayMs: number): Promise<number> {
  await using echo = new ProxyChild('proxy-echo-main');
  await using link = await openLink(await echo.port(), delayMs);
  const socket = connect({ host: '127.0.0.1', port: link.port, noDelay: true });
  try {
    const takenMs: number[] = [];
    for (let i = 0; i < roundTrips; i++) {
      const startMs = monotonicMs();
      socket.write(frame);
      await once(socket, 'data');
      takenMs.push(monotonicMs() - startMs);
      await sleep(pausesMs[i % pausesMs.length]);
    }
    return median(takenMs.slice(2).map((ms) => (ms - 2 * delayMs) / 2)); // the first ones made the connection
  } finally {
    socket.destroy();
  }
}
