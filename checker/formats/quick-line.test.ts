import fc from 'fast-check';
import { parseHistory } from '../../core/parse-run.ts';
import { bytesOf } from '../../test/history-text.ts';
import { makeQuickReader, sentinelBytes } from './quick-line.ts';

const reader = makeQuickReader();

function quickly(line: string) {
  const text = bytesOf(`${line}\n`);
  const bytes = new Uint8Array(text.length + sentinelBytes);
  bytes.set(text);
  const event = reader.read(bytes, 0);
  return event === null ? null : { event, end: reader.end() };
}

/** What the thorough reader says; null where it refuses. */
function thoroughly(line: string) {
  try {
    return parseHistory(`${line}\n`).events[0] ?? null;
  } catch {
    return null;
  }
}

test.each([
  '{"index":0,"time":12,"type":"invoke","process":3,"f":"write","key":"x","value":17,"request":"c3/1/12","node":"n1"}',
  '{"index":1,"time":99,"process":3,"type":"ok","f":"cas","key":0,"value":true}',
  '{"index":2,"type":"invoke","process":1,"f":"cas","key":0,"value":[1,3],"time":6}',
  '{"index":3,"time":5,"process":1,"type":"info","f":"txn","key":null,"value":[["r","x",null],["w","y",-2]],"error":"timeout"}',
  '{"index":4,"time":5,"process":1,"type":"fail","f":"read","key":"a longer key than V8 copies","value":[],"due":4,"final":true}',
  '{"index":5,"time":5,"process":1,"type":"ok","f":"read"}',
])('reads %s as the thorough reader does', (line) => {
  const { index, time, process, type, f, key, value, error } = thoroughly(line)!;
  const event = { index, time, process, type, f, key, value, ...(error === undefined ? {} : { error }) };
  expect(quickly(line)).toEqual({ event, end: bytesOf(line).length + 1 });
});

test.each([
  '{"index":0,"time":12,"type":"invoke","process":3,"f":"write","key":"x","value":1.5}',
  '{"index":0,"time":12,"type":"invoke","process":3,"f":"write","key":"x","value":12345678901234567}',
  '{"index":0,"time":12,"type":"invoke","process":3,"f":"write","key":"x","value":-0}',
  '{"index":0,"time":12,"type":"invoke","process":3,"f":"write","key":"\\u0078","value":1}',
  '{"index":0,"time":12,"type":"invoke","process":3,"f":"write","key":"é","value":1}',
  '{"index":0,"time":12,"type":"invoke","process":3,"f":"write","key":"x","value":{"a":1}}',
  '{"index":0,"time":12,"type":"invoke","process":3,"f":"write","key":"x","value":1,"more":2}',
  ' {"index": 0, "time":12,"type":"invoke","process":3,"f":"write"}',
])('leaves %s to the thorough reader', (line) => {
  expect(quickly(line)).toBeNull();
  expect(thoroughly(line)).not.toBeNull();
});

const scalar = fc.oneof(
  fc.integer({ min: -20, max: 2000 }),
  fc.constantFrom(
    null,
    true,
    false,
    '',
    'x',
    'key 12',
    'twelve chars',
    'thirteen char',
    'ü',
    '"',
    -0,
    1e21,
    0.5,
  ),
);
const value = fc.oneof(
  scalar,
  fc.array(scalar, { maxLength: 3 }),
  fc.array(fc.array(scalar, { maxLength: 2 }), { maxLength: 2 }),
);
const mostly = <T, U>(usual: fc.Arbitrary<T>, other: fc.Arbitrary<U>) =>
  fc.oneof({ weight: 20, arbitrary: usual }, { weight: 1, arbitrary: other });
const line = fc
  .record(
    {
      index: mostly(fc.nat(), scalar),
      time: mostly(fc.nat(), scalar),
      process: mostly(fc.nat(30), scalar),
      type: mostly(fc.constantFrom('invoke', 'ok', 'fail', 'info'), fc.constantFrom('okay', 3)),
      f: mostly(fc.constantFrom('read', 'write', 'compare-and-set'), fc.constant(null)),
      key: value,
      value,
      error: mostly(fc.constant('timeout'), fc.constant(7)),
      request: mostly(fc.constant('c1/2/3'), fc.constant(null)),
      final: mostly(fc.boolean(), fc.constant(null)),
      due: mostly(fc.nat(), scalar),
      other: scalar,
    },
    { requiredKeys: ['index', 'time', 'process', 'type', 'f'] },
  )
  .chain((event) => {
    const entries = Object.entries(event).filter(([name]) => name !== 'other' || event.other === null);
    return fc.shuffledSubarray(entries, { minLength: Math.max(entries.length - 1, 0) });
  })
  .map((entries) => JSON.stringify(Object.fromEntries(entries)));

/** A line with a character put in, taken out or exchanged. */
const damaged = fc
  .tuple(
    line,
    fc.nat(),
    fc.constantFrom('', ',', '}', '"', ' ', '0', '-', '[', ']', '\\', '\r', 'e', '.'),
    fc.boolean(),
  )
  .map(([text, place, put, isExchange]) => {
    const at = place % (text.length + 1);
    return text.slice(0, at) + put + text.slice(at + (isExchange ? 1 : 0));
  });

test('what it reads, the thorough reader reads as well, and alike', () => {
  let quick = 0;
  fc.assert(
    fc.property(fc.oneof(line, damaged), (text) => {
      const read = quickly(text);
      if (read === null) return;
      quick += 1;
      const known = thoroughly(text);
      expect(known).toMatchObject(read.event);
      expect(known?.error).toBe(read.event.error);
    }),
    { numRuns: Number(process.env['FTCHECK_FUZZ_RUNS'] ?? 1000) },
  );
  expect(quick).toBeGreaterThan(100);
});
