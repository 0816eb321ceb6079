import type { Socket } from 'node:net';
import { unreachable } from '../core/assert.ts';
import { monotonicMs } from './clock.ts';
import type { ProxyDirection } from './proxy-direction.ts';
import { FrameCounter, type FrameListener } from './proxy-frame-counter.ts';
import { resetSocket } from './reset-socket.ts';

/** More than this waits in the kernel and in the sender, as it would behind a full network. */
const queuedBytesMax = 16 * 1024 * 1024;

/** Timers go by whole milliseconds: half of one too early or too late is as near as they come. */
const timerErrorMs = 0.5;

/** What travels in one direction of a connection: its making, bytes, and the two ways in which it ends. */
export type Piece = Buffer | 'open' | 'end' | 'reset';

interface QueuedPiece {
  readonly piece: Piece;
  readonly dueMs: number;
  /** When it came, by the clock of the log of frames. */
  readonly came: number;
}

/** One direction of one connection: a queue between two sockets, empty and passed by while its direction is neither held nor delayed. */
export class ProxyPipe {
  readonly direction: ProxyDirection;
  queuedBytes = 0;
  private readonly counter: FrameCounter;
  private readonly open: () => void;
  private source: Socket | null = null;
  private target: Socket | null = null;
  private queue: QueuedPiece[] = [];
  private head = 0;
  private lastDueMs = 0;
  private timer: NodeJS.Timeout | undefined;
  private discards = false;

  /** `open`: makes the connection's far half, when the news of it gets through. */
  constructor(direction: ProxyDirection, open: () => void) {
    this.direction = direction;
    this.counter = new FrameCounter(direction.tally, listenerOf(direction));
    this.open = open;
    direction.pipes.add(this);
  }

  from(source: Socket): void {
    this.source = source;
  }

  to(target: Socket): void {
    this.target = target;
    target.on('drain', () => this.regulate());
  }

  /** A piece has come from the source. */
  arrive(piece: Piece): void {
    if (this.discards) return;
    const { direction } = this;
    if (direction.isHeld || direction.isDelayed || this.head < this.queue.length) this.enqueue(piece);
    else {
      const now = this.now();
      this.deliver(piece, now, now);
    }
  }

  /** Lets go what is due. */
  pump(): void {
    clearTimeout(this.timer);
    const nowMs = monotonicMs();
    while (!this.direction.isHeld) {
      const next = this.queue[this.head];
      if (next === undefined) {
        this.queue = [];
        this.head = 0;
        break;
      }
      if (next.dueMs > nowMs + timerErrorMs) {
        this.timer = setTimeout(() => this.pump(), Math.round(next.dueMs - nowMs));
        break;
      }
      this.queue[this.head++] = nothing;
      if (typeof next.piece !== 'string') this.queuedBytes -= next.piece.length;
      this.deliver(next.piece, next.came, this.now());
    }
    this.regulate();
  }

  /** Nothing gets through any more, not even an end; the source may go on sending. */
  discard(): void {
    this.discards = true;
    clearTimeout(this.timer);
    this.queue = [];
    this.head = 0;
    this.queuedBytes = 0;
    this.source?.resume();
  }

  /** The connection is over. */
  dispose(): void {
    this.discard();
    this.direction.pipes.delete(this);
  }

  private enqueue(piece: Piece): void {
    const { direction } = this;
    if (typeof piece !== 'string') {
      this.queuedBytes += piece.length;
      if (direction.isHeld) direction.bytesHeld += piece.length;
      if (direction.isDelayed) direction.bytesDelayed += piece.length;
    }
    const wasEmpty = this.head === this.queue.length;
    this.lastDueMs = Math.max(this.lastDueMs, monotonicMs() + direction.drawDelayMs()); // in order, whatever the jitter
    this.queue.push({ piece, dueMs: this.lastDueMs, came: this.now() });
    if (wasEmpty) this.pump();
    else this.regulate();
  }

  private now(): number {
    return this.direction.log?.frames.now() ?? 0;
  }

  private deliver(piece: Piece, came: number, left: number): void {
    if (typeof piece !== 'string') this.pass(piece, came, left);
    else if (piece === 'open') this.open();
    else if (piece === 'end') this.target?.end();
    else if (piece === 'reset') this.reset();
    else unreachable(piece);
  }

  private pass(chunk: Buffer, came: number, left: number): void {
    const { target, direction } = this;
    if (target === null || target.destroyed) return;
    direction.bytes += chunk.length;
    this.counter.push(chunk, came, left);
    if (!target.write(chunk)) this.regulate();
  }

  private reset(): void {
    const { target } = this;
    if (target === null) return;
    if (target.writableLength === 0 || target.writableEnded) resetSocket(target);
    else target.write('', () => resetSocket(target)); // what came before the reset arrives before it
  }

  /** Reads on, or not: no more than so much may wait, and a slow target slows the source. */
  private regulate(): void {
    const { source, target } = this;
    if (source === null || this.discards) return;
    const full = this.queuedBytes > queuedBytesMax || (target !== null && target.writableNeedDrain);
    if (full) source.pause();
    else if (source.isPaused()) source.resume();
  }
}

/** In the place of a piece that has left the queue, for the collector's sake. */
const nothing: QueuedPiece = { piece: 'open', dueMs: 0, came: 0 };

function listenerOf({ log }: ProxyDirection): FrameListener | null {
  if (log === null) return null;
  const { frames, number } = log;
  return (kind, bytes, came, left) => frames.record(number, kind, bytes, came, left);
}
