import { everyCut, readPieces, readText, shortly } from '../../test/history-text.ts';

// Lines of Porcupine's etcd_000.log and etcd_100.log, and of later versions of Jepsen.
const log = `INFO  jepsen.core - Worker 0 starting
INFO  jepsen.util - 0\t:invoke\t:read\tnil
INFO  jepsen.util - 1   :invoke  :cas    [1 2]
INFO  jepsen.util - :nemesis\t:info\t:start\t#<Cut off {:n1 #{:n2}}>
INFO  jepsen.util - 0\t:ok\t:read\tnil
WARN  somebody.else - 3 :sheep
INFO [2016-05-05 10:12:13,123] jepsen worker 3 - jepsen.util 3\t:invoke\t:write\t"zwölf"
INFO  jepsen.util - 1\t:fail\t:cas\t[1 2]
2014-02-10 12:00:00,1 INFO jepsen.util: 2\t:invoke\t:cas\t[1 2]
INFO  jepsen.util - 2\t:fail\t:cas\t:timed-out
INFO [2016-05-05 10:12:14,123] jepsen worker 3 - jepsen.util 3\t:info\t:write\t"zwölf"\t:timed-out
INFO  jepsen.util - 4\t:invoke\t:read\tnil
INFO  jepsen.util - 4\t:fail\t:read\t#<SocketTimeoutException java.net>
`;
const events = [
  '0 invoke read null',
  '1 invoke cas [1,2]',
  '0 ok read null',
  '3 invoke write "zwölf"',
  '1 ok cas false',
  '2 invoke cas [1,2]',
  '2 fail cas [1,2]',
  '3 info write "zwölf"',
  '4 invoke read null',
  '4 fail read null',
];

test('operations among other lines, wherever it is cut', () => {
  const whole = readText(log);
  expect(whole.format).toBe('jepsen-log');
  expect(whole.events.map(shortly)).toEqual(events);
  for (const pieces of everyCut(log)) expect(readPieces(pieces, 'jepsen-log').events).toEqual(whole.events);
  expect(readText(log.replaceAll('\n', '\r\n').trimEnd(), 'jepsen-log').events).toEqual(whole.events);
});

test('a failed cas can be as if it had not been', () => {
  expect(readText(log, 'jepsen-log', { failedCas: 'drop' }).events.map(shortly)[4]).toBe('1 fail cas [1,2]');
});

const first = 'INFO  jepsen.util - 0\t:invoke\t:read\tnil\n';
test.each([
  [
    `${first}INFO  jepsen.util - 0\t:okay\t:read\t3\n`,
    'h:2:24: expected :invoke, :ok, :fail or :info, found :okay',
  ],
  [`${first}INFO  jepsen.util - 0\t:ok\n`, 'h:2:24: expected PROCESS :TYPE :F VALUE'],
  [`${first}INFO  jepsen.util - 0\t:ok\t:read\t[3\n`, 'h:2:33: ] is missing'],
  [`${first}INFO  jepsen.util - 0\t:ok\t:read\t[3 07]\n`, 'h:2:36: 07 is no number of EDN'],
  ['some text\nand more of it\n', 'h: no line is INFO  jepsen.util - PROCESS :TYPE :F VALUE'],
])('%j has its place', (text, message) => {
  expect(() => readText(text, 'jepsen-log')).toThrow(message);
});
