import fc from 'fast-check';
import type { Json } from '../../core/json.ts';
import { readText, shortly } from '../../test/history-text.ts';
import { historyOf, objects, stepOf } from '../../test/random-history.ts';
import { tableOf } from '../history/operation-table.ts';
import { judgeTable } from '../linearizable/linearizable.ts';
import { models } from '../models/models.ts';
import { makeEdnWriter } from './edn-writer.ts';
import { makeElleWriter } from './elle-writer.ts';
import { writeFtcheckLine, type EventWriter } from './event-writer.ts';
import type { FileEvent } from './format.ts';
import { optionsForModel } from './options-for-model.ts';

const written = (events: readonly FileEvent[], write: EventWriter): string => events.map(write).join('');

/** A history of operations one after another: name, argument, completion, and what it answers or why not. */
function serial(
  ...operations: readonly (readonly [
    f: string,
    argument: Json,
    type?: 'ok' | 'fail' | 'info',
    answer?: Json,
    key?: Json,
  ])[]
): FileEvent[] {
  const events = operations.flatMap(([f, argument, type = 'ok', answer = null, key = null], process) => [
    { process, type: 'invoke' as const, f, key, value: argument },
    type === 'ok'
      ? { process, type, f, key, value: answer }
      : { process, type, f, key, value: argument, error: JSON.stringify(answer) },
  ]);
  return events.map((event, index) => ({ index, time: index * 10, ...event }));
}

test('EDN has the words of Jepsen', () => {
  const history = serial(
    ['write', 3],
    ['read', null, 'ok', 3, 'x'],
    ['cas', [3, 4], 'ok', true],
    ['cas', [3, 5], 'ok', false],
    ['write', 6, 'info', 'timeout'],
    ['txn', [['read', 'x', null]], 'ok', [['read', 'x', 1]]],
  );
  expect(written(history, makeEdnWriter()).split('\n')).toEqual([
    '{:process 0, :type :invoke, :f :write, :value 3, :time 0, :index 0}',
    '{:process 0, :type :ok, :f :write, :value 3, :time 10, :index 1}',
    '{:process 1, :type :invoke, :f :read, :key "x", :value nil, :time 20, :index 2}',
    '{:process 1, :type :ok, :f :read, :key "x", :value 3, :time 30, :index 3}',
    '{:process 2, :type :invoke, :f :cas, :value [3 4], :time 40, :index 4}',
    '{:process 2, :type :ok, :f :cas, :value [3 4], :time 50, :index 5}',
    '{:process 3, :type :invoke, :f :cas, :value [3 5], :time 60, :index 6}',
    '{:process 3, :type :fail, :f :cas, :value [3 5], :result false, :time 70, :index 7}',
    '{:process 4, :type :invoke, :f :write, :value 6, :time 80, :index 8}',
    '{:process 4, :type :info, :f :write, :value 6, :time 90, :index 9, :error "\\"timeout\\""}',
    '{:process 5, :type :invoke, :f :txn, :value [[:read :x nil]], :time 100, :index 10}',
    '{:process 5, :type :ok, :f :txn, :value [[:read :x 1]], :time 110, :index 11}',
    '',
  ]);
});

test('Elle has transactions of one operation each', () => {
  const lists = serial(
    ['append', 7, 'ok', 1, 'x'],
    ['read', null, 'ok', [7], 'x'],
    ['read', null, 'info', 'timeout', 'x'],
  );
  expect(written(lists, makeElleWriter()).split('\n')).toEqual([
    '{:process 0, :type :invoke, :f :txn, :value [[:append "x" 7]], :time 0, :index 0}',
    '{:process 0, :type :ok, :f :txn, :value [[:append "x" 7]], :time 10, :index 1}',
    '{:process 1, :type :invoke, :f :txn, :value [[:r "x" nil]], :time 20, :index 2}',
    '{:process 1, :type :ok, :f :txn, :value [[:r "x" [7]]], :time 30, :index 3}',
    '{:process 2, :type :invoke, :f :txn, :value [[:r "x" nil]], :time 40, :index 4}',
    '{:process 2, :type :info, :f :txn, :value [[:r "x" nil]], :time 50, :index 5, :error "\\"timeout\\""}',
    '',
  ]);
  const registers = serial(
    ['write', 7],
    [
      'txn',
      [
        ['r', 'x', null],
        ['write', 'y', 2],
      ],
      'ok',
      [
        ['r', 'x', 1],
        ['write', 'y', 2],
      ],
    ],
  );
  expect(written(registers, makeElleWriter())).toContain(':value [[:w 0 7]]');
  expect(written(registers, makeElleWriter())).toContain(':value [[:r "x" 1] [:w "y" 2]]');
});

test.each([
  [serial(['cas', [1, 2]]), 'event 0: Elle knows append, read and write, and not cas'],
  [serial(['txn', 7]), 'event 0: Elle knows append, read and write, and not 7'],
  [serial(['append', 'x'], ['read', null, 'ok', 'x']), 'event 3: Elle knows lists that are appended to'],
  [serial(['append', 'x'], ['put', 'y']), 'event 2: Elle knows lists that are appended to'],
])('what Elle cannot judge is not written for it', (history, message) => {
  expect(() => written(history, makeElleWriter())).toThrow(message);
});

const answers: fc.Arbitrary<Json> = fc.oneof(
  fc.constantFrom<Json>(null, true, false, 0, 1, '', 'x', [0, 1], [], { a: 1 }),
  fc.string({ unit: 'binary', maxLength: 3 }),
);
const operation = fc.record({
  f: fc.constantFrom(
    'read',
    'get',
    'write',
    'append',
    'cas',
    'dequeue',
    'add',
    'acquire',
    'release',
    'echo',
    'a b',
    'txn',
  ),
  argument: answers,
  type: fc.constantFrom('ok' as const, 'ok' as const, 'fail' as const, 'info' as const),
  answer: answers,
  key: fc.constantFrom<Json>(null, 'x', 7),
});

test('whatever was answered, it is read again from EDN and from our own lines', () => {
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 8 }), (operations) => {
      const history = serial(
        ...operations.map(({ f, argument, type, answer, key }) => [f, argument, type, answer, key] as const),
      );
      const edn = written(history, makeEdnWriter());
      // A model that never answers nil must make no difference: what is nil here is said to be the answer.
      expect(readText(edn, 'edn', { mayAnswerNil: () => false, mustAnswer: new Set() }).events).toEqual(
        history,
      );
      expect(readText(written(history, writeFtcheckLine), 'ftcheck').events).toEqual(history);
    }),
    { numRuns: Number(process.env['FTCHECK_FUZZ_RUNS'] ?? 300) },
  );
});

const limits = { now: () => 0, deadline: 1, memoryBytesMax: 1e8 };

test.each(Object.entries(objects))('by way of EDN a history keeps its verdict: %s', (_, object) => {
  const model = models[object.model]!;
  const { initial } = object;
  const verdictOf = (history: readonly FileEvent[]) =>
    judgeTable(tableOf(history), { model, initial, limits }).verdict;
  fc.assert(
    fc.property(fc.array(stepOf(3, 3), { maxLength: 20 }), (steps) => {
      const history = historyOf(steps, object, { operations: 6, unknown: 1 });
      const { events } = readText(written(history, makeEdnWriter()), 'edn', optionsForModel(model, initial));
      const again = readText(written(events, writeFtcheckLine), 'ftcheck').events;
      expect(again.map(shortly)).toEqual(history.map(shortly));
      expect(verdictOf(again)).toBe(verdictOf(history));
    }),
    { numRuns: Number(process.env['FTCHECK_FUZZ_RUNS'] ?? 15) },
  );
});
