/** Plays one load after another, as it is ordered, and says what it measured. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { encodeFrame, frameHeaderBytes } from '../core/protocol.ts';
import { quantile } from '../results/statistics.ts';
import { openLink } from './proxy-link.ts';
import { loadOrder, type LoadOrder, type LoadResult } from './proxy-messages.ts';

const frameBytes = 64;
const quotes = 2;
const frame = encodeFrame({ kind: 'data', payload: 'x'.repeat(frameBytes - frameHeaderBytes - quotes) });

/** Frames that came back since measuring began, and how long each took where they go one at a time. */
interface Tally {
  frames: number;
  readonly roundTripsUs: number[] | null;
}

/** Keeps `inFlight` frames under way on a connection: what came back is sent again, by one write for each piece received. */
function keepBusy(socket: Socket, inFlight: number, tally: Tally): void {
  const frames = Buffer.concat(Array.from({ length: inFlight }, () => frame));
  let received = 0;
  let sentMs = performance.now();
  socket.on('data', (chunk: Buffer) => {
    received += chunk.length;
    const whole = Math.floor(received / frameBytes);
    if (whole === 0) return;
    received -= whole * frameBytes;
    tally.frames += whole;
    const nowMs = performance.now();
    tally.roundTripsUs?.push((nowMs - sentMs) * 1000);
    sentMs = nowMs;
    socket.write(frames.subarray(0, whole * frameBytes));
  });
  socket.write(frames);
}

async function play(order: LoadOrder, port: number): Promise<LoadResult> {
  const { connections, inFlight, warmUpMs, measureMs } = order;
  const isTimed = connections === 1 && inFlight === 1;
  const tally: Tally = { frames: 0, roundTripsUs: isTimed ? [] : null };
  const sockets = Array.from({ length: connections }, () =>
    connect({ host: '127.0.0.1', port, noDelay: true }),
  );
  await Promise.all(sockets.map((socket) => once(socket, 'connect')));
  for (const socket of sockets) keepBusy(socket, inFlight, tally);
  await sleep(warmUpMs);
  tally.frames = 0;
  if (tally.roundTripsUs !== null) tally.roundTripsUs.length = 0;
  const startMs = performance.now();
  await sleep(measureMs);
  const framesPerSecond = (tally.frames * 1000) / (performance.now() - startMs);
  for (const socket of sockets) socket.destroy();
  const ascending = tally.roundTripsUs?.sort((a, b) => a - b) ?? [];
  return { framesPerSecond, p50Us: quantile(ascending, 0.5), p99Us: quantile(ascending, 0.99) };
}

async function obey(order: LoadOrder): Promise<LoadResult> {
  if (!order.isProxiedInside) return play(order, order.port);
  await using link = await openLink(order.port);
  return await play(order, link.port);
}

process.on('disconnect', () => process.exit());
process.on('message', (message) => {
  void obey(loadOrder.parse(message)).then((result) => process.send?.(result));
});
