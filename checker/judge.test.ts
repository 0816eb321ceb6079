import { calmTrace, historyOf, noLimits, planOf, runOf, type Asked } from '../test/judged-run.ts';
import { judgeRun } from './judge.ts';

const write = (value: number, from: number, to: number): Asked => ({ f: 'write', value, from, to });
const read = (result: number | null, from: number, to: number, more: Partial<Asked> = {}): Asked => ({
  f: 'read',
  result,
  from,
  to,
  ...more,
});
const busy = Array.from({ length: 300 }, (_, i) => [
  write(i, i * 3.3 + 3, i * 3.3 + 4),
  read(i, i * 3.3 + 4.5, i * 3.3 + 5),
]).flat();
const good = [...busy, read(299, 1010, 1011, { final: true })];

test('a good run without faults is valid and says what that is worth', () => {
  const judgement = judgeRun(runOf({ history: historyOf(good) }), noLimits);
  expect(judgement.verdict).toBe('valid');
  expect(judgement.reason).toContain('proves nothing about faults');
  expect(Object.keys(judgement.properties)).toEqual(planOf().checkers);
});

test('one stale read makes it invalid, whatever else is unknown', () => {
  const stale = [...good, read(3, 1020, 1021)];
  const { verdict, reason, properties } = judgeRun(
    runOf({ history: historyOf(stale), trace: calmTrace().slice(0, -5) }),
    noLimits,
  );
  expect(verdict).toBe('invalid');
  expect(reason).toContain('linearizable: read x -> 3 (process 601');
  expect(properties['liveness']?.verdict).toBe('unknown');
});

test('a history recorded wrongly is nobody else’s fault', () => {
  const history = historyOf(good).map((event) => (event.index === 7 ? { ...event, index: 70 } : event));
  const { verdict, properties } = judgeRun(runOf({ history }), noLimits);
  expect(verdict).toBe('unknown');
  expect(properties['linearizable']?.reason).toContain('not well-formed');
  expect(properties['group']?.verdict).toBe('valid');
});

test('neither a history that does not fit its model nor a checker of another version is a verdict', () => {
  const history = historyOf([{ f: 'scan', from: 10, to: 20 }]);
  const { verdict, properties } = judgeRun(runOf({ history }), noLimits);
  expect(verdict).toBe('unknown');
  expect(properties['linearizable']?.reason).toContain('the history has scan');
  expect(
    judgeRun(runOf({ plan: planOf({ checkers: ['psychic'] }) }), noLimits).properties['psychic']?.verdict,
  ).toBe('unknown');
});
