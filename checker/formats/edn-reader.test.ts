import fc from 'fast-check';
import type { Json } from '../../core/json.ts';
import { readForm, unfinished } from './edn-reader.ts';
import { ednText } from './edn-text.ts';
import { Malformed } from './malformed.ts';

const read = (text: string): Json => readForm({ text, at: 0, isWhole: true });

test.each<[string, Json]>([
  ['nil', null],
  ['true', true],
  [':read', 'read'],
  [':jepsen/read', 'jepsen/read'],
  ['a-symbol', 'a-symbol'],
  ['-', '-'],
  ['"a \\"text\\"\\n\\u00e9\n of two lines"', 'a "text"\né\n of two lines'],
  ['"long enough not to be copied by V8"', 'long enough not to be copied by V8'],
  ['\\a', 'a'],
  ['\\newline', '\n'],
  ['\\u00e9', 'é'],
  ['[\\] \\(]', [']', '(']],
  ['0', 0],
  ['-0', 0],
  ['+7', 7],
  ['-42N', -42],
  ['1.50', 1.5],
  ['1e3', 1000],
  ['9007199254740993', { '#integer': '9007199254740993' }],
  ['9007199254740992', { '#integer': '9007199254740992' }],
  ['1/2', { '#ratio': '1/2' }],
  ['1.0M', { '#decimal': '1.0M' }],
  ['#object[a.b$c 0xff "x"]', { '#object': ['a.b$c', 255, 'x'] }],
  ["it's", "it's"],
  ['##Inf', { '#float': 'Inf' }],
  ['[1, 2 (3 nil) []]', [1, 2, [3, null], []]],
  ['#{30 4 "b" nil "a"}', [4, 30, 'a', 'b', null]],
  ['{:a 1, "b" {2 3} [4] nil}', { a: 1, b: { '2': 3 }, '[4]': null }],
  ['#inst "2015-01-01"', { '#inst': '2015-01-01' }],
  ['#jepsen.history.Op{:index 0}', { '#jepsen.history.Op': { index: 0 } }],
  ['#:jepsen{:a 1}', { '#:jepsen': { a: 1 } }],
  ['; comment\n #_ignored #_[1 2] ,, 7', 7],
  ['[1 #_2 ; three\n]', [1]],
])('%s', (text, value) => {
  expect(read(text)).toEqual(value);
});

test.each([
  ['', 0, 'a form is missing'],
  ['[1 2', 0, '] is missing'],
  ['{:a [1 2}', 8, '} closes nothing'],
  ['{:a 1 :b}', 0, 'a key that has no value'],
  ['{:a 1 "a" 2}', 0, 'two keys that read a'],
  ['"abc', 0, 'does not end'],
  ['"a\\xb"', 0, 'an escape that is none'],
  ['"a\\/b"', 0, 'an escape that is none'],
  ['"a\\\nb"', 0, 'an escape that is none'],
  ['[1 07]', 3, '07 is no number'],
  ['[1 3$]', 3, '3$ is no number'],
  ['[1 1e999]', 3, 'too large'],
  [':', 0, ': is no keyword'],
  ['::a', 0, '::a is no keyword'],
  ["[1 'x]", 3, "'x is no form"],
  ['^{:a 1} x', 0, '^ is no form'],
  ['\\nonsense', 0, 'is no character'],
  ['#"regex"', 0, '#" begins nothing'],
  ['[1 # 2]', 3, '#  begins nothing'],
  ['##Nan', 0, '##Nan'],
])('%j is malformed, and where', (text, at, why) => {
  let thrown: unknown;
  try {
    read(text);
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(Malformed);
  expect(thrown).toMatchObject({ at, message: expect.stringContaining(why) as string });
});

test.each(['[', '#_ ', '#a ', '{:a '])('however deep %j goes, nothing overflows', (open) => {
  expect(() => read(open.repeat(100_000))).toThrow('within each other');
});

test('a text that may go on is not judged', () => {
  for (const whole of ['{:a [1 "x\\n" \\a #{2}] #_ 7 :b #inst "x"}', '12 ', ':ab ', '#_ 1 2 ', '; c\n 3 ']) {
    for (let length = 0; length < whole.length; length++) {
      expect(() => readForm({ text: whole.slice(0, length), at: 0, isWhole: false })).toThrow(unfinished);
    }
    expect(readForm({ text: whole, at: 0, isWhole: false })).toEqual(read(whole));
  }
});

const anyJson = fc.letrec((tie) => ({
  json: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(null, true, false),
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => (number === 0 ? 0 : number)),
    fc.string({ unit: 'binary' }),
    fc.array(tie('json'), { maxLength: 3 }),
    fc.dictionary(
      fc.oneof(fc.string(), fc.constantFrom('__proto__', '#integer', '#ratio', '#float', '#inst', '#a b')),
      tie('json'),
      {
        maxKeys: 3,
      },
    ),
    fc.constantFrom(
      { '#integer': '9007199254740993' },
      { '#integer': '7' },
      { '#decimal': '1M' },
      { '#float': 'NaN' },
    ),
  ),
})).json as fc.Arbitrary<Json>;

test('every JSON value survives being written', () => {
  fc.assert(
    fc.property(anyJson, (value) => {
      expect(read(ednText(value))).toEqual(value);
      expect(JSON.stringify(read(ednText(value)))).toBe(JSON.stringify(value));
    }),
    { numRuns: Number(process.env['FTCHECK_FUZZ_RUNS'] ?? 500) },
  );
});
