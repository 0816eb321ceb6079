import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import { isJsonObject, type JsonObject } from '../../core/json.ts';

const chunkBytes = 4 * 1024 * 1024;

/** Calls with each line of a file that may be larger than memory, the last one also where its line break is missing; none where there is no file. */
export function forEachLine(path: string, use: (line: string) => void): void {
  if (!existsSync(path)) return;
  const file = openSync(path, 'r');
  try {
    const chunk = Buffer.allocUnsafe(chunkBytes);
    const decoder = new StringDecoder('utf8');
    let rest = '';
    for (let length = readSync(file, chunk); length > 0; length = readSync(file, chunk)) {
      const text = rest + decoder.write(chunk.subarray(0, length));
      rest = text.slice(useWhole(text, use));
    }
    rest += decoder.end();
    if (rest !== '') use(rest);
  } finally {
    closeSync(file);
  }
}

/** Gives where the line begins that is not whole. */
function useWhole(text: string, use: (line: string) => void): number {
  let from = 0;
  for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
    if (end > from) use(text.slice(from, end));
    from = end + 1;
  }
  return from;
}

/** How all who write to a trace begin a line. */
const traceLineStart = '{"time":';

/**
 * Null for what is no object: a torn line. The judge has read the same files before and told of damage; here it only must not get in the
 * way. Where a process died in mid-write, whoever wrote next continues its line: that part is read.
 */
export function objectIn(line: string): JsonObject | null {
  const object = parsed(line);
  if (object !== null) return object;
  const restFrom = line.lastIndexOf(traceLineStart);
  return restFrom > 0 ? parsed(line.slice(restFrom)) : null;
}

function parsed(text: string): JsonObject | null {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : null;
  } catch {
    return null;
  }
}
