import { describe, expect, test } from '@jest/globals';
import type { Verdict } from '../../core/verdict.ts';
import {
  type Attempt,
  decidingAttempt,
  type Expectation,
  isAllowedUnknown,
  reasonOf,
  statusOf,
  statusOfAttempt,
} from './outcome.ts';
import { attemptOf, errorAttempt, resultOf } from '../../test/suite-fixture.ts';

const valid: Expectation = { verdict: 'valid', property: null, allowsUnknown: false };
const lenient: Expectation = { ...valid, allowsUnknown: true };
const bug: Expectation = { verdict: 'invalid', property: 'linearizable', allowsUnknown: false };
const unknown: Expectation = { ...valid, verdict: 'unknown' };

const broken = attemptOf('invalid', { linearizable: 'invalid' });
const brokenElsewhere = attemptOf('invalid', { linearizable: 'valid', group: 'invalid' });

test.each<[string, Expectation, Attempt, string]>([
  ['valid as expected', valid, attemptOf('valid'), 'passed'],
  ['a violation', valid, broken, 'failed'],
  ['nothing known', valid, attemptOf('unknown'), 'unknown'],
  ['nothing known, which is allowed', lenient, attemptOf('unknown'), 'passed'],
  ['a violation where unknown is allowed', lenient, broken, 'failed'],
  ['the bug', bug, broken, 'passed'],
  ['another property than the bug breaks', bug, brokenElsewhere, 'failed'],
  ['any property will do', { ...bug, property: null }, brokenElsewhere, 'passed'],
  ['the bug does not show', bug, attemptOf('valid'), 'failed'],
  ['whether the bug is there is not known', bug, attemptOf('unknown'), 'unknown'],
  ['unknown as expected', unknown, attemptOf('unknown'), 'passed'],
  ['valid where it should not be known', unknown, attemptOf('valid'), 'failed'],
  ['no verdict', valid, errorAttempt, 'error'],
  ['no verdict where unknown is allowed', lenient, errorAttempt, 'error'],
  ['trouble of the harness', lenient, attemptOf('unknown', {}, { trouble: 'no port' }), 'error'],
  ['a violation beside trouble', valid, attemptOf('invalid', {}, { trouble: 'no port' }), 'failed'],
])('%s', (_name, expected, attempt, status) => {
  expect(statusOfAttempt(expected, attempt)).toBe(status);
});

describe('several runs', () => {
  const of = (...verdicts: readonly Verdict[]): readonly Attempt[] => verdicts.map((one) => attemptOf(one));

  test('a later success does not hide a failure', () => {
    expect(statusOf(valid, of('invalid', 'valid'), 'repeated')).toBe('flaky');
    expect(statusOf(valid, of('unknown', 'valid'), 'repeated')).toBe('flaky');
    expect(statusOf(valid, [errorAttempt, ...of('valid')], 'repeated')).toBe('flaky');
    expect(statusOf(valid, of('unknown', 'invalid'), 'repeated')).toBe('failed');
    expect(statusOf(valid, of('valid'), 'repeated')).toBe('passed');
  });

  test('seeds that do not show the bug are no failures when a later one does', () => {
    expect(statusOf(bug, [...of('valid', 'unknown'), broken], 'searched')).toBe('passed');
    expect(statusOf(bug, of('valid', 'unknown'), 'searched')).toBe('failed');
  });

  test('the run that is shown is the one that decided', () => {
    const flaky = resultOf('s', valid, [attemptOf('valid'), broken], 'flaky');
    expect(decidingAttempt(flaky)).toBe(broken);
    expect(reasonOf(flaky)).toMatch(/1 of 2 attempts.*invalid/);
    const found = resultOf('s', bug, [attemptOf('valid'), broken], 'passed');
    expect(decidingAttempt(found)).toBe(broken);
  });
});

test('an allowed unknown is told apart from a pass', () => {
  expect(isAllowedUnknown(resultOf('s', lenient, [attemptOf('unknown')], 'passed'))).toBe(true);
  expect(isAllowedUnknown(resultOf('s', lenient, [attemptOf('valid')], 'passed'))).toBe(false);
  expect(isAllowedUnknown(resultOf('s', unknown, [attemptOf('unknown')], 'passed'))).toBe(false);
});
