/**
 * Frames on the wire, see docs/PROTOCOL.md: a 4-byte big-endian length of what follows, one byte for the kind, a 4-byte CRC32C
 * over kind and payload, the payload as UTF-8 JSON. Nodes, client stubs and link proxies share this file and nothing else.
 */
import type { Json } from './json.ts';

/** A link between two nodes. */
export const linkKinds = ['hello', 'ack', 'beat', 'reject'] as const;
/** A client and a node. */
export const clientKinds = ['request', 'reply', 'redirect'] as const;
// Messages of the group layer, each inside a numbered link frame: payload [sequence number, message]
export const membershipKinds = ['join', 'welcome', 'excluded', 'flush', 'synced'] as const;
const transferKinds = ['state-request', 'state-chunk'] as const;
export const agreementKinds = ['estimate', 'propose', 'accept', 'round', 'decide'] as const;
const multicastKinds = ['data', 'stored', 'relay'] as const;
/** Between two units, or a client and a unit (Somersault §3.3); numbered inside a link frame between nodes, plain from and to clients. */
export const connectionKinds = ['output', 'output-ack', 'role', 'probe'] as const;
/** Inside a recovery unit, each inside a numbered link frame. */
export const unitKinds = [
  'log',
  'log-ack',
  'report',
  'fetch',
  'fetched',
  'chunk',
  'chunk-ack',
  'hand-over',
] as const;

/** Every kind of frame; the byte on the wire is its place in this list plus one. Append only: a group that is not the last cannot grow. */
export const frameKinds = [
  ...linkKinds,
  ...clientKinds,
  ...membershipKinds,
  ...transferKinds,
  ...agreementKinds,
  ...multicastKinds,
  ...connectionKinds,
  ...unitKinds,
] as const;
export type FrameKind = (typeof frameKinds)[number];

export interface Frame {
  readonly kind: FrameKind;
  readonly payload: Json;
}

export const frameBytesMax = 8 * 1024 * 1024;
export const frameHeaderBytes = 9;

/** A byte stream that is no sequence of frames. The connection it came from is of no further use. */
export class FrameError extends Error {
  override readonly name = 'FrameError';
}

const kindByte = new Map<FrameKind, number>(frameKinds.map((kind, i) => [kind, i + 1]));
export const kindOfByte = (byte: number): FrameKind | undefined => frameKinds[byte - 1];

const crcTable = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let bit = 0; bit < 8; bit++) c = c & 1 ? (c >>> 1) ^ 0x82f63b78 : c >>> 1; // Castagnoli, reflected
  return c >>> 0;
});

/** CRC32C of bytes[from..], continued from the check sum of what came before. */
export function crc32c(bytes: Uint8Array, from = 0, before = 0): number {
  let crc = ~before;
  for (let i = from; i < bytes.length; i++) {
    crc = (crc >>> 8) ^ (crcTable[(crc ^ (bytes[i] as number)) & 0xff] as number);
  }
  return ~crc >>> 0;
}

/** The check sum of a whole frame: over its kind and its payload. */
const frameCrc = (bytes: Buffer): number => crc32c(bytes, frameHeaderBytes, crc32c(bytes.subarray(4, 5)));

export function encodeFrame(frame: Frame): Buffer {
  const text = JSON.stringify(frame.payload);
  const bytes = Buffer.allocUnsafe(frameHeaderBytes + Buffer.byteLength(text));
  if (bytes.length > frameBytesMax)
    throw new FrameError(`a frame of ${bytes.length} bytes exceeds ${frameBytesMax}`);
  bytes.writeUInt32BE(bytes.length - 4, 0);
  bytes[4] = kindByte.get(frame.kind) as number;
  bytes.write(text, frameHeaderBytes);
  bytes.writeUInt32BE(frameCrc(bytes), 5);
  return bytes;
}

/** One frame as it lies in a stream: `bytes` is the whole of it, header included. */
export interface RawFrame {
  readonly kind: FrameKind;
  readonly bytes: Buffer;
}

/** Cuts a byte stream into frames. Lengths and kinds are checked, check sums only by `decodeFrame`. */
export class FrameSplitter {
  private rest: Buffer = Buffer.alloc(0);

  /** Bytes received that do not make a whole frame yet. */
  get pendingBytes(): number {
    return this.rest.length;
  }

  push(chunk: Buffer): RawFrame[] {
    let bytes = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
    const frames: RawFrame[] = [];
    while (bytes.length >= 5) {
      const length = bytes.readUInt32BE(0);
      if (length < frameHeaderBytes - 4 || length + 4 > frameBytesMax)
        throw new FrameError(`frame length ${length}`);
      const kind = kindOfByte(bytes[4] as number);
      if (kind === undefined) throw new FrameError(`unknown frame kind ${bytes[4]}`);
      if (bytes.length < length + 4) break;
      frames.push({ kind, bytes: bytes.subarray(0, length + 4) });
      bytes = bytes.subarray(length + 4);
    }
    this.rest = bytes;
    return frames;
  }
}

export function decodeFrame(raw: RawFrame): Frame {
  const { bytes, kind } = raw;
  const stated = bytes.readUInt32BE(5);
  const computed = frameCrc(bytes);
  if (stated !== computed)
    throw new FrameError(`damaged ${kind} frame: check sum ${stated}, computed ${computed}`);
  try {
    return { kind, payload: JSON.parse(bytes.toString('utf8', frameHeaderBytes)) as Json };
  } catch (cause) {
    throw new FrameError(`undecodable ${kind} frame`, { cause });
  }
}
