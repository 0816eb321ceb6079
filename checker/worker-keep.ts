import { closeSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { FtcheckError } from '../core/errors.ts';

/** Writes a file as a whole: it is there with all its pieces or as it was before. */
export function writePieces(path: string, pieces: Iterable<string>): void {
  const unfinished = `${path}.new`;
  try {
    writeAll(unfinished, pieces);
    renameSync(unfinished, path);
  } catch (cause) {
    rmSync(unfinished, { force: true });
    throw new FtcheckError(`cannot write ${path}`, { cause });
  }
}

function writeAll(path: string, pieces: Iterable<string>): void {
  const file = openSync(path, 'w');
  try {
    for (const piece of pieces) {
      const bytes = Buffer.from(piece);
      for (let written = 0; written < bytes.length;) written += writeSync(file, bytes, written);
    }
  } finally {
    closeSync(file);
  }
}
