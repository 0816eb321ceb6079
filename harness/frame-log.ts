import { rmSync, writeFileSync } from 'node:fs';
import { frameKinds } from '../core/protocol.ts';

/** Frames that are kept: the last so many, some 25 MB. */
const framesMax = 1 << 20;
const blockFrames = 1 << 14;

/** Layout of a record in frames.bin, little endian: when its first byte came and its last byte left (float64, ns), its bytes, direction and kind. */
const recordBytes = 24;
const offsets = { came: 0, left: 8, bytes: 16, direction: 20, kind: 22 } as const;

/**
 * When each frame came to a proxy and when it left it: what was on the way between processes and for how long, for space-time diagrams. Kept in
 * memory while a run lasts, the oldest forgotten beyond a million, and written once, so that it costs next to nothing.
 */
export class FrameLog {
  readonly now: () => number;
  private readonly directions: (readonly [from: string, to: string])[] = [];
  private readonly blocks: DataView<ArrayBuffer>[] = [];
  private count = 0;

  /** `now`: nanoseconds since the run's start. */
  constructor(now: () => number) {
    this.now = now;
  }

  /** The number of a direction, for `record`. */
  direction(from: string, to: string): number {
    return this.directions.push([from, to]) - 1;
  }

  /** `kind`: place in `frameKinds`. */
  record(direction: number, kind: number, bytes: number, came: number, left: number): void {
    const place = this.count++ % framesMax;
    const block = (this.blocks[Math.floor(place / blockFrames)] ??= new DataView(
      new ArrayBuffer(blockFrames * recordBytes),
    ));
    const at = (place % blockFrames) * recordBytes;
    block.setFloat64(at + offsets.came, came, true);
    block.setFloat64(at + offsets.left, left, true);
    block.setUint32(at + offsets.bytes, bytes, true);
    block.setUint16(at + offsets.direction, direction, true);
    block.setUint8(at + offsets.kind, kind);
  }

  /** One line of JSON that says what the numbers mean, then the records, oldest first. */
  write(path: string): void {
    const frames = Math.min(this.count, framesMax);
    const forgotten = this.count - frames;
    const { directions } = this;
    const header = {
      format: 'ftcheck-frames-1',
      frames,
      forgotten,
      recordBytes,
      directions,
      kinds: frameKinds,
    };
    const records = Buffer.concat(this.blocks.map((block) => new Uint8Array(block.buffer))).subarray(
      0,
      frames * recordBytes,
    );
    const oldest = forgotten === 0 ? 0 : (this.count % framesMax) * recordBytes;
    const text = Buffer.from(`${JSON.stringify(header)}\n`);
    try {
      writeFileSync(path, Buffer.concat([text, records.subarray(oldest), records.subarray(0, oldest)]));
    } catch {
      rmSync(path, { force: true }); // no verdict needs it: a full disk is told of by those that do
    }
  }
}
