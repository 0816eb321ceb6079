import { UsageError } from '../../core/errors.ts';
import { parseHistory } from '../../core/parse-run.ts';
import { everyCut, readPieces, readText } from '../../test/history-text.ts';

const lines = [
  '{"index":0,"time":1,"type":"invoke","process":0,"f":"write","key":"x","value":7,"request":"c0/1/1"}',
  '{"index":1,"time":2,"type":"invoke","process":1,"f":"read","key":"x","value":null}',
  '{ "index": 2, "time": 3, "process": 0, "type": "ok", "f": "write", "key": "x", "value": null }',
  '{"index":3,"time":4,"process":1,"type":"ok","f":"read","key":"x","value":{"é":[1.5,"\\n"]}}',
  '{"index":4,"time":5,"type":"invoke","process":1,"f":"read","key":"x","value":null}',
  '{"index":5,"time":6,"process":1,"type":"info","f":"read","key":"x","value":null,"error":"timeout"}',
];
const text = `${lines.join('\n')}\n`;

test('says what the reader of stored runs says', () => {
  const { events, damage, format } = readText(text);
  expect(format).toBe('ftcheck');
  expect(damage).toEqual([]);
  expect(parseHistory(text).events).toMatchObject(events);
  expect(events).toHaveLength(lines.length);
  expect(events[5]).toMatchObject({ type: 'info', error: 'timeout' });
});

test('wherever the file is cut into pieces', () => {
  const whole = readText(text);
  for (const pieces of everyCut(text)) expect(readPieces(pieces, 'ftcheck')).toEqual(whole);
});

test('empty lines, line breaks of Windows, a byte order mark and a missing last line break', () => {
  const { events } = readText(text);
  expect(readText(`\uFEFF${text.replaceAll('\n', '\r\n\r\n')}`).events).toEqual(events);
  expect(readText(text.trimEnd()).events).toEqual(events);
});

test('a torn last line is told, wherever it is torn', () => {
  const last = lines.at(-1)!;
  const before = `${lines.slice(0, -1).join('\n')}\n`;
  for (let length = 1; length < last.length; length++) {
    const { events, damage } = readText(before + last.slice(0, length));
    expect(events).toHaveLength(lines.length - 1);
    expect(damage).toEqual(['h:6: the last line is torn and was left out']);
  }
});

test.each([
  [
    '{"index":1,"time":1,"process":0,"type":"okay","f":"read"}',
    'h:2:40: type: expected invoke, ok, fail or info, found "okay"',
  ],
  [
    '{"index":1,"time":-1,"process":0,"type":"ok","f":"read"}',
    'h:2:19: time: expected whole nanoseconds from 0, found -1',
  ],
  [
    '{"index":1,"time":1,"process":0,"type":"ok"}',
    'h:2:1: f: expected the name of an operation, found nothing',
  ],
  ['{"index":1,"time":1,"process":0,"type":"ok","f":"read","value":01}', 'h:2:65: not JSON'],
  ['{"index":1,,}', 'h:2:12: not JSON'],
  ['7', 'h:2:1: expected an object, found 7'],
])('%s has its place', (bad, message) => {
  const read = () => readText(`${lines[0]!}\n${bad}\n${lines[1]!}\n`);
  expect(read).toThrow(UsageError);
  expect(read).toThrow(message);
});

test('bytes that are no UTF-8 are not read as something else', () => {
  const [first, second] = text.split('"x"');
  const encode = (part: string | undefined) => new TextEncoder().encode(part);
  const pieces = [encode(first), Uint8Array.of(0x22, 0xff, 0x22), encode(second), encode('"x"}\n')];
  expect(() => readPieces(pieces, 'ftcheck')).toThrow('h:1:1: not UTF-8');
});
