import { UsageError } from '../../core/errors.ts';
import { readForm, skipSpace, unfinished, type Cursor } from './edn-reader.ts';
import type { EventSink, Parser, ReadOptions } from './format.ts';
import { makeJepsenEvents } from './jepsen-events.ts';
import { jepsenEventOf } from './jepsen-fields.ts';
import { eventSizeMax } from './lines.ts';
import { Malformed } from './malformed.ts';

/** Histories of Jepsen and Knossos in EDN: one vector or list of maps, or map after map. */
export function makeEdnParser(options: ReadOptions, sink: EventSink): Parser {
  const { file } = options;
  const events = makeJepsenEvents({ ...options, failedCas: options.failedCas ?? 'drop' }, sink);
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const cursor: Cursor = { text: '', at: 0, isWhole: false };
  /** Where the text begins in the file, counted from 0. */
  const origin = { line: 0, column: 0 };
  /** Around the maps: not begun, none, open until this bracket, or closed. */
  let around: 'unknown' | 'none' | ']' | ')' | 'closed' = 'unknown';
  /** A form that was not whole is not tried again before the text is twice as long, so that a long one costs no more than its length. */
  let tryFrom = 0;

  const failure = (at: number, why: string): UsageError => {
    advance(origin, cursor.text, at);
    return new UsageError(`${file}:${origin.line + 1}:${origin.column + 1}: ${why}`);
  };
  const readEvent = (): void => {
    const begin = cursor.at;
    const form = readForm(cursor);
    try {
      const event = jepsenEventOf(form);
      if (event !== null) events.add(event);
    } catch (thrown) {
      throw thrown instanceof Malformed ? new Malformed(begin, thrown.message) : thrown;
    }
  };
  /** One form, or a bracket around all of them; false at the end of the text. */
  const step = (): boolean => {
    skipSpace(cursor);
    const character = cursor.text.charAt(cursor.at);
    if (character === '') return false;
    if (around === 'closed') throw new Malformed(cursor.at, 'the history has ended before this');
    if (around === 'unknown' && (character === '[' || character === '(')) {
      around = character === '[' ? ']' : ')';
      cursor.at += 1;
    } else if (character === around) {
      around = 'closed';
      cursor.at += 1;
    } else {
      if (around === 'unknown') around = 'none';
      readEvent();
    }
    return true;
  };
  const readAll = (): void => {
    let done = cursor.at;
    try {
      while (step()) done = cursor.at;
      done = cursor.at;
    } catch (thrown) {
      if (thrown instanceof Malformed) throw failure(thrown.at, thrown.message);
      if (thrown !== unfinished) throw thrown;
    }
    advance(origin, cursor.text, done);
    cursor.text = cursor.text.slice(done);
    cursor.at = 0;
    tryFrom = cursor.text.length * 2;
  };
  const append = (bytes: Uint8Array | undefined): void => {
    try {
      cursor.text += bytes === undefined ? decoder.decode() : decoder.decode(bytes, { stream: true });
    } catch {
      throw failure(cursor.text.length, 'not UTF-8 from somewhere behind this place on');
    }
  };
  return {
    write: (bytes) => {
      append(bytes);
      if (cursor.text.length < tryFrom) return;
      readAll();
      if (cursor.text.length > eventSizeMax)
        throw failure(0, `a form of more than ${eventSizeMax} characters is no event`);
    },
    end: () => {
      append(undefined);
      cursor.isWhole = true;
      readAll();
      if (around === ']' || around === ')')
        throw failure(cursor.text.length, `the history does not end: ${around} is missing`);
    },
  };
}

/** Moves a place behind so much of the text. */
function advance(place: { line: number; column: number }, text: string, to: number): void {
  let lineBegin = -1;
  for (let at = text.indexOf('\n'); at >= 0 && at < to; at = text.indexOf('\n', at + 1)) {
    place.line += 1;
    lineBegin = at + 1;
  }
  place.column = lineBegin < 0 ? place.column + to : to - lineBegin;
}
