import { models } from '../models/models.ts';
import { readText, shortly } from '../../test/history-text.ts';
import type { ReadOptions } from './format.ts';
import { optionsForModel } from './options-for-model.ts';

/** Operations of one process after another, as `:type :f value` and more fields. */
function shortOf(
  operations: readonly (readonly [invocation: string, completion: string])[],
  options: Partial<ReadOptions> = {},
) {
  const text = operations.flatMap(([invocation, completion], process) => [
    `{:process ${process} :type :invoke ${invocation}}`,
    `{:process ${process} ${completion}}`,
  ]);
  return readText(text.join('\n'), 'edn', options)
    .events.filter(({ type }) => type !== 'invoke')
    .map(shortly);
}

test('a change repeats its argument, which is no answer', () => {
  expect(
    shortOf([
      [':f :write :value 3', ':type :ok :f :write :value 3'],
      [':f :append :key "k" :value "x"', ':type :ok :f :append :key "k" :value "x"'],
      [':f :enqueue :value 3', ':type :ok :f :enqueue'],
      [':f :add :value 1', ':type :ok :f :add :value 5'],
      [':f :acquire :value nil', ':type :ok :f :acquire :value nil'],
      [
        ':f :transfer :value {:from 1, :to 2, :amount 3}',
        ':type :ok :f :transfer :value {:from 1, :to 2, :amount 3}',
      ],
      [':f :echo :value 3', ':type :ok :f :echo :value 3'],
      [':f :dequeue :value nil', ':type :ok :f :dequeue :value 3'],
    ]),
  ).toEqual([
    '0 ok write null',
    '1 ok append "k" null',
    '2 ok enqueue null',
    '3 ok add 5',
    '4 ok acquire null',
    '5 ok transfer null',
    '6 ok echo 3',
    '7 ok dequeue 3',
  ]);
});

test('a completion has the key of its invocation, unless it says another', () => {
  expect(
    shortOf([
      [':f :read :key :x', ':type :ok :f :read :value 3'],
      [':f :read :key :x', ':type :ok :f :read :key :y :value 3'],
    ]),
  ).toEqual(['0 ok read "x" 3', '1 ok read "y" 3']);
});

const cas: readonly (readonly [string, string])[] = [
  [':f :cas :value [1 2]', ':type :ok :f :cas :value [1 2]'],
  [':f :cas :value [1 2]', ':type :fail :f :cas :value [1 2]'],
  [':f :cas :value [1 2]', ':type :fail :f :cas :value [1 2] :error :no-conn'],
  [':f :cas :value [1 2]', ':type :fail :f :cas :value :timed-out'],
  [':f :cas :value [1 2]', ':type :info :f :cas :value [1 2]'],
  [':f :write :value 1', ':type :fail :f :write :value 1'],
];

test('a failed cas did not happen, or found another value where nothing else can have failed', () => {
  const others = ['2 fail cas [1,2]', '3 fail cas [1,2]', '4 info cas [1,2]', '5 fail write 1'];
  expect(shortOf(cas)).toEqual(['0 ok cas true', '1 fail cas [1,2]', ...others]);
  expect(shortOf(cas, { failedCas: 'drop' })).toEqual(['0 ok cas true', '1 fail cas [1,2]', ...others]);
  expect(shortOf(cas, { failedCas: 'differs' })).toEqual(['0 ok cas true', '1 ok cas false', ...others]);
});

test('a read of nil says nothing of an object that does not hold nil at first', () => {
  const read: readonly (readonly [string, string])[] = [
    [':f :read :value nil', ':type :ok :f :read :value nil'],
  ];
  expect(shortOf(read)).toEqual(['0 ok read null']);
  expect(shortOf(read, optionsForModel(models['register']!, undefined))).toEqual(['0 ok read null']);
  expect(shortOf(read, optionsForModel(models['register']!, null))).toEqual(['0 ok read null']);
  expect(shortOf(read, optionsForModel(models['register']!, 0))).toEqual(['0 fail read null']);
  expect(shortOf(read, optionsForModel(models['set']!, undefined))).toEqual(['0 fail read null']);
  const get: readonly (readonly [string, string])[] = [
    [':f :get :value nil', ':type :ok :f :get :value nil'],
  ];
  expect(shortOf(get, optionsForModel(models['kv-append']!, undefined))).toEqual(['0 fail get null']);
  // An empty queue is another matter: Knossos has no word for it.
  const take: readonly (readonly [string, string])[] = [[':f :dequeue', ':type :ok :f :dequeue :value nil']];
  expect(shortOf(take, optionsForModel(models['queue']!, undefined))).toEqual(['0 ok dequeue null']);
});

test('`:result` says what the convention does not', () => {
  expect(
    shortOf(
      [
        [':f :cas :value [1 2]', ':type :fail :f :cas :value [1 2] :result false'],
        [':f :append :value 3', ':type :ok :f :append :value 3 :result 3'],
        [':f :read :value nil', ':type :ok :f :read :value nil :result nil'],
        [':f :read :value nil', ':type :info :f :read :value nil :result 4'],
      ],
      { mayAnswerNil: () => false },
    ),
  ).toEqual(['0 ok cas false', '1 ok append 3', '2 ok read null', '3 info read null']);
});

test('an answer that the model wants and the convention does not tell is asked for, not made up', () => {
  const append: readonly (readonly [string, string])[] = [
    [':f :append :value 3', ':type :ok :f :append :value 3'],
  ];
  expect(() => shortOf(append, optionsForModel(models['log']!, undefined))).toThrow(
    'h:2:1: append: the model wants to know the answer',
  );
  expect(shortOf(append, optionsForModel(models['kv-append']!, undefined))).toEqual(['0 ok append null']);
});

test('tuples of jepsen.independent', () => {
  const operations: readonly (readonly [string, string])[] = [
    [':f :write :value [7 3]', ':type :ok :f :write :value [7 3]'],
    [':f :cas :value [7 [1 2]]', ':type :fail :f :cas :value [7 [1 2]]'],
    [':f :read :value [7 nil]', ':type :ok :f :read :value [7 3]'],
    [':f :read :value [7 nil]', ':type :info :f :read :value nil'],
  ];
  expect(shortOf(operations, { independent: true, failedCas: 'differs' })).toEqual([
    '0 ok write 7 null',
    '1 ok cas 7 false',
    '2 ok read 7 3',
    '3 info read 7 null',
  ]);
  expect(() => shortOf([[':f :read :value nil', ':type :info']], { independent: true })).toThrow(
    'h:1:1: value: expected [key value]',
  );
});
