import { unreachable } from '../../core/assert.ts';
import { UsageError } from '../../core/errors.ts';
import { makeEdnParser } from './edn-history.ts';
import type { EventSink, FormatName, Parser, ReadOptions } from './format.ts';
import { makeFtcheckParser } from './ftcheck-lines.ts';
import { makeJepsenLogParser, operationLine } from './jepsen-log.ts';

/** Reads a history of a format that its content may have to tell. */
export interface HistoryParser extends Parser {
  /** Null: not known, or the file is empty. */
  format(): FormatName | null;
}

/** How far a file is looked into to see what it is. */
const sampleBytes = 1 << 16;

export function makeHistoryParser(
  format: FormatName | 'auto',
  options: ReadOptions,
  sink: EventSink,
): HistoryParser {
  let held: Uint8Array = new Uint8Array();
  let parser: Parser | null = null;
  let known: FormatName | null = null;
  const begin = (isWhole: boolean): void => {
    held = withoutByteOrderMark(held);
    known = format === 'auto' ? formatOf(held, isWhole, options.file) : format;
    if (known === null) return;
    parser = parserOf(known, options, sink);
    parser.write(held);
    held = new Uint8Array();
  };
  return {
    format: () => known,
    write: (bytes) => {
      if (parser !== null) return parser.write(bytes);
      held = joined(held, bytes);
      if (held.length >= sampleBytes) begin(false);
    },
    end: () => {
      if (parser === null) begin(true);
      parser?.end();
    },
  };
}

function parserOf(format: FormatName, options: ReadOptions, sink: EventSink): Parser {
  switch (format) {
    case 'ftcheck':
      return makeFtcheckParser(options.file, sink);
    case 'edn':
      return makeEdnParser(options, sink);
    case 'jepsen-log':
      return makeJepsenLogParser(options, sink);
    default:
      return unreachable(format);
  }
}

/** What a file is, from its beginning; null where it has only space in it. */
function formatOf(bytes: Uint8Array, isWhole: boolean, file: string): FormatName | null {
  const text = new TextDecoder('utf-8').decode(bytes.subarray(0, sampleBytes));
  // Comments and spaces of EDN; what of them is cut off by the end of the sample is no reason to doubt.
  const start = text.replace(/^(?:[\s,]|;[^\n]*(?:\n|$))+/, '');
  if (start === '') {
    if (isWhole && text.trim() === '') return null;
    return 'edn';
  }
  if (/^\{\s*(?:"|$)/.test(start)) return 'ftcheck';
  if (/^\[\s*\{\s*"/.test(start)) {
    throw new UsageError(`${file}:1:1: one JSON list: expected one JSON object a line`);
  }
  if (/^(?:[[(][\s,]*(?:$|[\](){;#])|\{|#(?:$|[\w:{#]))/.test(start)) return 'edn';
  if (operationLine.test(text)) return 'jepsen-log';
  throw new UsageError(`${file}: cannot tell its format; --format says it: ftcheck, edn or jepsen-log`);
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

const withoutByteOrderMark = (bytes: Uint8Array): Uint8Array =>
  bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
