import { createReadStream } from 'node:fs';
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { messageOf, systemErrorCode, UsageError } from '../core/errors.ts';
import type { PropertyResult } from '../core/verdict.ts';
import type { EventSink, FormatName, ReadOptions } from './formats/format.ts';
import { makeHistoryParser } from './formats/history-parser.ts';
import { makeTableBuilder, type OperationTable } from './history/operation-table.ts';
import { makeWellFormedJudge } from './well-formed.ts';

const chunkBytes = 1 << 18;

/** A history file, and how it is to be read. `file` is how errors call it. */
export interface HistorySource extends ReadOptions {
  readonly path: string;
  readonly format: FormatName | 'auto';
}

/** A history as a table; only as far as it is well-formed. */
export interface ReadHistory {
  readonly table: OperationTable;
  /** Whether the history is well-formed; of one that is not, nothing else can be said. */
  readonly assumptions: PropertyResult;
  readonly format: FormatName | null;
  readonly events: number;
  /** Operations with an answer. */
  readonly succeeded: number;
}

/** Reads a history file, packed by gzip or not, without ever holding its text. Throws UsageError, with the place where it is malformed. */
export async function readHistory(source: HistorySource): Promise<ReadHistory> {
  const builder = makeTableBuilder();
  const wellFormed = makeWellFormedJudge();
  const damage: string[] = [];
  let events = 0;
  let succeeded = 0;
  const format = await parseFile(source, {
    event: (event) => {
      events += 1;
      if (event.type === 'ok') succeeded += 1;
      if (wellFormed.add(event)) builder.add(event);
    },
    damage: (words) => damage.push(words),
  });
  return { table: builder.table(), assumptions: wellFormed.finish(damage), format, events, succeeded };
}

/** Hands the events of a file to the sink. Gives the format that it has; null where it is empty. */
export async function parseFile(source: HistorySource, sink: EventSink): Promise<FormatName | null> {
  const parser = makeHistoryParser(source.format, source, sink);
  for await (const chunk of chunksOf(source)) parser.write(chunk);
  parser.end();
  return parser.format();
}

async function* chunksOf({ path, file }: HistorySource): AsyncGenerator<Buffer> {
  try {
    yield* unpacked(createReadStream(path, { highWaterMark: chunkBytes }));
  } catch (thrown) {
    const code = systemErrorCode(thrown);
    if (code === null) throw thrown;
    const what = code.startsWith('Z_') ? 'its gzip data are damaged' : 'cannot read it';
    throw new UsageError(`${file}: ${what}: ${messageOf(thrown)}`);
  }
}

/** What is packed shows it by its first two bytes. A pipe gives them only once, so nothing is opened to look. */
async function* unpacked(raw: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const chunks = raw[Symbol.asyncIterator]();
  let head: Buffer = Buffer.alloc(0);
  while (head.length < 2) {
    const next = await chunks.next();
    if (next.done === true) break;
    head = Buffer.concat([head, next.value]);
  }
  const rest: AsyncIterable<Buffer> = { [Symbol.asyncIterator]: () => chunks };
  if (head[0] !== 0x1f || head[1] !== 0x8b) {
    yield head;
    yield* rest;
    return;
  }
  const packed = async function* () {
    yield head;
    yield* rest;
  };
  const gunzip = createGunzip({ chunkSize: chunkBytes });
  pipeline(Readable.from(packed()), gunzip, () => {}); // its error is that of the loop below
  for await (const chunk of gunzip) yield chunk as Buffer;
}
