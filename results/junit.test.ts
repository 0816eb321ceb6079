import { expect, test } from '@jest/globals';
import { readJunit, schemaErrors } from '../test/junit-reader.ts';
import { runVerdictOf } from '../test/suite-fixture.ts';
import { junitSuiteOf } from './junit.ts';
import { junitXml } from './junit-xml.ts';

const read = (...verdict: Parameters<typeof runVerdictOf>) =>
  readJunit(junitXml([junitSuiteOf('one', runVerdictOf(...verdict))]))[0]!;

test('a run is a suite, each of its properties a case', async () => {
  const properties = {
    linearizable: 'valid',
    group: 'invalid',
    failover: 'unknown',
    liveness: 'not-owed',
    mirroring: 'not-applicable',
  } as const;
  const { attributes, cases } = read('invalid', properties);
  expect(cases.map(({ name, outcome }) => [name, outcome])).toEqual([
    ['linearizable', 'passed'],
    ['group', 'failed'],
    ['failover', 'error'],
    ['liveness', 'pending'],
    ['mirroring', 'pending'],
  ]);
  expect(cases[3]?.message).toBe('not owed: liveness is not-owed');
  expect(attributes).toMatchObject({
    name: 'one',
    timestamp: '2026-11-21T20:32:03',
    time: '4.750',
    tests: '5',
    failures: '1',
    errors: '1',
    skipped: '2',
  });
  const xml = junitXml([junitSuiteOf('one', runVerdictOf('invalid', properties))]);
  expect(await schemaErrors(xml)).toEqual([]);
  expect(xml).toContain('<property name="command" value="npx ftcheck run --impl=passive --seed=7"/>');
  expect(xml).toContain('name="linearizable" time="0.013"');
});

test('a run that did not come to its end is no success, whatever its properties say', () => {
  const { cases } = read('unknown', { linearizable: 'valid' }, { trouble: 'no port' });
  expect(cases.at(-1)).toMatchObject({ name: 'run', outcome: 'error', message: 'no port' });
  const interrupted = read('unknown', {}, { interrupted: 'SIGINT' });
  expect(interrupted.cases).toMatchObject([{ name: 'run', outcome: 'error' }]);
});

test('a violation proven before --fail-fast ended the run needs no other failure', () => {
  const { cases } = read('invalid', { linearizable: 'invalid' }, { interrupted: '--fail-fast' });
  expect(cases.map(({ outcome }) => outcome)).toEqual(['failed']);
});
