/** For tests that read histories from text. */
import { makeHistoryParser } from '../checker/formats/history-parser.ts';
import type { FileEvent, FormatName, ReadOptions } from '../checker/formats/format.ts';

export interface ReadText {
  readonly events: readonly FileEvent[];
  readonly damage: readonly string[];
  readonly format: FormatName | null;
}

/** What a file with these pieces says. */
export function readPieces(
  pieces: readonly Uint8Array[],
  format: FormatName | 'auto' = 'auto',
  options: Partial<ReadOptions> = {},
): ReadText {
  const events: FileEvent[] = [];
  const damage: string[] = [];
  const parser = makeHistoryParser(
    format,
    { file: 'h', ...options },
    { event: (event) => events.push(event), damage: (words) => damage.push(words) },
  );
  for (const piece of pieces) parser.write(piece);
  parser.end();
  return { events, damage, format: parser.format() };
}

export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

export const readText = (
  text: string,
  format: FormatName | 'auto' = 'auto',
  options: Partial<ReadOptions> = {},
): ReadText => readPieces([bytesOf(text)], format, options);

/** The same bytes in two pieces, cut at each place; and in pieces of a single byte. */
export function everyCut(text: string): Uint8Array[][] {
  const bytes = bytesOf(text);
  const cuts = Array.from({ length: bytes.length + 1 }, (_, at) => [
    bytes.subarray(0, at),
    bytes.subarray(at),
  ]);
  return [...cuts, Array.from(bytes, (byte) => Uint8Array.of(byte))];
}

/** An event in few words: `3 invoke write x 7`. */
export const shortly = ({ process, type, f, key, value }: FileEvent): string =>
  [process, type, f, ...(key === null ? [] : [JSON.stringify(key)]), JSON.stringify(value)].join(' ');
