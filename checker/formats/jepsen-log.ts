import { UsageError } from '../../core/errors.ts';
import type { Json } from '../../core/json.ts';
import { readForm } from './edn-reader.ts';
import type { EventSink, Parser, ReadOptions } from './format.ts';
import { makeJepsenEvents, type JepsenEvent } from './jepsen-events.ts';
import { isEventType } from './jepsen-fields.ts';
import { makeLineCutter } from './lines.ts';
import { Malformed } from './malformed.ts';

/** The line of an operation, of whatever version of Jepsen: `... jepsen.util - PROCESS :...`. */
export const operationLine = /\bjepsen\.[\w.]+(?:[ \t]+-|:)?[ \t]+(\d+|:[^\s:]+)[ \t]+:/;
const fields = /([^\s:]+)[ \t]+:([^\s:]+)(?:[ \t]+(.*))?$/y;

/**
 * Jepsen's logs, in which `INFO  jepsen.util - PROCESS :TYPE :F VALUE` stands among other lines, which are passed over. A failed cas whose
 * value is its argument says there that the value differed: failures of other kinds name an error in its place.
 */
export function makeJepsenLogParser(options: ReadOptions, sink: EventSink): Parser {
  const { file } = options;
  const events = makeJepsenEvents({ ...options, failedCas: options.failedCas ?? 'differs' }, sink);
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let hasText = false;
  let hasOperation = false;

  const readLine = (line: string, number: number): void => {
    hasText ||= line.trim() !== '';
    const match = operationLine.exec(line);
    if (match === null) return;
    hasOperation = true;
    const [before, process = ''] = match;
    if (process.startsWith(':')) return;
    const from = match.index + before.length;
    try {
      events.add(eventOf(line, from, Number(process)));
    } catch (thrown) {
      if (!(thrown instanceof Malformed)) throw thrown;
      throw new UsageError(`${file}:${number}:${Math.max(thrown.at, from) + 1}: ${thrown.message}`);
    }
  };
  const readLines = (bytes: Uint8Array, firstNumber: number): number => {
    let text: string;
    try {
      text = decoder.decode(bytes);
    } catch {
      throw new UsageError(`${file}:${firstNumber}:1: not UTF-8 in this line or one behind it`);
    }
    let number = firstNumber;
    for (let at = 0; at < text.length; number++) {
      const end = text.indexOf('\n', at);
      readLine(text.slice(at, end < 0 ? text.length : end).trimEnd(), number);
      at = end < 0 ? text.length : end + 1;
    }
    return number - firstNumber;
  };
  const cutter = makeLineCutter({
    file,
    zeros: 0,
    use: (bytes, from, to, firstNumber) => readLines(bytes.subarray(from, to), firstNumber),
    useTorn: readLines,
  });
  return {
    write: (bytes) => cutter.write(bytes),
    end: () => {
      cutter.end();
      if (hasText && !hasOperation)
        throw new UsageError(`${file}: no line is INFO  jepsen.util - PROCESS :TYPE :F VALUE`);
    },
  };
}

/** The event of a line whose type begins here, behind its colon. */
function eventOf(line: string, from: number, process: number): JepsenEvent {
  fields.lastIndex = from;
  const [, type, f, rest = ''] = fields.exec(line) ?? [];
  if (f === undefined) throw new Malformed(from - 1, 'expected PROCESS :TYPE :F VALUE');
  if (!isEventType(type))
    throw new Malformed(from - 1, `expected :invoke, :ok, :fail or :info, found :${type ?? ''}`);
  const value = type === 'info' ? null : valueOf(rest, line.length - rest.length, type === 'fail');
  return { process, type, f, key: undefined, value, result: undefined, time: undefined, error: undefined };
}

/** The value is the first form of what is left of the line; what went wrong may stand in its place or behind it. */
function valueOf(rest: string, from: number, mayBeError: boolean): Json {
  if (rest === '') return null;
  try {
    return readForm({ text: rest, at: 0, isWhole: true });
  } catch (thrown) {
    if (mayBeError) return null;
    throw thrown instanceof Malformed ? new Malformed(from + thrown.at, thrown.message) : thrown;
  }
}
