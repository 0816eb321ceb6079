import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

/** How standard input is called on the command line, and in words. */
export const standardInput = { given: '-', file: 'standard input' } as const;

/** Standard input as a file, since the process that reads it is another: a disk holds more than memory. Disposing removes it. */
export async function spooledInput(signal: AbortSignal): Promise<Disposable & { readonly path: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'ftcheck-input-'));
  const spooled = {
    path: join(folder, 'history'),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
  try {
    await pipeline(process.stdin, createWriteStream(spooled.path), { signal });
    return spooled;
  } catch (thrown) {
    spooled[Symbol.dispose]();
    throw thrown;
  }
}
