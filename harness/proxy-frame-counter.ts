import { frameBytesMax, frameHeaderBytes, frameKinds } from '../core/protocol.ts';

const lengthBytes = 4;
/** What is needed of a frame to count it: its length and its kind. */
const headBytes = lengthBytes + 1;

/** Frames that began and ended in a byte stream, by kind: `byKind[i]` counts frames of `frameKinds[i]`. */
export interface FrameTally {
  frames: number;
  readonly byKind: number[];
}

/** Hears of each frame that has flowed by: its place in `frameKinds`, its bytes, when the piece with its first byte came and that with its last one left. */
export type FrameListener = (kind: number, bytes: number, came: number, left: number) => void;

export const emptyTally = (): FrameTally => ({ frames: 0, byKind: frameKinds.map(() => 0) });

/**
 * Counts the frames of one byte stream as it flows by, in whatever pieces. It looks at the first five bytes of each frame and copies
 * nothing. At the first bytes that make no frame it gives up: the stream is of something else, or damaged.
 */
export class FrameCounter {
  private readonly tally: FrameTally;
  private readonly head = new Uint8Array(headBytes);
  private headHas = 0;
  private bodyLeft = 0;
  private framed = true;
  private readonly listener: FrameListener | null;
  private length = 0;
  private came = 0;
  private left = 0;

  constructor(tally: FrameTally, listener: FrameListener | null = null) {
    this.tally = tally;
    this.listener = listener;
  }

  /** `came`, `left`: when this piece came and left, by whatever clock the listener wants. */
  push(chunk: Uint8Array, came = 0, left = 0): void {
    this.left = left;
    let at = 0;
    while (this.framed && at < chunk.length) {
      if (this.bodyLeft > 0) {
        const taken = Math.min(this.bodyLeft, chunk.length - at);
        at += taken;
        this.bodyLeft -= taken;
        if (this.bodyLeft === 0) this.count();
      } else {
        if (this.headHas === 0) this.came = came;
        this.head[this.headHas++] = chunk[at++] as number;
        if (this.headHas === headBytes) this.begin();
      }
    }
  }

  private begin(): void {
    const [a = 0, b = 0, c = 0, d = 0, kind = 0] = this.head;
    const length = ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
    this.headHas = 0;
    this.length = length;
    this.bodyLeft = length - 1;
    this.framed =
      length >= frameHeaderBytes - lengthBytes &&
      length + lengthBytes <= frameBytesMax &&
      kind >= 1 &&
      kind <= frameKinds.length;
  }

  private count(): void {
    const i = (this.head[lengthBytes] as number) - 1;
    this.tally.frames++;
    this.tally.byKind[i] = (this.tally.byKind[i] as number) + 1;
    this.listener?.(i, this.length + lengthBytes, this.came, this.left);
  }
}
