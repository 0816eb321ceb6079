import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Json, JsonObject } from '../../core/json.ts';
import type { Model } from '../../core/model.ts';
import { historyOf, noLimits, type Asked } from '../../test/judged-run.ts';
import { fuzzRuns } from '../../test/monitor-fuzz.ts';
import { bruteForce } from '../../test/oracle.ts';
import { historyOf as randomHistory, objects, stepOf } from '../../test/random-history.ts';
import { operationsIn, tableOf } from '../history/operation-table.ts';
import { partsOf } from '../history/parts.ts';
import { models } from '../models/models.ts';
import { explain } from './counterexample.ts';

/** Operations as `f value=result@from-to`, key x; `=?` without an answer; times in milliseconds. */
function asked(words: string): Asked[] {
  return words.split('  ').map((each) => {
    const [, f = '', value = '', result = '', from = '', to] =
      /^([a-z]+)(?: (.*?))?=(.*)@(\d+)(?:-(\d+))?$/.exec(each) ?? [];
    const known = { f, value: value === '' ? null : (JSON.parse(value) as Json), from: Number(from) };
    return result === '?' ? known : { ...known, result: JSON.parse(result) as Json, to: Number(to) };
  });
}

function explained(
  words: string,
  model: Model<unknown>,
): { readonly words: string; readonly details: JsonObject } {
  const [part] = partsOf(tableOf(historyOf(asked(words))), model);
  return explain({ part: part!, cause: null }, { model, limits: noLimits }, () => false);
}

const hintOf = (words: string, model: string): string =>
  /(?:the answer cannot be|could not be answered) ([^.]*)\./.exec(
    explained(words, models[model]!).words,
  )?.[1] ?? '';

test.each([
  ['stale', 'write 1=null@10-20  write 2=null@30-40  read=1@50-60', '1: write x 2 had overwritten 1'],
  ['stale at first', 'write 1=null@10-20  read=null@50-60', 'null: write x 1 had overwritten null'],
  ['never written', 'write 1=null@10-20  read=2@30-40  write 2=null@50-60', '2: nothing had written 2'],
  [
    'two cas on one value',
    'write 1=null@0-5  cas [1,2]=true@10-20  cas [1,3]=true@15-30',
    'as it was: cas x 1 => 2 -> true and it cannot both have found 1, which was written once',
  ],
  ['a cas that must not fail', 'write 1=null@0-5  cas [1,2]=false@10-20', 'false'],
])('a register: %s', (_, words, hint) => {
  expect(hintOf(words, 'register')).toBe(hint);
});

test.each([
  [
    'taken twice',
    'queue',
    'enqueue 1=null@0-5  dequeue=1@10-20  dequeue=1@30-40',
    '1: 1 was enqueued only once, and dequeued by dequeue x -> 1 of process 1',
  ],
  [
    'out of order',
    'queue',
    'enqueue 1=null@0-5  enqueue 2=null@6-8  dequeue=2@10-20',
    '2: 1 had been enqueued before it and not been dequeued',
  ],
  [
    'empty, though it was not',
    'queue',
    'enqueue 1=null@0-5  dequeue=null@10-20',
    'null: 1 had been enqueued and not been dequeued',
  ],
  ['never put in', 'queue', 'enqueue 1=null@0-5  dequeue=7@10-20', '7: nobody had enqueued 7'],
  [
    'not the topmost',
    'stack',
    'push 1=null@0-5  push 2=null@6-8  pop=1@10-20',
    '1: 2 had been pushed after it and not been popped',
  ],
  [
    'two holders',
    'lock',
    'acquire={"token":1}@0-5  acquire={"token":2}@10-20',
    '{"token":2}: process 0 held it since acquire x -> {"token":1}, and nobody had released it',
  ],
  [
    'a token twice',
    'lock',
    'acquire={"token":1}@0-5  release 1=true@6-8  acquire={"token":1}@10-20',
    '{"token":1}: token 1 was given twice, also to process 0',
  ],
  [
    'read after its release',
    'lock',
    'acquire={"token":1}@0-5  release 1=true@6-8  read={"token":1}@10-20',
    '{"token":1}: release x 1 -> true had ended that',
  ],
  [
    'a lost append',
    'log',
    'append 1=1@0-5  append 2=2@6-8  read=[1]@10-20',
    '[1]: 2 is missing, though append x 2 -> 2 had been answered',
  ],
  ['never appended', 'log', 'append 1=1@0-5  read=[1,9]@10-20', '[1,9]: nobody had appended 9'],
  [
    'a lost element',
    'set',
    'add 1=true@0-5  read=[]@10-20',
    '[]: 1 is missing, though add x 1 -> true had been answered',
  ],
  [
    'a lost piece',
    'kv-append',
    'append "a"=null@0-5  append "b"=null@6-8  get="a"@10-20',
    '"a": "b" is missing, though append x "b" had been answered',
  ],
  ['too little', 'counter', 'increment=null@0-5  increment=null@6-8  read=1@10-20', '1'],
  ['two holders without tokens', 'mutex', 'acquire=null@0-5  acquire=null@10-20', 'null'],
])('%s (%s)', (_, model, words, hint) => {
  expect(hintOf(words, model)).toBe(hint);
});

test('what may have taken effect is told with its condition', () => {
  const { words, details } = explained(
    'write 1=null@10-20  write 3=?@15  read=3@30-40  read=1@50-60  read=3@70-80  write 4=null@90-95',
    models['register']!,
  );
  expect(words).toBe(
    'read x -> 1 (process 3, invoked at 0.0500 s, answered at 0.0600 s) fits nowhere. At first x was null. ' +
      'When write x 1 (process 0), invoked at 0.0100 s, was answered at 0.0200 s, ' +
      'x was 1, or 3 if write x 3 (process 1, invoked at 0.0150 s) had taken effect. ' +
      'When read x -> 3 (process 2), invoked after that at 0.0300 s, was answered at 0.0400 s, ' +
      'x was 3, so that write x 3 had taken effect. ' +
      'From 0.0500 s, after all that, to 0.0600 s, while read x -> 1 was open, x was 3 all the time, so the answer cannot be 1. ' +
      'This takes 4 of 6 operations on x, and none of them can be left out',
  );
  expect(details).toMatchObject({
    operation: { process: 3, f: 'read', key: 'x', value: null, result: 1, invoked: 50e6, answered: 60e6 },
    operationCount: 4,
    isMinimal: true,
    partOperationCount: 6,
    states: ['3'],
  });
});

test('an operation whose answer came too late for the contradiction is open in it, and told with its answer', () => {
  const { words, details } = explained(
    'write 5=null@10-90  read=5@20-30  read=null@40-50',
    models['register']!,
  );
  expect(words).toContain('x was 5, so that write x 5 (process 0, invoked at 0.0100 s) had taken effect');
  expect(details['operations']).toMatchObject([
    { f: 'write', answered: 90e6 },
    { result: 5 },
    { result: null },
  ]);
});

test("a user's model, of which nothing is known but how it steps", () => {
  const toggle: Model<unknown> = {
    name: 'toggle',
    initial: () => false,
    step: (isOn, { result }) => (result === undefined || result === !isOn ? !isOn : null),
    fingerprint: String,
  };
  const { words, details } = explained(
    'flip=true@0-5  flip=false@6-8  flip=false@10-20  flip=true@30-35',
    toggle,
  );
  expect(words).toContain(
    'From 0.0100 s, after all that, to 0.0200 s, while flip x -> false of process 2 was open, the state of x was false all the time',
  );
  expect(details).toMatchObject({ operationCount: 3, isMinimal: true });
});

test('of a long list that only leads to the contradiction the last state is told', () => {
  const appends = Array.from({ length: 40 }, (_, i) => `append ${i}=${i + 1}@${10 * i}-${10 * i + 5}`);
  const { words, details } = explained([...appends, 'append 99=42@500-510'].join('  '), models['log']!);
  expect(words).toContain(
    'At 0.3950 s, in whatever order 40 operations had taken effect, list x was [... 34, 35, 36, 37, 38, 39] of 40. From',
  );
  expect(details).toMatchObject({ operationCount: 1, start: { time: 395e6, operationCount: 40 } });
});

describe.each(Object.entries(objects))('%s', (_, object) => {
  const { initial } = object;
  const model = models[object.model]!;
  test('whatever is named is in the sub-history, and what nobody did nobody did', () => {
    const steps = fc.array(stepOf(4, 4), { minLength: 10, maxLength: 24, size: 'max' });
    fc.assert(
      fc.property(steps, (given) => {
        const history = randomHistory(given, object, { operations: 7, unknown: 2 });
        for (const part of partsOf(tableOf(history), model)) {
          const operations = operationsIn(part.table);
          if (bruteForce(operations, model, initial)) continue;
          const question = { model, initial, limits: noLimits };
          const { words, details } = explain({ part, cause: null }, question, () => false);
          const named = details['operations'] as {
            process: number;
            invoked: number;
            answered: number | null;
          }[];
          const said = (pattern: RegExp): number[] =>
            [...words.matchAll(pattern)].map(([, number]) => Number(number));
          expect(named.map(({ process }) => process)).toEqual(expect.arrayContaining(said(/process (\d+)/g)));
          const times = named.flatMap(({ invoked, answered }) => [invoked, answered]);
          expect(times).toEqual(expect.arrayContaining(said(/event (\d+)/g)));
          const [, value] = /nothing had written (\S+?)\./.exec(words) ?? [];
          const { invoked, answered: end } = details['operation'] as { invoked: number; answered: number };
          const asks = operations
            .filter(({ called, result }) => called !== invoked && called < end && result !== false)
            .map((each) => each.value);
          const written = asks.flatMap((each) => (Array.isArray(each) ? [each[1] as Json] : [each]));
          if (value !== undefined && value !== 'null') expect(written).not.toContainEqual(JSON.parse(value));
        }
      }),
      { numRuns: fuzzRuns(20) },
    );
  });
});
