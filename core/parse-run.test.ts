import { fault, planOf } from '../test/judged-run.ts';
import { UsageError } from './errors.ts';
import { slotNamed } from './ids.ts';
import { placeOfPath } from './json-place.ts';
import { parseHistory, parsePlan, parseTrace } from './parse-run.ts';

const line =
  '{"index":0,"time":1,"process":0,"type":"invoke","f":"read","key":"x","value":null,"final":true}';

test('a history, line by line', () => {
  const { events, damage } = parseHistory(
    `${line}\n\n{"index":1,"time":2,"process":0,"type":"ok","f":"read","key":"x","value":[1]}`,
  );
  expect(damage).toEqual([]);
  expect(events).toMatchObject([
    { index: 0, final: true },
    { index: 1, value: [1] },
  ]);
});

test('a torn last line is damage, whatever is left of it', () => {
  for (let length = 1; length < line.length; length++) {
    const { events, damage } = parseHistory(`${line}\n${line.slice(0, length)}`);
    expect(events).toHaveLength(1);
    expect(damage).toEqual(['history.jsonl:2: the last line is torn and was left out']);
  }
});

test.each([
  [
    '{"index":0,"time":1,"process":0,"type":"okay","f":"read"}',
    'runs/h:2:40: type: expected invoke, ok, fail or info, found "okay"',
  ],
  [
    '{"index":0,"time":1.5,"process":0,"type":"ok","f":"read"}',
    'runs/h:2:19: time: expected whole nanoseconds from 0, found 1.5',
  ],
  [
    '{"index":-1,"time":1,"process":0,"type":"ok","f":"read"}',
    'runs/h:2:10: index: expected a whole number from 0, found -1',
  ],
  [
    '{"index":0,"time":1,"process":0,"type":"ok"}',
    'runs/h:2:1: f: expected the name of an operation, found nothing',
  ],
  ['{"index":0,"time":1,"process":0,"type":"ok","f":"read","due":"x"}', 'runs/h:2:62: due'],
  ['[1]', 'runs/h:2:1: expected an object'],
  ['{"index":0,,}', 'runs/h:2:12: not JSON'],
])('%s has its place', (bad, message) => {
  expect(() => parseHistory(`${line}\n${bad}\n${line}\n`, 'runs/h')).toThrow(UsageError);
  expect(() => parseHistory(`${line}\n${bad}\n${line}\n`, 'runs/h')).toThrow(message);
});

test('a trace goes on behind a damaged line', () => {
  const text =
    '{"time":1,"node":"n1.0","event":"view","view":1}\n{"time":1,"node\n{"time":2}\n{"time":3,"node":"harness","event":"phase"}\n{"ti';
  const { events, damage } = parseTrace(text, 't');
  expect(events).toEqual([
    { time: 1, node: 'n1.0', event: 'view', view: 1 },
    { time: 3, node: 'harness', event: 'phase' },
  ]);
  expect(damage).toHaveLength(3);
  expect(damage[1]).toBe('t:3:1: node: expected a member id or harness, found nothing; left out');
});

test('what was written behind a line that lacks its end is read', () => {
  const [first, second] = [
    '{"time":1,"node":"n1.0","event":"lag","maxMs":1}',
    '{"time":2,"node":"n2.0","event":"lag","maxMs":2}',
  ];
  for (let length = 1; length < first.length; length++) {
    const { events, damage } = parseTrace(`${first.slice(0, length)}${second}\n`, 't');
    expect(events).toEqual([{ time: 2, node: 'n2.0', event: 'lag', maxMs: 2 }]);
    expect(damage).toEqual(['t:1: the line of a process that ended in mid-write was left out']);
  }
});

test('a plan survives its file, and says where it is wrong', () => {
  const plan = planOf();
  const text = JSON.stringify(plan, null, 2);
  expect(parsePlan(text)).toEqual(plan);
  expect(() => parsePlan(text.replace('"nodes": 3', '"nodes": "3"'), 'p.json')).toThrow(
    /^p\.json:\d+:12: nodes: /,
  );
  expect(() => parsePlan(text.slice(0, 40), 'p.json')).toThrow(/^p\.json:\d+:\d+: not JSON/);
});

test('a plan from before there were time-out profiles, processing times and units', () => {
  const { timing, serviceMs, ...older } = planOf();
  expect(parsePlan(JSON.stringify(older))).toEqual({ ...older, timing: 'default', serviceMs: 0 });
  expect(() => parsePlan(JSON.stringify({ ...older, timing: 'slow' }), 'p.json')).toThrow(
    /p\.json:1:\d+: timing/,
  );
  expect(() => parsePlan(JSON.stringify({ ...older, serviceMs: -1 }))).toThrow('serviceMs');
  expect([timing, serviceMs]).toEqual(['default', 0]);
});

test('that a fault waits for its turn survives its file', () => {
  const given = { ...fault('f1'), inTurn: true } as const;
  const { faults } = parsePlan(JSON.stringify(planOf({ faults: [given, fault('f2')] })));
  expect(faults.map(({ inTurn }) => inTurn)).toEqual([true, undefined]);
});

test('what an impl claims of units survives its file', () => {
  const { impl } = planOf();
  const units = [[slotNamed('n1'), slotNamed('n2')], [slotNamed('n3')]];
  const claims = { ...impl.claims, tolerates: 'unit', heirs: 'first-two', units } as const;
  const plan = planOf({ impl: { ...impl, claims } });
  expect(parsePlan(JSON.stringify(plan))).toEqual(plan);
});

test('places in JSON', () => {
  const text = '{"a": [1, {"b\\"": "x,]}", "c": [true, null]}],\n  "d": 4}';
  expect(placeOfPath(text, ['a', 1, 'c', 1])).toEqual({ line: 1, column: text.indexOf('null') + 1 });
  expect(placeOfPath(text, ['a', 1, 'b"'])).toEqual({ line: 1, column: text.indexOf('"x') + 1 });
  expect(placeOfPath(text, ['d'])).toEqual({ line: 2, column: 8 });
  expect(placeOfPath(text, ['a', 7])).toEqual({ line: 1, column: 7 });
  expect(placeOfPath(text, ['nowhere'])).toEqual({ line: 1, column: 1 });
});
