import { everyCut, readPieces, readText, shortly } from '../../test/history-text.ts';

const shortOf = (text: string, options = {}): string[] => readText(text, 'edn', options).events.map(shortly);

// The beginning of Knossos' bad-analysis.edn, with what other files have besides.
const maps = `{:process 4, :type :invoke, :f :write, :value "zwölf"} ; Value is 0, "pending" crashed read by process 6
 {:process 6  :type :invoke, :f :read, :value nil, :time 12}
 {:type :info, :f :start, :process :nemesis, :value {:a #{1 2}}}
 {:process 4, :type :ok, :f :write, :value "zwölf", :time 10, :index 17}
 #_ {:process 4 :type :nonsense}
 #jepsen.history.Op{:process 6, :type :ok, :f :read, :value [1 -2.5 {:x \\a}]}
`;
const events = [
  '4 invoke write "zwölf"',
  '6 invoke read null',
  '4 ok write null',
  '6 ok read [1,-2.5,{"x":"a"}]',
];

test.each([
  ['one map after another', maps],
  ['one vector', `; a comment first\n[${maps}]\n; and last\n`],
  ['one list', `(${maps})`],
])('%s, wherever it is cut', (_, text) => {
  expect(shortOf(text)).toEqual(events);
  expect(readText(text).format).toBe('edn');
  const whole = readText(text, 'edn');
  for (const pieces of everyCut(text)) expect(readPieces(pieces, 'edn')).toEqual(whole);
});

test('events count from 0 and time does not run back, whatever the file says', () => {
  const read = readText(maps, 'edn').events;
  expect(read.map(({ index }) => index)).toEqual([0, 1, 2, 3]);
  expect(read.map(({ time }) => time)).toEqual([0, 12, 12, 13]);
});

test('what went wrong is a text, whatever the file has', () => {
  const ends = [':error :no-conn', ':error [:slow "a"]', ':error nil'];
  const text = ends.map(
    (end, i) => `{:process ${i} :type :invoke :f :read} {:process ${i} :type :info :f :read ${end}}`,
  );
  const completions = readText(text.join('\n'), 'edn').events.filter(({ type }) => type === 'info');
  expect(completions.map(({ error }) => error)).toEqual(['no-conn', '["slow","a"]', undefined]);
});

test('an empty history in brackets', () => {
  expect(readText('[ ; nothing\n]\n')).toMatchObject({ events: [], format: 'edn' });
});

const first = '{:process 0, :type :invoke, :f :read, :value nil}\n';
test.each([
  [
    `${first} {:type :invoke, :f :read}`,
    'h:2:2: process: expected a whole number from 0 or a keyword, found nothing',
  ],
  [`${first}{:process -1, :type :invoke, :f :read}`, 'h:2:1: process: expected a whole number'],
  [
    `${first}{:process 0, :type :okay, :f :read}`,
    'h:2:1: type: expected :invoke, :ok, :fail or :info, found "okay"',
  ],
  [`${first}{:process 0, :type :ok, :value 3}`, 'h:2:1: f: expected the name of an operation, found nothing'],
  [`${first}{:process 0, :type :ok, :f :read, :time "x"}`, 'h:2:1: time: expected nanoseconds'],
  [`${first}\n\n  {:process 0, :type :ok, :f :read, :value 07}`, 'h:4:44: 07 is no number of EDN'],
  [`${first}{:process 0, :type :ok, :f :read, :value "a\nb}`, 'h:2:42: a text that does not end'],
  [`${first}7`, 'h:2:1: expected a map, found 7'],
  [`${first}]`, 'h:2:1: ] closes nothing'],
  [`[${first}`, 'h:2:1: the history does not end: ] is missing'],
  [`[${first}] ${first}`, 'h:2:3: the history has ended before this'],
  [`[${first})`, 'h:2:1: ) closes nothing'],
  [`${first}{:process 0, :type :ok, :f :read`, 'h:2:1: } is missing'],
])('%j has its place, wherever it is cut', (text, message) => {
  expect(() => readText(text, 'edn')).toThrow(message);
  for (const pieces of everyCut(text)) expect(() => readPieces(pieces, 'edn')).toThrow(message);
});

test('a form that comes in very many pieces costs no more than its length', () => {
  const value = `[${'[:r 1 nil] '.repeat(20_000)}]`;
  const text = `{:process 0, :type :invoke, :f :txn, :value ${value}}`;
  const pieces = Array.from({ length: Math.ceil(text.length / 50) }, (_, i) =>
    new TextEncoder().encode(text.slice(i * 50, i * 50 + 50)),
  );
  expect(readPieces(pieces, 'edn').events).toHaveLength(1);
});
