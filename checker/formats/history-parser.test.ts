import { readText } from '../../test/history-text.ts';

test.each([
  ['{"index":0,"time":0,"process":0,"type":"invoke","f":"read"}\n', 'ftcheck'],
  ['  \n { "index":0,"time":0,"process":0,"type":"invoke","f":"read"}\n', 'ftcheck'],
  ['{"ind', 'ftcheck'],
  ['{', 'ftcheck'],
  ['{:process 0 :type :invoke :f :read}', 'edn'],
  ['[ ]', 'edn'],
  ['; all is said {"here"}\n[ ; and here\n {:process 0 :type :invoke :f :read}]', 'edn'],
  [`; ${'a long comment '.repeat(10_000)}\n{:process 0 :type :invoke :f :read}`, 'edn'],
  ['#jepsen.history.Op{:process 0 :type :invoke :f :read}', 'edn'],
  ['[2014-02-10] something\nINFO  jepsen.util - 0\t:invoke\t:read\tnil\n', 'jepsen-log'],
  ['INFO  jepsen.util - 0\t:invoke\t:read\tnil\n', 'jepsen-log'],
  ['', null],
  [' \n\n', null],
])('%.60j is %s', (text, format) => {
  expect(readText(text).format).toBe(format);
});

test.each([
  ['[{"index": 0}]', 'h:1:1: one JSON list: expected one JSON object a line'],
  ['# Histories\n', 'h: cannot tell its format; --format says it'],
  ['read 1\nwrite 2\n', 'h: cannot tell its format'],
])('%j is not guessed', (text, message) => {
  expect(() => readText(text)).toThrow(message);
});

test('a single bracket', () => {
  expect(() => readText('[')).toThrow('h:1:2: the history does not end: ] is missing');
});

test('what is said is not doubted', () => {
  expect(() => readText('{:process 0}\n', 'ftcheck')).toThrow('h:1:2: not JSON');
  expect(() => readText('{"index":0}\n', 'edn')).toThrow('h:1:1: ');
});
