import { expect, test } from '@jest/globals';
import { readJunit, schemaErrors } from '../../test/junit-reader.ts';
import { attemptOf, errorAttempt, expectBug, expectValid, resultOf } from '../../test/suite-fixture.ts';
import type { Status } from './outcome.ts';
import { suiteJunit } from './suite-junit.ts';

const date = new Date('2026-11-21T21:00:00Z');
const lenient = { ...expectValid, allowsUnknown: true };
const properties = { linearizable: 'valid', failover: 'valid', mirroring: 'not-applicable' } as const;

const results = [
  resultOf('passes', expectValid, [attemptOf('valid', properties)], 'passed'),
  resultOf(
    'fails',
    expectValid,
    [attemptOf('invalid', { ...properties, linearizable: 'invalid' })],
    'failed',
  ),
  resultOf('unknown', expectValid, [attemptOf('unknown', { ...properties, failover: 'unknown' })], 'unknown'),
  resultOf('allowed', lenient, [attemptOf('unknown', { ...properties, failover: 'unknown' })], 'passed'),
  resultOf(
    'has the bug',
    expectBug,
    [attemptOf('invalid', { linearizable: 'invalid', group: 'invalid' })],
    'passed',
  ),
  resultOf('lost the bug', expectBug, [attemptOf('valid', properties)], 'failed'),
  resultOf('fails in a way of no property', expectValid, [attemptOf('unknown', properties)], 'unknown'),
  resultOf('crashes', expectValid, [errorAttempt], 'error'),
  resultOf(
    'is flaky',
    expectValid,
    [attemptOf('invalid', { linearizable: 'invalid' }), attemptOf('valid', properties)],
    'flaky',
  ),
];
const xml = suiteJunit(results, date);
const suites = readJunit(xml);

test('keeps to the schema', async () => {
  expect(await schemaErrors(xml)).toEqual([]);
});

test('the counts of each suite are those of its cases', () => {
  expect(suites).toHaveLength(results.length);
  for (const { attributes, cases } of suites) {
    const count = (outcome: string): string => String(cases.filter((one) => one.outcome === outcome).length);
    expect(attributes).toMatchObject({
      tests: String(cases.length),
      failures: count('failed'),
      errors: count('error'),
      skipped: count('pending'),
    });
  }
});

const worst = (name: string): readonly string[] => {
  const outcomes = suites
    .find(({ attributes }) => attributes['name'] === name)!
    .cases.map(({ outcome }) => outcome);
  return [...new Set(outcomes)].filter((outcome) => outcome !== 'passed' && outcome !== 'pending');
};

test.each<[Status, readonly string[]]>([
  ['passed', []],
  ['failed', ['failed']],
  ['flaky', ['failed']],
  ['unknown', ['error']],
  ['error', ['error']],
])('whoever counts cases finds what the suite counts: %s', (status, outcomes) => {
  for (const { id } of results.filter((result) => result.status === status))
    expect(worst(id)).toEqual(outcomes);
});

test('a failure says what happened and how to see it again', () => {
  const failure = suites[1]!.cases.find(({ outcome }) => outcome === 'failed')!;
  expect(failure).toMatchObject({ name: 'linearizable', message: 'linearizable is invalid' });
  expect(failure.text).toContain('npx ftcheck run --impl=passive --seed=7');
});
