import { messageOf, UsageError } from '../../core/errors.ts';
import type { HistoryEvent } from '../../core/history.ts';
import { parseHistory } from '../../core/parse-run.ts';
import { withError, type EventSink, type FileEvent, type Parser } from './format.ts';
import { makeLineCutter } from './lines.ts';
import { makeQuickReader, sentinelBytes } from './quick-line.ts';

const lineBreak = 0x0a;

/**
 * Our own history files: one JSON object a line. As in a run, the last line may be torn, which is damage; any other bad line is an error with
 * its place, since without it nothing that follows means anything.
 */
export function makeFtcheckParser(file: string, sink: EventSink): Parser {
  const quick = makeQuickReader();
  return makeLineCutter({
    file,
    zeros: sentinelBytes,
    use: (bytes, from, to, firstNumber) => {
      let number = firstNumber;
      for (let at = from; at < to; number++) {
        const event = quick.read(bytes, at);
        if (event !== null) {
          sink.event(event);
          at = quick.end();
          continue;
        }
        const end = bytes.indexOf(lineBreak, at);
        const read = thoroughly(bytes.subarray(at, end));
        if (isBad(read)) throw new UsageError(`${file}:${number}:${read.column}: ${read.why}`);
        if (read !== null) sink.event(read);
        at = end + 1;
      }
      return number - firstNumber;
    },
    useTorn: (bytes, number) => {
      const read = thoroughly(bytes);
      if (isBad(read)) sink.damage(`${file}:${number}: the last line is torn and was left out`);
      else if (read !== null) sink.event(read);
    },
  });
}

interface BadLine {
  readonly column: number;
  readonly why: string;
}
const isBad = (read: FileEvent | BadLine | null): read is BadLine => read !== null && 'why' in read;

const withoutMore = ({ index, time, process, type, f, key, value, error }: HistoryEvent): FileEvent =>
  withError({ index, time, process, type, f, key, value }, error);

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** What a line says, as it is read of a stored run; null for an empty one. */
function thoroughly(bytes: Uint8Array): FileEvent | BadLine | null {
  let line: string;
  try {
    line = decoder.decode(bytes);
  } catch {
    return { column: 1, why: 'not UTF-8' };
  }
  try {
    const [event] = parseHistory(`${line}\n`, '').events;
    return event === undefined ? null : withoutMore(event);
  } catch (thrown) {
    const [, column, why] = /^:1:(\d+): (.*)$/s.exec(messageOf(thrown)) ?? [];
    if (column === undefined || why === undefined) throw thrown;
    return { column: Number(column), why };
  }
}
