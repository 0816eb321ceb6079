import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Json } from '../../core/json.ts';
import type { ModelOperation } from '../../core/model.ts';
import { historyOf, noLimits, type Asked } from '../../test/judged-run.ts';
import { judgeLinearizable } from '../linearizable/linearizable.ts';
import { lock } from './lock.ts';
import { models } from './models.ts';

const grant = (token: number, since = 100 * token): Json => ({ token, since });

/** Operations one after another: `acquire=1` was given token 1, `release1=?` was never answered, `read=null` found the lock free. */
function sequence(words: string): Asked[] {
  return words.split(' ').map((word, i) => {
    const [, f = '', token = '', answer = ''] = /^([a-z]+)(\d*)=(.*)$/.exec(word) ?? [];
    const value = token === '' ? null : Number(token);
    const result = /^\d+$/.test(answer)
      ? grant(Number(answer))
      : (JSON.parse(answer === '?' ? 'null' : answer) as Json);
    return { f, key: 'l', value, from: 10 * i, ...(answer === '?' ? {} : { result, to: 10 * i + 5 }) };
  });
}

const judge = (asked: readonly Asked[]) => judgeLinearizable(historyOf(asked), models['lock']!, noLimits);

test.each([
  ['one after another', 'acquire=1 release1=true acquire=2'],
  ['held: null, and the holder is read', 'acquire=7 acquire=null read=7'],
  ['a token that was released releases nothing', 'acquire=1 release1=true release1=false read=null'],
  ['the release that nobody answered took effect', 'acquire=1 release1=? acquire=2'],
  ['it did not', 'acquire=1 release1=? acquire=null release1=true'],
  ['it did, and a second one finds nothing', 'acquire=1 release1=? release1=false acquire=2'],
  ['the acquire that nobody answered holds', 'acquire=? acquire=null read=4 release4=true acquire=5'],
  ['it never happened', 'acquire=? read=null acquire=1'],
  [
    'nobody ever learns whom it gave the lock to',
    'acquire=1 release1=true acquire=? acquire=null release1=false',
  ],
])('allowed: %s', (_, words) => {
  expect(judge(sequence(words))).toMatchObject({ verdict: 'valid' });
});

test.each([
  ['two holders', 'acquire=1 acquire=2'],
  ['a token once more', 'acquire=1 release1=true acquire=1'],
  ['a lower token', 'acquire=2 release2=true acquire=1'],
  ['a free lock refused', 'acquire=null'],
  ['the holder cannot release', 'acquire=1 release1=false'],
  ['released twice', 'acquire=1 release1=true release1=true'],
  ['another token releases', 'acquire=1 release3=true'],
  ['read after its release', 'acquire=1 release1=true read=1'],
  ['a holder since another time', 'acquire=1 read={"token":1,"since":99}'],
  ['a holder whom nobody can be', 'read=1'],
  ['unseen, and its token both refused and read', 'acquire=? acquire=null release4=false read=4'],
  ['two for one acquire that nobody answered', 'acquire=? read=4 release4=true read=5'],
  ["unseen, with a token that was another's", 'acquire=1 release1=true acquire=? read=1'],
  ['an answer of another kind', 'acquire="yes"'],
])('not allowed: %s', (_, words) => {
  expect(judge(sequence(words))).toMatchObject({ verdict: 'invalid' });
});

test('concurrent acquires come in the order of their tokens', () => {
  const asked: Asked[] = [
    { f: 'acquire', key: 'l', value: null, result: grant(2), from: 0, to: 100 },
    { f: 'acquire', key: 'l', value: null, result: grant(1), from: 10, to: 110 },
    { f: 'release', key: 'l', value: 1, from: 20 },
  ];
  expect(judge(asked).verdict).toBe('valid');
  expect(judge(asked.slice(0, 2)).verdict).toBe('invalid');
});

test('a counterexample in words', () => {
  const { reason } = judge(sequence('acquire=1 release1=true read=1'));
  expect(reason).toMatch(/^read l -> \{"token":1,"since":100\} .* fits nowhere/);
  expect(reason).toContain('lock l was free, after token 1 all the time');
  expect(reason).toContain('release l 1 -> true had ended that');
});

test('a release without a token is no operation of a lock', () => {
  expect(() => judge(sequence('release=true'))).toThrow(/release TOKEN \(a number\)/);
});

/** The same lock with every token spelled out, as a set of all that it may be: the last token given and the holder's, 0 if it is free. */
type Concrete = readonly [last: number, holder: number];
const tokensMax = 4;

function concreteStep(
  states: readonly Concrete[],
  { f, value, result }: ModelOperation,
): readonly Concrete[] {
  const after = states.flatMap((state): Concrete[] => {
    const [last, holder] = state;
    if (f === 'read') return fits(result, tokenOrNull(holder)) ? [state] : [];
    if (f === 'release') {
      if (!fits(result, holder === value)) return [];
      return holder === value ? [[last, 0]] : [state];
    }
    if (holder !== 0) return fits(result, null) ? [state] : [];
    // One token more than anybody speaks of, so that a holder may stay unseen.
    const tokens = Array.from({ length: tokensMax + 1 - last }, (_, i) => last + 1 + i);
    return tokens.filter((token) => fits(result, token)).map((token) => [token, token]);
  });
  const mayBeMissing = result === undefined ? states : [];
  return [...after, ...mayBeMissing];
}

const tokenOrNull = (holder: number): Json => (holder === 0 ? null : holder);
/** Whether the answer is that one; grants by their token. */
function fits(result: Json | undefined, answer: Json): boolean {
  if (result === undefined) return true;
  return typeof answer === 'number'
    ? JSON.stringify(result) === JSON.stringify(grant(answer))
    : result === answer;
}

/** Whether some choice of the unknown operations lets the model go through. */
function goesThrough(operations: readonly ModelOperation[], state = lock.initial()): boolean {
  const [first, ...rest] = operations;
  if (first === undefined) return true;
  const after = lock.step(state, first);
  if (after !== null && goesThrough(rest, after)) return true;
  return first.result === undefined && goesThrough(rest, state);
}

test('a holder whom nobody has seen is every holder that it may be', () => {
  const token = fc.integer({ min: 1, max: tokensMax });
  const maybeGrant = fc.option(token.map((each) => grant(each)));
  const operation = fc.oneof(
    { weight: 3, arbitrary: fc.constant({ f: 'acquire', value: null, result: undefined }) },
    fc.record({ f: fc.constant('acquire'), value: fc.constant(null), result: maybeGrant }),
    fc.record({ f: fc.constant('read'), value: fc.constant(null), result: maybeGrant }),
    fc.record({
      f: fc.constant('release'),
      value: token,
      result: fc.constantFrom(true, false, undefined),
    }),
  );
  const seen = { allowed: 0, refused: 0 };
  fc.assert(
    fc.property(fc.array(operation, { minLength: 2, maxLength: 9 }), (given) => {
      const operations = given.map((each) => ({ ...each, key: null }));
      const states = operations.reduce<readonly Concrete[]>(concreteStep, [[0, 0]]);
      seen[states.length > 0 ? 'allowed' : 'refused'] += 1;
      expect(goesThrough(operations)).toBe(states.length > 0);
    }),
    { numRuns: 1500 },
  );
  expect(Math.min(seen.allowed, seen.refused)).toBeGreaterThan(100);
});
