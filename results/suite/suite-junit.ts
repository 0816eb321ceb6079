import { caseOf, frameOf, outcomeOf, problem, troubleCases } from '../junit.ts';
import { type JunitCase, type JunitOutcome, type JunitSuite, junitXml } from '../junit-xml.ts';
import {
  commandOf,
  decidingAttempt,
  type Expectation,
  reasonOf,
  runDirOf,
  type ScenarioResult,
} from './outcome.ts';
import type { RunVerdict } from './run-verdict.ts';

/** A JUnit document of a suite: a `<testsuite>` for each scenario, a case for each of its properties. `date`: of what has no date of its own. */
export const suiteJunit = (results: readonly ScenarioResult[], date: Date): string =>
  junitXml(results.map((result) => scenarioSuite(result, date)));

function scenarioSuite(result: ScenarioResult, date: Date): JunitSuite {
  const attempt = decidingAttempt(result);
  const { expected, status, attempts } = result;
  const told = attempts.map(
    (one, i) => `attempt ${i + 1}: ${commandOf(one)}: ${runDirOf(one) ?? 'no files'}`,
  );
  if (attempt.type === 'error') {
    const { reason, tookMs, seed, command } = attempt;
    return {
      name: result.id,
      date,
      seconds: tookMs / 1000,
      properties: { seed: String(seed), command, expected: expected.verdict },
      cases: [{ name: 'run', seconds: 0, outcome: problem('error', 'error', reason, attempt) }],
      output: `${reason}\n${told.join('\n')}\n`,
    };
  }
  const { verdict } = attempt;
  const frame = frameOf(result.id, verdict);
  const cases = casesOf(expected, verdict);
  const isBad = cases.some(({ outcome }) => outcome.type === 'failure' || outcome.type === 'error');
  const type = status === 'failed' || status === 'flaky' ? 'failure' : 'error';
  return {
    ...frame,
    properties: { ...frame.properties, expected: expected.verdict, attempts: String(attempts.length) },
    // Whoever counts cases must find what the suite counts.
    cases:
      status === 'passed' || isBad
        ? cases
        : [...cases, caseOf(verdict, 'verdict', problem(type, status, reasonOf(result), verdict))],
    output: attempts.length === 1 ? frame.output : `${frame.output}${told.join('\n')}\n`,
  };
}

function casesOf(expected: Expectation, verdict: RunVerdict): readonly JunitCase[] {
  const properties = Object.entries(verdict.properties).map(([name, { verdict: found, reason }]) =>
    caseOf(verdict, name, expectedOutcome(expected, verdict, { name, found, reason })),
  );
  return [...properties, ...troubleCases(verdict)];
}

/** A case for a property in the light of what was expected of the run. */
function expectedOutcome(
  expected: Expectation,
  run: RunVerdict,
  property: {
    readonly name: string;
    readonly found: RunVerdict['properties'][string]['verdict'];
    readonly reason: string;
  },
): JunitOutcome {
  const { name, found, reason } = property;
  if (expected.verdict === 'invalid' && name === expected.property) {
    if (found === 'invalid') return { type: 'passed' };
    return problem('failure', 'not caught', `${name} was to be broken, and is ${found}: ${reason}`, run);
  }
  const mayBeInvalid = expected.verdict === 'invalid';
  const mayBeUnknown = expected.verdict !== 'valid' || expected.allowsUnknown;
  if ((found === 'invalid' && mayBeInvalid) || (found === 'unknown' && mayBeUnknown)) {
    return { type: 'skipped', message: `${found}, as it may be here: ${reason}` };
  }
  return outcomeOf(run, found, reason);
}
