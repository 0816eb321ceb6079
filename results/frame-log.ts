import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { FtcheckError } from '../core/errors.ts';
import { runFiles } from './run-directory.ts';

/** A frame as the proxy between two places saw it. Times are nanoseconds since the run's start. */
export interface LoggedFrame {
  /** A slot, `clients`, or `client@n1` for the client pinned to n1. */
  readonly from: string;
  readonly to: string;
  /** When its first byte came to the proxy. */
  readonly readNs: number;
  /** When its last byte left it; much later where a fault held or delayed it. */
  readonly writtenNs: number;
  /** Its kind, as docs/PROTOCOL.md has them. */
  readonly name: string;
  readonly bytes: number;
}

const headerSchema = z.object({
  format: z.literal('ftcheck-frames-1'),
  frames: z.int().min(0),
  forgotten: z.int().min(0),
  recordBytes: z.literal(24),
  directions: z.array(z.tuple([z.string(), z.string()])),
  kinds: z.array(z.string()),
});

const pieceBytes = 1 << 20;

/**
 * The frames of a stored run in the order in which they left the proxies; none where it has no log of them. The longest runs keep their last
 * million. Throws FtcheckError where the file is none of ours.
 */
export function* readFrames(runDir: string): Generator<LoggedFrame> {
  const path = join(runDir, runFiles.frames);
  if (!existsSync(path)) return;
  const file = openSync(path, 'r');
  try {
    const piece = Buffer.alloc(pieceBytes);
    let have = readSync(file, piece, 0, pieceBytes, 0);
    const headerBytes = piece.subarray(0, have).indexOf('\n') + 1;
    const { directions, kinds, recordBytes } = headerOf(piece.toString('utf8', 0, headerBytes), path);
    let position = headerBytes;
    while ((have = readSync(file, piece, 0, pieceBytes, position)) >= recordBytes) {
      const whole = have - (have % recordBytes);
      for (let at = 0; at < whole; at += recordBytes) {
        const [from, to] = directions[piece.readUInt16LE(at + 20)] ?? ['', ''];
        yield {
          from,
          to,
          readNs: piece.readDoubleLE(at),
          writtenNs: piece.readDoubleLE(at + 8),
          name: kinds[piece.readUInt8(at + 22)] ?? '',
          bytes: piece.readUInt32LE(at + 16),
        };
      }
      position += whole;
    }
  } finally {
    closeSync(file);
  }
}

function headerOf(line: string, path: string): z.infer<typeof headerSchema> {
  try {
    return headerSchema.parse(JSON.parse(line));
  } catch (cause) {
    throw new FtcheckError(`${path} is no log of frames`, { cause });
  }
}
